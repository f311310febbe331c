package policies.rules.rollout["ks-master-only-scheduling_test"]

import data.policies.rules.rollout["ks-master-only-scheduling"] as rule
import future.keywords.not

test_no_worker_and_the_defaults if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "common", "core", "tolerations"],
		"args": {"version": "3.4.1"},
	}} with input as {"set": [_cc("3.4.1", {}), _kubekey("v1.26.15", ["a", "b"], [])]}
}

test_tolerations_of_the_wrong_taint if {
	every spec, path in {
		{"tolerations": [_of_master]}: ["spec", "tolerations"],
		{"tolerations": []}: ["spec", "tolerations"],
		{"common": {"core": {"tolerations": [_of_master]}}}: ["spec", "common", "core", "tolerations"],
	} {
		some fault in rule.deny with input as {"set": [_cc("3.3.2", spec), _kubekey("v1.24.17", ["a"], null)]}
		fault.path == path
	}
}

test_tolerations_that_hold if {
	every tolerations in [[{"operator": "Exists"}], [_of_master, _of_control_plane], "{{ all }}"] {
		_silent([_cc("3.4.1", {"tolerations": tolerations}), _kubekey("v1.26.15", ["a"], [])])
		_silent([_cc("3.4.1", {"common": {"core": {"tolerations": tolerations}}}), _kubekey("v1.26.15", ["a"], [])])
	}
}

test_a_worker_takes_the_pods if {
	_silent([_cc("3.4.1", {}), _kubekey("v1.26.15", ["a"], ["b"])])
	_silent([_cc("3.4.1", {}), _kubekey("v1.26.15", ["a"], ["a"])])
}

test_other_versions if {
	_silent([_cc("3.4.1", {}), _kubekey("v1.23.17", ["a"], [])])
	_silent([_cc("3.4.1", {}), _kubekey("v1.26.15-k3s", ["a"], [])])
	_silent([_cc("4.1.0", {}), _kubekey("v1.26.15", ["a"], [])])
	_silent([_cc("3.4.1", "{{ spec }}"), _kubekey("v1.26.15", ["a"], [])])
	_silent([_cc("3.4.1", {}), _kubekey("v1.26.15", [], [])])
}

test_pods_that_know_the_old_taint_only if {
	every name in ["ks-apiserver", "ks-console", "redis", "openldap"] {
		rule.deny == {{
			"document": 0,
			"path": ["spec", "template", "spec", "tolerations"],
			"message": "pods",
			"args": {"name": name},
		}} with input as {"set": [_workload(name, [_of_master]), _node("a", [_control_plane]), _node("b", [_control_plane])]}
	}
}

test_one_node_is_enough if {
	_silent([_workload("redis", [_of_master]), _node("a", [_control_plane]), _node("b", [])])
	_silent([_workload("redis", [_of_master]), _node("a", [_control_plane]), _node("b", null)])
	_silent([_workload("redis", [_of_master])])
}

test_other_taints_and_tolerations if {
	old := {"key": "node-role.kubernetes.io/master", "effect": "NoSchedule"}
	_silent([_workload("redis", [_of_master]), _node("a", [old])])
	_silent([_workload("redis", [_of_master]), _node("a", [object.union(_control_plane, {"effect": "PreferNoSchedule"})])])
	every tolerations in [null, [], [_of_control_plane], [_of_master, _of_control_plane], [{"operator": "Exists"}]] {
		_silent([_workload("redis", tolerations), _node("a", [_control_plane])])
	}
	_silent([_workload("minio", [_of_master]), _node("a", [_control_plane])])
}

test_a_toleration_of_the_value if {
	valued := object.union(_control_plane, {"value": "x"})
	tolerant := _workload("redis", [_of_master, object.union(_of_control_plane, {"value": "x"})])
	_silent([tolerant, _node("a", [valued])])
}

test_the_configuration_speaks_for_its_pods if {
	set := [
		_cc("3.4.1", {}), _kubekey("v1.26.15", ["a"], []),
		_workload("ks-apiserver", [_of_master]), _node("a", [_control_plane]),
	]
	{f.document | some f in rule.deny} == {0} with input as {"set": set}
}

test_what_is_missing_is_not_checked if {
	_needs([_cc("3.4.1", {})], "the KubeKey Cluster")
	_needs([_workload("redis", [_of_master])], "the Node objects of the whole cluster")
	count(rule.unchecked) == 0 with input as {"set": [
		_cc("3.4.1", {"tolerations": [{"operator": "Exists"}]}),
		_workload("redis", []),
	]}
}

test_messy_files_are_no_failure if {
	every mess in [null, "", "x", -1, 1.5, true, [], {}, [null], ["x"], [{}], {"x": null}, [[1]]] {
		every path in [
			"/0/value/metadata",
			"/0/value/spec",
			"/0/value/spec/replicas",
			"/0/value/spec/template",
			"/0/value/spec/template/metadata",
			"/0/value/spec/template/spec",
			"/0/value/spec/template/spec/tolerations",
			"/0/value/spec/template/spec/nodeSelector",
			"/1/value/metadata",
			"/1/value/metadata/labels",
			"/1/value/spec",
			"/1/value/spec/taints",
			"/2/value/spec",
			"/2/value/spec/tolerations",
			"/2/value/spec/common",
			"/2/value/spec/common/core/tolerations",
			"/3/value/spec",
		] {
			set := json.patch(
				[
					_workload("redis", [_of_master]), _node("a", [_control_plane]),
					_cc("3.4.1", {"common": {"core": {}}}), _kubekey("v1.26.15", ["a"], []),
				],
				[{"op": "add", "path": path, "value": mess}],
			)
			is_set(rule.deny) with input as {"set": set}
			is_set(rule.unchecked) with input as {"set": set}
		}
	}
}

_silent(set) if count(rule.deny) == 0 with input as {"set": set}

_needs(set, what) if rule.unchecked == {{"needs": what, "document": 0}} with input as {"set": set}

_of_master := {"key": "node-role.kubernetes.io/master", "effect": "NoSchedule"}

_of_control_plane := {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}

_control_plane := _of_control_plane

_workload(name, tolerations) := {"target": "kubesphere-workload", "value": {
	"kind": "Deployment",
	"metadata": {"name": name},
	"spec": {"template": {"spec": {"containers": [{"name": name, "image": "x"}], "tolerations": tolerations}}},
}}

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

_node(name, taints) := {"target": "node", "value": {
	"kind": "Node",
	"metadata": {"name": name},
	"spec": {"taints": taints},
}}
