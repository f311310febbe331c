package policies.rules.baseline["workload-memory-limit-missing_test"]

import data.policies.rules.baseline["workload-memory-limit-missing"] as rule

test_a_container_without_limit_is_found if {
	rule.deny == {{
		"path": ["spec", "template", "spec", "containers", 0, "name"],
		"args": {"container": "app"},
	}} with input as _judge(_deployment({"namespace": "shop"}, [_app], {}))
}

test_what_is_written_is_a_limit[note] if {
	some note, wanted in {"512Mi": 0, "0": 1, "{{ .limit }}": 0, "": 1}
	count(rule.deny) == wanted with input as _judge(_deployment({}, [_limited({"limits": {"memory": note}})], {}))
}

test_null_and_other_limits_are_none[note] if {
	some note, resources in {
		"null": null, "no limits": {"requests": {"memory": "1Gi"}}, "null limits": {"limits": null},
		"cpu": {"limits": {"cpu": 1}}, "null memory": {"limits": {"memory": null}},
	}
	count(rule.deny) == 1 with input as _judge(_deployment({}, [_limited(resources)], {}))
}

test_a_limit_that_says_nothing_is_found_there if {
	faults := rule.deny with input as _judge(_deployment({}, [_limited({"limits": {"memory": null}})], {}))
	[array.slice(fault.path, 5, 8) | some fault in faults] == [["resources", "limits", "memory"]]
}

test_resources_that_a_template_fills_in_are_not_judged[note] if {
	some note, resources in {"all": "{{ .resources }}", "limits": {"limits": "{{ .limits }}"}}
	count(rule.deny) == 0 with input as _judge(_deployment({}, [_limited(resources)], {}))
}

test_a_limit_of_the_pod_is_one if {
	spec := {"resources": {"limits": {"memory": "1Gi"}}}
	count(rule.deny) == 0 with input as _judge(_deployment({}, [_app], spec))
}

test_init_containers_and_sidecars_count if {
	spec := {
		"initContainers": [{"name": "wait", "image": "a"}, {"name": "mesh", "image": "a", "restartPolicy": "Always"}],
		"ephemeralContainers": [{"name": "debug", "image": "a"}],
	}
	faults := rule.deny with input as _judge(_deployment({}, [_limited({"limits": {"memory": 1}})], spec))
	{fault.args.container | some fault in faults} == {"wait", "mesh"}
}

test_a_limit_range_of_the_namespace_gives_a_limit if {
	document := _judge(_deployment({"namespace": "shop"}, [_app], {}))
	count(rule.deny) == 0 with input as object.union(document, {"facts": {"limits": {"limits": {"memory": true}}}})
	count(rule.deny) == 1 with input as object.union(document, {"facts": {"limits": {"limits": {"cpu": true}}}})
}

test_some_namespaces_belong_to_others[namespace] if {
	some namespace in ["kube-system", "kubesphere-monitoring-system", "istio-system"]
	count(rule.deny) == 0 with input as _judge(_deployment({"namespace": namespace}, [_app], {}))
}

test_the_namespaces_can_be_chosen if {
	chosen := _parameters({"ignoreNamespaces": ["shop-?"], "ignoreContainers": []})
	count(rule.deny) == 0 with input as object.union(_judge(_deployment({"namespace": "shop-1"}, [_app], {})), chosen)
	count(rule.deny) == 1 with input as object.union(_judge(_deployment({"namespace": "kube-system"}, [_app], {})), chosen)
}

test_an_injected_proxy_is_not_judged if {
	proxy := {"name": "istio-proxy", "image": "proxy:1"}
	faults := rule.deny with input as _judge(_deployment({}, [proxy, _app, {"image": "nameless"}], {}))
	{fault.args.container | some fault in faults} == {"app", ""}
}

test_what_others_speak_about_is_not_judged[note] if {
	owned := _deployment({"ownerReferences": [{"controller": true}]}, [_app], {})
	some note, document in {
		"KubeSphere": _deployment({"name": "ks-console"}, [{"name": "ks-console", "image": "a"}], {}),
		"a patch": _deployment({}, [{"name": "app"}], {}),
		"made by a Deployment": object.union(owned, {"kind": "ReplicaSet"}),
		"no workload": {"apiVersion": "v1", "kind": "Service", "metadata": null},
	}
	count(rule.deny) == 0 with input as _judge(document)
}

test_an_operator_owns_what_nobody_judged if {
	owned := _deployment({"ownerReferences": [{"controller": true}]}, [_app], {})
	count(rule.deny) == 1 with input as _judge(owned)
}

_app := {"name": "app", "image": "app:1"}

_limited(resources) := object.union(_app, {"resources": resources})

_deployment(metadata, containers, spec) := {
	"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata,
	"spec": {"template": {"spec": object.union(spec, {"containers": containers})}},
}

_judge(resource) := object.union(
	_parameters({
		"ignoreNamespaces": ["kube-*", "kubesphere-*", "istio-system"],
		"ignoreContainers": ["istio-proxy", "linkerd-proxy", "kuma-sidecar"],
	}),
	{"document": {"target": "workload", "value": resource}, "facts": {"limits": {"limits": {}, "requests": {}}}},
)

_parameters(parameters) := {"parameters": {"workload-memory-limit-missing": parameters}}
