# METADATA
# title: What keeps data
# description: >-
#   The stores that KubeSphere brings, where a StatefulSet or a Deployment in a namespace kubesphere-* runs them, and etcd
#   where a static pod does. Ends in the middle of a write cost them most. The rules speak about input.document.
# related_resources:
# - ref: https://github.com/kubesphere/ks-installer/tree/v3.4.1/roles
package policies.lib.store

import data.policies.lib.workload
import future.keywords.not

# METADATA
# title: The name of the store
# description: Undefined for what is none, and for a patch.
name := store if {
	store := _name(input.document.value)
	not workload.is_patch
}

# METADATA
# title: A store that takes long to stop
# description: It has much to write out. OpenSearch is shipped with 120 seconds for it.
is_slow if strings.any_prefix_match(name, ["opensearch-cluster-", "elasticsearch-logging-", "prometheus-k8s"])

_name(resource) := resource.metadata.name if {
	resource.kind in {"StatefulSet", "Deployment"}
	is_string(resource.metadata.namespace)
	startswith(resource.metadata.namespace, "kubesphere-")
	is_string(resource.metadata.name)
	_is_known(resource.metadata.name)
}

_name(resource) := "etcd" if {
	resource.kind == "Pod"
	resource.metadata.name == "etcd"
	resource.metadata.namespace == "kube-system"
}

_is_known(text) if text in {"redis", "openldap", "minio", "devops-jenkins"}

_is_known(text) if {
	strings.any_prefix_match(text, [
		"redis-ha-server", "opensearch-cluster-", "elasticsearch-logging-", "prometheus-k8s", "alertmanager-main",
		"thanos-ruler-",
	])
}

# As a part of another chart: ks-core-redis-ha-server.
_is_known(text) if indexof(text, "-redis-ha-server") > 0
