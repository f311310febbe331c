# METADATA
# title: Container without readiness probe
# description: >-
#   Without a readiness probe a pod counts as ready as soon as its containers run: it gets traffic that it cannot answer yet, and a rollout
#   goes on over pods that are broken. Asked of containers that declare a TCP port or that a Service leads to; Jobs, init containers and
#   sidecars are left alone.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
# - ref: https://github.com/stackrox/kube-linter/blob/main/docs/generated/checks.md
# - ref: https://github.com/zegl/kube-score/blob/master/README_PROBES.md
# custom:
#   severity: warning
#   targets: [workload]
#   when: no-readiness
#   facts: [services]
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
#   message: "container \"{container}\" has no readinessProbe: it gets traffic before it can answer, rollouts go on over broken pods"
#   remediation: Add a readinessProbe with a check that fails while the pod cannot serve.
#   zh:
#     title: 容器没有就绪探针
#     description: 没有就绪探针时，容器一启动 Pod 就算就绪：还不能响应就收到流量，滚动更新也会在 Pod 已损坏的情况下继续。只检查声明了 TCP 端口或被 Service 指向的容器；不检查 Job、init 容器和 sidecar。
#     message: "容器 \"{container}\" 没有 readinessProbe：还不能响应就收到流量，Pod 损坏时滚动更新照样继续"
#     remediation: 添加 readinessProbe，Pod 不能提供服务时检查必须失败。
package policies.rules.baseline["workload-readiness-missing"]

import data.policies.lib.baseline
import data.policies.lib.workload
import future.keywords.not

deny contains {
	"path": baseline.place(container, ["readinessProbe"]),
	"args": {"container": container.name},
} if {
	some container in baseline.unprobed("readinessProbe")
	_is_asked(container)
	baseline.judges("workload-readiness-missing", container)
}

_is_asked(container) if {
	some port in container.value.ports
	is_number(port.containerPort)
	object.get(port, "protocol", null) in {null, "", "TCP"}
}

_is_asked(container) if {
	some service in _services
	some target in service.ports
	_leads_to(target, container.value)
}

# Those that select the pods.
_services := [service |
	some service in input.facts.services
	every label, text in service.selector {
		_labels[label] == text
		not workload.skippable(text)
	}
]

_labels := object.get(input.document.value, array.concat(above, ["metadata", "labels"]), {}) if {
	above := array.slice(workload.pod.path, 0, count(workload.pod.path) - 1)
}

_leads_to(target, container) if {
	some port in container.ports
	some name in ["containerPort", "name"]
	port[name] == target
	target != null
}

# A number that nobody declares can be anyone's, if there is more than one.
_leads_to(target, _) if {
	is_number(target)
	count([1 | some container in workload.containers; container.kind in {"container", "sidecar"}]) == 1
}
