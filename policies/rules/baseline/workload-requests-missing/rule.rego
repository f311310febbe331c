# METADATA
# title: Container without requests
# description: >-
#   The scheduler counts requests, not use: a container without them fits on a node that is full. Without a request of memory it is among
#   the first to be evicted when the node runs short, without one of cpu the others go first. A limit alone becomes the request; requests or
#   limits of the pod (Kubernetes 1.34) and a LimitRange of the namespace with defaults for containers do as well.
# related_resources:
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/v1/defaults.go
# - ref: https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/
# - ref: https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/
# - ref: https://github.com/stackrox/kube-linter/blob/main/docs/generated/checks.md
# custom:
#   severity: warning
#   targets: [workload]
#   when: unlimited
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
#   message: "container \"{container}\" requests neither cpu nor memory: it is placed on full nodes and evicted first"
#   remediation: Write resources.requests.cpu and resources.requests.memory, what the container needs at rest.
#   messages:
#     cpu:
#       message: "container \"{container}\" requests no cpu: it is placed on full nodes and gets what the others leave"
#       remediation: Write resources.requests.cpu, what the container needs at rest.
#     memory:
#       message: "container \"{container}\" requests no memory: it is placed on full nodes and evicted among the first"
#       remediation: Write resources.requests.memory, what the container needs at rest.
#   zh:
#     title: 容器没有 requests
#     description: 调度器只看 requests，不看实际用量：没有 requests 的容器会被放到已经满载的节点上。没有 memory 的 requests，节点内存紧张时会优先被驱逐；没有 cpu 的 requests，CPU 总是先给别的容器。只写 limits 时，requests 取 limits 的值；Pod 级的 requests 或 limits（Kubernetes 1.34），以及命名空间中为容器设置了默认值的 LimitRange 同样有效。
#     message: "容器 \"{container}\" 没有 cpu 和 memory 的 requests：会被调度到满载的节点，并最先被驱逐"
#     remediation: 写上 resources.requests.cpu 和 resources.requests.memory，取容器平稳运行时的用量。
#     messages:
#       cpu:
#         message: "容器 \"{container}\" 没有 cpu 的 requests：会被调度到满载的节点，只能用别人剩下的 CPU"
#         remediation: 写上 resources.requests.cpu，取容器平稳运行时的用量。
#       memory:
#         message: "容器 \"{container}\" 没有 memory 的 requests：会被调度到满载的节点，并优先被驱逐"
#         remediation: 写上 resources.requests.memory，取容器平稳运行时的用量。
package policies.rules.baseline["workload-requests-missing"]

import data.policies.lib.baseline

deny contains {
	"path": baseline.place(container, ["resources", "requests", missing[0]]),
	"args": {"container": container.name},
	"message": _message(missing),
} if {
	some container in array.concat(baseline.unrequested("cpu"), baseline.unrequested("memory"))
	container.kind in {"container", "sidecar"}
	baseline.judges("workload-requests-missing", container)
	missing := [resource |
		some resource in ["cpu", "memory"]
		container in baseline.unrequested(resource)
	]
}

_message(missing) := missing[0] if count(missing) == 1

_message(missing) := "" if count(missing) == 2
