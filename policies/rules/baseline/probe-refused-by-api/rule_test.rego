package policies.rules.baseline["probe-refused-by-api_test"]

import data.policies.rules.baseline["probe-refused-by-api"] as rule

test_a_quoted_number_is_no_port if {
	rule.deny == {{
		"path": ["spec", "template", "spec", "containers", 0, "livenessProbe", "httpGet", "port"],
		"args": {"probe": "livenessProbe", "port": "8080"},
		"message": "",
	}} with input as _probed({"livenessProbe": {"httpGet": {"port": "8080"}}})
}

test_ports_that_are_refused[port] if {
	some [port, message] in [
		["007", ""], [0, "port-range"], [65536, "port-range"], [-1, "port-range"], ["Http", "port-name"],
		["a--b", "port-name"], ["-a", "port-name"], ["sixteen-letters-x", "port-name"], ["80:8080", "port-name"],
	]
	_messages({"readinessProbe": {"tcpSocket": {"port": port}}}) == {message}
}

test_ports_that_are_sound[note] if {
	some note, port in {
		"number": 8080, "last": 65535, "name": "http-2", "longest": "a23456789012345", "template": "{{ .port }}",
		"variable": "$(PORT)", "null": null, "empty": "", "list": [],
	}
	_messages({"startupProbe": {"tcpSocket": {"port": port}}}) == set()
}

test_grpc_takes_numbers_only[note] if {
	some note, messages in {"http": {"port-grpc"}, "9000": {"port-grpc"}}
	_messages({"livenessProbe": {"grpc": {"port": note}}}) == messages
}

test_a_grpc_number_is_fine if _messages({"livenessProbe": {"grpc": {"port": 9000}}}) == set()

test_a_probe_without_handler_is_found[note] if {
	some note, probe in {"empty": {}, "only numbers": {"periodSeconds": 5}, "null": {"exec": null}}
	_messages({"livenessProbe": probe}) == {"no-handler"}
}

test_two_handlers_are_too_many if {
	some fault in rule.deny with input as _probed({"livenessProbe": {"tcpSocket": {"port": 1}, "httpGet": {"port": 1}}})
	fault.message == "handlers"
	fault.args.handlers == "httpGet, tcpSocket"
}

test_numbers_that_are_refused[message] if {
	some message, probes in {
		"success": [_probe("livenessProbe", "successThreshold", 2), _probe("startupProbe", "successThreshold", 3)],
		"negative": [_probe("livenessProbe", "successThreshold", -1), _probe("readinessProbe", "timeoutSeconds", -1)],
		"grace": [
			_probe("livenessProbe", "terminationGracePeriodSeconds", 0),
			_probe("startupProbe", "terminationGracePeriodSeconds", -5),
		],
		"grace-readiness": [_probe("readinessProbe", "terminationGracePeriodSeconds", 30)],
	}
	every probe in probes {
		_messages(probe) == {message}
	}
}

test_numbers_that_are_sound[note] if {
	some note, probe in {
		"zeros": {"livenessProbe": {"exec": {}, "successThreshold": 0, "initialDelaySeconds": 0, "periodSeconds": 0}},
		"one": {"startupProbe": {"exec": {}, "successThreshold": 1, "terminationGracePeriodSeconds": 1}},
		"two for readiness": {"readinessProbe": {"exec": {}, "successThreshold": 2}},
		"null": {"readinessProbe": {"exec": {}, "terminationGracePeriodSeconds": null, "failureThreshold": null}},
		"template": {"livenessProbe": {"exec": {}, "periodSeconds": "{{ .period }}"}},
	}
	_messages(probe) == set()
}

test_an_init_container_takes_no_probes_and_no_hooks if {
	init := {"name": "wait", "image": "a", "livenessProbe": {"exec": {}}, "lifecycle": {}, "startupProbe": null}
	faults := rule.deny with input as _workload({"initContainers": [init]})
	{[fault.args.field, fault.message] | some fault in faults} == {["livenessProbe", "init"], ["lifecycle", "init"]}
}

test_a_sidecar_is_judged_like_a_container if {
	sidecar := {"name": "mesh", "image": "a", "restartPolicy": "Always", "livenessProbe": {}, "lifecycle": {}}
	faults := rule.deny with input as _workload({"initContainers": [sidecar]})
	{fault.message | some fault in faults} == {"no-handler"}
}

test_an_init_container_that_a_template_fills_in_is_not_judged if {
	init := {"name": "mesh", "image": "a", "restartPolicy": "{{ .policy }}", "livenessProbe": {}}
	count(rule.deny) == 0 with input as _workload({"initContainers": [init]})
}

test_ephemeral_containers_are_not_judged if {
	count(rule.deny) == 0 with input as _workload({"ephemeralContainers": [{"name": "debug", "livenessProbe": {}}]})
}

test_a_patch_is_judged_by_what_is_written if {
	faults := rule.deny with input as {"document": {"value": {"kind": "Deployment", "spec": {"template": {"spec": {
		"containers": [{
			"name": "app",
			"livenessProbe": {"httpGet": {"port": "80"}}, "readinessProbe": {"periodSeconds": 5},
		}],
		"initContainers": [{"name": "mesh", "livenessProbe": {"periodSeconds": 5}}],
	}}}}}}
	{fault.message | some fault in faults} == {""}
}

test_a_pod_of_a_controller_is_not_judged if {
	pod := {
		"apiVersion": "v1", "kind": "Pod", "metadata": {"ownerReferences": [{"kind": "ReplicaSet", "controller": true}]},
		"spec": {
			"containers": [{"name": "app", "image": "a", "livenessProbe": {}}],
			"initContainers": [{"name": "wait", "image": "a", "livenessProbe": {}}],
		},
	}
	count(rule.deny) == 0 with input as {"document": {"value": pod}}
	owned := json.patch(pod, [{"op": "remove", "path": "/metadata/ownerReferences/0/controller"}])
	count(rule.deny) == 2 with input as {"document": {"value": owned}}
}

test_kubesphere_has_rules_of_its_own if {
	container := {
		"name": "ks-apiserver", "image": "a",
		"livenessProbe": {}, "readinessProbe": {"httpGet": {"port": "9090"}}, "startupProbe": {"tcpSocket": {"port": 0}},
	}
	count(rule.deny) == 0 with input as _core([container])
}

test_what_those_rules_leave_out_is_judged if {
	container := {
		"name": "ks-apiserver", "image": "a",
		"livenessProbe": {"periodSeconds": 5}, "readinessProbe": {},
		"startupProbe": {"tcpSocket": {"host": "h", "port": 0}},
	}
	manager := {"name": "ks-controller-manager", "image": "a", "livenessProbe": {}}
	faults := rule.deny with input as _core([container, manager])
	count(faults) == 4
}

_messages(fields) := {fault.message | some fault in faults} if {
	faults := rule.deny with input as _probed(fields)
}

_probe(kind, field, number) := {kind: {"exec": {}, field: number}}

_probed(fields) := _workload({"containers": [object.union({"name": "app", "image": "app:1"}, fields)]})

_core(containers) := {"document": {"value": {
	"kind": "Deployment", "metadata": {"name": "ks-apiserver"}, "spec": {"template": {"spec": {"containers": containers}}},
}}}

_workload(spec) := {"document": {"value": {"kind": "Deployment", "spec": {"template": {"spec": object.union(
	{"containers": [{"name": "main", "image": "main:1"}]},
	spec,
)}}}}}
