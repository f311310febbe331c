# METADATA
# title: No memory is reserved for the kubelet and the system
# description: >-
#   kubeReserved and systemReserved keep memory back that pods cannot take. Where neither of them does, pods may fill the node, and
#   on nodes that run the control plane and etcd they starve these first. A map that is written replaces KubeKey's own as a whole,
#   250Mi with it; Kubernetes itself reserves nothing.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/kubernetes/templates/kubeadm_config.go
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/kubelet/apis/config/v1beta1/defaults.go
# - ref: https://kubernetes.io/docs/tasks/administer-cluster/reserve-compute-resources/
# custom:
#   severity: warning
#   scope: set
#   targets: [kubelet-config, kubekey-cluster, kubekey-config, kubekey-inventory, kubelet-env, systemd-unit, kubeadm-config]
#   message: "{keys} without memory: pods may take all of the node's memory and starve the kubelet, and etcd with it"
#   remediation: "Reserve memory in kubeReserved or systemReserved, 1Gi where control plane and etcd run, and restart the kubelet."
#   messages:
#     kubekey:
#       severity: warning
#       message: "{keys} without memory, KubeKey's 250Mi dropped: pods may starve the kubelet, and etcd with it"
#       remediation: "Delete {keys}, so that KubeKey's own values hold, or write memory: 1Gi into it where control plane and etcd run."
#   zh:
#     title: 没有为 kubelet 和系统预留内存
#     description: >-
#       kubeReserved 和 systemReserved 会留出一部分内存不给 Pod 使用。两者都没有预留内存时，Pod 可能占满节点；在同时运行控制平面和 etcd
#       的节点上，首先受影响的就是它们。写出的 map 会整体替换 KubeKey 的默认值（各 250Mi 内存），Kubernetes 自身默认不做任何预留。
#     message: "{keys} 没有预留内存：Pod 可能耗尽节点内存，拖垮 kubelet 和 etcd"
#     remediation: "在 kubeReserved 或 systemReserved 中写上 memory（运行控制平面和 etcd 的节点至少 1Gi），并重启 kubelet。"
#     messages:
#       kubekey:
#         message: "{keys} 没有预留内存，KubeKey 默认的 250Mi 也被替换掉了：Pod 可能拖垮 kubelet 和 etcd"
#         remediation: "删除 {keys}，使用 KubeKey 的默认值；或者写上 memory，运行控制平面和 etcd 的节点至少 1Gi。"
package policies.rules.resources["kubelet-reserved-missing"]

import data.policies.lib.kubelet
import data.policies.lib.quantity
import future.keywords.not

deny contains object.union(_fault(settings), _message(settings)) if {
	some settings in kubelet.settings
	every key in _reserved {
		_holds_no_memory(settings.maps[key])
	}
	not settings.fields.reservedMemory
	not kubelet.is_set_elsewhere(
		settings,
		["kubeReserved", "systemReserved", "reservedMemory"],
		["kube-reserved", "system-reserved", "reserved-memory"],
	)
}

_reserved := ["kubeReserved", "systemReserved"]

_fault(settings) := {"document": at.document, "path": at.path, "args": {"keys": concat(", ", keys)}} if {
	keys := [key | some key in _reserved; settings.fields[key]]
	at := settings.fields[keys[0]]
}

_message(settings) := {"message": "kubekey"} if startswith(settings.source, "kubekey")

_message(settings) := {} if not startswith(settings.source, "kubekey")

_holds_no_memory(map) if {
	is_object(map)
	not "memory" in object.keys(map)
}

_holds_no_memory(map) if quantity.amount(map.memory) == 0
