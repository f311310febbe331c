package policies.rules.probes["termination-grace-short_test"]

import data.policies.rules.probes["termination-grace-short"] as rule

test_a_core_deployment_with_little_time_is_found if {
	rule.deny == {{
		"path": ["spec", "template", "spec", "terminationGracePeriodSeconds"],
		"args": {"name": "ks-apiserver", "grace": 5, "least": 30},
		"message": "",
	}} with input as _workload("Deployment", "ks-apiserver", 5)
}

test_a_core_deployment_keeps_no_data_so_0_is_no_more_than_short[note] if {
	some note, grace in {"none": 0, "negative, which counts as 1": -1, "almost": 29}
	{fault.message | some fault in rule.deny} == {""} with input as _workload("Deployment", "ks-console", grace)
}

test_a_store_with_little_time_is_found[note] if {
	some note, grace in {"least": 1, "most": 29}
	some fault in rule.deny with input as _workload("StatefulSet", "redis-ha-server", grace)
	fault.message == "store"
	fault.args == {"name": "redis-ha-server", "grace": grace, "least": 30}
}

test_a_slow_store_needs_more[name] if {
	some name in ["opensearch-cluster-data", "elasticsearch-logging-data", "prometheus-k8s"]
	faults := rule.deny with input as _workload("StatefulSet", name, 119)
	{fault.args.least | some fault in faults} == {120}
	count(rule.deny) == 0 with input as _workload("StatefulSet", name, 120)
}

test_a_store_that_is_killed_at_once_has_a_rule_of_its_own[note] if {
	some note, grace in {"zero": 0, "negative": -1}
	count(rule.deny) == 0 with input as _workload("StatefulSet", "opensearch-cluster-data", grace)
}

test_enough_or_nothing_written_is_fine[note] if {
	some note, grace in {"absent": null, "shipped": 30, "text": "5", "fraction": 0.5}
	count(rule.deny) == 0 with input as _workload("StatefulSet", "redis", grace)
	count(rule.deny) == 0 with input as _workload("Deployment", "ks-controller-manager", grace)
}

# 30 is what the API server writes for nothing.
test_nothing_written_is_fine_for_a_slow_store_too if {
	count(rule.deny) == 0 with input as _workload("StatefulSet", "prometheus-k8s", null)
	count(rule.deny) == 0 with input as _workload("StatefulSet", "prometheus-k8s", 30)
	count(rule.deny) == 1 with input as _workload("StatefulSet", "prometheus-k8s", 31)
}

test_other_workloads_are_not_judged if {
	count(rule.deny) == 0 with input as _workload("Deployment", "kube-events-operator", 10)
}

test_a_hook_that_uses_it_up_has_a_rule_of_its_own if {
	hook := {"preStop": {"sleep": {"seconds": 10}}}
	container := {"name": "main", "image": "main:1", "lifecycle": hook}
	count(rule.deny) == 0 with input as _made("Deployment", "ks-apiserver", {"containers": [container], _grace: 5})
	count(rule.deny) == 0 with input as _made("Deployment", "redis", {"containers": [container], _grace: 5})
	count(rule.deny) == 1 with input as _made("Deployment", "redis", {"containers": [container], _grace: 11})
}

test_a_patch_is_not_judged if {
	count(rule.deny) == 0 with input as _made("Deployment", "ks-apiserver", {"containers": [{"name": "main"}], _grace: 5})
	count(rule.deny) == 0 with input as _made("Deployment", "redis", {"containers": [{"name": "main"}], _grace: 5})
}

test_the_bounds_can_be_chosen if {
	chosen := {"parameters": {"termination-grace-short": {"least": 60, "least_slow": 300}}}
	count(rule.deny) == 1 with input as object.union(_workload("Deployment", "ks-apiserver", 59), chosen)
	count(rule.deny) == 1 with input as object.union(_workload("StatefulSet", "prometheus-k8s", 299), chosen)
}

_grace := "terminationGracePeriodSeconds"

_workload(kind, name, grace) := _made(kind, name, {"containers": [{"name": "main", "image": "main:1"}], _grace: grace})

_made(kind, name, spec) := {
	"document": {"value": {
		"apiVersion": "apps/v1", "kind": kind,
		"metadata": {"name": name, "namespace": "kubesphere-system"},
		"spec": {"template": {"spec": spec}},
	}},
	"parameters": {"termination-grace-short": {"least": 30, "least_slow": 120}},
}
