# METADATA
# title: KubeSphere component without request and limit of memory
# description: >-
#   Without either, the kubelet counts all memory of the pod as more than it asked for: when a node runs short, the console and the API
#   behind it are among the first to be evicted or killed. Every release ships both. A limit alone is enough, Kubernetes makes the
#   request of it; so is memory under the pod's own resources, or a LimitRange of the namespace that fills it in.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/
# - ref: https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/core/v1/defaults.go
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/ks-core/ks-core/templates/custom-values-ks-core.yaml.j2
# custom:
#   severity: warning
#   targets: [kubesphere-workload]
#   facts: [limits]
#   message: "{container} has neither a request nor a limit of memory: evicted or killed first when its node runs short"
#   remediation: Restore the shipped values of {container}, requests.memory {request} and limits.memory {limit}.
#   zh:
#     title: KubeSphere 组件没有设置内存 requests 和 limits
#     description: >-
#       两者都没有时，kubelet 会认为该 Pod 的内存全部超出申请量：节点内存紧张时，控制台及其背后的 API 会最先被驱逐或杀掉。每个版本出厂时两者都有。只写
#       limits 就够了，Kubernetes 会据此补上 requests；写在 Pod 级别的 resources 里，或由命名空间的 LimitRange 补上，同样有效。
#     message: "{container} 既没有内存 requests，也没有内存 limits：节点内存紧张时最先被驱逐或杀掉"
#     remediation: 恢复 {container} 的出厂值：requests.memory {request}，limits.memory {limit}。
package policies.rules.resources["ks-core-no-requests-limits"]

import data.policies.lib.core
import data.policies.lib.workload
import future.keywords.not

deny contains {
	"path": array.concat(container.path, ["resources"]),
	"args": object.union({"container": container.name}, _shipped[container.name]),
} if {
	some container in core.containers
	_has_no_memory(container.value)
	_has_no_memory(workload.pod.value)
	not input.facts.limits.limits.memory
	not input.facts.limits.requests.memory
}

_shipped := {
	"ks-apiserver": {"request": "100Mi", "limit": "1024Mi"},
	"ks-console": {"request": "100Mi", "limit": "1024Mi"},
	"ks-controller-manager": {"request": "50Mi", "limit": "1000Mi"},
}

_has_no_memory(holder) if {
	resources := _mapping(holder, "resources")
	every side in ["limits", "requests"] {
		object.get(_mapping(resources, side), "memory", null) == null
	}
}

# Undefined for what is written and no mapping, such as a template.
_mapping(holder, key) := {} if object.get(holder, key, null) == null

_mapping(holder, key) := holder[key] if is_object(holder[key])
