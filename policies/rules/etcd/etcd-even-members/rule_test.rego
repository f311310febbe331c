package policies.rules.etcd["etcd-even-members_test"]

import data.policies.rules.etcd["etcd-even-members"] as rule

test_two_members_are_one_too_few if {
	rule.deny == {{
		"document": 0,
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
	some fault in rule.deny with input as _input(
		[{
			"target": "kubekey-inventory",
			"value": {"spec": {"hosts": {"a": {}, "b": {}}, "groups": {"etcd": {"hosts": ["a", "b"]}}}},
		}],
		[],
	)
	fault.message == "v4"
	fault.path == ["spec", "groups", "etcd"]
}

test_two_env_files_that_name_each_other if {
	rule.deny == {{
		"document": 0,
		"path": ["variables", "ETCD_INITIAL_CLUSTER"],
		"args": {"count": 2, "fewer": 1, "more": 3, "tolerated": 0},
	}} with input as _input([null, null], [_member(0, "a", ["a", "b"]), _member(1, "b", ["a", "b"])])
}

test_two_urls_of_one_name_are_one_member if {
	_silent([_member(0, "a", ["a", "a"])])
	{fault.args.count | some fault in rule.deny} == {2} with input as _input(
		[null, null],
		[_member(0, "a", ["a", "a", "b", "b"]), _member(1, "b", ["b", "b", "a", "a"])],
	)
}

test_a_member_without_its_file_proves_nothing if {
	_silent([_member(0, "a", ["a", "b"])])
	_silent([_member(0, "a", ["a", "b"]), _member(1, "b", ["a", "b"]), _member(2, "c", ["a", "b", "c"])])
}

test_a_stale_file_is_outvoted_by_a_complete_one if {
	rule.deny[_].document == 1 with input as _input([null], [_member(0, "a", ["a"]), _member(1, "b", ["a", "b"])])
}

test_two_clusters_side_by_side_are_not_added_up if {
	_silent([_member(0, "a", ["a"]), _member(1, "b", ["b"])])
}

test_a_member_without_a_known_name_proves_nothing if {
	unnamed := object.remove(_member(2, "c", ["c"]), ["name"])
	_silent([_member(0, "a", ["a", "b"]), _member(1, "b", ["a", "b"]), unnamed])
}

test_static_pods_list_who_was_there_when_they_joined if {
	pods := [object.union(member, {"source": "static-pod"}) |
		some member in [_member(0, "a", ["a"]), _member(1, "b", ["a", "b"])]
	]
	_silent(pods)
}

test_a_kubekey_file_speaks_for_its_env_files if {
	members := [_member(1, "a", ["a", "b"]), _member(2, "b", ["a", "b"])]
	cluster := _cluster({"etcd": ["a", "b", "c"]}, {}).set[0]
	inventory := {"target": "kubekey-inventory", "value": {"spec": {"groups": {"etcd": {"hosts": ["a"]}}}}}
	external := _cluster({}, {"type": "external"}).set[0]
	count(rule.deny) == 0 with input as _input([cluster, null, null], members)
	count(rule.deny) == 0 with input as _input([inventory, null, null], members)
	count(rule.deny) == 1 with input as _input([external, null, null], members)
}

_silent(members) if {
	silent := _input([null, null, null], members)
	count(rule.deny) == 0 with input as silent
}

_member(document, name, listed) := {
	"source": "env",
	"document": document,
	"name": name,
	"settings": {"ETCD_INITIAL_CLUSTER": {
		"path": ["variables", "ETCD_INITIAL_CLUSTER"],
		"value": "…",
		"entries": [{"name": x} | some x in listed],
	}},
}

_cluster(groups, etcd) := _input(
	[{
		"target": "kubekey-cluster",
		"value": {"spec": {"roleGroups": groups, "etcd": etcd}},
	}],
	[],
)

_input(set, members) := {"set": set, "facts": {"etcd": {"members": members}}}
