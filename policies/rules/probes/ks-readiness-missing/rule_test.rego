package policies.rules.probes["ks-readiness-missing_test"]

import data.policies.rules.probes["ks-readiness-missing"] as rule

test_an_absent_probe_is_found if {
	rule.deny == {{
		"path": ["spec", "template", "spec", "containers", 0, "readinessProbe"],
		"args": {"container": "ks-apiserver"},
		"message": "",
	}} with input as _deployment("ks-apiserver", [_container("ks-apiserver", {})])
}

test_the_console_has_another_remedy if {
	some fault in rule.deny with input as _deployment("ks-console", [_container("ks-console", {})])
	fault.message == "console"
}

test_null_and_text_without_letters_are_absent[note] if {
	some note, probe in {"null": null, "text": ""}
	containers := [_container("ks-apiserver", {"readinessProbe": probe})]
	count(rule.deny) == 1 with input as _deployment("ks-apiserver", containers)
}

test_what_is_written_is_a_probe[note] if {
	some note, probe in {"template": "{{ .probe }}", "empty, which the API refuses": {}, "probe": {"exec": {}}}
	containers := [_container("ks-apiserver", {"readinessProbe": probe})]
	count(rule.deny) == 0 with input as _deployment("ks-apiserver", containers)
}

test_a_deployment_has_one_finding if {
	containers := [_container("ks-console", {}), _container("ks-apiserver", {})]
	{fault.message | some fault in rule.deny} == {"console"} with input as _deployment("ks-apiserver", containers)
}

test_the_controller_manager_has_a_rule_of_its_own if {
	containers := [_container("ks-controller-manager", {}), _container("istio-proxy", {})]
	count(rule.deny) == 0 with input as _deployment("ks-controller-manager", containers)
}

test_a_patch_is_not_judged if {
	count(rule.deny) == 0 with input as _deployment("ks-apiserver", [{"name": "ks-apiserver"}])
}

test_other_workloads_are_not_judged if {
	count(rule.deny) == 0 with input as _deployment("redis", [_container("ks-apiserver", {})])
}

_container(name, fields) := object.union({"name": name, "image": "kubesphere/ks:v3.4.1"}, fields)

_deployment(name, containers) := {"document": {"value": {
	"apiVersion": "apps/v1", "kind": "Deployment",
	"metadata": {"name": name, "namespace": "kubesphere-system"},
	"spec": {"template": {"spec": {"containers": containers}}},
}}}
