package policies.rules.baseline["workload-grace-too-short_test"]

import data.policies.rules.baseline["workload-grace-too-short"] as rule

test_little_time_is_found if {
	rule.deny == {{
		"path": ["spec", "template", "spec", "terminationGracePeriodSeconds"],
		"args": {"grace": 1},
	}} with input as _workload("Deployment", {"namespace": "shop"}, 1)
}

test_these_kinds_are_judged[kind] if {
	some kind in ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"]
	count(rule.deny) == 1 with input as _workload(kind, {"namespace": "shop"}, 9)
}

test_other_kinds_are_not[kind] if {
	some kind in ["Job", "ReplicationController", "Rollout"]
	count(rule.deny) == 0 with input as _workload(kind, {"namespace": "shop"}, 1)
}

test_enough_or_nothing_written_is_fine[note] if {
	some note, grace in {"absent": null, "least": 10, "text": "1", "fraction": 0.5, "template": "{{ .grace }}"}
	count(rule.deny) == 0 with input as _workload("Deployment", {}, grace)
}

test_no_time_at_all_is_little_where_nobody_else_says_so[kind] if {
	some kind, wanted in {"Deployment": 1, "DaemonSet": 1, "StatefulSet": 0}
	count(rule.deny) == wanted with input as _workload(kind, {}, 0)
}

test_the_minimum_can_be_chosen if {
	chosen := _parameters({"minimum": 60, "ignoreNamespaces": []})
	count(rule.deny) == 1 with input as object.union(_workload("DaemonSet", {"namespace": "kube-system"}, 59), chosen)
	count(rule.deny) == 0 with input as object.union(_workload("DaemonSet", {"namespace": "kube-system"}, 60), chosen)
}

test_some_namespaces_belong_to_others[namespace] if {
	some namespace in ["kube-system", "kubesphere-logging-system", "istio-system"]
	count(rule.deny) == 0 with input as _workload("DaemonSet", {"namespace": namespace}, 1)
}

test_kubesphere_has_rules_of_its_own[name] if {
	some name, wanted in {"ks-apiserver": 0, "redis": 0, "other": 1}
	everywhere := _parameters({"minimum": 10, "ignoreNamespaces": []})
	document := _workload("Deployment", {"namespace": "kubesphere-system", "name": name}, 1)
	count(rule.deny) == wanted with input as object.union(document, everywhere)
}

test_a_hook_that_uses_it_up_has_a_rule_of_its_own[note] if {
	some note, wanted in {"5": 0, "4": 1}
	spec := {"terminationGracePeriodSeconds": 5, "containers": [{
		"name": "app", "image": "app:1",
		"lifecycle": {"preStop": {"exec": {"command": ["sleep", note]}}},
	}]}
	count(rule.deny) == wanted with input as _made("Deployment", {}, spec)
}

test_what_others_speak_about_is_not_judged if {
	patch := {"terminationGracePeriodSeconds": 1, "containers": [{"name": "app"}]}
	count(rule.deny) == 0 with input as _made("Deployment", {}, patch)
	count(rule.deny) == 0 with input as _workload("ReplicaSet", {"ownerReferences": [{"controller": true}]}, 1)
}

_workload(kind, metadata, grace) := _made(
	kind, metadata,
	{"containers": [{"name": "app", "image": "app:1"}], "terminationGracePeriodSeconds": grace},
)

_made(kind, metadata, spec) := object.union(
	_parameters({"minimum": 10, "ignoreNamespaces": ["kube-*", "kubesphere-*", "istio-system"]}),
	{"document": {"value": {
		"apiVersion": "apps/v1", "kind": kind, "metadata": object.union({"name": "app"}, metadata),
		"spec": {"template": {"spec": spec}},
	}}},
)

_parameters(parameters) := {"parameters": {"workload-grace-too-short": parameters}}
