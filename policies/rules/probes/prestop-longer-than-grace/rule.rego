# METADATA
# title: preStop hook uses up the grace period
# description: >-
#   The grace period runs while the hook sleeps. A hook that sleeps as long leaves the process two seconds between SIGTERM and SIGKILL:
#   open requests are cut off, nothing is flushed. A native sleep that is longer than the grace period is refused by the API server.
# related_resources:
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/kubelet/kuberuntime/kuberuntime_container.go
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/core/validation/validation.go
# custom:
#   severity: warning
#   targets: [workload]
#   when: hooks
#   message: "preStop of \"{container}\" sleeps all {grace} s of the grace period: the process is killed 2 s after SIGTERM"
#   remediation: Raise the pod's terminationGracePeriodSeconds above {sleep} plus the seconds that the process needs to stop.
#   messages:
#     refused:
#       message: "preStop of \"{container}\" sleeps {sleep} s, more than the grace period of {grace} s: the API server refuses the pod"
#   zh:
#     title: preStop 钩子耗尽宽限期
#     description: preStop 睡眠期间宽限期照常计时。睡眠时间不短于宽限期时，进程收到 SIGTERM 后只剩 2 秒就会被 SIGKILL：未完成的请求被切断，数据来不及落盘。原生 sleep 若超过宽限期，API server 会直接拒绝。
#     message: "\"{container}\" 的 preStop 睡满了 {grace} 秒的宽限期：进程收到 SIGTERM 后 2 秒即被强杀"
#     remediation: 把 Pod 的 terminationGracePeriodSeconds 调到大于 {sleep} 秒加上进程停止所需的时间。
#     messages:
#       refused:
#         message: "\"{container}\" 的 preStop 睡眠 {sleep} 秒，超过 {grace} 秒的宽限期：API server 会拒绝该 Pod"
package policies.rules.probes["prestop-longer-than-grace"]

import data.policies.lib.prestop
import data.policies.lib.workload

deny contains {
	"path": sleep.path,
	"args": {"container": sleep.container, "sleep": sleep.seconds, "grace": workload.grace.value},
	"message": _message(sleep, workload.grace.value),
} if {
	some sleep in prestop.outlasting
}

_message(sleep, grace) := "refused" if {
	sleep.native
	sleep.seconds > grace
} else := ""
