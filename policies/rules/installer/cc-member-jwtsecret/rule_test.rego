package policies.rules.installer["cc-member-jwtsecret_test"]

import data.policies.rules.installer["cc-member-jwtsecret"] as rule

test_a_member_without_a_secret if {
	every authentication in [{"jwtSecret": ""}, {"jwtSecret": null}, {}, null, "", []] {
		rule.deny == {{
			"document": 0,
			"path": ["spec", "authentication", "jwtSecret"],
			"args": {},
		}} with input as {"set": [_cc("a.yaml", "member", authentication)]}
	}
}

test_a_member_that_runs_already_is_a_warning if {
	installed := object.union(_cc("a.yaml", "member", {}), {"value": {"status": {"core": {"status": "enabled"}}}})
	{fault.message | some fault in rule.deny} == {"installed"} with input as {"set": [installed]}
}

test_only_members_need_one if {
	every role in ["host", "none", "", null, "Member", ["member"]] {
		count(rule.deny) == 0 with input as {"set": [_cc("a.yaml", role, {"jwtSecret": ""})]}
	}
}

test_another_secret_than_the_host if {
	rule.deny == {{
		"document": 1,
		"path": ["spec", "authentication", "jwtSecret"],
		"args": {},
		"message": "differs",
	}} with input as _two("one", "two")
}

test_the_same_secret_is_sound if {
	count(rule.deny) == 0 with input as _two("one", "one")
	count(rule.deny) == 0 with input as _two(12345678, "12345678")
	count(rule.deny) == 0 with input as _two("one", "one\n")
}

test_placeholders_and_templates_are_not_compared if {
	every text in ["{{ secret }}", "<jwtSecret of the host>", "xxxx", "****", "CHANGEME", "your-secret", [], {}, true] {
		count(rule.deny) == 0 with input as _two("one", text)
		count(rule.deny) == 0 with input as _two(text, "one")
		count(rule.unchecked) == 1 with input as _two(text, "one")
	}
}

test_the_hosts_configmap_wins if {
	cc := _cc("host/cc.yaml", "host", {"jwtSecret": "one"})
	config := _config("host/config.yaml", "two")
	count(rule.deny) == 0 with input as {"set": [cc, config, _cc("m/cc.yaml", "member", {"jwtSecret": "two"})]}
	count(rule.deny) == 1 with input as {"set": [cc, config, _cc("m/cc.yaml", "member", {"jwtSecret": "one"})]}
	count(rule.deny) == 1 with input as {"set": [config, _cc("m/cc.yaml", "member", {"jwtSecret": "one"})]}
}

test_a_configmap_of_another_role_is_nobodys if {
	every section in [{"clusterRole": "member", "enable": false}, {"clusterRole": "none"}, {}, null, "host"] {
		config := {"target": "kubesphere-config", "file": "config.yaml", "value": {
			"authentication": {"jwtSecret": "two"},
			"multicluster": section,
		}}
		found := rule.unchecked with input as {"set": [config, _cc("cc.yaml", "member", {"jwtSecret": "one"})]}
		found == {{"needs": "the jwtSecret of the one host cluster", "document": 1}}
	}
}

test_a_host_without_a_secret_is_not_checked if {
	count(rule.deny) == 0 with input as _two("", "two")
	rule.unchecked == {{"needs": "the jwtSecret of the one host cluster", "document": 1}} with input as _two("", "two")
}

test_several_hosts_are_not_checked if {
	hosts := [_cc("a.yaml", "host", {"jwtSecret": "one"}), _cc("b.yaml", "host", {"jwtSecret": "one"})]
	set := array.concat(hosts, [_cc("m.yaml", "member", {"jwtSecret": "two"})])
	count(rule.deny) == 0 with input as {"set": set}
	count(rule.unchecked) == 1 with input as {"set": set}
}

test_files_far_apart_do_not_belong_together if {
	host := _cc("prod/host/cc.yaml", "host", {"jwtSecret": "one"})
	count(rule.deny) == 1 with input as {"set": [host, _cc("prod/a/cc.yaml", "member", {"jwtSecret": "two"})]}
	count(rule.deny) == 0 with input as {"set": [host, _cc("test/a/cc.yaml", "member", {"jwtSecret": "two"})]}
}

_two(host, member) := {"set": [
	_cc("host.yaml", "host", {"jwtSecret": host}),
	_cc("member.yaml", "member", {"jwtSecret": member}),
]}

_cc(file, role, authentication) := {"target": "cluster-configuration", "file": file, "value": {"spec": {
	"authentication": authentication,
	"multicluster": {"clusterRole": role},
}}}

_config(file, secret) := {"target": "kubesphere-config", "file": file, "value": {
	"authentication": {"jwtSecret": secret},
	"multicluster": {"clusterRole": "host", "enable": true},
}}
