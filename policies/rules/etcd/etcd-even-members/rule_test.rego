package policies.rules.etcd["etcd-even-members_test"]

import data.policies.rules.etcd["etcd-even-members"] as rule

test_two_members_are_one_too_few if {
	rule.deny == {{
		"path": ["spec", "roleGroups", "etcd"],
		"args": {"count": 2, "fewer": 1, "more": 3, "tolerated": 0},
	}} with input as _cluster({"etcd": ["a", "b"]}, {})
}

test_three_are_fine if {
	count(rule.deny) == 0 with input as _cluster({"etcd": ["a", "b", "c"]}, {})
}

test_a_host_named_twice_counts_once if {
	count(rule.deny) == 0 with input as _cluster({"etcd": ["a", "a"]}, {})
}

test_a_range_is_expanded if {
	count(rule.deny) == 1 with input as _cluster({"etcd": ["n[1:4]"]}, {})
}

test_no_members_is_another_fault if {
	count(rule.deny) == 0 with input as _cluster({"etcd": []}, {})
}

test_external_etcd_has_members_elsewhere if {
	count(rule.deny) == 0 with input as _cluster({"etcd": ["a", "b"]}, {"type": "external"})
}

test_v4_refuses_two if {
	some fault in rule.deny with input as {"document": {
		"target": "kubekey-inventory",
		"value": {"spec": {"hosts": {"a": {}, "b": {}}, "groups": {"etcd": {"hosts": ["a", "b"]}}}},
	}}
	fault.message == "v4"
	fault.path == ["spec", "groups", "etcd"]
}

_cluster(groups, etcd) := {"document": {
	"target": "kubekey-cluster",
	"value": {"spec": {"roleGroups": groups, "etcd": etcd}},
}}
