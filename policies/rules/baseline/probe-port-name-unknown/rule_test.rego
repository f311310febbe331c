package policies.rules.baseline["probe-port-name-unknown_test"]

import data.policies.rules.baseline["probe-port-name-unknown"] as rule

test_a_name_that_no_port_has_is_found if {
	rule.deny == {{
		"path": ["spec", "containers", 0, "livenessProbe", "httpGet", "port"],
		"args": {"port": "web", "place": "livenessProbe"},
		"message": "",
	}} with input as _pod([_container({"livenessProbe": {"httpGet": {"port": "web"}}})])
}

test_every_place_has_its_message[message] if {
	some message, fields in {
		"": {"livenessProbe": {"tcpSocket": {"port": "web"}}},
		"readinessProbe": {"readinessProbe": {"httpGet": {"port": "web"}}},
		"startupProbe": {"startupProbe": {"tcpSocket": {"port": "web"}}},
		"postStart": {"lifecycle": {"postStart": {"httpGet": {"port": "web"}}}},
		"preStop": {"lifecycle": {"preStop": {"httpGet": {"port": "web"}}}},
	}
	_messages(fields) == {message}
}

test_what_is_declared_or_no_name_is_not_found[note] if {
	some note, port in {
		"declared": "http", "number": 80, "quoted number": "80", "template": "{{ .port }}", "null": null, "empty": "",
		"too long": "sixteen-letters-x", "upper case": "Web", "list": ["web"],
	}
	_messages({"readinessProbe": {"httpGet": {"port": port}}}) == set()
}

test_other_handlers_are_not_looked_at[note] if {
	some note, probe in {"grpc": {"grpc": {"port": "web"}}, "text": {"httpGet": "web"}, "null": {"tcpSocket": null}}
	_messages({"livenessProbe": probe, "lifecycle": {"preStop": probe}}) == set()
}

test_ports_of_other_containers_do_not_count if {
	asking := {"name": "app", "image": "app:1", "livenessProbe": {"tcpSocket": {"port": "http"}}}
	count(rule.deny) == 1 with input as _pod([asking, _container({})])
}

test_a_sidecar_is_judged_and_an_init_container_is_not if {
	probed := {"livenessProbe": {"tcpSocket": {"port": "web"}}, "lifecycle": {"preStop": {"httpGet": {"port": "web"}}}}
	sidecar := object.union(probed, {"name": "mesh", "image": "a", "restartPolicy": "Always"})
	spec := {"initContainers": [sidecar, object.union(probed, {"name": "wait", "image": "a"})]}
	faults := rule.deny with input as {"document": {"value": object.union(_object([_container({})]), {"spec": spec})}}
	{fault.path[2] | some fault in faults} == {0}
	count(faults) == 2
}

test_a_patch_is_not_judged if {
	count(rule.deny) == 0 with input as _pod([{"name": "app", "livenessProbe": {"tcpSocket": {"port": "web"}}}])
}

test_a_pod_of_a_controller_is_not_judged if {
	owned := object.union(
		_object([_container({"livenessProbe": {"tcpSocket": {"port": "web"}}})]),
		{"metadata": {"ownerReferences": [{"controller": true}]}},
	)
	count(rule.deny) == 0 with input as {"document": {"value": owned}}
}

test_kubesphere_has_a_rule_of_its_own[note] if {
	some note, wanted in {"": 0, "10.0.0.1": 1}
	probe := {"httpGet": {"port": "web", "host": note}}
	count(rule.deny) == wanted with input as {"document": {"value": {
		"kind": "Deployment", "metadata": {"name": "ks-apiserver"},
		"spec": {"template": {"spec": {"containers": [{"name": "ks-apiserver", "image": "a", "livenessProbe": probe}]}}},
	}}}
}

_messages(fields) := {fault.message | some fault in faults} if {
	faults := rule.deny with input as _pod([_container(fields)])
}

_container(fields) := object.union(
	{"name": "web", "image": "nginx:1", "ports": [{"containerPort": 1}, {"name": "http", "containerPort": 80}]},
	fields,
)

_pod(containers) := {"document": {"value": _object(containers)}}

_object(containers) := {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": containers}}
