package policies.rules.probes["ks-liveness-missing_test"]

import data.policies.rules.probes["ks-liveness-missing"] as rule

test_an_absent_probe_is_found if {
	rule.deny == {{
		"path": ["spec", "template", "spec", "containers", 0, "livenessProbe"],
		"args": {"container": "ks-apiserver"},
		"message": "",
	}} with input as _deployment("ks-apiserver", [_apiserver])
}

test_the_console_has_another_remedy if {
	some fault in rule.deny with input as _deployment("ks-console", [{"name": "ks-console", "image": "ks-console:v4.1.3"}])
	fault.message == "console"
}

test_null_and_empty_are_absent[note] if {
	some note, probe in {"null": null, "text": "", "mapping": {}}
	container := object.union(_apiserver, {"livenessProbe": probe})
	count(rule.deny) == 1 with input as _deployment("ks-apiserver", [container])
}

test_the_agent_is_judged_without_its_controller_manager if {
	containers := [_apiserver, {"name": "ks-controller-manager", "image": "ks-controller-manager:v4.1.3"}]
	count(rule.deny) == 1 with input as _deployment("ks-agent", containers)
}

test_any_probe_is_a_probe if {
	container := object.union(_apiserver, {"livenessProbe": {"periodSeconds": 5}})
	count(rule.deny) == 0 with input as _deployment("ks-apiserver", [container])
}

test_an_injected_proxy_is_not_judged if {
	containers := [object.union(_apiserver, {"livenessProbe": {"exec": {}}}), {"name": "istio-proxy", "image": "proxy:1"}]
	count(rule.deny) == 0 with input as _deployment("ks-apiserver", containers)
}

test_a_patch_is_not_judged if {
	count(rule.deny) == 0 with input as _deployment("ks-apiserver", [{"name": "ks-apiserver"}])
}

test_other_workloads_are_not_judged if {
	count(rule.deny) == 0 with input as _deployment("redis", [_apiserver])
}

_apiserver := {"name": "ks-apiserver", "image": "kubesphere/ks-apiserver:v3.4.1"}

_deployment(name, containers) := {"document": {
	"target": "workload",
	"value": {
		"apiVersion": "apps/v1", "kind": "Deployment",
		"metadata": {"name": name, "namespace": "kubesphere-system"},
		"spec": {"template": {"spec": {"containers": containers}}},
	},
}}
