# METADATA
# title: StatefulSet without time to stop
# description: >-
#   With a grace period of 0 the pod object is deleted at once, while its process may still run. The StatefulSet then starts a pod of the
#   same identity, and both write to the same volume. Kubernetes' documentation calls the value unsafe and strongly discourages it; the
#   API server accepts it.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#deployment-and-scaling-guarantees
# - ref: https://kubernetes.io/docs/tasks/run-application/force-delete-stateful-set-pod/
# custom:
#   severity: warning
#   targets: [workload]
#   parameters:
#     ignoreNamespaces:
#       type: strings
#       default: ["kube-*", "kubesphere-*", istio-system]
#       description: Namespaces that other rules look after, or that are not yours to change, with * for any text.
#       zh: 由其他规则负责、或不归您管理的命名空间，* 匹配任意文本。
#   message: "the grace period is 0: two pods of one identity can write to the same volume"
#   remediation: Delete terminationGracePeriodSeconds (30 seconds then hold), or write how long the process needs to stop.
#   zh:
#     title: StatefulSet 没有停止时间
#     description: 宽限期为 0 时，Pod 对象会被立即删除，而进程可能仍在运行。StatefulSet 随即启动同名的新 Pod，两者会同时写同一个卷。Kubernetes 文档明确说明该值不安全、强烈不建议使用，但 API server 不会拒绝。
#     message: "宽限期为 0：两个同名 Pod 可能同时写同一个卷"
#     remediation: 删除 terminationGracePeriodSeconds（默认 30 秒），或写上进程停止实际需要的时间。
package policies.rules.baseline["statefulset-grace-zero"]

import data.policies.lib.baseline
import data.policies.lib.store
import data.policies.lib.workload
import future.keywords.not

deny contains {"path": workload.grace.path, "args": {}} if {
	input.document.value.kind == "StatefulSet"
	workload.pod.value.terminationGracePeriodSeconds == 0
	not store.name # termination-grace-zero speaks
	baseline.is_judged("statefulset-grace-zero")
}
