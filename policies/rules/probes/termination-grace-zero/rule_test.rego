package policies.rules.probes["termination-grace-zero_test"]

import data.policies.rules.probes["termination-grace-zero"] as rule

test_a_store_without_grace_is_found if {
	rule.deny == {{
		"path": ["spec", "template", "spec", "terminationGracePeriodSeconds"],
		"args": {"name": "minio"},
	}} with input as _workload("Deployment", "kubesphere-system", "minio", 0)
}

test_every_store_is_known[name] if {
	some name in [
		"redis", "openldap", "devops-jenkins", "redis-ha-server", "ks-core-redis-ha-server", "opensearch-cluster-data",
		"elasticsearch-logging-discovery", "prometheus-k8s", "alertmanager-main", "thanos-ruler-kubesphere",
	]
	count(rule.deny) == 1 with input as _workload("StatefulSet", "kubesphere-monitoring-system", name, 0)
}

test_similar_names_are_no_stores[name] if {
	some name in ["redis-exporter", "my-redis", "miniox", "prometheus-operator", "ks-apiserver", null, 7]
	count(rule.deny) == 0 with input as _workload("StatefulSet", "kubesphere-system", name, 0)
}

test_other_namespaces_are_not_judged[note] if {
	some note, namespace in {"of users": "shop", "similar": "mykubesphere-system", "none": null}
	count(rule.deny) == 0 with input as _workload("StatefulSet", namespace, "redis", 0)
}

test_other_kinds_are_not_judged if {
	count(rule.deny) == 0 with input as _workload("DaemonSet", "kubesphere-system", "redis", 0)
}

test_what_is_not_zero_is_fine[note] if {
	some note, grace in {"absent": null, "short": 5, "shipped": 30, "text": "0"}
	count(rule.deny) == 0 with input as _workload("StatefulSet", "kubesphere-system", "redis", grace)
}

test_a_patch_is_not_judged if {
	count(rule.deny) == 0 with input as {"document": {"value": {
		"kind": "StatefulSet", "metadata": {"name": "redis", "namespace": "kubesphere-system"},
		"spec": {"template": {"spec": {"containers": [{"name": "redis"}], "terminationGracePeriodSeconds": 0}}},
	}}}
}

test_etcd_as_a_static_pod_is_a_store if {
	some fault in rule.deny with input as {"document": {"value": {
		"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "etcd", "namespace": "kube-system"},
		"spec": {"containers": [{"name": "etcd", "image": "etcd:3.5.15-0"}], "terminationGracePeriodSeconds": 0},
	}}}
	fault.path == ["spec", "terminationGracePeriodSeconds"]
}

_workload(kind, namespace, name, grace) := {"document": {
	"target": "workload",
	"value": {
		"apiVersion": "apps/v1", "kind": kind,
		"metadata": {"name": name, "namespace": namespace},
		"spec": {"template": {"spec": {
			"containers": [{"name": "main", "image": "main:1"}],
			"terminationGracePeriodSeconds": grace,
		}}},
	},
}}
