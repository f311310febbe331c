package policies.lib.baseline_test

import data.policies.lib.baseline
import future.keywords.not

_app := {"name": "app", "image": "app:1"}

_sized(resources) := object.union(_app, {"resources": resources})

_deployment(metadata, spec) := {
	"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata,
	"spec": {"template": {"spec": object.union({"containers": [_app]}, spec)}},
}

_pod(spec) := {"apiVersion": "v1", "kind": "Pod", "spec": object.union({"containers": [_app]}, spec)}

_asked(resource) := {
	"document": {"value": resource},
	"parameters": {"a-rule": {
		"ignoreNamespaces": ["kube-*", "istio-system"],
		"ignoreContainers": ["istio-proxy", "log-?"],
	}},
	"facts": {"limits": {"limits": {}, "requests": {}}},
}

_granted(resource, granted) := object.union(_asked(resource), {"facts": {"limits": granted}})

_names(containers) := [container.name | some container in containers]

test_namespaces_of_others_are_left_to_them[namespace] if {
	some namespace in ["kube-system", "kube-", "istio-system"]
	not baseline.is_judged("a-rule") with input as _asked(_deployment({"namespace": namespace}, {}))
}

test_other_namespaces_are_judged[namespace] if {
	some namespace in ["shop", "kube", "istio-system-2", "", null, 7, ["kube-system"]]
	baseline.is_judged("a-rule") with input as _asked(_deployment({"namespace": namespace}, {}))
}

test_no_metadata_is_no_namespace[note] if {
	some note, metadata in {"null": null, "text": "kube-system", "empty": {}}
	baseline.namespace == "" with input as _asked(_deployment(metadata, {}))
	baseline.is_judged("a-rule") with input as _asked(_deployment(metadata, {}))
}

test_the_namespace_is_what_is_written if {
	baseline.namespace == "shop" with input as _asked(_deployment({"namespace": "shop"}, {}))
}

test_containers_of_others_are_left_to_them[name] if {
	some name, wanted in {"istio-proxy": 0, "log-1": 0, "log": 1, "app": 1, "": 1}
	resource := _deployment({}, {"containers": [_app, {"name": name, "image": "x"}]})
	judged := [container |
		some container in [{"name": name}]
		baseline.judges("a-rule", container)
	] with input as _asked(resource)
	count(judged) == wanted
}

test_no_container_is_judged_where_the_workload_is_not if {
	not baseline.judges("a-rule", _app) with input as _asked(_deployment({"namespace": "kube-system"}, {}))
}

test_a_rule_without_these_parameters_judges_all if {
	input_of := object.union(_asked(_deployment({"namespace": "kube-system"}, {})), {"parameters": {"other-rule": {}}})
	baseline.judges("other-rule", _app) with input as input_of
}

test_what_others_speak_about_is_not_judged[note] if {
	some note, resource in {
		"KubeSphere": _deployment({"name": "ks-console"}, {}),
		"a patch": _deployment({}, {"containers": [{"name": "app"}]}),
		"a pod of a controller": object.union(_pod({}), {"metadata": {"ownerReferences": [{"controller": true}]}}),
	}
	not baseline.is_judged("a-rule") with input as _asked(resource)
}

test_owners_that_are_no_controllers_made_nothing[note] if {
	some note, owners in {"other": [{"controller": false}], "odd": ["x", null], "text": "x", "null": null, "none": []}
	baseline.is_judged("a-rule") with input as _asked(object.union(_pod({}), {"metadata": {"ownerReferences": owners}}))
}

test_an_operator_owns_what_nobody_judged if {
	baseline.is_judged("a-rule") with input as _asked(_deployment({"ownerReferences": [{"controller": true}]}, {}))
}

test_what_is_missing_stands_at_the_name if {
	container := {"path": ["spec", "containers", 0], "value": {"name": "app", "resources": {}}}
	baseline.place(container, ["livenessProbe"]) == ["spec", "containers", 0, "name"]
	baseline.place(container, ["resources", "limits", "memory"]) == ["spec", "containers", 0, "name"]
}

test_what_is_written_without_a_value_stands_there[note] if {
	some note, written in {"null": null, "empty": ""}
	container := {"path": ["spec", "containers", 0], "value": {"resources": {"limits": {"memory": written}}}}
	path := ["resources", "limits", "memory"]
	baseline.place(container, path) == array.concat(["spec", "containers", 0], path)
}

test_a_probe_that_says_nothing_is_none[note] if {
	some note, probe in {"null": null, "empty": ""}
	resource := _deployment({}, {"containers": [_app, object.union(_app, {"name": "b", "livenessProbe": probe})]})
	_names(baseline.unprobed("livenessProbe")) == ["app", "b"] with input as _asked(resource)
}

test_whatever_else_is_written_is_a_probe[note] if {
	some note, probe in {"mapping": {}, "text": "{{ .probe }}", "list": [], "number": 0}
	resource := _deployment({}, {"containers": [object.union(_app, {"livenessProbe": probe})]})
	baseline.unprobed("livenessProbe") == [] with input as _asked(resource)
}

test_only_what_runs_beside_nothing_else_needs_probes if {
	resource := _deployment({}, {
		"initContainers": [{"name": "wait", "image": "a"}, {"name": "mesh", "image": "a", "restartPolicy": "Always"}],
		"ephemeralContainers": [{"name": "debug", "image": "a"}],
	})
	_names(baseline.unprobed("readinessProbe")) == ["app"] with input as _asked(resource)
}

test_what_runs_for_ever_needs_probes[kind] if {
	some kind, wanted in {
		"Deployment": 1, "StatefulSet": 1, "DaemonSet": 1, "ReplicaSet": 1, "ReplicationController": 1,
		"Job": 0, "Rollout": 0,
	}
	resource := object.union(_deployment({}, {}), {"kind": kind})
	count(baseline.unprobed("livenessProbe")) == wanted with input as _asked(resource)
}

test_a_pod_runs_for_ever_where_it_restarts[policy] if {
	some policy, wanted in {"Always": 1, "": 1, "Never": 0, "OnFailure": 0, "{{ .policy }}": 0}
	count(baseline.unprobed("livenessProbe")) == wanted with input as _asked(_pod({"restartPolicy": policy}))
}

test_a_pod_restarts_where_nothing_is_written if {
	count(baseline.unprobed("livenessProbe")) == 1 with input as _asked(_pod({}))
	count(baseline.unprobed("livenessProbe")) == 1 with input as _asked(_pod({"restartPolicy": null}))
}

test_no_limit_is_found[note] if {
	some note, resources in {
		"null": null, "no limits": {"requests": {"memory": "1Gi"}}, "null limits": {"limits": null},
		"cpu": {"limits": {"cpu": 1}}, "null memory": {"limits": {"memory": null}}, "empty": {"limits": {"memory": ""}},
		"what null becomes": {"limits": {"memory": "0"}}, "zero": {"limits": {"memory": 0}},
		"none of it": {"limits": {"memory": "0Mi"}},
	}
	resource := _deployment({}, {"containers": [_sized(resources)]})
	count(baseline.unlimited("memory")) == 1 with input as _asked(resource)
}

test_what_is_written_is_a_limit[limit] if {
	some limit in ["512Mi", "{{ .limit }}", 1, "1n", "much"]
	resource := _deployment({}, {"containers": [_sized({"limits": {"memory": limit}})]})
	baseline.unlimited("memory") == [] with input as _asked(resource)
}

test_resources_that_are_no_mapping_are_not_judged[note] if {
	some note, resources in {
		"template": "{{ .resources }}", "limits": {"limits": "{{ .limits }}"}, "list": [], "of lists": {"limits": []},
		"text": "", "number": 1,
	}
	baseline.unlimited("memory") == [] with input as _asked(_deployment({}, {"containers": [_sized(resources)]}))
	baseline.unlimited("memory") == [] with input as _asked(_deployment({}, {"resources": resources}))
}

test_a_limit_of_the_pod_is_one if {
	resource := _deployment({}, {"resources": {"limits": {"memory": "1Gi"}}})
	baseline.unlimited("memory") == [] with input as _asked(resource)
	count(baseline.unlimited("cpu")) == 1 with input as _asked(resource)
}

test_init_containers_have_limits_ephemeral_ones_have_none if {
	resource := _deployment({}, {
		"initContainers": [{"name": "wait", "image": "a"}, {"name": "mesh", "image": "a", "restartPolicy": "Always"}],
		"ephemeralContainers": [{"name": "debug", "image": "a"}],
	})
	_names(baseline.unlimited("memory")) == ["app", "wait", "mesh"] with input as _asked(resource)
}

test_a_limit_range_gives_limits if {
	granted := {"limits": {"memory": true}, "requests": {"memory": true}}
	baseline.unlimited("memory") == [] with input as _granted(_deployment({}, {}), granted)
	count(baseline.unlimited("cpu")) == 1 with input as _granted(_deployment({}, {}), granted)
}

test_no_request_is_found[note] if {
	some note, resources in {
		"none": {}, "cpu": {"requests": {"cpu": 1}}, "null": {"requests": null}, "zero": {"requests": {"memory": "0"}},
	}
	resource := _deployment({}, {"containers": [_sized(resources)]})
	count(baseline.unrequested("memory")) == 1 with input as _asked(resource)
}

test_a_request_or_a_limit_is_one[note] if {
	some note, resources in {
		"request": {"requests": {"memory": "1Gi"}}, "limit": {"limits": {"memory": "1Gi"}},
		"template": {"requests": "{{ .requests }}"},
	}
	baseline.unrequested("memory") == [] with input as _asked(_deployment({}, {"containers": [_sized(resources)]}))
	baseline.unrequested("memory") == [] with input as _asked(_deployment({}, {"resources": resources}))
}

test_a_limit_range_gives_requests if {
	granted := {"limits": {}, "requests": {"memory": true}}
	baseline.unrequested("memory") == [] with input as _granted(_deployment({}, {}), granted)
	count(baseline.unrequested("cpu")) == 1 with input as _granted(_deployment({}, {}), granted)
}
