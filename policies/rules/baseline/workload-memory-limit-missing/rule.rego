# METADATA
# title: Container without memory limit
# description: >-
#   Without a limit one leak takes the memory of the whole node. The kernel then kills whatever it picks, system daemons included where
#   nothing is reserved for them. A limit of the pod (Kubernetes 1.34) or a LimitRange of the namespace with a default for containers does
#   as well.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/
# - ref: https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/
# - ref: https://github.com/stackrox/kube-linter/blob/main/docs/generated/checks.md
# custom:
#   severity: warning
#   targets: [workload]
#   when: unlimited-memory
#   facts: [limits]
#   default: "off"
#   parameters:
#     ignoreNamespaces:
#       type: strings
#       default: ["kube-*", "kubesphere-*", istio-system]
#       description: Namespaces that other rules look after, or that are not yours to change, with * for any text.
#       zh: 由其他规则负责、或不归您管理的命名空间，* 匹配任意文本。
#     ignoreContainers:
#       type: strings
#       default: [istio-proxy, linkerd-proxy, kuma-sidecar]
#       description: Containers that somebody else puts into the pod, with * for any text.
#       zh: 由其他组件注入 Pod 的容器，* 匹配任意文本。
#   message: "container \"{container}\" has no memory limit: one leak takes the node's memory, and the kernel kills what it picks"
#   remediation: Write resources.limits.memory, above the peak that you measured.
#   zh:
#     title: 容器没有内存上限
#     description: 没有上限时，一次内存泄漏就能耗尽整个节点的内存，内核随后会任意选择进程杀掉；系统守护进程若没有预留资源，也在其列。Pod 级上限（Kubernetes 1.34）或命名空间中为容器设置了默认值的 LimitRange 同样有效。
#     message: "容器 \"{container}\" 没有内存上限：一次泄漏就会耗尽节点内存，内核会任意杀掉进程"
#     remediation: 写上 resources.limits.memory，取值高于实测峰值。
package policies.rules.baseline["workload-memory-limit-missing"]

import data.policies.lib.baseline

deny contains {
	"path": baseline.place(container, ["resources", "limits", "memory"]),
	"args": {"container": container.name},
} if {
	some container in baseline.unlimited("memory")
	baseline.judges("workload-memory-limit-missing", container)
}
