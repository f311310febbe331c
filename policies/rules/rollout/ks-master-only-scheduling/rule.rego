# METADATA
# title: KubeSphere on control-plane nodes that it does not tolerate
# description: >-
#   The pods of KubeSphere 3.x tolerate the taint node-role.kubernetes.io/master. Kubernetes 1.24 and later taint their control-plane nodes with
#   node-role.kubernetes.io/control-plane instead; KubeKey takes it away from those that are workers too. Where every node keeps it, no pod
#   of KubeSphere finds a place. One node without it is enough.
# related_resources:
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/ks-core/ks-core/templates/custom-values-ks-core.yaml.j2
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/common/templates/redis.yaml.j2
# - ref: https://github.com/kubesphere/kubekey/blob/release-3.1/cmd/kk/pkg/kubernetes/tasks.go
# custom:
#   severity: warning
#   scope: set
#   targets: [cluster-configuration, kubesphere-workload, node, kubekey-cluster, kubekey-inventory]
#   message: "every node keeps the control-plane taint, which KubeSphere {version} does not tolerate: its pods stay Pending"
#   remediation: >-
#     List the masters in the group worker too, or write common.core.tolerations with all default entries and
#     node-role.kubernetes.io/control-plane.
#   messages:
#     pods:
#       message: "{name} tolerates the taint master, but every node has the taint control-plane: its pods stay Pending"
#       remediation: Add a toleration of node-role.kubernetes.io/control-plane (NoSchedule), or take the taint from a node.
#   zh:
#     title: KubeSphere 不容忍控制平面节点的污点
#     description: >-
#       KubeSphere 3.x 的 Pod 只容忍污点 node-role.kubernetes.io/master，而 Kubernetes 1.24 及以后给控制平面节点打的是
#       node-role.kubernetes.io/control-plane；同时是 worker 的节点，KubeKey 会去掉这个污点。如果所有节点都带着它，KubeSphere 的 Pod 就无处可调度；
#       只要有一个节点没有，就没有问题。
#     message: "所有节点都保留 control-plane 污点，而 KubeSphere {version} 不容忍它：Pod 会一直 Pending"
#     remediation: 把 master 节点同时写进 worker 组，或者在 common.core.tolerations 里写全默认条目并加上 node-role.kubernetes.io/control-plane。
#     messages:
#       pods:
#         message: "{name} 只容忍 master 污点，而所有节点带的都是 control-plane 污点：Pod 会一直 Pending"
#         remediation: 加上对 node-role.kubernetes.io/control-plane（NoSchedule）的容忍，或者去掉某个节点的污点。
package policies.rules.rollout["ks-master-only-scheduling"]

import data.policies.lib.cc
import data.policies.lib.installation
import data.policies.lib.kubekey
import data.policies.lib.scheduling
import data.policies.lib.version
import future.keywords.not

deny contains fault if some fault in _configured

deny contains {"document": w.document, "path": path, "message": "pods", "args": {"name": w.name}} if {
	count(_configured) == 0
	some w in _old
	every node in scheduling.nodes(input.set) {
		_keeps_off(node, w.pod.value)
	}
	path := array.concat(w.pod.path, ["tolerations"])
}

unchecked contains {"needs": "the KubeKey Cluster", "document": i} if {
	some i in installation.alone(input.set)
	_is_old(input.set[i])
	not _tolerates(input.set[i])
}

unchecked contains {"needs": "the Node objects of the whole cluster", "document": w.document} if {
	some w in _old
	not scheduling.nodes(input.set)
}

_taint := {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"}

_lists := [["common", "core", "tolerations"], ["tolerations"]]

_configured contains {"document": pair.document, "path": path, "args": {"version": cc.version(pair.configuration)}} if {
	some pair in installation.pairs(input.set)
	_is_old(pair.configuration)
	not _tolerates(pair.configuration)
	installation.masterless(pair.cluster)
	kubekey.workers(pair.cluster) == []
	count(kubekey.control_plane(pair.cluster)) > 0
	written := [cc.at(pair.configuration, list).path | some list in _lists]
	path := array.concat(written, [cc.place(pair.configuration, _lists[0])])[0]
}

_is_old(configuration) if {
	is_object(configuration.value.spec)
	version.between(cc.version(configuration), "3.0", "3.4")
}

# What holds for one of the lists: redis and openldap go by the second.
_tolerates(configuration) if {
	some list in _lists
	scheduling.tolerates({"tolerations": cc.at(configuration, list).value}, _taint)
}

# Workloads as 3.x makes them.
_old := [w |
	some w in object.union(
		scheduling.deployments(input.set),
		scheduling.workloads(input.set, {"redis", "openldap"}),
	)
	scheduling.tolerates(w.pod.value, object.union(_taint, {"key": "node-role.kubernetes.io/master"}))
	not scheduling.tolerates(w.pod.value, _taint)
]

_keeps_off(node, pod) if {
	some taint in scheduling.taints(node)
	taint.key == _taint.key
	taint.effect == _taint.effect
	not scheduling.tolerates(pod, taint)
}
