package policies.rules.baseline["workload-cpu-limit-missing_test"]

import data.policies.rules.baseline["workload-cpu-limit-missing"] as rule

test_a_container_without_limit_is_found_at_its_name if {
	rule.deny == {{
		"path": ["spec", "template", "spec", "containers", 0, "name"],
		"args": {"container": "app"},
	}} with input as _asked(_deployment({"namespace": "shop"}, {}))
}

test_a_limit_without_a_value_is_found_there if {
	faults := rule.deny with input as _asked(_deployment({}, {"containers": [_sized({"limits": {"cpu": null}})]}))
	[array.slice(fault.path, 5, 8) | some fault in faults] == [["resources", "limits", "cpu"]]
}

test_a_limit_of_container_pod_or_namespace_is_one if {
	resources := {"limits": {"cpu": 1}}
	count(rule.deny) == 0 with input as _asked(_deployment({}, {"containers": [_sized(resources)]}))
	count(rule.deny) == 0 with input as _asked(_deployment({}, {"resources": resources}))
	facts := {"facts": {"limits": {"limits": {"cpu": true}}}}
	count(rule.deny) == 0 with input as object.union(_asked(_deployment({}, {})), facts)
}

test_a_request_is_no_limit if {
	count(rule.deny) == 1 with input as _asked(_deployment({}, {"containers": [_sized({"requests": {"cpu": 1}})]}))
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
	"parameters": {"workload-cpu-limit-missing": {
		"ignoreNamespaces": ["kube-*", "kubesphere-*", "istio-system"],
		"ignoreContainers": ["istio-proxy", "linkerd-proxy", "kuma-sidecar"],
	}},
	"facts": {"limits": {"limits": {}, "requests": {}}},
}
