package policies.rules.baseline["workload-probes-identical_test"]

import data.policies.rules.baseline["workload-probes-identical"] as rule

test_the_same_probe_twice_is_found_at_the_liveness_probe if {
	rule.deny == {{
		"path": ["spec", "template", "spec", "containers", 0, "livenessProbe"],
		"args": {"container": "app", "liveness": 30, "readiness": 30},
	}} with input as _probed({"httpGet": _get}, {"httpGet": _get})
}

test_more_patience_of_the_liveness_probe_is_sound[note] if {
	some note, pair in {
		"failures": [{"failureThreshold": 4}, 0], "period": [{"periodSeconds": 11}, 0],
		"less": [{"failureThreshold": 2}, 1], "same product": [{"failureThreshold": 6, "periodSeconds": 5}, 1],
		"defaults": [{"failureThreshold": 0, "periodSeconds": null}, 1],
	}
	[fields, wanted] := pair
	count(rule.deny) == wanted with input as _probed(object.union({"httpGet": _get}, fields), {"httpGet": _get})
}

test_patience_that_is_no_number_is_not_compared[note] if {
	some note, threshold in {"text": "3", "negative": -1, "template": "{{ .threshold }}", "list": [3]}
	probe := {"httpGet": _get, "failureThreshold": threshold}
	count(rule.deny) == 0 with input as _probed(probe, probe)
}

test_defaults_are_filled_in[note] if {
	some note, pair in {
		"scheme": [{"httpGet": {"port": 80}}, {"httpGet": {"port": 80, "scheme": "HTTP"}}],
		"path": [{"httpGet": {"port": 80}}, {"httpGet": {"port": 80, "path": "/"}}],
		"null path": [{"httpGet": {"port": 80, "path": null}}, {"httpGet": {"port": 80, "path": "/"}}],
		"host": [{"httpGet": {"port": 80, "host": ""}}, {"httpGet": {"port": 80}}],
		"headers": [{"httpGet": {"port": 80, "httpHeaders": []}}, {"httpGet": {"port": 80}}],
		"tcp host": [{"tcpSocket": {"port": 80, "host": ""}}, {"tcpSocket": {"port": 80}}],
		"service": [{"grpc": {"port": 80, "service": null}}, {"grpc": {"port": 80}}],
		"null handler": [{"grpc": {"port": 80}, "exec": null}, {"grpc": {"port": 80}}],
	}
	count(rule.deny) == 1 with input as _probed(pair[0], pair[1])
}

test_other_handlers_are_sound[note] if {
	some note, pair in {
		"path": [{"httpGet": {"port": 80, "path": "/live"}}, {"httpGet": {"port": 80, "path": "/ready"}}],
		"path and root": [{"httpGet": {"port": 80, "path": "/live"}}, {"httpGet": {"port": 80, "path": "/"}}],
		"port": [{"httpGet": {"port": 80}}, {"httpGet": {"port": 81}}],
		"scheme": [{"httpGet": {"port": 80}}, {"httpGet": {"port": 80, "scheme": "HTTPS"}}],
		"headers": [{"httpGet": {"port": 80}}, {"httpGet": {"port": 80, "httpHeaders": [{"name": "a", "value": "b"}]}}],
		"kind": [{"tcpSocket": {"port": 80}}, {"httpGet": {"port": 80}}],
		"service": [{"grpc": {"port": 80}}, {"grpc": {"port": 80, "service": "ready"}}],
		"command": [{"exec": {"command": ["a"]}}, {"exec": {"command": ["b"]}}],
	}
	count(rule.deny) == 0 with input as _probed(pair[0], pair[1])
}

test_what_the_api_server_refuses_is_not_compared[note] if {
	some note, probe in {
		"none": {}, "two": {"tcpSocket": {"port": 80}, "httpGet": _get}, "odd": {"httpGet": "x"},
		"text": "x", "number": 1, "list": [_get], "null": null,
	}
	count(rule.deny) == 0 with input as _probed(probe, probe)
}

test_a_template_is_not_compared[note] if {
	some note, probe in {
		"path": {"httpGet": {"path": "{{ .path }}", "port": 80}}, "port": {"tcpSocket": {"port": "${PORT}"}},
		"command": {"exec": {"command": ["sh", "-c", "test $(cat /state) = up"]}},
	}
	count(rule.deny) == 0 with input as _probed(probe, probe)
}

test_one_probe_is_no_pair if {
	count(rule.deny) == 0 with input as _made("containers", object.union(_app, {"livenessProbe": {"httpGet": _get}}))
	count(rule.deny) == 0 with input as _made("containers", object.union(_app, {"readinessProbe": {"httpGet": _get}}))
}

test_sidecars_count_and_init_containers_do_not if {
	container := object.union(_app, {"livenessProbe": {"httpGet": _get}, "readinessProbe": {"httpGet": _get}})
	count(rule.deny) == 1 with input as _made("initContainers", object.union(container, {"restartPolicy": "Always"}))
	count(rule.deny) == 0 with input as _made("initContainers", container)
}

test_what_others_look_after_is_not_judged if {
	probes := {"livenessProbe": {"httpGet": _get}, "readinessProbe": {"httpGet": _get}}
	count(rule.deny) == 0 with input as _made("containers", object.union(probes, {"name": "istio-proxy", "image": "a"}))
	count(rule.deny) == 0 with input as _made("containers", object.union(probes, {"name": "patch"}))
}

_get := {"path": "/healthz", "port": 8080}

_app := {"name": "app", "image": "app:1"}

_probed(liveness, readiness) := _made(
	"containers",
	object.union(_app, {"livenessProbe": liveness, "readinessProbe": readiness}),
)

_made(field, container) := _asked({
	"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"namespace": "shop"},
	"spec": {"template": {"spec": object.union({"containers": [_app]}, {field: [container]})}},
})

_asked(resource) := {
	"document": {"value": resource},
	"parameters": {"workload-probes-identical": {
		"ignoreNamespaces": ["kube-*", "kubesphere-*", "istio-system"],
		"ignoreContainers": ["istio-proxy", "linkerd-proxy", "kuma-sidecar"],
	}},
}
