# METADATA
# title: Liveness probe asks what the readiness probe asks
# description: >-
#   An overloaded pod should be taken out of the Service until it has caught up. Where the liveness probe checks the same and loses patience
#   no later, the pod is restarted at that moment; its load moves on, and the next one falls. The same check with more patience is the
#   documented good pattern.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
# - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
# - ref: https://github.com/zegl/kube-score/blob/master/README_PROBES.md
# custom:
#   severity: warning
#   targets: [workload]
#   when: alike-probes
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
#   message: "livenessProbe of \"{container}\" checks the same as readinessProbe and fails no later ({liveness} s, {readiness} s): an overloaded pod is restarted, then the next"
#   remediation: Raise failureThreshold of the livenessProbe, or check less in it.
#   zh:
#     title: 存活探针与就绪探针相同
#     description: 过载的 Pod 应当先从 Service 摘除，等它恢复。如果存活探针检查的内容相同，判定失败又不更晚，Pod 就会在这时被重启；流量转到其他 Pod，接着下一个也倒下。检查内容相同但更有耐心，是官方文档推荐的写法。
#     message: "\"{container}\" 的 livenessProbe 与 readinessProbe 检查相同，且判定失败不更晚（{liveness} 秒，{readiness} 秒）：过载的 Pod 会被重启，并逐个拖垮其余 Pod"
#     remediation: 调大 livenessProbe 的 failureThreshold，或减少它检查的内容。
package policies.rules.baseline["workload-probes-identical"]

import data.policies.lib.baseline
import data.policies.lib.workload
import future.keywords.not

deny contains {
	"path": array.concat(container.path, ["livenessProbe"]),
	"args": {"container": container.name, "liveness": liveness, "readiness": readiness},
} if {
	some container in workload.candidates.alike
	liveness := _patience(container.value.livenessProbe)
	readiness := _patience(container.value.readinessProbe)
	liveness <= readiness
	_handler(container.value.livenessProbe) == _handler(container.value.readinessProbe)
	container.kind in {"container", "sidecar"}
	baseline.judges("workload-probes-identical", container)
}

# What most containers have is told apart at small cost.
# Seconds.
_patience(probe) := _number(probe, "failureThreshold", 3) * _number(probe, "periodSeconds", 10) if is_object(probe)

# The API server puts the default for 0, too, and refuses what is less.
_number(probe, field, otherwise) := number if {
	number := probe[field]
	number > 0
	is_number(number)
} else := otherwise if object.get(probe, field, 0) in {null, 0}

# As the API server completes it. Undefined for none and for several, and where somebody else fills it in.
_handler(probe) := {kind: object.union(defaults, {field: x | some field, x in probe[kind]; not x in {null, ""}})} if {
	kinds := {
		"exec": {}, "grpc": {"service": ""}, "tcpSocket": {"host": ""},
		"httpGet": {"scheme": "HTTP", "host": "", "path": "/", "httpHeaders": []},
	}
	[kind] := [kind | some kind, _ in kinds; is_object(probe[kind])]
	defaults := kinds[kind]
	not workload.skippable(json.marshal(probe[kind]))
}
