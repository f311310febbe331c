# METADATA
# title: Container without cpu limit
# description: >-
#   Without a limit a busy loop takes all the cpu that the node has left. Many teams leave the limit out on purpose, because a container at
#   its limit is throttled even on an idle node: this rule is for those who decided otherwise. A limit of the pod (Kubernetes 1.34) or a
#   LimitRange of the namespace with a default for containers does as well.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
# - ref: https://github.com/FairwindsOps/polaris/blob/master/docs/checks/efficiency.md
# - ref: https://github.com/zegl/kube-score/blob/master/README_CHECKS.md
# custom:
#   severity: info
#   targets: [workload]
#   when: unlimited-cpu
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
#   message: "container \"{container}\" has no cpu limit: a busy loop takes all idle cpu of the node"
#   remediation: Write resources.limits.cpu, or leave this rule off.
#   zh:
#     title: 容器没有 CPU 上限
#     description: 没有上限时，一个死循环就能占满节点上所有空闲的 CPU。很多团队有意不设上限，因为达到上限的容器即使在空闲节点上也会被限流：本规则面向决定设上限的团队。Pod 级上限（Kubernetes 1.34）或命名空间中为容器设置了默认值的 LimitRange 同样有效。
#     message: "容器 \"{container}\" 没有 CPU 上限：一个死循环就会占满节点的空闲 CPU"
#     remediation: 写上 resources.limits.cpu，或关闭本规则。
package policies.rules.baseline["workload-cpu-limit-missing"]

import data.policies.lib.baseline

deny contains {
	"path": baseline.place(container, ["resources", "limits", "cpu"]),
	"args": {"container": container.name},
} if {
	some container in baseline.unlimited("cpu")
	container.kind in {"container", "sidecar"}
	baseline.judges("workload-cpu-limit-missing", container)
}
