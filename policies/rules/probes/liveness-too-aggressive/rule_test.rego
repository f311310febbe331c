package policies.rules.probes["liveness-too-aggressive_test"]

import data.policies.rules.probes["liveness-too-aggressive"] as rule

test_a_start_that_is_too_short_is_found_at_the_probe if {
	rule.deny == {{
		"path": ["spec", "template", "spec", "containers", 0, "livenessProbe"],
		"args": {"container": "ks-apiserver", "seconds": 59},
		"message": "start",
	}} with input as _probed({"initialDelaySeconds": 19, "periodSeconds": 10, "failureThreshold": 4, "timeoutSeconds": 15})
}

test_a_timeout_that_is_too_short_is_found_at_its_field if {
	rule.deny == {{
		"path": ["spec", "template", "spec", "containers", 0, "livenessProbe", "timeoutSeconds"],
		"args": {"container": "ks-apiserver", "timeout": 1},
		"message": "",
	}} with input as _probed(object.union(_shipped, {"timeoutSeconds": 1}))
}

test_absent_null_and_zero_have_the_default[note] if {
	some note, wanted in {
		"timeoutSeconds": {""}, "periodSeconds": set(), "failureThreshold": {"start"}, "initialDelaySeconds": set(),
	}
	written := [object.union(_shipped, {note: number}) | some number in [null, 0]]
	every probe in array.concat([object.remove(_shipped, [note])], written) {
		{fault.message | some fault in rule.deny} == wanted with input as _probed(probe)
	}
}

test_a_probe_with_both_has_one_finding if {
	probe := {"timeoutSeconds": 1, "failureThreshold": 1}
	{fault.message | some fault in rule.deny} == {"start"} with input as _probed(probe)
}

test_the_shipped_values_are_fine if {
	count(rule.deny) == 0 with input as _probed(_shipped)
}

test_exactly_the_least_is_fine if {
	probe := {"initialDelaySeconds": 20, "periodSeconds": 10, "failureThreshold": 4, "timeoutSeconds": 2}
	count(rule.deny) == 0 with input as _probed(probe)
}

test_a_startup_probe_gives_the_time[note] if {
	some note, wanted in {"written": set(), "template": set(), "null": {"start"}}
	startup := {"written": {"tcpSocket": {"port": 8000}}, "template": "{{ .startup }}", "null": null}[note]
	probe := object.union(_shipped, {"httpGet": {"port": 9090}, "failureThreshold": 1})
	container := _container(probe, {"startupProbe": startup})
	{fault.message | some fault in rule.deny} == wanted with input as _deployment("ks-apiserver", [container])
}

test_numbers_that_the_api_refuses_are_not_judged[note] if {
	some note, number in {"negative": -1, "fraction": 0.5, "text": "1", "template": "{{ .n }}", "list": [1]}
	probe := object.union(_shipped, {"timeoutSeconds": number, "failureThreshold": number})
	count(rule.deny) == 0 with input as _probed(probe)
}

test_probes_that_the_api_refuses_are_not_judged[note] if {
	some note, probe in {
		"empty": {}, "no handler": {"httpGet": null, "timeoutSeconds": 1}, "text": "{{ .probe }}", "null": null,
		"two handlers": {"httpGet": {"port": 9090}, "exec": {"command": ["true"]}, "timeoutSeconds": 1},
	}
	count(rule.deny) == 0 with input as _deployment("ks-apiserver", [_container(probe, {})])
}

test_the_bounds_can_be_chosen if {
	chosen := {"parameters": {"liveness-too-aggressive": {"timeout": 15, "start": 0}}}
	some fault in rule.deny with input as object.union(_probed(_shipped), chosen)
	fault.message == ""
}

test_other_containers_and_workloads_are_not_judged if {
	probe := {"tcpSocket": {"port": 80}}
	other := {"name": "istio-proxy", "image": "proxy:1", "livenessProbe": probe}
	count(rule.deny) == 0 with input as _deployment("ks-apiserver", [other])
	count(rule.deny) == 0 with input as _deployment("redis-ha-haproxy", [_container(probe, {})])
}

test_a_patch_is_not_judged if {
	patch := {"name": "ks-apiserver", "livenessProbe": {"httpGet": {"port": 9090}, "timeoutSeconds": 1}}
	count(rule.deny) == 0 with input as _deployment("ks-apiserver", [patch])
}

_shipped := {"initialDelaySeconds": 15, "periodSeconds": 10, "timeoutSeconds": 15, "failureThreshold": 8}

_probed(fields) := _deployment("ks-apiserver", [_container(object.union({"httpGet": {"port": 9090}}, fields), {})])

_container(probe, fields) := object.union(
	{"name": "ks-apiserver", "image": "kubesphere/ks-apiserver:v3.4.1", "livenessProbe": probe},
	fields,
)

_deployment(name, containers) := {
	"document": {"value": {
		"apiVersion": "apps/v1", "kind": "Deployment",
		"metadata": {"name": name, "namespace": "kubesphere-system"},
		"spec": {"template": {"spec": {"containers": containers}}},
	}},
	"parameters": {"liveness-too-aggressive": {"timeout": 1, "start": 60}},
}
