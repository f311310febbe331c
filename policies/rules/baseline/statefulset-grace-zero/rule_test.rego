package policies.rules.baseline["statefulset-grace-zero_test"]

import data.policies.rules.baseline["statefulset-grace-zero"] as rule

test_a_stateful_set_without_grace_is_found if {
	rule.deny == {{
		"path": ["spec", "template", "spec", "terminationGracePeriodSeconds"],
		"args": {},
	}} with input as _workload("StatefulSet", "shop", "db", 0)
}

test_no_namespace_is_one_of_the_user if {
	count(rule.deny) == 1 with input as _workload("StatefulSet", null, "db", 0)
}

test_what_is_not_zero_is_fine[note] if {
	some note, grace in {"absent": null, "short": 1, "text": "0", "template": "{{ .grace }}"}
	count(rule.deny) == 0 with input as _workload("StatefulSet", "shop", "db", grace)
}

test_other_kinds_are_not_judged[kind] if {
	some kind in ["Deployment", "DaemonSet", "ReplicaSet", "Rollout"]
	count(rule.deny) == 0 with input as _workload(kind, "shop", "db", 0)
}

test_some_namespaces_belong_to_others[namespace] if {
	some namespace in ["kube-system", "kubesphere-logging-system", "istio-system"]
	count(rule.deny) == 0 with input as _workload("StatefulSet", namespace, "db", 0)
}

test_a_store_has_a_rule_of_its_own_wherever_others_are_judged if {
	all := {"parameters": {"statefulset-grace-zero": {"ignoreNamespaces": []}}}
	count(rule.deny) == 0 with input as object.union(_workload("StatefulSet", "kubesphere-system", "redis", 0), all)
	count(rule.deny) == 1 with input as object.union(_workload("StatefulSet", "kubesphere-system", "db", 0), all)
}

test_a_patch_is_not_judged if {
	count(rule.deny) == 0 with input as {
		"document": {"value": {
			"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db", "namespace": "shop"},
			"spec": {"template": {"spec": {"containers": [{"name": "db"}], "terminationGracePeriodSeconds": 0}}},
		}},
		"parameters": {"statefulset-grace-zero": {"ignoreNamespaces": []}},
	}
}

_workload(kind, namespace, name, grace) := {
	"document": {"value": {
		"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name, "namespace": namespace},
		"spec": {"template": {"spec": {
			"containers": [{"name": "db", "image": "postgres:16.4"}],
			"terminationGracePeriodSeconds": grace,
		}}},
	}},
	"parameters": {"statefulset-grace-zero": {"ignoreNamespaces": ["kube-*", "kubesphere-*", "istio-system"]}},
}
