# METADATA
# title: Rolling update that no node is left for
# description: >-
#   A rolling update with maxUnavailable 0 starts a new pod before it stops an old one. With a required anti-affinity by host name and a
#   replica on every node that takes the pods, the new one stays Pending and the upgrade hangs. KubeSphere 4.1 has this shape with
#   hardAntiAffinity; the Deployments of 3.x (maxSurge 0) are sound. 25% of three replicas, the default, comes to 0 too.
# related_resources:
# - ref: https://github.com/kubesphere/kubesphere/blob/v4.1.3/config/ks-core/templates/ks-apiserver.yaml
# - ref: https://github.com/kubesphere/kubesphere/blob/v4.1.3/config/ks-core/templates/ks-console.yaml
# - ref: https://github.com/kubesphere/kubesphere/blob/v4.1.1/config/ks-core/templates/ks-controller-manager.yaml
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/controller/deployment/util/deployment_util.go
# custom:
#   severity: warning
#   scope: set
#   targets: [kubesphere-workload, node, hpa, kubekey-inventory, kubekey-cluster]
#   message: "maxUnavailable comes to 0 and the replicas of {name} fill all nodes that take them ({count}): its next rollout hangs"
#   remediation: >-
#     Set maxSurge to 0 and maxUnavailable to 1, in the values of ks-core hardAntiAffinity to false, or keep one node more than replicas.
#   zh:
#     title: 滚动更新没有可用的节点
#     description: >-
#       maxUnavailable 为 0 时，滚动更新会先启动新 Pod，再停止旧 Pod。如果设置了按主机名的强制反亲和，而每个可调度的节点上都已有副本，新 Pod 就会一直
#       Pending，升级卡住。KubeSphere 4.1 开启 hardAntiAffinity 后就是这种情况；3.x 的 Deployment（maxSurge 0）没有问题。默认的 25% 在 3 个副本时
#       也会取整为 0。
#     message: "maxUnavailable 实际为 0，而 {name} 的副本已占满所有能调度的节点（{count} 个）：下一次滚动更新会卡住"
#     remediation: 把 maxSurge 设为 0、maxUnavailable 设为 1；使用 ks-core 的 values 时把 hardAntiAffinity 设为 false；或者让节点数比副本数多一个。
package policies.rules.rollout["rollout-deadlock"]

import data.policies.lib.scheduling
import future.keywords.not

deny contains {"document": d.document, "path": _place, "args": {"name": d.name, "count": n}} if {
	some d in _stuck
	n := _room(d)
	n > 0
	d.replicas >= n
}

unchecked contains {"needs": "the Node objects of the whole cluster, or its Inventory", "document": d.document} if {
	some d in _stuck
	not scheduling.nodes(input.set)
	not _inventory
}

_place := ["spec", "strategy", "rollingUpdate", "maxUnavailable"]

# Deployments that start a new pod first, on a node that has none.
_stuck contains object.union(d, {"replicas": n}) if {
	some d in scheduling.deployments(input.set)
	n := scheduling.fewest(d.value, input.set)
	n > 0
	scheduling.fenceposts(d.value, n).unavailable == 0
	some term in scheduling.apart(d.value)
	object.get(term.value, "matchLabelKeys", null) in {null, []}
}

# How many nodes take the pods. Fewer nodes than replicas are antiaffinity-unsatisfiable's.
_room(d) := n if {
	n := count([node | some node in scheduling.nodes(input.set); scheduling.takes(node, d.pod.value)])
	scheduling.nodes(input.set)
	d.replicas <= n
}

_room(_) := _inventory

# What an Inventory names is the most that there can be.
_inventory := count(scheduling.members(inventory)) if {
	count([d | some d in input.set; d.target == "node"]) == 0
	[inventory] := [d | some d in input.set; d.target == "kubekey-inventory"]
}
