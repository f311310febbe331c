package policies.rules.baseline["workload-liveness-missing_test"]

import data.policies.rules.baseline["workload-liveness-missing"] as rule

test_a_container_without_probe_is_found_at_its_name if {
	rule.deny == {{
		"path": ["spec", "template", "spec", "containers", 0, "name"],
		"args": {"container": "app"},
	}} with input as _workload("Deployment", "shop", [_app])
}

test_a_probe_that_is_null_is_found_there if {
	some fault in rule.deny with input as _workload("Deployment", "shop", [object.union(_app, {"livenessProbe": null})])
	fault.path == ["spec", "template", "spec", "containers", 0, "livenessProbe"]
}

test_what_is_written_is_a_probe[note] if {
	some note, probe in {"empty": {}, "exec": {"exec": {"command": ["true"]}}, "template": "{{ .probe }}"}
	count(rule.deny) == 0 with input as _workload("Deployment", "shop", [object.union(_app, {"livenessProbe": probe})])
}

test_everything_that_runs_for_ever_is_judged[kind] if {
	some kind in ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController"]
	count(rule.deny) == 1 with input as _workload(kind, "shop", [_app])
}

test_what_ends_is_not_judged if {
	count(rule.deny) == 0 with input as _workload("Job", "shop", [_app])
}

test_a_bare_pod_is_judged_where_it_restarts[note] if {
	some note, wanted in {"Always": 1, "": 1, "Never": 0, "OnFailure": 0, "{{ .policy }}": 0}
	count(rule.deny) == wanted with input as _pod({"name": "app"}, {"restartPolicy": note})
}

test_a_pod_of_a_controller_is_not_judged[note] if {
	some note, wanted in {"controller": 0, "blockOwnerDeletion": 1}
	count(rule.deny) == wanted with input as _pod({"ownerReferences": [{note: true}]}, {})
}

test_init_containers_and_sidecars_are_not_judged if {
	spec := {
		"containers": [object.union(_app, {"livenessProbe": {"exec": {}}})],
		"initContainers": [{"name": "wait", "image": "a"}, {"name": "mesh", "image": "a", "restartPolicy": "Always"}],
	}
	count(rule.deny) == 0 with input as _pod({"name": "app"}, spec)
}

test_some_namespaces_and_containers_belong_to_others if {
	count(rule.deny) == 0 with input as _workload("DaemonSet", "kube-system", [_app])
	count(rule.deny) == 0 with input as _workload("Deployment", "shop", [{"name": "istio-proxy", "image": "proxy:1"}])
}

test_no_namespace_is_one_of_the_user if {
	count(rule.deny) == 1 with input as _workload("Deployment", null, [_app])
}

test_a_patch_is_not_judged if {
	count(rule.deny) == 0 with input as _workload("Deployment", "shop", [{"name": "app"}])
}

test_kubesphere_has_a_rule_of_its_own if {
	count(rule.deny) == 0 with input as _asked({
		"kind": "Deployment", "metadata": {"name": "ks-console"},
		"spec": {"template": {"spec": {"containers": [{"name": "ks-console", "image": "a"}]}}},
	})
}

_app := {"name": "app", "image": "app:1"}

_workload(kind, namespace, containers) := _asked({
	"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "app", "namespace": namespace},
	"spec": {"template": {"spec": {"containers": containers}}},
})

_pod(metadata, spec) := _asked({
	"apiVersion": "v1", "kind": "Pod", "metadata": metadata,
	"spec": object.union({"containers": [_app]}, spec),
})

_asked(value) := {
	"document": {"value": value},
	"parameters": {"workload-liveness-missing": {
		"ignoreNamespaces": ["kube-*", "kubesphere-*", "istio-system"],
		"ignoreContainers": ["istio-proxy", "linkerd-proxy", "kuma-sidecar"],
	}},
}
