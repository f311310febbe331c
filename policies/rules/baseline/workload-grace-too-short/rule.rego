# METADATA
# title: Workload with little time to stop
# description: >-
#   When the grace period ends, the kubelet sends SIGKILL: requests that are still served are cut off, what is not yet written is lost.
#   Without the field 30 seconds hold. KubeSphere's own components, and StatefulSets with 0, have rules of their own.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination
# custom:
#   severity: warning
#   targets: [workload]
#   default: "off"
#   parameters:
#     minimum:
#       type: number
#       default: 10
#       description: Seconds that a pod needs at least to stop.
#       zh: Pod 停止至少需要的秒数。
#     ignoreNamespaces:
#       type: strings
#       default: ["kube-*", "kubesphere-*", istio-system]
#       description: Namespaces that other rules look after, or that are not yours to change, with * for any text.
#       zh: 由其他规则负责、或不归您管理的命名空间，* 匹配任意文本。
#   message: "the pod gets {grace} s to stop: it is killed while it still serves requests or writes data"
#   remediation: Raise terminationGracePeriodSeconds above the longest request or flush plus the time of preStop.
#   zh:
#     title: 工作负载停止时间过短
#     description: 宽限期一到，kubelet 就发送 SIGKILL：正在处理的请求被切断，尚未落盘的数据丢失。不写该字段即为 30 秒。KubeSphere 自身组件以及宽限期为 0 的 StatefulSet 由其他规则检查。
#     message: "Pod 只有 {grace} 秒停止时间：请求没处理完、数据没写完就会被强杀"
#     remediation: 把 terminationGracePeriodSeconds 调到大于最长请求或落盘耗时加上 preStop 的时间。
package policies.rules.baseline["workload-grace-too-short"]

import data.policies.lib.baseline
import data.policies.lib.prestop
import data.policies.lib.store
import data.policies.lib.workload
import future.keywords.not

deny contains {"path": workload.grace.path, "args": {"grace": workload.grace.value}} if {
	workload.pod.value.terminationGracePeriodSeconds < input.parameters["workload-grace-too-short"].minimum
	input.document.value.kind in {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"}
	workload.grace.written # a number, not null
	not _others_speak
	baseline.is_judged("workload-grace-too-short")
}

# The rules termination-grace-*, statefulset-grace-zero, prestop-longer-than-grace.
_others_speak if store.name

_others_speak if {
	input.document.value.kind == "StatefulSet"
	workload.grace.value == 0
}

_others_speak if count(prestop.outlasting) > 0
