package policies.rules.rollout["antiaffinity-unsatisfiable_test"]

import data.policies.rules.rollout["antiaffinity-unsatisfiable"] as rule
import future.keywords.not

test_three_replicas_on_two_hosts if {
	rule.deny == {{"document": 0, "path": ["spec", "enableHA"], "args": {"count": 2}}} with input as {"set": [
		_cc("3.4.1", {"enableHA": true}),
		_kubekey("v1.26.15", ["a"], ["a", "b"]),
	]}
	every switch in [1, "true", "false"] {
		count(rule.deny) == 1 with input as {"set": [_cc("3.3.0", {"enableHA": switch}), _kubekey(null, ["a"], ["a"])]}
	}
}

test_nobody_asked_for_it if {
	every spec in [{}, {"enableHA": false}, {"enableHA": "{{ ha }}"}, {"enableHA": []}, null] {
		_silent([_cc("3.4.1", spec), _kubekey("v1.26.15", ["a"], ["a", "b"])])
	}
}

test_three_hosts_are_enough if {
	_silent([_cc("3.4.1", {"enableHA": true}), _kubekey("v1.26.15", ["a"], ["b", "c"])])
}

test_two_masters_get_two_replicas if {
	every version in ["v1.23.17", null, "v1.26.1-k3s"] {
		_silent([_cc("3.4.1", {"enableHA": true}), _kubekey(version, ["a", "b"], ["a"])])
	}
	count(rule.deny) == 1 with input as {"set": [
		_cc("3.4.1", {"enableHA": true}),
		_kubekey("v1.24.17", ["a", "b"], ["a"]),
	]}
}

test_other_versions if {
	every version in ["3.2.1", "4.1.0"] {
		_silent([_cc(version, {"enableHA": true}), _kubekey("v1.21.5", ["a"], ["a"])])
	}
}

test_hosts_that_nobody_knows if {
	_silent([_cc("3.4.1", {"enableHA": true}), _kubekey("v1.26.15", ["a"], [1])])
	_silent([_cc("3.4.1", {"enableHA": true}), _kubekey("v1.26.15", [], [])])
}

test_more_replicas_than_nodes if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "replicas"],
		"message": "replicas",
		"args": {"name": "ks-apiserver", "replicas": 3, "count": 2},
	}} with input as {"set": [_deployment(3, {}), _node("a", {}), _node("b", {}), _node("c", {"unschedulable": true})]}
}

test_taints_and_labels_take_nodes_away if {
	tainted := {"taints": [{"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}]}
	set := [_deployment(2, {}), _node("a", tainted), _node("b", {})]
	count(rule.deny) == 1 with input as {"set": set}
	_silent(array.concat([_deployment(2, {"tolerations": [{"operator": "Exists"}]})], array.slice(set, 1, 3)))
	_silent([_deployment(2, {"nodeSelector": {"x": "y"}}), _node("a", {}), _node("b", {})])
}

test_as_many_nodes_as_replicas if {
	_silent([_deployment(2, {}), _node("a", {}), _node("b", {})])
	_silent([_deployment(1, {}), _node("a", {})])
}

test_a_preference_is_no_requirement if {
	_silent([
		_deployment(3, {"affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{
			"weight": 100,
			"podAffinityTerm": _term,
		}]}}}),
		_node("a", {}),
	])
}

test_an_autoscaler_decides if {
	set := [_deployment(3, {}), _node("a", {}), _node("b", {})]
	_silent(array.concat(set, [_scaler(1)]))
	count(rule.deny) == 1 with input as {"set": array.concat(set, [_scaler(3)])}
}

test_what_is_missing_is_not_checked if {
	_needs([_deployment(3, {})], "the Node objects of the whole cluster")
	_needs([_deployment(3, {}), _node("a", {}), _node("a", {})], "the Node objects of the whole cluster")
	_needs([_cc("3.4.1", {"enableHA": true})], "the KubeKey Cluster")
	unversioned := {"target": "cluster-configuration", "file": "config.yaml", "value": {"spec": {"enableHA": true}}}
	_needs([unversioned, _kubekey("v1.26.15", ["a"], ["a"])], "the version of KubeSphere")
	count(rule.unchecked) == 0 with input as {"set": [_deployment(1, {}), _cc("3.4.1", {})]}
}

test_messy_files_are_no_failure if {
	every mess in [null, "", "x", -1, 1.5, true, [], {}, [null], ["x"], [{}], {"x": null}, [[1]]] {
		every path in [
			"/0/value/metadata",
			"/0/value/spec",
			"/0/value/spec/replicas",
			"/0/value/spec/strategy",
			"/0/value/spec/template",
			"/0/value/spec/template/metadata",
			"/0/value/spec/template/metadata/labels",
			"/0/value/spec/template/spec",
			"/0/value/spec/template/spec/tolerations",
			"/0/value/spec/template/spec/nodeSelector",
			"/0/value/spec/template/spec/affinity",
			"/1/value/metadata",
			"/1/value/metadata/labels",
			"/1/value/spec",
			"/1/value/spec/taints",
			"/2/value/metadata",
			"/2/value/spec",
			"/2/value/spec/minReplicas",
			"/2/value/spec/scaleTargetRef",
			"/3/value/spec",
			"/3/value/spec/enableHA",
			"/4/value/spec",
			"/4/value/spec/roleGroups",
			"/4/value/spec/kubernetes",
			"/4/value/spec/kubernetes/version",
			"/4/value/spec/kubernetes/type",
		] {
			set := json.patch(
				[
					_deployment(3, {}), _node("a", {}), _scaler(1),
					_cc("3.4.1", {"enableHA": true}), _kubekey("v1.26.15", ["a"], []),
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

_term := {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"app": "ks-apiserver"}}}

_deployment(replicas, spec) := {"target": "kubesphere-workload", "value": {
	"kind": "Deployment",
	"metadata": {"name": "ks-apiserver"},
	"spec": {"replicas": replicas, "template": {
		"metadata": {"labels": {"app": "ks-apiserver"}},
		"spec": object.union(
			{
				"containers": [{"name": "ks-apiserver", "image": "x"}],
				"affinity": object.get(
					spec, "affinity",
					{"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [_term]}},
				),
			},
			spec,
		),
	}},
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

_node(name, spec) := {"target": "node", "value": {"kind": "Node", "metadata": {"name": name}, "spec": spec}}

_scaler(least) := {"target": "hpa", "value": {
	"metadata": {"name": "ks-apiserver"},
	"spec": {"scaleTargetRef": {"kind": "Deployment", "name": "ks-apiserver"}, "minReplicas": least},
}}
