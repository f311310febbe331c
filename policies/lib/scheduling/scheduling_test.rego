package policies.lib.scheduling_test

import data.policies.lib.scheduling
import future.keywords.not

test_labels_that_fit if {
	every selector in [
		{"matchLabels": {"app": "a"}},
		{"matchLabels": {"app": "a", "tier": "b"}},
		{"matchLabels": null, "matchExpressions": null},
		{"matchExpressions": [{"key": "app", "operator": "In", "values": ["x", "a"]}]},
		{"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["x"]}]},
		{"matchExpressions": [{"key": "zone", "operator": "NotIn", "values": ["x"]}]},
		{"matchExpressions": [{"key": "app", "operator": "Exists"}]},
		{"matchExpressions": [{"key": "zone", "operator": "DoesNotExist", "values": []}]},
		{},
	] {
		scheduling.selects(selector, _labels)
	}
}

test_labels_that_do_not_fit if {
	every selector in [
		null, "app=a", [],
		{"matchLabels": {"app": "x"}},
		{"matchLabels": {"app": "a", "zone": "z"}},
		{"matchLabels": {"app": "a"}, "matchExpressions": [{"key": "zone", "operator": "Exists"}]},
		{"matchExpressions": [{"key": "app", "operator": "In", "values": ["x"]}]},
		{"matchExpressions": [{"key": "zone", "operator": "In", "values": ["z"]}]},
		{"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["a"]}]},
		{"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]},
	] {
		not scheduling.selects(selector, _labels)
	}
}

test_what_the_api_refuses_selects_nothing if {
	every selector in [
		{"matchLabel": {"app": "a"}},
		{"app": "a"},
		{"matchLabels": {"app": 1}},
		{"matchLabels": ["app"]},
		{"matchLabels": "app"},
		{"matchExpressions": {"key": "app"}},
		{"matchExpressions": ["app"]},
		{"matchExpressions": [{"key": "app", "operator": "exists"}]},
		{"matchExpressions": [{"key": "app", "operator": "Exists", "values": ["a"]}]},
		{"matchExpressions": [{"key": "app", "operator": "In", "values": []}]},
		{"matchExpressions": [{"key": "app", "operator": "In", "values": ["a", 1]}]},
		{"matchExpressions": [{"key": "zone", "operator": "NotIn", "values": []}]},
		{"matchExpressions": [{"key": 1, "operator": "NotIn", "values": ["x"]}]},
		{"matchExpressions": [{"key": null, "operator": "DoesNotExist"}]},
		{"matchLabels": {"app": "{{ .Values.app }}"}},
	] {
		not scheduling.selects(selector, _labels)
	}
	every labels in [null, "", [], {"app": 1}, {"app": "{{ .Values.app }}"}] {
		not scheduling.selects({}, labels)
	}
}

test_a_selector_that_asks_for_nothing if {
	every selector in [{}, {"matchLabels": {}}, {"matchLabels": null, "matchExpressions": []}] {
		scheduling.is_empty(selector)
	}
	every selector in [null, "", {"matchLabels": {"a": "b"}}, {"matchExpressions": [{"key": "a"}]}, {"matchLabels": 1}] {
		not scheduling.is_empty(selector)
	}
}

test_the_labels_of_pods if {
	scheduling.pod_labels(_deployment({})) == {"app": "a"}
	scheduling.pod_labels({"spec": {"template": {}}}) == {}
	not scheduling.pod_labels({"spec": {"template": {"metadata": {"labels": "a"}}}})
}

test_parts_of_a_number if {
	scheduling.share("25%", 3, "up") == 1
	scheduling.share("25%", 3, "down") == 0
	scheduling.share("50%", 2, "up") == 1
	scheduling.share("100%", 7, "up") == 7
	scheduling.share("7%", 100, "up") == 7
	scheduling.share(2, 5, "down") == 2
	every x in ["1", "25", "1.5%", "-1%", "025%", -1, 1.5, null, true, [], "{{ x }}%"] {
		not scheduling.share(x, 4, "up")
	}
	scheduling.is_above_all("101%")
	every x in ["100%", 101, null] {
		not scheduling.is_above_all(x)
	}
}

test_a_rolling_update_with_what_is_written if {
	every rolling, bounds in {
		{"maxSurge": 1, "maxUnavailable": 0}: {"surge": 1, "unavailable": 0},
		{"maxSurge": 0}: {"surge": 0, "unavailable": 1},
		{"maxSurge": "50%", "maxUnavailable": "50%"}: {"surge": 2, "unavailable": 1},
		{"maxSurge": "0%", "maxUnavailable": "10%"}: {"surge": 0, "unavailable": 1},
		{"maxSurge": null}: {"surge": 1, "unavailable": 0},
		{}: {"surge": 1, "unavailable": 0},
		null: {"surge": 1, "unavailable": 0},
	} {
		resource := {"spec": {"strategy": {"type": "RollingUpdate", "rollingUpdate": rolling}}}
		scheduling.fenceposts(resource, 3) == bounds
	}
}

test_a_rolling_update_without_a_word if {
	every spec in [{}, {"strategy": null}, {"strategy": {}}, {"strategy": {"type": ""}}] {
		scheduling.fenceposts({"spec": spec}, 4) == {"surge": 1, "unavailable": 1}
	}
}

test_other_strategies_do_not_roll if {
	every strategy in [
		{"type": "Recreate"}, {"type": "Rolling"}, "RollingUpdate", [],
		{"rollingUpdate": {"maxSurge": "one"}}, {"rollingUpdate": "1"},
	] {
		not scheduling.fenceposts({"spec": {"strategy": strategy}}, 4)
	}
}

test_replicas if {
	scheduling.replicas({"spec": {}}) == 1
	scheduling.replicas({"spec": {"replicas": null}}) == 1
	scheduling.replicas({"spec": {"replicas": 3}}) == 3
	every n in ["3", -1, 1.5, "{{ n }}", []] {
		not scheduling.replicas({"spec": {"replicas": n}})
	}
}

test_an_autoscaler_says_how_few if {
	scheduling.fewest(_deployment({"replicas": 3}), []) == 3
	scheduling.fewest(_deployment({"replicas": 3}), [_scaler({"minReplicas": 2}, {})]) == 2
	scheduling.fewest(_deployment({"replicas": 3}), [_scaler({}, {})]) == 1
	scheduling.fewest(_deployment({"replicas": 3}), [_scaler({"minReplicas": null}, {"namespace": "a"})]) == 1
	not scheduling.fewest(_deployment({"replicas": 3}), [_scaler({"minReplicas": "2"}, {})])
	not scheduling.fewest(_deployment({"replicas": 3}), [_scaler({}, {}), _scaler({}, {})])
}

test_an_autoscaler_of_somebody_else if {
	away := _scaler({"minReplicas": 9}, {"namespace": "default"})
	home := _deployment({"replicas": 3, "namespace": "kubesphere-system"})
	scheduling.fewest(home, [away]) == 3
	other := _scaler({"minReplicas": 9, "scaleTargetRef": {"kind": "StatefulSet", "name": "ks-apiserver"}}, {})
	scheduling.fewest(home, [other, {"target": "hpa", "value": {"spec": null}}, null]) == 3
}

test_the_deployments_by_name if {
	a := {"target": "kubesphere-workload", "value": _deployment({})}
	b := {"target": "kubesphere-workload", "value": _named("ks-console")}
	patch := {"target": "kubesphere-workload", "value": {
		"kind": "Deployment",
		"metadata": {"name": "ks-agent"},
		"spec": {"template": {"spec": {"containers": [{"name": "ks-apiserver"}]}}},
	}}
	found := scheduling.deployments([null, a, b, patch])
	{name | some name, _ in found} == {"ks-apiserver", "ks-console"}
	found["ks-apiserver"].document == 1
	found["ks-apiserver"].name == "ks-apiserver"
	found["ks-apiserver"].pod.path == ["spec", "template", "spec"]
	{name | some name, _ in scheduling.deployments([a, b, a])} == {"ks-console"}
}

test_workloads_by_name if {
	store := {"target": "kubesphere-workload", "value": object.union(_named("redis"), {"kind": "StatefulSet"})}
	away := {"target": "kubesphere-workload", "value": object.union(
		_named("openldap"),
		{"metadata": {"namespace": "kubesphere-devops-system"}},
	)}
	pod := {"target": "kubesphere-workload", "value": object.union(_named("minio"), {"kind": "Pod"})}
	found := scheduling.workloads([store, away, pod, null], {"redis", "openldap", "minio"})
	{name | some name, _ in found} == {"redis"}
	{name | some name, _ in scheduling.deployments([store])} == set()
}

test_what_kubekey_makes if {
	cluster := {"target": "kubekey-cluster", "value": {"spec": {"roleGroups": {"master": ["a"], "worker": ["a", "b"]}}}}
	scheduling.members(cluster) == ["a", "b"]
	scheduling.members(_inventory(["a", "b"], ["b", "c"])) == ["a", "b", "c"]
	not scheduling.members(_inventory(["a"], [1]))
	not scheduling.members({"target": "node", "value": {}})
}

test_an_inventory_names_its_nodes if {
	count(scheduling.nodes([_inventory(["a"], ["b"]), _node("a", {}), _node("b", {})])) == 2
	not scheduling.nodes([_inventory(["a"], ["b"]), _node("a", {})])
}

test_the_nodes_of_a_cluster if {
	count(scheduling.nodes([_node("a", {}), _node("b", {}), null])) == 2
	not scheduling.nodes([])
	not scheduling.nodes([_node("a", {}), _node("a", {})])
	not scheduling.nodes([_node("a", {}), _node(null, {})])
}

test_a_cluster_names_its_nodes if {
	cluster := {"target": "kubekey-cluster", "value": {"spec": {"roleGroups": {"master": ["A"], "worker": ["b"]}}}}
	count(scheduling.nodes([cluster, _node("a", {}), _node("b", {}), _node("c", {})])) == 3
	not scheduling.nodes([cluster, _node("a", {}), _node("c", {})])
	unknown := {"target": "kubekey-cluster", "value": {"spec": {"roleGroups": {"master": [1]}}}}
	count(scheduling.nodes([unknown, _node("a", {})])) == 1
}

test_a_node_that_takes_everybody if {
	node := _node("a", {}).value
	scheduling.takes(node, {})
	scheduling.takes(node, {"nodeSelector": null, "tolerations": null})
	scheduling.takes(node, {"nodeSelector": {"kubernetes.io/os": "linux"}})
	scheduling.takes(_node("a", {"taints": [{"key": "x", "effect": "PreferNoSchedule"}, "x", null]}).value, {})
	scheduling.takes({"metadata": {"name": "a"}, "spec": null}, {})
}

test_a_node_of_another_kind if {
	node := _node("a", {}).value
	not scheduling.takes(node, {"nodeSelector": {"kubernetes.io/os": "windows"}})
	not scheduling.takes(node, {"nodeSelector": {"disk": "ssd"}})
	not scheduling.takes({"metadata": {"name": "a", "labels": null}}, {"nodeSelector": {"disk": "ssd"}})
}

test_a_selector_that_the_api_refuses_fits if {
	node := _node("a", {}).value
	every selector in [{"disk": true}, {"disk": "{{ .disk }}"}, "disk", []] {
		scheduling.takes(node, {"nodeSelector": selector})
	}
}

test_taints_keep_pods_off if {
	every effect in ["NoSchedule", "NoExecute"] {
		not scheduling.takes(_node("a", {"taints": [{"key": "k", "effect": effect}]}).value, {})
	}
	not scheduling.takes(_node("a", {"unschedulable": true}).value, {"tolerations": []})
	scheduling.takes(_node("a", {"unschedulable": true}).value, {"tolerations": [{"operator": "Exists"}]})
	scheduling.takes(_node("a", {"unschedulable": false}).value, {})
}

test_tolerations_that_hold if {
	taint := {"key": "k", "value": "v", "effect": "NoSchedule"}
	every toleration in [
		{"key": "k", "value": "v"},
		{"key": "k", "operator": "Equal", "value": "v", "effect": "NoSchedule"},
		{"key": "k", "operator": "", "value": "v", "effect": ""},
		{"key": "k", "operator": "Exists"},
		{"operator": "Exists", "effect": "NoSchedule"},
		{"operator": "Exists"},
	] {
		scheduling.tolerates({"tolerations": [{"key": "other"}, toleration]}, taint)
	}
	scheduling.tolerates({"tolerations": [{"key": "k"}]}, {"key": "k", "effect": "NoSchedule"})
	scheduling.tolerates({"tolerations": [{"key": "k", "value": null}]}, {"key": "k", "value": "", "effect": "NoSchedule"})
}

test_tolerations_that_do_not_hold if {
	taint := {"key": "k", "value": "v", "effect": "NoSchedule"}
	every toleration in [
		{"key": "k"},
		{"key": "k", "value": "x"},
		{"key": "k", "value": "v", "effect": "NoExecute"},
		{"key": "x", "operator": "Exists"},
		{"operator": "Exists", "effect": "NoExecute"},
	] {
		not scheduling.tolerates({"tolerations": [toleration]}, taint)
	}
	not scheduling.tolerates({}, taint)
	not scheduling.tolerates({"tolerations": null}, taint)
}

test_tolerations_that_nobody_knows_hold if {
	taint := {"key": "k", "effect": "NoSchedule"}
	every toleration in [
		"k", null,
		{"key": "x", "operator": "Gt", "value": "1"},
		{"key": "{{ .key }}", "operator": "Exists"},
		{"key": "x", "value": true},
	] {
		scheduling.tolerates({"tolerations": [toleration]}, taint)
	}
	scheduling.tolerates({"tolerations": "all"}, taint)
}

test_pods_that_keep_apart if {
	scheduling.apart(_apart({})) == [{
		"path": array.concat(["spec", "template", "spec"], array.concat(_required, [0])),
		"value": {"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"app": "a"}}},
	}]
	every more in [
		{"namespaces": [], "namespaceSelector": null},
		{"namespaces": ["kubesphere-system"]},
		{"namespaces": ["other"], "namespaceSelector": {}},
		{"mismatchLabelKeys": null},
	] {
		count(scheduling.apart(_apart(more))) == 1
	}
}

test_pods_that_do_not_keep_apart if {
	every more in [
		{"topologyKey": "topology.kubernetes.io/zone"},
		{"labelSelector": {"matchLabels": {"app": "b"}}},
		{"labelSelector": null},
		{"namespaces": ["other"]},
		{"namespaceSelector": {"matchLabels": {"a": "b"}}},
		{"mismatchLabelKeys": ["app"]},
	] {
		scheduling.apart(_apart(more)) == []
	}
	every affinity in [null, {}, "x", {"podAntiAffinity": null}, {"podAntiAffinity": {_required[2]: ["x", null]}}] {
		scheduling.apart(_pods({"affinity": affinity})) == []
	}
}

test_a_namespace_of_its_own if {
	resource := object.union(_apart({"namespaces": ["other"]}), {"metadata": {"namespace": "other"}})
	count(scheduling.apart(resource)) == 1
}

_inventory(masters, workers) := {"target": "kubekey-inventory", "value": {"spec": {"groups": {
	"k8s_cluster": {"groups": ["kube_control_plane", "kube_worker"]},
	"kube_control_plane": {"hosts": masters},
	"kube_worker": {"hosts": workers},
}}}}

_labels := {"app": "a", "tier": "b"}

_required := ["affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution"]

_apart(more) := _pods({"affinity": {"podAntiAffinity": {_required[2]: [object.union(
	{"topologyKey": "kubernetes.io/hostname", "labelSelector": {"matchLabels": {"app": "a"}}},
	more,
)]}}})

_pods(spec) := {
	"kind": "Deployment",
	"metadata": {"name": "ks-apiserver"},
	"spec": {"template": {
		"metadata": {"labels": {"app": "a"}},
		"spec": object.union({"containers": [{"name": "ks-apiserver", "image": "x"}]}, spec),
	}},
}

_named(name) := object.union(_pods({}), {"metadata": {"name": name}})

_deployment(spec) := object.union(_pods({}), {
	"metadata": {"namespace": object.get(spec, "namespace", "")},
	"spec": object.remove(spec, ["namespace"]),
})

_scaler(spec, metadata) := {"target": "hpa", "value": {
	"metadata": metadata,
	"spec": object.union({"scaleTargetRef": {"kind": "Deployment", "name": "ks-apiserver"}}, spec),
}}

_node(name, spec) := {"target": "node", "value": {
	"kind": "Node",
	"metadata": {"name": name, "labels": {"kubernetes.io/os": "linux"}},
	"spec": spec,
}}
