package policies.rules.resources["ks-core-memory-low_test"]

import data.policies.rules.resources["ks-core-memory-low"] as rule

test_too_little_for_every_cluster if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "template", "spec", "containers", 0, "resources", "limits", "memory"],
		"args": {"container": "ks-apiserver", "value": "512Mi"},
	}} with input as _set([_deployment("ks-apiserver", "512Mi")])
}

test_the_controller_manager_of_an_agent if {
	agent := json.patch(_deployment("ks-controller-manager", "256Mi"), [_replace("value/metadata/name", "ks-agent")])
	count(rule.deny) == 1 with input as _set([agent])
}

test_what_is_shipped_is_fine if {
	every memory in ["1024Mi", "1000Mi", "1G", "1Gi", "2Gi", 1000000000] {
		count(rule.deny) == 0 with input as _set([_deployment("ks-apiserver", memory)])
	}
}

test_what_cannot_be_judged_is_left_alone if {
	every memory in [null, "", "512m", 512, "1023Ki", "2 Gi", "{{ .memory }}Mi", "${MEMORY}", ["512Mi"], {}, true] {
		count(rule.deny) == 0 with input as _set([_deployment("ks-apiserver", memory)])
	}
}

test_other_containers_are_left_alone if {
	count(rule.deny) == 0 with input as _set([_deployment("ks-console", "512Mi")])
	sidecar := json.patch(_deployment("ks-apiserver", "512Mi"), [_replace(_container("name"), "proxy")])
	count(rule.deny) == 0 with input as _set([sidecar])
	patch := json.patch(_deployment("ks-apiserver", "512Mi"), [_replace(_container("image"), "")])
	count(rule.deny) == 0 with input as _set([patch])
}

test_no_limit_is_nothing_to_run_into if {
	free := json.patch(_deployment("ks-apiserver", "512Mi"), [_replace(_container("resources"), {})])
	count(rule.deny) == 0 with input as _set([free])
}

test_the_cluster_configuration if {
	rule.deny == {{
		"document": 1,
		"path": ["spec", "common", "core", "controllerManager", "resources", "limits", "memory"],
		"args": {"container": "ks-controller-manager", "value": "500Mi"},
	}} with input as _set([_deployment("ks-apiserver", "1Gi"), _cc({"kubesphere": "3.4.1"})])
}

test_a_request_above_the_limit_is_another_fault if {
	above := json.patch(_deployment("ks-apiserver", "512Mi"), [{
		"op": "add",
		"path": _container("resources/requests"),
		"value": {"memory": "1Gi"},
	}])
	count(rule.deny) == 0 with input as _set([above])
	limit := "value/spec/common/core/controllerManager/resources/limits/memory"
	every memory, wanted in {"40Mi": 0, "50Mi": 1} {
		small := json.patch(_cc({"kubesphere": "3.4.1"}), [_replace(limit, memory)])
		count(rule.deny) == wanted with input as _set([small])
	}
}

test_the_cluster_configuration_of_a_release_that_does_not_read_it if {
	count(rule.deny) == 0 with input as _set([_cc({"kubesphere": "3.1.1"})])
	count(rule.deny) == 0 with input as _set([_cc({})])
}

test_more_than_fifty_nodes if {
	faults := rule.deny with input as _set(array.concat([_deployment("ks-apiserver", "1Gi")], _objects("Node", 51)))
	{[fault.message, fault.args] | some fault in faults} == {["large", {
		"container": "ks-apiserver",
		"value": "1Gi",
		"nodes": 51,
		"namespaces": 0,
	}]}
}

test_one_finding_in_a_large_cluster if {
	objects := array.concat([_deployment("ks-apiserver", "512Mi")], _objects("Namespace", 1001))
	{"large"} == {fault.message | some fault in rule.deny} with input as _set(objects)
	count(rule.deny) == 1 with input as _set(objects)
}

test_more_than_fifty_hosts_of_a_kubekey_file if {
	deployment := _deployment("ks-apiserver", "1Gi")
	{"large"} == {fault.message | some fault in rule.deny} with input as _set([_cluster(51), deployment])
	count(rule.deny) == 0 with input as _set([_cluster(50), _cluster(2), deployment])
}

test_a_large_cluster_needs_more_than_a_gibibyte if {
	count(rule.deny) == 0 with input as _set([_cluster(60), _deployment("ks-apiserver", "1025Mi")])
}

test_objects_count_once if {
	objects := array.concat(_objects("Node", 50), _objects("Node", 50))
	count(rule.deny) == 0 with input as _set(array.concat([_deployment("ks-apiserver", "1Gi")], objects))
}

_set(documents) := {"set": documents, "parameters": {"ks-core-memory-low": {
	"memory": "1G",
	"large_memory": "1Gi",
	"nodes": 50,
	"namespaces": 1000,
}}}

_deployment(name, memory) := {"target": "kubesphere-workload", "versions": {}, "value": {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": {"name": name, "namespace": "kubesphere-system"},
	"spec": {"template": {"spec": {"containers": [{
		"name": name,
		"image": "kubesphere/ks-apiserver:v3.4.1",
		"resources": {"limits": {"memory": memory}},
	}]}}},
}}

_container(field) := concat("/", ["value/spec/template/spec/containers/0", field])

_replace(path, x) := {"op": "replace", "path": path, "value": x}

_cc(versions) := {"target": "cluster-configuration", "versions": versions, "value": {"spec": {"common": {"core": {
	"apiserver": {"resources": {"limits": {"memory": "2Gi"}}},
	"controllerManager": {"resources": {"limits": {"memory": "500Mi"}}},
	"console": {"resources": {"limits": {"memory": "100Mi"}}},
}}}}}

_cluster(n) := {"target": "kubekey-cluster", "versions": {}, "value": {"spec": {"hosts": [{"name": name} |
	some i in numbers.range(1, n)
	name := sprintf("n%d", [i])
]}}}

_objects(kind, n) := [object |
	some i in numbers.range(1, n)
	object := {"target": lower(kind), "versions": {}, "value": {
		"apiVersion": "v1",
		"kind": kind,
		"metadata": {"name": sprintf("x%d", [i])},
	}}
]
