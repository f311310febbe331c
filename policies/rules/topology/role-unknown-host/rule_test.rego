package policies.rules.topology["role-unknown-host_test"]

import data.policies.rules.topology["role-unknown-host"] as rule

test_a_name_that_no_host_has_is_found if {
	rule.deny == {{
		"path": ["spec", "roleGroups", "etcd", 1],
		"args": {"host": "c", "groups": "etcd"},
	}} with input as _cluster({"etcd": ["a", "c"], "worker": ["b"]})
}

test_a_host_is_one_finding_in_however_many_groups_it_is if {
	rule.deny == {{
		"path": ["spec", "roleGroups", "control-plane", 0],
		"args": {"host": "c", "groups": "control-plane, etcd"},
	}} with input as _cluster({"etcd": ["a", "c", "c"], "control-plane": ["c"]})
}

test_groups_of_the_user_count_too if {
	count(rule.deny) == 1 with input as _cluster({"storage": ["c"]})
}

test_what_kubekey_takes_for_no_range_is_a_name if {
	{fault.args.host | some fault in rule.deny} == {"n[1-3]", "a,b", "a ", "A"} with input as _cluster({"etcd": [
		"n[1-3]", "a,b", "a ", "A",
	]})
}

test_an_item_that_says_nothing_is_a_name_too if {
	some fault in rule.deny with input as _cluster({"worker": [null, ""]})
	fault == {"path": ["spec", "roleGroups", "worker", 0], "args": {"host": "", "groups": "worker"}}
}

test_ranges_are_another_fault if {
	count(rule.deny) == 0 with input as _cluster({"etcd": ["n[1:3]", "n[a:c]", "n[2:1]"]})
}

test_other_types_are_other_faults if {
	count(rule.deny) == 0 with input as _cluster({
		"etcd": [1, true, {"name": "c"}, ["c"], "{{ .c }}"],
		"master": null,
		"worker": "c",
		"registry": {"c": 1},
	})
}

test_invisible_characters_are_another_fault if {
	count(rule.deny) == 0 with input as _cluster({"etcd": ["a\u00a0", "\u201cb\u201d"]})
}

test_a_host_whose_name_is_not_known_may_be_meant if {
	every host in [{}, {"name": null}, {"name": 1}, {"name": "{{ .c }}"}, "c", null] {
		count(rule.deny) == 0 with input as {"document": {
			"target": "kubekey-cluster",
			"value": {"spec": {"hosts": [{"name": "a"}, host], "roleGroups": {"etcd": ["c"]}}},
		}}
	}
}

test_a_file_without_hosts_is_not_judged if {
	every hosts in [null, "c", {"c": {"name": "x"}}] {
		count(rule.deny) == 0 with input as {"document": {
			"target": "kubekey-cluster",
			"value": {"spec": {"hosts": hosts, "roleGroups": {"etcd": ["c"]}}},
		}}
	}
}

test_all_hosts_are_there if {
	count(rule.deny) == 0 with input as _cluster({"etcd": ["a"], "control-plane": ["a"], "worker": ["a", "b"], "x": []})
}

_cluster(groups) := {"document": {"target": "kubekey-cluster", "value": {"spec": {
	"hosts": [{"name": "a"}, {"name": "b"}],
	"roleGroups": groups,
}}}}
