# METADATA
# title: Container without liveness probe
# description: >-
#   A process that hangs without exiting stays until someone notices: only a liveness probe makes the kubelet restart it. Jobs end by
#   themselves and are left alone, so are init containers and sidecars.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
# - ref: https://github.com/stackrox/kube-linter/blob/main/docs/generated/checks.md
# - ref: https://github.com/zegl/kube-score/issues/108
# - ref: https://github.com/open-policy-agent/gatekeeper-library/tree/master/library/general/requiredprobes
# custom:
#   severity: warning
#   targets: [workload]
#   when: no-liveness
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
#   message: "container \"{container}\" has no livenessProbe: when it hangs, nothing restarts it"
#   remediation: Add a livenessProbe with a cheap check of the process itself, never of what it depends on.
#   zh:
#     title: 容器没有存活探针
#     description: 进程卡死但不退出时，会一直挂着直到有人发现：只有存活探针才能让 kubelet 重启它。Job 会自行结束，不检查；init 容器和 sidecar 也不检查。
#     message: "容器 \"{container}\" 没有 livenessProbe：进程卡死后不会被重启"
#     remediation: 添加 livenessProbe，只对进程本身做轻量检查，不要检查它的依赖。
package policies.rules.baseline["workload-liveness-missing"]

import data.policies.lib.baseline

deny contains {
	"path": baseline.place(container, ["livenessProbe"]),
	"args": {"container": container.name},
} if {
	some container in baseline.unprobed("livenessProbe")
	baseline.judges("workload-liveness-missing", container)
}
