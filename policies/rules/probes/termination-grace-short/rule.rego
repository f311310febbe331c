# METADATA
# title: KubeSphere component with little time to stop
# description: >-
#   What a container has not finished when the grace period ends is lost: requests are cut off, and a store that did not write
#   everything out takes long to recover after maintenance. OpenSearch is shipped with 120, and Elasticsearch and Prometheus need no
#   less. Without the field 30 seconds hold, which the API server writes out: of 30 nothing is said.
# related_resources:
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/common/templates/custom-values-opensearch-data.yaml.j2
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/core/v1/defaults.go
# custom:
#   severity: info
#   targets: [kubesphere-workload, static-pod]
#   parameters:
#     least:
#       type: number
#       default: 30
#       description: Seconds that KubeSphere's own Deployments and its stores need to stop.
#       zh: KubeSphere 自身的 Deployment 及其存储组件停止所需的秒数。
#     least_slow:
#       type: number
#       default: 120
#       description: Seconds that OpenSearch, Elasticsearch and Prometheus need to stop.
#       zh: OpenSearch、Elasticsearch、Prometheus 停止所需的秒数。
#   message: "{name} gets {grace} s to stop: requests that take longer are cut off"
#   remediation: "Write terminationGracePeriodSeconds: {least}, or more."
#   messages:
#     store:
#       message: "{name} gets {grace} s to stop: killed before it has written everything out, it recovers for long at its next start"
#   zh:
#     title: KubeSphere 组件停止时间过短
#     description: 宽限期结束时还没完成的工作都会丢失：请求被切断；存储组件来不及落盘，维护之后要花很长时间恢复。OpenSearch 出厂是 120 秒，Elasticsearch 和 Prometheus 需要的时间也不会更少。不写该字段即为 30 秒，API server 会把它补进对象，因此 30 秒不告警。
#     message: "{name} 只有 {grace} 秒停止时间：耗时更长的请求会被切断"
#     remediation: "terminationGracePeriodSeconds 写 {least} 或更大。"
#     messages:
#       store:
#         message: "{name} 只有 {grace} 秒停止时间：未落盘完就被强杀，下次启动要恢复很久"
package policies.rules.probes["termination-grace-short"]

import data.policies.lib.core
import data.policies.lib.prestop
import data.policies.lib.store
import data.policies.lib.workload

deny contains _fault(core.deployment.value, input.parameters["termination-grace-short"].least, "")

deny contains _fault(store.name, _least, "store") if workload.grace.value > 0 # 0 is termination-grace-zero's

_fault(name, least, message) := {
	"path": workload.grace.path,
	"args": {"name": name, "grace": workload.grace.value, "least": least},
	"message": message,
} if {
	workload.grace.written
	workload.grace.value < least
	workload.grace.value != 30 # what the API server writes out where nobody has
	prestop.outlasting == []
}

_least := input.parameters["termination-grace-short"].least_slow if {
	store.is_slow
} else := input.parameters["termination-grace-short"].least
