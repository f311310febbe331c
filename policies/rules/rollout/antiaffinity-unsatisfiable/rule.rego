# METADATA
# title: More replicas of KubeSphere than nodes for them
# description: >-
#   With a required anti-affinity by host name no two pods of a Deployment share a node: replicas beyond the nodes that take its pods stay
#   Pending for ever, the others work. ks-installer 3.3 and 3.4 write such an anti-affinity, and enableHA makes three replicas however many
#   nodes there are; KubeSphere 4.1 does so with hardAntiAffinity.
# related_resources:
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/ks-core/ks-core/tasks/main.yaml
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/ks-core/ks-core/files/ks-core/templates/ks-apiserver.yml
# - ref: https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity
# custom:
#   severity: warning
#   scope: set
#   targets: [cluster-configuration, kubesphere-workload, node, hpa, kubekey-cluster, kubekey-inventory]
#   message: "enableHA makes 3 replicas that need a node each, but the cluster has {count}: the others stay Pending"
#   remediation: Delete enableHA, or add nodes.
#   messages:
#     replicas:
#       message: "{replicas} replicas of {name} need a node each, but its pods find {count}: the others stay Pending"
#       remediation: Lower replicas to {count}, or make the anti-affinity preferred.
#   zh:
#     title: KubeSphere 的副本数多于可用节点数
#     description: >-
#       Deployment 设置了按主机名的强制反亲和后，任意两个 Pod 不能在同一节点上：超出可调度节点数的副本会一直 Pending，其余副本正常工作。
#       ks-installer 3.3 和 3.4 会写入这样的反亲和，而 enableHA 不管有多少节点都使用 3 个副本；KubeSphere 4.1 设置 hardAntiAffinity 时也是如此。
#     message: "enableHA 会创建 3 个必须分布在不同节点的副本，集群只有 {count} 个节点：多出的副本会一直 Pending"
#     remediation: 去掉 enableHA，或者增加节点。
#     messages:
#       replicas:
#         message: "{name} 的 {replicas} 个副本必须分布在不同节点，能调度其 Pod 的节点只有 {count} 个：多出的副本会一直 Pending"
#         remediation: 把 replicas 降到 {count}，或者把反亲和改为 preferred。
package policies.rules.rollout["antiaffinity-unsatisfiable"]

import data.policies.lib.cc
import data.policies.lib.installation
import data.policies.lib.kubekey
import data.policies.lib.scheduling
import data.policies.lib.value
import data.policies.lib.version
import future.keywords.not

deny contains {"document": pair.document, "path": ["spec", "enableHA"], "args": {"count": n}} if {
	some pair in installation.pairs(input.set)
	_asks(pair.configuration)
	version.between(cc.version(pair.configuration), "3.3", "3.4")
	n := count(kubekey.nodes(pair.cluster))
	n > 0
	n < _made
	not _counts_masters(pair.cluster)
}

# Where no node takes the pods, something else is wrong.
deny contains {"document": d.document, "path": ["spec", "replicas"], "message": "replicas", "args": args} if {
	some d in _apart
	n := count([node | some node in scheduling.nodes(input.set); scheduling.takes(node, d.pod.value)])
	n > 0
	n < d.replicas
	args := {"name": d.name, "replicas": d.replicas, "count": n}
}

unchecked contains {"needs": "the KubeKey Cluster", "document": i} if {
	some i in installation.alone(input.set)
	_asks(input.set[i])
}

unchecked contains {"needs": "the version of KubeSphere", "document": pair.document} if {
	some pair in installation.pairs(input.set)
	_asks(pair.configuration)
	not cc.version(pair.configuration)
}

unchecked contains {"needs": "the Node objects of the whole cluster", "document": d.document} if {
	some d in _apart
	not scheduling.nodes(input.set)
}

# What ks-installer takes for enableHA.
_made := 3

_asks(configuration) if {
	cc.truthy(configuration, ["enableHA"])
	not value.is_template(configuration.value.spec.enableHA)
}

# Two nodes that show the role master get two replicas.
_counts_masters(cluster) if {
	count(kubekey.control_plane(cluster)) > 1
	not installation.masterless(cluster)
}

_apart contains object.union(d, {"replicas": n}) if {
	some d in scheduling.deployments(input.set)
	n := scheduling.fewest(d.value, input.set)
	n > 1
	count(scheduling.apart(d.value)) > 0
}
