package policies.rules.rollout["ks-single-replica-on-ha_test"]

import data.policies.rules.rollout["ks-single-replica-on-ha"] as rule
import future.keywords.not

test_three_control_planes_get_one_replica if {
	every spec in [{}, {"enableHA": false}, {"enableHA": null}, {"enableHA": 0}, {"enableHA": ""}] {
		_denies([_cc("3.4.1", spec), _kubekey("v1.26.15", ["a", "b", "c"])]) == {{
			"document": 0,
			"path": ["spec", "enableHA"],
			"args": {"count": 3},
		}}
	}
}

test_it_is_switched_on if {
	every switch in [true, 1, "true", "false", "{{ ha }}", []] {
		_denies([_cc("3.4.1", {"enableHA": switch}), _kubekey("v1.26.15", ["a", "b", "c"])]) == set()
	}
}

test_the_installer_counts_masters if {
	every version in ["v1.23.17", null, "v1.26.1-k3s", "v1.26.1+k3s1", "v1.26.1-k8e"] {
		_denies([_cc("3.4.1", {}), _kubekey(version, ["a", "b", "c"])]) == set()
	}
}

test_two_control_planes_are_no_ha if {
	_denies([_cc("3.4.1", {}), _kubekey("v1.26.15", ["a", "b", "b"])]) == set()
}

test_other_versions if {
	every version in ["3.2.1", "4.1.0"] {
		_denies([_cc(version, {}), _kubekey("v1.26.15", ["a", "b", "c"])]) == set()
	}
	_denies([_cc("3.4.1", null), _kubekey("v1.26.15", ["a", "b", "c"])]) == set()
}

test_a_deployment_with_one_replica if {
	every name in ["ks-apiserver", "ks-console"] {
		_denies(array.concat([_deployment(name, 1)], _masters)) == {{
			"document": 0,
			"path": ["spec", "replicas"],
			"message": "deployment",
			"args": {"name": name, "count": 3},
		}}
		count(_denies(array.concat([_deployment(name, null)], _masters))) == 1
		_denies(array.concat([_deployment(name, 2)], _masters)) == set()
	}
	_denies(array.concat([_deployment("ks-controller-manager", 1)], _masters)) == set()
}

test_one_message_a_set if {
	both := array.concat([_deployment("ks-console", 1), _deployment("ks-apiserver", 1)], _masters)
	{f.args.name | some f in _denies(both)} == {"ks-apiserver"}
	all := array.concat(both, [_cc("3.4.1", {}), _kubekey("v1.26.15", ["a", "b", "c"])])
	{f.path | some f in _denies(all)} == {["spec", "enableHA"]}
}

test_workers_do_not_count if {
	workers := [_node(name, {"node-role.kubernetes.io/worker": ""}) | some name in ["x", "y", "z"]]
	_denies(array.concat([_deployment("ks-apiserver", 1), _node("a", _master)], workers)) == set()
	_denies(array.concat([_deployment("ks-apiserver", 1), _node("a", null)], workers)) == set()
}

test_an_autoscaler_makes_more if {
	scaler := {"target": "hpa", "value": {"metadata": {}, "spec": {
		"scaleTargetRef": {"kind": "Deployment", "name": "ks-apiserver"},
		"minReplicas": 2,
	}}}
	_denies(array.concat([_deployment("ks-apiserver", 1), scaler], _masters)) == set()
}

test_how_many_are_ha_is_a_parameter if {
	set := [_cc("3.4.1", {}), _kubekey("v1.26.15", ["a", "b"])]
	count(rule.deny) == 1 with input as {"set": set, "parameters": {"ks-single-replica-on-ha": {"nodes": 2}}}
}

test_what_is_missing_is_not_checked if {
	_needs([_cc("3.4.1", {})], "the KubeKey Cluster")
	_needs([_deployment("ks-console", 1)], "the Node objects of the whole cluster")
	unversioned := {"target": "cluster-configuration", "file": "config.yaml", "value": {"spec": {}}}
	_needs([unversioned, _kubekey("v1.26.15", ["a"])], "the version of KubeSphere")
	count(rule.unchecked) == 0 with input as {"set": [_deployment("ks-console", 2), _cc("3.4.1", {"enableHA": true})]}
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
			"/1/value/metadata",
			"/1/value/metadata/labels",
			"/1/value/spec",
			"/2/value/spec",
			"/2/value/spec/enableHA",
			"/3/value/spec",
			"/3/value/spec/roleGroups",
		] {
			set := json.patch(
				[
					_deployment("ks-apiserver", 1), _node("a", {}),
					_cc("3.4.1", {}), _kubekey("v1.26.15", ["a", "b", "c"]),
				],
				[{"op": "add", "path": path, "value": mess}],
			)
			is_set(rule.deny) with input as {"set": set, "parameters": {"ks-single-replica-on-ha": {"nodes": 1}}}
			is_set(rule.unchecked) with input as {"set": set, "parameters": {"ks-single-replica-on-ha": {"nodes": 1}}}
		}
	}
}

_denies(set) := faults if {
	faults := rule.deny with input as {"set": set, "parameters": {"ks-single-replica-on-ha": {"nodes": 3}}}
}

_needs(set, what) if rule.unchecked == {{"needs": what, "document": 0}} with input as {"set": set}

_master := {"node-role.kubernetes.io/master": ""}

_masters := [
	_node("a", _master),
	_node("b", {"node-role.kubernetes.io/control-plane": ""}),
	_node("c", object.union(_master, {"node-role.kubernetes.io/control-plane": ""})),
]

_deployment(name, replicas) := {"target": "kubesphere-workload", "value": {
	"kind": "Deployment",
	"metadata": {"name": name},
	"spec": {"replicas": replicas, "template": {"spec": {"containers": [{"name": name, "image": "x"}]}}},
}}

_cc(version, spec) := {
	"target": "cluster-configuration",
	"file": "config.yaml",
	"versions": {"kubesphere": version},
	"value": {"spec": spec},
}

_kubekey(version, masters) := {"target": "kubekey-cluster", "file": "config.yaml", "value": {"spec": {
	"roleGroups": {"control-plane": masters, "worker": ["w"]},
	"kubernetes": {"version": version},
}}}

_node(name, labels) := {"target": "node", "value": {"kind": "Node", "metadata": {"name": name, "labels": labels}}}
