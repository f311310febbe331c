package policies.lib.store_test

import data.policies.lib.store
import future.keywords.not

test_every_store_is_known[name] if {
	some name in [
		"redis", "openldap", "minio", "devops-jenkins", "redis-ha-server", "ks-core-redis-ha-server",
		"opensearch-cluster-data", "elasticsearch-logging-discovery", "prometheus-k8s",
		"alertmanager-main", "thanos-ruler-kubesphere",
	]
	every kind in ["StatefulSet", "Deployment"] {
		store.name == name with input as _workload(kind, "kubesphere-monitoring-system", name)
	}
}

test_similar_names_are_no_stores[name] if {
	some name in [
		"redis-exporter", "my-redis", "miniox", "prometheus-operator", "redis-ha-haproxy", "-redis-ha-server",
		"ks-apiserver", "", null, 7,
	]
	not store.name with input as _workload("StatefulSet", "kubesphere-system", name)
}

test_other_namespaces_have_none[note] if {
	some note, namespace in {"of users": "shop", "similar": "mykubesphere-system", "none": null, "empty": ""}
	not store.name with input as _workload("StatefulSet", namespace, "redis")
}

test_other_kinds_are_none[kind] if {
	some kind in ["DaemonSet", "Job", "Pod", null]
	not store.name with input as _workload(kind, "kubesphere-system", "redis")
}

test_a_patch_is_none if {
	not store.name with input as {"document": {"value": {
		"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "redis", "namespace": "kubesphere-system"},
		"spec": {"template": {"spec": {"containers": [{"name": "redis"}]}}},
	}}}
}

test_etcd_as_a_static_pod_is_one[note] if {
	some note, metadata in {
		"etcd": {"name": "etcd", "namespace": "kube-system"},
		"not other pods": {"name": "kube-apiserver", "namespace": "kube-system"},
		"not other namespaces": {"name": "etcd", "namespace": "shop"},
	}
	found := {name |
		name := store.name with input as {"document": {"value": {
			"apiVersion": "v1", "kind": "Pod", "metadata": metadata,
			"spec": {"containers": [{"name": "etcd", "image": "etcd:3.5.15-0"}]},
		}}}
	}
	found == {name | some name in ["etcd"]; note == "etcd"}
}

test_some_take_long_to_stop[name] if {
	some name in ["opensearch-cluster-master", "elasticsearch-logging-data", "prometheus-k8s"]
	store.is_slow with input as _workload("StatefulSet", "kubesphere-logging-system", name)
	not store.is_slow with input as _workload("StatefulSet", "shop", name)
}

test_the_others_do_not[name] if {
	some name in ["redis", "alertmanager-main", "thanos-ruler-kubesphere", "devops-jenkins"]
	not store.is_slow with input as _workload("StatefulSet", "kubesphere-system", name)
}

_workload(kind, namespace, name) := {"document": {"value": {
	"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name, "namespace": namespace},
	"spec": {"template": {"spec": {"containers": [{"name": "main", "image": "main:1"}]}}},
}}}
