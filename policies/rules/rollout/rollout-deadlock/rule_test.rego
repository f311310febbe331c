package policies.rules.rollout["rollout-deadlock_test"]

import data.policies.rules.rollout["rollout-deadlock"] as rule
import future.keywords.not

test_a_replica_on_every_node if {
	rule.deny == {_fault(3)} with input as {"set": [
		_deployment(3, _first, {}),
		_node("a", {}), _node("b", {}), _node("c", {}), _node("d", {"unschedulable": true}),
	]}
	rule.deny == {_fault(1)} with input as {"set": [_deployment(null, _first, {}), _node("a", {})]}
}

test_a_quarter_of_three_is_nobody if {
	every strategy in [null, {}, {"type": "RollingUpdate"}, {"rollingUpdate": {"maxUnavailable": "33%"}}] {
		rule.deny == {_fault(3)} with input as {"set": [
			_deployment(3, strategy, {}),
			_node("a", {}), _node("b", {}), _node("c", {}),
		]}
	}
}

test_one_node_more if {
	_silent([_deployment(1, _first, {}), _node("a", {}), _node("b", {})])
}

test_fewer_nodes_than_replicas_are_another_fault if {
	_silent([_deployment(3, _first, {}), _node("a", {}), _node("b", {})])
	_silent([_deployment(1, _first, {"nodeSelector": {"a": "b"}}), _node("a", {})])
}

test_updates_that_take_away_first if {
	every strategy in [
		{"type": "Recreate"},
		{"rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}},
		{"rollingUpdate": {"maxSurge": 0}},
		{"rollingUpdate": {"maxUnavailable": "{{ .Values.max }}"}},
	] {
		_silent([_deployment(1, strategy, {}), _node("a", {})])
	}
}

test_pods_that_may_share_a_node if {
	every term in [
		object.union(_term, {"matchLabelKeys": ["pod-template-hash"]}),
		object.union(_term, {"labelSelector": {"matchLabels": {"app": "ks-console"}}}),
		object.union(_term, {"topologyKey": "zone"}),
	] {
		affinity := {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}
		_silent([_deployment(1, _first, {"affinity": affinity}), _node("a", {})])
	}
}

test_nothing_runs if _silent([_deployment(0, _first, {}), _node("a", {})])

test_an_autoscaler_decides if {
	scaler := {"target": "hpa", "value": {"metadata": {}, "spec": {"scaleTargetRef": {
		"kind": "Deployment",
		"name": "ks-apiserver",
	}}}}
	_silent([_deployment(2, _first, {}), _node("a", {}), _node("b", {}), scaler])
	count(rule.deny) == 1 with input as {"set": [_deployment(2, _first, {}), _node("a", {}), scaler]}
}

test_an_inventory_counts_too if {
	rule.deny == {_fault(3)} with input as {"set": [_deployment(3, _first, {}), _inventory(["a", "b", "c"])]}
	rule.deny == {_fault(2)} with input as {"set": [_deployment(3, _first, {}), _inventory(["a", "b"])]}
	_silent([_deployment(2, _first, {}), _inventory(["a", "b", "c"])])
	_silent([_deployment(2, _first, {}), _inventory(["a", "b"]), _node("a", {}), _node("b", {}), _node("c", {})])
	_silent([_deployment(2, _first, {}), _inventory(["a", "{{ b }}"])])
}

test_what_is_missing_is_not_checked if {
	every set in [
		[_deployment(3, _first, {})],
		[_deployment(3, _first, {}), _node("a", {}), _inventory(["a", "b"])],
	] {
		rule.unchecked == {{
			"needs": "the Node objects of the whole cluster, or its Inventory",
			"document": 0,
		}} with input as {"set": set}
	}
	every set in [
		[_deployment(3, _first, {}), _inventory(["a"])],
		[_deployment(3, _first, {}), _node("a", {})],
		[_deployment(3, {"type": "Recreate"}, {})],
	] {
		count(rule.unchecked) == 0 with input as {"set": set}
	}
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
			"/0/value/spec/strategy/rollingUpdate",
			"/0/value/spec/strategy/rollingUpdate/maxSurge",
			"/0/value/spec/strategy/rollingUpdate/maxUnavailable",
			"/1/value/metadata",
			"/1/value/metadata/labels",
			"/1/value/spec",
			"/1/value/spec/taints",
			"/2/value/spec",
			"/2/value/spec/groups",
			"/2/value/spec/groups/kube_control_plane",
			"/2/value/spec/groups/kube_control_plane/hosts",
		] {
			set := json.patch(
				[
					_deployment(1, {"rollingUpdate": {}}, {}), _node("a", {}), _inventory(["a"]),
				],
				[{"op": "add", "path": path, "value": mess}],
			)
			is_set(rule.deny) with input as {"set": set}
			is_set(rule.unchecked) with input as {"set": set}
		}
	}
}

_silent(set) if count(rule.deny) == 0 with input as {"set": set}

_fault(n) := {
	"document": 0,
	"path": ["spec", "strategy", "rollingUpdate", "maxUnavailable"],
	"args": {"name": "ks-apiserver", "count": n},
}

_first := {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}

_term := {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"app": "ks-apiserver"}}}

_deployment(replicas, strategy, spec) := {"target": "kubesphere-workload", "value": {
	"kind": "Deployment",
	"metadata": {"name": "ks-apiserver"},
	"spec": {"replicas": replicas, "strategy": strategy, "template": {
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

_node(name, spec) := {"target": "node", "value": {"kind": "Node", "metadata": {"name": name}, "spec": spec}}

_inventory(hosts) := {"target": "kubekey-inventory", "value": {"spec": {"groups": {
	"kube_control_plane": {"hosts": hosts},
}}}}
