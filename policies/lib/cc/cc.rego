# METADATA
# title: The configuration of ks-installer
# description: >-
#   A ClusterConfiguration of ks-installer 3.x, or the payload of ConfigMap ks-installer of 2.1.x. Functions take a
#   document as rules see it (input.document, or an element of input.set) and paths that begin below spec.
# related_resources:
# - ref: https://github.com/kubesphere/ks-installer/blob/master/deploy/cluster-configuration.yaml
package policies.lib.cc

import data.policies.lib.value
import future.keywords.not

# METADATA
# title: The settings, with their path
# description: spec of a ClusterConfiguration, the payload itself of 2.1.x.
root(document) := {"path": ["spec"], "value": document.value.spec} if document.target == "cluster-configuration"

root(document) := {"path": [], "value": document.value} if document.target == "ks-installer-config"

# METADATA
# title: The value at a path below spec, with its whole path
# description: Undefined where it is absent or null.
at(document, path) := {"path": place(document, path), "value": value.at(root(document).value, path).value}

# METADATA
# title: The whole path of a setting, whether it is there or not
# description: For findings on what is missing; they stand at the nearest parent that exists.
place(document, path) := array.concat(root(document).path, path)

# METADATA
# title: A setting that is boolean true or the number 1
# description: What most conditions of the roles compare with (enabled == true). A quoted "true" is not.
enabled(document, path) if at(document, path).value in {true, 1}

# METADATA
# title: A setting that is true as Jinja sees it
# description: What a bare condition of a role asks. A quoted "false" is.
truthy(document, path) if value.truthy(at(document, path).value)

# METADATA
# title: The KubeSphere version that a document is written for, without v
# description: What Go knows of the document, else the label version of a ClusterConfiguration.
version(document) := document.versions.kubesphere

version(document) := found[1] if {
	not document.versions.kubesphere
	label := document.value.metadata.labels.version
	is_string(label)
	some found in regex.find_all_string_submatch_n(`^v?([0-9]+\.[0-9]+\.[0-9]+)`, label, 1)
}

# METADATA
# title: A document that KubeKey installs from
# description: It stands in the file of a KubeKey Cluster, or in a set with exactly one.
in_kk_file(document, documents) if count(_clusters(document, documents)) > 0

# METADATA
# title: The KubeKey Cluster that belongs to a document
# description: >-
#   With its place in the set (document), file and value: the one of the same file, else the only one of the set.
#   Undefined where there are several.
kk_file(document, documents) := cluster if {
	clusters := _clusters(document, documents)
	count(clusters) == 1
	cluster := clusters[0]
}

_clusters(document, documents) := same if {
	same := [c | some c in _all_clusters(documents); c.file == document.file]
	count(same) > 0
} else := all if {
	all := _all_clusters(documents)
	count(all) == 1
} else := []

_all_clusters(documents) := [{"document": i, "file": d.file, "value": d.value} |
	some i, d in documents
	d.target == "kubekey-cluster"
]
