package policies.rules.topology["host-duplicate-address_test"]

import data.policies.rules.topology["host-duplicate-address"] as rule
import future.keywords.not

test_two_hosts_of_one_address_are_one_finding if {
	rule.deny == {{
		"path": ["spec", "hosts", 1, "address"],
		"args": {"host": "b", "other": "a", "address": "10.0.0.1"},
	}} with input as _cluster([{"name": "a", "address": "10.0.0.1"}, {"name": "b", "address": "10.0.0.1"}])
}

test_internal_address_is_the_node_address if {
	some fault in rule.deny with input as _cluster([
		{"name": "a", "address": "1.1.1.1", "internalAddress": "10.0.0.1"},
		{"name": "b", "address": "1.1.1.2", "InternalAddress": "10.0.0.1"},
	])
	fault.path == ["spec", "hosts", 1, "InternalAddress"]
	not fault.message
}

test_the_second_part_counts_alone if {
	some fault in rule.deny with input as _cluster([
		{"name": "a", "internalAddress": "10.0.0.1,2022::2"},
		{"name": "b", "internalAddress": "10.0.0.2,2022:0:0::0002"},
	])
	fault.args == {"host": "b", "other": "a", "address": "2022:0:0::0002"}
}

test_one_ssh_address_with_one_port_is_one_machine if {
	rule.deny == {{
		"path": ["spec", "hosts", 1, "address"],
		"args": {"host": "b", "other": "a", "address": "1.1.1.1", "port": 22},
		"message": "ssh",
	}} with input as _cluster([
		{"name": "a", "address": "1.1.1.1", "internalAddress": "10.0.0.1"},
		{"name": "b", "address": "1.1.1.1", "internalAddress": "10.0.0.2", "port": 22},
	])
}

test_a_host_name_is_an_ssh_address_too if {
	count(rule.deny) == 1 with input as _cluster([
		{"name": "a", "address": "n1.example.com", "internalAddress": "10.0.0.1"},
		{"name": "b", "address": "n1.example.com", "internalAddress": "10.0.0.2"},
	])
}

test_three_of_one_address_are_two_too_many if {
	{fault.args.host | some fault in rule.deny} == {"b", "c"} with input as _cluster([
		{"name": "a", "address": "10.0.0.1"},
		{"name": "b", "address": "10.0.0.1"},
		{"name": "c", "address": "10.0.0.1"},
	])
}

test_forwarded_ports_are_fine if {
	count(rule.deny) == 0 with input as _cluster([
		{"name": "a", "address": "127.0.0.1", "port": 2222, "internalAddress": "10.0.0.1"},
		{"name": "b", "address": "127.0.0.1", "port": 2200, "internalAddress": "10.0.0.2"},
	])
}

test_two_hosts_of_one_name_are_another_fault if {
	count(rule.deny) == 0 with input as _cluster([
		{"name": "a", "address": "10.0.0.1"},
		{"name": "a", "address": "10.0.0.1"},
	])
}

test_a_host_in_no_group_is_not_touched if {
	count(rule.deny) == 0 with input as {"document": {"target": "kubekey-cluster", "value": {"spec": {
		"hosts": [{"name": "a", "address": "10.0.0.1"}, {"name": "b", "address": "10.0.0.1"}],
		"roleGroups": {"etcd": ["a"]},
	}}}}
}

test_what_is_no_address_is_another_fault if {
	every text in [
		"", "{{ .ip }}", "10.0.0.1/24", "<ip>", "xxx", "192.168.1.x", "CHANGEME", "your-ip",
		1, null, ["10.0.0.1"],
	] {
		count(rule.deny) == 0 with input as _cluster([{"name": "a", "address": text}, {"name": "b", "address": text}])
	}
}

test_v4_node_addresses if {
	every key in ["internal_ipv4", "internal_ipv6"] {
		address := {"internal_ipv4": "10.0.0.1", "internal_ipv6": "2022::2"}[key]
		rule.deny == {{
			"path": ["spec", "hosts", "b", key],
			"args": {"host": "b", "other": "a", "address": address},
		}} with input as _inventory({"a": {key: address}, "b": {key: address}}, {})
	}
}

test_v4_ssh_addresses if {
	rule.deny == {{
		"path": ["spec", "hosts", "b", "connector", "host"],
		"args": {"host": "b", "other": "a", "address": "1.1.1.1", "port": 22},
		"message": "ssh",
	}} with input as _inventory(_ssh({}, {"port": 22}), {})
}

test_v4_ports_that_differ_are_fine if {
	count(rule.deny) == 0 with input as _inventory(_ssh({"port": 2222}, {"port": 2200}), {})
}

test_v4_a_port_may_stand_elsewhere if {
	count(rule.deny) == 0 with input as _inventory(_ssh({}, {"port": 22}), {"connector": {"port": 2222}})
	count(rule.deny) == 0 with input as _group_vars(_ssh({}, {"port": 22}), {"connector": {"port": 2222}})
	count(rule.deny) == 1 with input as _inventory(_ssh({"port": 22}, {"port": 22}), {"connector": {"user": "root"}})
}

test_v4_localhost_and_local_hosts_are_fine if {
	host := {"internal_ipv4": "10.0.0.1"}
	local := {"internal_ipv4": "10.0.0.1", "connector": {"type": "local"}}
	count(rule.deny) == 0 with input as _inventory({"localhost": host, "a": host}, {})
	count(rule.deny) == 0 with input as _inventory({"b": local, "a": host}, {})
}

test_v4_junk_is_not_judged if {
	every x in [
		null, "text", 1, [],
		{"connector": null}, {"connector": "ssh"}, {"internal_ipv4": 10}, {"connector": {"host": 1}},
	] {
		count(rule.deny) == 0 with input as _inventory({"a": x, "b": x}, {})
	}
	every value in [
		null, {}, {"spec": {"hosts": [], "groups": "a"}},
		{"spec": {"hosts": {"a": {}}, "groups": {"k": {"hosts": {"a": 1}}}}},
	] {
		count(rule.deny) == 0 with input as {"document": {"target": "kubekey-inventory", "value": value}}
	}
}

_cluster(hosts) := {"document": {"target": "kubekey-cluster", "value": {"spec": {
	"hosts": hosts,
	"roleGroups": {"etcd": ["a"], "worker": ["a", "b", "c"]},
}}}}

_ssh(a, b) := {
	"a": {"internal_ipv4": "10.0.0.1", "connector": object.union({"host": "1.1.1.1"}, a)},
	"b": {"internal_ipv4": "10.0.0.2", "connector": object.union({"host": "1.1.1.1"}, b)},
}

_inventory(hosts, vars) := {"document": {"target": "kubekey-inventory", "value": {"spec": {
	"hosts": hosts,
	"vars": vars,
	"groups": {"k8s_cluster": {"hosts": [name | some name, _ in hosts]}},
}}}}

_group_vars(hosts, vars) := {"document": {"target": "kubekey-inventory", "value": {"spec": {
	"hosts": hosts,
	"groups": {"k8s_cluster": {"hosts": ["a", "b"], "vars": vars}},
}}}}
