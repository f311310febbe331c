package policies.rules.installer["cc-redis-ha-nodes_test"]

import data.policies.rules.installer["cc-redis-ha-nodes"] as rule
import future.keywords.not

test_two_workers_are_too_few if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "common", "redis", "enableHA"],
		"args": {"count": 2, "masters": 1, "field": "common.redis.enableHA"},
	}} with input as {"set": [_cc("3.4.1", _asked), _kubekey("v1.23.17", ["a"], ["a", "b"])]}
}

test_three_workers_are_enough if {
	count(rule.deny) == 0 with input as {"set": [_cc("3.4.1", _asked), _kubekey("v1.23.17", ["a"], ["a", "b", "c"])]}
}

test_two_masters_switch_it_on if {
	every version, message in {"3.0.0": "masters", "3.1.1": "masters", "3.2.1": "masters"} {
		rule.deny == {{
			"document": 0,
			"path": ["spec", "enableHA"],
			"args": {"count": 1, "masters": 2, "field": "enableHA"},
			"message": message,
		}} with input as {"set": [_cc(version, {}), _kubekey("v1.18.8", ["a", "b"], ["c"])]}
	}
}

test_two_masters_install_what_is_asked_for if {
	spec := {"common": {"redis": {"enabled": false, "enableHA": true}}}
	count(rule.deny) == 1 with input as {"set": [_cc("3.3.2", spec), _kubekey("v1.23.17", ["a", "b"], ["c"])]}
	count(rule.deny) == 0 with input as {"set": [_cc("3.3.2", spec), _kubekey("v1.24.17", ["a", "b"], ["c"])]}
	count(rule.deny) == 0 with input as {"set": [_cc("3.3.2", spec), _kubekey(null, ["a", "b"], ["c"])]}
	count(rule.deny) == 0 with input as {"set": [_cc("3.3.2", spec), _kubekey("v1.23.17", ["a"], ["c"])]}
}

test_the_field_of_the_first_level_decides if {
	every value in [false, null, 0, ""] {
		count(rule.deny) == 0 with input as {"set": [
			_cc("3.2.1", {"enableHA": value}),
			_kubekey("v1.21.14", ["a", "b"], ["c"]),
		]}
	}
	some fault in rule.deny with input as {"set": [
		_cc("3.2.1", {"enableHA": true}),
		_kubekey("v1.21.14", ["a"], ["c"]),
	]}
	not fault.message
	fault.path == ["spec", "enableHA"]
}

test_tolerations_open_all_nodes if {
	every spec in [
		object.union(_asked, {"tolerations": [{"operator": "Exists"}]}),
		object.union(_asked, {"common": {"redis": {"tolerations": [{"operator": "Exists"}]}}}),
	] {
		count(rule.deny) == 0 with input as {"set": [_cc("3.4.1", spec), _kubekey("v1.23.17", ["a"], ["b", "c"])]}
	}
	every tolerations in [[], null, "", 3] {
		count(rule.deny) == 1 with input as {"set": [
			_cc("3.4.1", object.union(_asked, {"tolerations": tolerations})),
			_kubekey("v1.23.17", ["a"], ["b", "c"]),
		]}
	}
}

test_node_objects_tell_too if {
	nodes := [
		_node({"node-role.kubernetes.io/master": ""}, {"taints": [{"effect": "NoSchedule"}]}),
		_node({"node-role.kubernetes.io/master": ""}, {"taints": [{"effect": "NoExecute"}]}),
		_node({}, {"taints": [{"effect": "PreferNoSchedule"}]}),
		_node(null, {"unschedulable": true}),
		_node({}, null),
	]
	some fault in rule.deny with input as {"set": array.concat([_cc("3.2.1", {})], nodes)}
	fault.args == {"count": 2, "masters": 2, "field": "enableHA"}
	count(rule.deny) == 0 with input as {"set": array.concat([_cc("3.2.1", {})], array.concat(nodes, [_node({}, {})]))}
}

test_nodes_of_whom_are_not_guessed if {
	count(rule.deny) == 0 with input as {"set": [_cc("3.4.1", _asked), _cc("3.4.1", _asked), _node({}, {})]}
}

test_what_is_missing_is_not_checked if {
	rule.unchecked == {{"needs": "a KubeKey Cluster or Node objects", "document": 0}} with input as {"set": [
		_cc("3.4.1", _asked),
	]}
	count(rule.unchecked) == 1 with input as {"set": [_cc("3.1.0", {})]}
	count(rule.unchecked) == 0 with input as {"set": [_cc("3.4.1", {})]}
	without := {"target": "cluster-configuration", "file": "config.yaml", "value": {"spec": _asked}}
	rule.unchecked == {{"needs": "the version of KubeSphere", "document": 0}} with input as {"set": [without]}
}

test_redis_that_runs_stays_as_it_is if {
	running := object.union(_cc("3.4.1", _asked), {"value": {"status": {"redis": {"status": "enabled"}}}})
	count(rule.deny) == 0 with input as {"set": [running, _kubekey("v1.23.17", ["a"], ["a"])]}
}

test_messy_files_are_no_failure if {
	every spec in [null, "", [], "spec", {"common": null}, {"common": {"redis": "on"}}, {"common": {"redis": []}}] {
		every version in ["3.2.1", "3.4.1"] {
			count(rule.deny) == 0 with input as {"set": [_cc(version, spec), _kubekey("v1.23.17", ["a"], ["a"])]}
		}
	}
}

_asked := {"common": {"redis": {"enabled": true, "enableHA": true}}}

_cc(version, spec) := {
	"target": "cluster-configuration",
	"file": "config.yaml",
	"versions": {"kubesphere": version},
	"value": {"spec": spec},
}

_kubekey(version, masters, workers) := {"target": "kubekey-cluster", "file": "config.yaml", "value": {"spec": {
	"roleGroups": {"control-plane": masters, "worker": workers},
	"kubernetes": {"version": version},
}}}

_node(labels, spec) := {"target": "node", "value": {
	"apiVersion": "v1",
	"kind": "Node",
	"metadata": {"labels": labels},
	"spec": spec,
}}
