# METADATA
# title: Store is killed without time to write out
# description: >-
#   With a grace period of 0 the pod is deleted without waiting: nothing is flushed, and for a StatefulSet a second pod of the same
#   identity may start on the same volume while the first still writes. The API server accepts the value. What KubeSphere ships has
#   30 seconds, OpenSearch 120, nothing has 0.
# related_resources:
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/core/validation/validation.go
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/core/v1/defaults.go
# custom:
#   severity: error
#   targets: [kubesphere-workload, static-pod]
#   message: "{name} has a grace period of 0: it is killed at every stop and loses what it has not written yet"
#   remediation: Delete terminationGracePeriodSeconds (30 seconds then hold), or write 120 for OpenSearch.
#   zh:
#     title: 存储类组件停止时没有落盘时间
#     description: 宽限期为 0 时，Pod 会被立即删除，不等待任何落盘；对 StatefulSet 来说，旧 Pod 还在写数据，同名的新 Pod 就可能挂上同一个卷启动。API server 不会拒绝这个值。KubeSphere 出厂值是 30 秒，OpenSearch 是 120 秒，没有任何组件为 0。
#     message: "{name} 的宽限期为 0：每次停止都会被直接杀掉，未落盘的数据会丢失"
#     remediation: 删除 terminationGracePeriodSeconds（默认 30 秒），OpenSearch 请写 120。
package policies.rules.probes["termination-grace-zero"]

import data.policies.lib.store
import data.policies.lib.workload

deny contains {"path": workload.grace.path, "args": {"name": store.name}} if workload.grace.value == 0
