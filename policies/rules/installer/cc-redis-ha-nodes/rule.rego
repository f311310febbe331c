# METADATA
# title: Too few nodes for HA redis
# description: >-
#   HA redis is three servers of which no two may share a node, and they tolerate no taint. With fewer nodes that take pods, one
#   of them stays Pending and ks-apiserver, which waits for redis, crashes again and again. In 3.3 and later
#   common.redis.enableHA asks for it; in 3.0 to 3.2 it comes by itself with the second master, unless enableHA at the first
#   level of spec says no.
# related_resources:
# - ref: https://github.com/kubesphere/kubesphere/issues/4022
# - ref: https://github.com/kubesphere/kubesphere/issues/4445
# - ref: https://github.com/kubesphere/kubesphere/issues/4772
# - ref: https://github.com/kubesphere/ks-installer/issues/401
# - ref: https://github.com/kubesphere/ks-installer/issues/1469
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/common/tasks/redis-install.yaml
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.2.1/roles/common/tasks/main.yaml
# custom:
#   severity: error
#   targets: [cluster-configuration, kubekey-cluster, node]
#   scope: set
#   message: "HA redis needs 3 nodes that take its pods, {count} do: one redis stays Pending and ks-apiserver crashes"
#   remediation: Set {field} to false, or let at least 3 nodes take pods.
#   messages:
#     masters:
#       message: "{masters} masters switch HA redis on, which needs 3 nodes that take its pods, {count} do: ks-apiserver crashes"
#       remediation: Write {field} with false at the first level of spec, or let at least 3 nodes take pods.
#   zh:
#     title: 高可用 redis 的节点不够
#     description: >-
#       高可用 redis 有三个副本，任意两个都不能在同一节点上，也不容忍任何污点。可调度的节点不足三个时，总有副本一直 Pending，依赖 redis 的
#       ks-apiserver 会反复崩溃。3.3 及以后由 common.redis.enableHA 决定；3.0 到 3.2 只要有两个 master 就会自动启用，除非在 spec 第一层写
#       enableHA 为 false。
#     message: "高可用 redis 需要 3 个能调度其 Pod 的节点，现在只有 {count} 个：redis 会有副本一直 Pending，ks-apiserver 反复崩溃"
#     remediation: 把 {field} 设为 false，或者保证至少有 3 个节点可以调度 Pod。
#     messages:
#       masters:
#         message: "{masters} 个 master 会自动启用高可用 redis，需要 3 个能调度其 Pod 的节点，现在只有 {count} 个：ks-apiserver 会反复崩溃"
#         remediation: 在 spec 第一层写上 {field} 为 false，或者保证至少有 3 个节点可以调度 Pod。
package policies.rules.installer["cc-redis-ha-nodes"]

import data.policies.lib.cc
import data.policies.lib.kubekey
import data.policies.lib.version
import future.keywords.not

deny contains object.union({"document": i, "path": cc.place(document, path), "args": args}, message) if {
	some i, document in _configurations
	[path, message] := _asks(document)
	count(_takers(document)) < _servers
	args := {
		"count": count(_takers(document)),
		"masters": count(_cluster(document).masters),
		"field": concat(".", path),
	}
}

unchecked contains {"needs": _lacks(document), "document": i} if {
	some i, document in _configurations
	_may_ask(document)
}

# No two of them share a node.
_servers := 3

_field := ["common", "redis", "enableHA"]

# Where redis runs already, it stays as it is.
_configurations[i] := document if {
	some i, document in input.set
	document.target == "cluster-configuration"
	not document.value.status.redis.status == "enabled"
}

_asks(document) := [_field, {}] if {
	version.between(cc.version(document), "3.3", "3.4")
	cc.truthy(document, _field)
	_installs_redis(document)
}

_asks(document) := [["enableHA"], _why(document)] if version.between(cc.version(document), "3.0", "3.2")

_installs_redis(document) if cc.truthy(document, ["common", "redis", "enabled"])

_installs_redis(document) if _why(document)

# What switches HA on for all components: the field, or more than one master where the field is not there at all.
_why(document) := {} if cc.enabled(document, ["enableHA"])

_why(document) := {"message": "masters"} if {
	object.get(document.value, ["spec", "enableHA"], "absent") == "absent"
	count(_cluster(document).masters) > 1
}

_may_ask(document) if cc.truthy(document, _field)

_may_ask(document) if version.between(cc.version(document), "3.0", "3.2")

_lacks(document) := "the version of KubeSphere" if not cc.version(document)

_lacks(document) := "a KubeKey Cluster or Node objects" if {
	cc.version(document)
	not _cluster(document)
}

_takers(document) := _cluster(document).all if _tolerates(document)

_takers(document) := _cluster(document).open if not _tolerates(document)

_tolerates(document) if {
	some path in [["common", "redis", "tolerations"], ["tolerations"]]
	some _ in cc.at(document, path).value
}

# Its nodes, those without a taint, and those that the installer takes for masters: it looks for the word master among
# their roles, which is there below Kubernetes 1.24 only.
_cluster(document) := {"all": kubekey.nodes(file), "open": kubekey.workers(file), "masters": masters} if {
	file := cc.kk_file(document, input.set).value
	masters := [m | version.below(kubekey.kubernetes_version(file).version, "1.24"); some m in kubekey.control_plane(file)]
}

_cluster(document) := {"all": _nodes, "open": open, "masters": masters} if {
	count([d | some d in input.set; d.target != "node"]) == 1
	document.target == "cluster-configuration"
	count(_nodes) > 0
	open := [node | some node in _nodes; not _closed(node)]
	masters := [node | some node in _nodes; some "node-role.kubernetes.io/master", _ in node.metadata.labels]
}

_nodes := [d.value | some d in input.set; d.target == "node"]

_closed(node) if node.spec.unschedulable == true

_closed(node) if {
	some taint in node.spec.taints
	taint.effect in {"NoSchedule", "NoExecute"}
}
