package policies.rules.security["sec-plaintext-ssh-password_test"]

import data.policies.rules.security["sec-plaintext-ssh-password"] as rule

test_one_finding_for_all_hosts if {
	hosts := [
		{"name": "a", "privateKeyPath": "~/.ssh/id_rsa"},
		{"name": "b", "password": "one"},
		{"name": "c", "Password": 123456},
	]
	rule.deny == {{"path": ["spec", "hosts", 1, "password"], "args": {"count": 2}}} with input as _cluster(hosts)
}

test_keys_are_written_as_they_are if {
	rule.deny == {{
		"path": ["spec", "hosts", 0, "PASSWORD"],
		"args": {"count": 1},
	}} with input as _cluster([{"PASSWORD": "one"}])
}

test_the_samples_own_password_is_another_rules if {
	count(rule.deny) == 0 with input as _cluster([{"name": "a", "password": "Qcloud@123"}])
	rule.deny == {{"path": ["spec", "hosts", 1, "password"], "args": {"count": 1}}} with input as _cluster([
		{"name": "a", "password": "Qcloud@123"},
		{"name": "b", "password": "one"},
	])
}

test_no_password if {
	every password in [
		null, "", "{{ x }}", "${X}", "$X", "<password>", "***", "xxx", "ENC[AES256_GCM,data:x]", [], {}, true,
	] {
		count(rule.deny) == 0 with input as _cluster([{"name": "a", "password": password}])
	}
}

test_odd_hosts_are_no_failure if {
	every hosts in [null, "a", {}, ["a", null, 5, []]] {
		count(rule.deny) == 0 with input as _cluster(hosts)
	}
}

test_v4 if {
	rule.deny == {{
		"path": ["spec", "hosts", "a", "connector", "password"],
		"args": {"count": 3},
	}} with input as _inventory({
		"hosts": {"a": {"connector": {"type": "local", "password": "one"}}, "b": null, "c": {"connector": "x"}},
		"groups": {"etcd": {"hosts": ["a"], "vars": {"connector": {"password": "two"}}}, "nfs": null},
		"vars": {"connector": {"password": 123456}},
	})
}

test_v4_vars_alone if {
	rule.deny == {{"path": ["spec", "vars", "connector", "password"], "args": {"count": 1}}} with input as _inventory({
		"hosts": {"a": {"connector": {"private_key": "~/.ssh/id_rsa"}}},
		"vars": {"connector": {"password": "one"}},
	})
	rule.deny == {{
		"path": ["spec", "groups", "etcd", "vars", "connector", "password"],
		"args": {"count": 1},
	}} with input as _inventory({
		"groups": {"etcd": {"vars": {"connector": {"password": "one"}}}},
	})
}

test_v4_without_passwords if {
	every spec in [{}, {"hosts": null, "groups": "x", "vars": []}, {"vars": {"connector": {"password": "{{ .pw }}"}}}] {
		count(rule.deny) == 0 with input as _inventory(spec)
	}
}

_cluster(hosts) := {"document": {"target": "kubekey-cluster", "value": {"spec": {"hosts": hosts}}}}

_inventory(spec) := {"document": {"target": "kubekey-inventory", "value": {"spec": spec}}}
