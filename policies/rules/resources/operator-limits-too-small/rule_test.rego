package policies.rules.resources["operator-limits-too-small_test"]

import data.policies.rules.resources["operator-limits-too-small"] as rule

test_an_operator_to_patch[name] if {
	some name in ["fluentbit-operator", "ks-events-operator"]
	rule.deny == {{
		"path": _path,
		"args": {"name": name, "value": "50Mi", "namespace": "kubesphere-logging-system", "field": ""},
	}} with input as _judge(_deployment(name, [_container(name, "50Mi")]))
}

test_an_operator_with_a_field[name] if {
	some name, field in {
		"kube-auditing-operator": "auditing.operator",
		"prometheus-operator": "monitoring.prometheus.operator",
	}
	rule.deny == {{
		"path": _path,
		"args": {"name": name, "value": "100Mi", "namespace": "kubesphere-logging-system", "field": field},
		"message": "field",
	}} with input as _judge(_deployment(name, [_container(name, "100Mi")]))
}

test_what_is_shipped_is_fine[name] if {
	some name in ["fluentbit-operator", "ks-events-operator", "kube-auditing-operator", "prometheus-operator"]
	count(rule.deny) == 0 with input as _judge(_deployment(name, [_container(name, "200Mi")]))
}

test_the_bounds if {
	every name, memory in {"ks-events-operator": "101Mi", "prometheus-operator": "199Mi"} {
		wanted := {"101Mi": 0, "199Mi": 1}[memory]
		count(rule.deny) == wanted with input as _judge(_deployment(name, [_container(name, memory)]))
	}
}

test_what_other_rules_name_is_left_alone if {
	name := "ks-events-operator"
	every value in ["50m", 4, "50mi", "", null, "{{ .memory }}", ["50Mi"]] {
		count(rule.deny) == 0 with input as _judge(_deployment(name, [_container(name, value)]))
	}
	requests := {"resources": {"requests": {"memory": "100Mi"}}}
	above := object.union(_container(name, "50Mi"), requests)
	count(rule.deny) == 0 with input as _judge(_deployment(name, [above]))
	same := object.union(_container(name, "100Mi"), requests)
	count(rule.deny) == 1 with input as _judge(_deployment(name, [same]))
}

test_only_the_operators_own_container if {
	name := "prometheus-operator"
	proxy := _container("kube-rbac-proxy", "40Mi")
	sidecar := object.union(_container(name, "40Mi"), {"restartPolicy": "Always"})
	resource := _deployment(name, [_container(name, "200Mi"), proxy])
	count(rule.deny) == 0 with input as _judge(resource)
	pod := {"spec": {"template": {"spec": {"initContainers": [sidecar]}}}}
	count(rule.deny) == 0 with input as _judge(object.union(resource, pod))
}

test_other_namespaces_are_left_alone[note] if {
	some note, metadata in {"another": {"namespace": "monitoring"}, "none": {"namespace": ""}, "null": {"namespace": null}}
	resource := _deployment("prometheus-operator", [_container("prometheus-operator", "50Mi")])
	count(rule.deny) == 0 with input as _judge(object.union(resource, {"metadata": metadata}))
}

test_other_workloads_are_left_alone if {
	resource := _deployment("fluentbit-operator", [_container("fluentbit-operator", "50Mi")])
	count(rule.deny) == 0 with input as _judge(object.union(resource, {"kind": "DaemonSet"}))
	count(rule.deny) == 0 with input as _judge(_deployment("fluent-operator", [_container("fluent-operator", "50Mi")]))
	patch := object.remove(_container("fluentbit-operator", "50Mi"), ["image"])
	count(rule.deny) == 0 with input as _judge(_deployment("fluentbit-operator", [patch]))
}

_path := ["spec", "template", "spec", "containers", 0, "resources", "limits", "memory"]

_container(name, memory) := {"name": name, "image": "operator:1", "resources": {"limits": {"memory": memory}}}

_deployment(name, containers) := {
	"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": "kubesphere-logging-system"},
	"spec": {"template": {"spec": {"containers": containers}}},
}

_judge(resource) := {
	"document": {"target": "kubesphere-workload", "value": resource, "versions": {}},
	"parameters": {"operator-limits-too-small": {"memory": "100Mi", "prometheus_memory": "200Mi"}},
}
