# METADATA
# title: What KubeKey installs KubeSphere 3.x from
# description: A ClusterConfiguration and the KubeKey Cluster that it goes with (the catalogue's "CC in a kk file").
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/blob/release-3.1/cmd/kk/pkg/kubesphere/tasks.go
package policies.lib.installation

import data.policies.lib.cc
import data.policies.lib.kubekey
import data.policies.lib.version
import future.keywords.not

# METADATA
# title: The pairs of a set
# description: >-
#   One for each KubeKey Cluster that has a ClusterConfiguration: document (the place of that one in the set),
#   configuration (as rules see it) and cluster (the value). Of several, such as the copies that KubeKey leaves on nodes,
#   the one in the Cluster's own file counts, else the first.
pairs(documents) := [pair |
	some k, cluster in documents
	cluster.target == "kubekey-cluster"
	all := [i |
		some i, d in documents
		d.target == "cluster-configuration"
		cc.kk_file(d, documents).document == k
	]
	own := [i | some i in all; documents[i].file == cluster.file]
	first := array.concat(own, all)[0]
	pair := {"document": first, "configuration": documents[first], "cluster": cluster.value}
]

# METADATA
# title: The ClusterConfigurations that go with no Cluster
# description: Their places in the set.
alone(documents) := {i |
	some i, d in documents
	d.target == "cluster-configuration"
	not cc.kk_file(d, documents)
}

# METADATA
# title: Kubernetes without the label master on its nodes
# description: >-
#   Kubernetes 1.24 and later. k3s and k8e set the label in every version. Undefined also where the version is not known,
#   and absent means KubeKey's own default, which is older.
masterless(cluster) if {
	found := kubekey.kubernetes_version(cluster)
	version.at_least(found.version, "1.24")
	not contains(found.value, "k3s")
	not contains(found.value, "k8e")
	not kubekey.kubernetes_type(cluster) in {"k3s", "k8e"}
}
