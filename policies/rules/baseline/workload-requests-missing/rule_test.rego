package policies.rules.baseline["workload-requests-missing_test"]

import data.policies.rules.baseline["workload-requests-missing"] as rule

test_a_container_without_requests_is_found_at_its_name if {
	rule.deny == {{
		"path": ["spec", "template", "spec", "containers", 0, "name"],
		"args": {"container": "app"},
		"message": "",
	}} with input as _asked(_deployment({"namespace": "shop"}, {}))
}

test_the_message_names_what_is_missing[wanted] if {
	some wanted, resources in {
		"": {}, "cpu": {"requests": {"memory": "1Gi"}}, "memory": {"limits": {"cpu": 1}, "requests": {"memory": ""}},
	}
	faults := rule.deny with input as _asked(_deployment({}, {"containers": [_sized(resources)]}))
	[fault.message | some fault in faults] == [wanted]
}

test_a_request_without_a_value_is_found_there if {
	resources := {"requests": {"cpu": 1, "memory": null}}
	faults := rule.deny with input as _asked(_deployment({}, {"containers": [_sized(resources)]}))
	[array.slice(fault.path, 5, 8) | some fault in faults] == [["resources", "requests", "memory"]]
}

test_a_limit_alone_becomes_the_request if {
	resources := {"limits": {"cpu": 1, "memory": "1Gi"}}
	count(rule.deny) == 0 with input as _asked(_deployment({}, {"containers": [_sized(resources)]}))
	count(rule.deny) == 0 with input as _asked(_deployment({}, {"resources": resources}))
}

test_a_limit_range_gives_requests[message] if {
	some message, granted in {"memory": {"cpu": true}, "cpu": {"memory": true}}
	facts := {"facts": {"limits": {"requests": granted}}}
	faults := rule.deny with input as object.union(_asked(_deployment({}, {})), facts)
	[fault.message | some fault in faults] == [message]
}

test_sidecars_count_and_init_containers_do_not if {
	faults := rule.deny with input as _asked(_deployment({}, {
		"initContainers": [{"name": "wait", "image": "a"}, {"name": "mesh", "image": "a", "restartPolicy": "Always"}],
		"ephemeralContainers": [{"name": "debug", "image": "a"}],
	}))
	{fault.args.container | some fault in faults} == {"app", "mesh"}
}

test_what_others_look_after_is_not_judged if {
	count(rule.deny) == 0 with input as _asked(_deployment({"namespace": "kube-system"}, {}))
	count(rule.deny) == 0 with input as _asked(_deployment({}, {"containers": [{"name": "istio-proxy", "image": "a"}]}))
}

_app := {"name": "app", "image": "app:1"}

_sized(resources) := object.union(_app, {"resources": resources})

_deployment(metadata, spec) := {
	"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata,
	"spec": {"template": {"spec": object.union({"containers": [_app]}, spec)}},
}

_asked(resource) := {
	"document": {"value": resource},
	"parameters": {"workload-requests-missing": {
		"ignoreNamespaces": ["kube-*", "kubesphere-*", "istio-system"],
		"ignoreContainers": ["istio-proxy", "linkerd-proxy", "kuma-sidecar"],
	}},
	"facts": {"limits": {"limits": {}, "requests": {}}},
}
