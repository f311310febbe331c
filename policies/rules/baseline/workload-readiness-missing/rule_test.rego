package policies.rules.baseline["workload-readiness-missing_test"]

import data.policies.rules.baseline["workload-readiness-missing"] as rule

test_a_container_with_a_port_is_found_at_its_name if {
	rule.deny == {{
		"path": ["spec", "template", "spec", "containers", 0, "name"],
		"args": {"container": "app"},
	}} with input as _asked(_deployment([_serving({})]))
}

test_a_probe_that_is_null_is_found_there if {
	faults := rule.deny with input as _asked(_deployment([_serving({"readinessProbe": null})]))
	[array.slice(fault.path, 5, 6) | some fault in faults] == [["readinessProbe"]]
}

test_what_is_written_is_a_probe[note] if {
	some note, probe in {"empty": {}, "exec": {"exec": {"command": ["true"]}}, "template": "{{ .probe }}"}
	count(rule.deny) == 0 with input as _asked(_deployment([_serving({"readinessProbe": probe})]))
}

test_a_port_of_tcp_is_asked_for[note] if {
	some note, wanted in {"TCP": 1, "": 1, "UDP": 0, "SCTP": 0, "tcp": 0, "{{ .protocol }}": 0}
	container := object.union(_app, {"ports": [{"containerPort": 8080, "protocol": note}]})
	count(rule.deny) == wanted with input as _asked(_deployment([container]))
}

test_other_ports_are_none[note] if {
	some note, ports in {
		"none": [], "null": null, "text": "8080", "number": [8080],
		"no number": [{"name": "http"}], "template": [{"containerPort": "{{ .port }}"}],
	}
	count(rule.deny) == 0 with input as _asked(_deployment([object.union(_app, {"ports": ports})]))
}

test_a_worker_is_not_judged if {
	count(rule.deny) == 0 with input as _served([_app], [_service({"app": "other"}, [8080])])
}

test_a_service_leads_to_the_only_container[note] if {
	some note, ports in {"number": [8080], "several": ["http", 8080]}
	count(rule.deny) == 1 with input as _served([_app], [_service({"app": "web"}, ports)])
}

test_a_service_leads_to_the_port_that_it_names[note] if {
	some note, wanted in {"dns": {"app"}, "53": {"app"}, "54": set(), "http": set()}
	container := object.union(_app, {"ports": [{"name": "dns", "containerPort": 53, "protocol": "UDP"}]})
	target := object.get({"53": 53, "54": 54}, note, note)
	documents := _served([container, {"name": "b", "image": "b"}], [_service({"app": "web"}, [target])])
	faults := rule.deny with input as documents
	{fault.args.container | some fault in faults} == wanted
}

test_a_number_that_nobody_declares_is_not_attributed if {
	sidecar := {"initContainers": [{"name": "mesh", "image": "a", "restartPolicy": "Always"}]}
	services := [_service({"app": "web"}, [8080])]
	count(rule.deny) == 0 with input as _served([_app, {"name": "b", "image": "b"}], services)
	document := {"document": {"value": {"spec": {"template": {"spec": sidecar}}}}}
	count(rule.deny) == 0 with input as object.union(_served([_app], services), document)
}

test_a_service_that_leads_nowhere_selects_nobody[note] if {
	some note, service in {
		"no ports": _service({"app": "web"}, []),
		"no port": _service({"app": "web"}, [null]),
		"a name": _service({"app": "web"}, ["http"]),
		"more labels": _service({"app": "web", "tier": "front"}, [8080]),
		"a template": _service({"app": "{{ .name }}"}, [8080]),
	}
	count(rule.deny) == 0 with input as _served([object.union(_app, {"ports": [{"name": null}]})], [service])
}

test_labels_that_are_templates_are_not_compared if {
	labels := {"app": "{{ .name }}"}
	template := {"document": {"value": {"spec": {"template": {"metadata": {"labels": labels}}}}}}
	count(rule.deny) == 0 with input as object.union(_served([_app], [_service(labels, [8080])]), template)
}

test_a_pod_has_its_labels_itself if {
	pod := {
		"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "labels": {"app": "web", "x": "y"}},
		"spec": {"containers": [_app]},
	}
	facts := {"facts": {"services": [_service({"app": "web"}, [8080])]}}
	count(rule.deny) == 1 with input as object.union(_asked(pod), facts)
	count(rule.deny) == 0 with input as object.union(_asked(object.union(pod, {"metadata": {"labels": "x"}})), facts)
}

test_what_ends_is_not_judged if {
	job := {"apiVersion": "batch/v1", "kind": "Job", "spec": {"template": {"spec": {"containers": [_serving({})]}}}}
	count(rule.deny) == 0 with input as _asked(job)
}

test_what_others_look_after_is_not_judged if {
	agent := object.union(_deployment([_serving({})]), {"metadata": {"namespace": "kube-system"}})
	count(rule.deny) == 0 with input as _asked(agent)
	count(rule.deny) == 0 with input as _asked(_deployment([_serving({"name": "istio-proxy"})]))
}

_app := {"name": "app", "image": "app:1"}

_serving(fields) := object.union(_app, object.union({"ports": [{"containerPort": 8080}]}, fields))

_deployment(containers) := {
	"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"namespace": "shop"},
	"spec": {"template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": containers}}},
}

_service(selector, ports) := {"name": "web", "selector": selector, "ports": ports}

_served(containers, services) := object.union(_asked(_deployment(containers)), {"facts": {"services": services}})

_asked(resource) := {
	"document": {"value": resource},
	"parameters": {"workload-readiness-missing": {
		"ignoreNamespaces": ["kube-*", "kubesphere-*", "istio-system"],
		"ignoreContainers": ["istio-proxy", "linkerd-proxy", "kuma-sidecar"],
	}},
	"facts": {"services": []},
}
