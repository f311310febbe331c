# METADATA
# title: Probe that the API server refuses
# description: >-
#   The API server refuses a pod with such a probe, and kubectl prints why. Where nothing checks the template beforehand, in patches and
#   in custom resources that embed one, the workload is accepted and stands at 0 pods. The usual case is a port number in quotes: text is
#   read as the name of a port. An init container takes probes and lifecycle hooks only with restartPolicy Always (Kubernetes 1.28).
# related_resources:
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/validation/validation.go
# - ref: https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
# - ref: https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
# custom:
#   severity: error
#   targets: [workload]
#   when: odd-probes
#   message: "port \"{port}\" of {probe} is a number in quotes: the API server refuses the pod"
#   remediation: "Write port: {port}, without quotes."
#   messages:
#     port-name:
#       message: "port \"{port}\" of {probe} is no valid port name: the API server refuses the pod"
#       remediation: Write the port's number, or a declared name of at most 15 lower-case letters, digits and single dashes.
#     port-range:
#       message: "port {port} of {probe} is outside 1-65535: the API server refuses the pod"
#       remediation: Write the port on which the container listens.
#     port-grpc:
#       message: "port \"{port}\" of {probe} is text, grpc takes numbers only: the API server refuses the pod"
#       remediation: Write the port's number, without quotes.
#     no-handler:
#       message: "{probe} says nothing to check: the API server refuses the pod"
#       remediation: Give the probe one of exec, httpGet, tcpSocket and grpc, or delete it.
#     handlers:
#       message: "{probe} has {handlers} at once: the API server refuses the pod"
#       remediation: Keep one of them in each probe.
#     negative:
#       message: "{field} of {probe} is {number}, less than 0: the API server refuses the pod"
#       remediation: Write 0 or more, or delete the line for the default.
#     success:
#       message: "{field} of {probe} is {number}, only a readinessProbe takes more than 1: the API server refuses the pod"
#       remediation: Delete the line, or write 1.
#     grace:
#       message: "{field} of {probe} is {number}, less than 1: the API server refuses the pod"
#       remediation: Write 1 or more, or delete the line for the value of the pod.
#     grace-readiness:
#       message: "{probe} has {field}: the API server refuses the pod"
#       remediation: Delete the line, a readiness probe never ends a container.
#     init:
#       message: "init container \"{container}\" has a {field}: the API server refuses the pod"
#       remediation: "Delete it, or write restartPolicy: Always if the container is to run beside the others."
#   zh:
#     title: 探针会被 API server 拒绝
#     description: "带有这种探针的 Pod 会被 API server 拒绝，kubectl 会打印原因。补丁以及内嵌模板的自定义资源不会提前校验，工作负载能创建成功，但 Pod 数始终为 0。最常见的是端口号加了引号：文本会被当作端口名。init 容器只有设置 restartPolicy: Always（Kubernetes 1.28 起）才能使用探针和 lifecycle 钩子。"
#     message: "{probe} 的端口 \"{port}\" 是加了引号的数字：API server 会拒绝该 Pod"
#     remediation: "改为 port: {port}，不带引号。"
#     messages:
#       port-name:
#         message: "{probe} 的端口 \"{port}\" 不是合法的端口名：API server 会拒绝该 Pod"
#         remediation: 写端口号，或写已声明的端口名（最多 15 个字符，由小写字母、数字和不连续的短横线组成）。
#       port-range:
#         message: "{probe} 的端口 {port} 超出 1-65535：API server 会拒绝该 Pod"
#         remediation: 写容器实际监听的端口。
#       port-grpc:
#         message: "{probe} 的端口 \"{port}\" 是文本，grpc 只接受数字：API server 会拒绝该 Pod"
#         remediation: 写端口号，不带引号。
#       no-handler:
#         message: "{probe} 没有写检查方式：API server 会拒绝该 Pod"
#         remediation: 在 exec、httpGet、tcpSocket、grpc 中选一种写上，或删除该探针。
#       handlers:
#         message: "{probe} 同时写了 {handlers}：API server 会拒绝该 Pod"
#         remediation: 每个探针只保留其中一种。
#       negative:
#         message: "{probe} 的 {field} 为 {number}，小于 0：API server 会拒绝该 Pod"
#         remediation: 写不小于 0 的数，或删除该行使用默认值。
#       success:
#         message: "{probe} 的 {field} 为 {number}，只有 readinessProbe 可以大于 1：API server 会拒绝该 Pod"
#         remediation: 删除该行，或写 1。
#       grace:
#         message: "{probe} 的 {field} 为 {number}，小于 1：API server 会拒绝该 Pod"
#         remediation: 写不小于 1 的数，或删除该行沿用 Pod 的值。
#       grace-readiness:
#         message: "{probe} 中写了 {field}：API server 会拒绝该 Pod"
#         remediation: 删除该行，就绪探针不会终止容器。
#       init:
#         message: "init 容器 \"{container}\" 写了 {field}：API server 会拒绝该 Pod"
#         remediation: "删除它；如果该容器要与其他容器一起常驻运行，请写 restartPolicy: Always。"
package policies.rules.baseline["probe-refused-by-api"]

import data.policies.lib.core
import data.policies.lib.value
import data.policies.lib.workload
import future.keywords.not

# Most probes have nothing that could be refused.
# Text counts as more than any number.
deny contains _port_fault(probe, kind, port) if {
	some probe in workload.candidates.odd
	some kind in probe.handlers
	port := probe.value[kind].port
	port > 65535
}

deny contains _port_fault(probe, kind, port) if {
	some probe in workload.candidates.odd
	some kind in probe.handlers
	port := probe.value[kind].port
	port < 1
}

deny contains _number_fault(probe, field, message) if {
	some probe in workload.candidates.odd
	some field, number in probe.value
	number < _least[field]
	message := _below_least(probe.kind, field)
}

deny contains _number_fault(probe, "successThreshold", "success") if {
	some probe in workload.candidates.odd
	probe.value.successThreshold > 1
	probe.kind != "readinessProbe"
}

deny contains _number_fault(probe, "terminationGracePeriodSeconds", "grace-readiness") if {
	some probe in workload.candidates.odd
	probe.value.terminationGracePeriodSeconds
	probe.kind == "readinessProbe"
}

deny contains _fault(probe, [], {}, "no-handler") if {
	some probe in workload.candidates.odd
	not probe.handlers[0]
	not workload.is_patch
	not _counts_as_missing(probe)
}

deny contains _fault(probe, [], {"handlers": concat(", ", probe.handlers)}, "handlers") if {
	some probe in workload.candidates.odd
	probe.handlers[1]
}

deny contains {
	"path": array.concat(container.path, [field]),
	"args": {"container": container.name, "field": field},
	"message": "init",
} if {
	some container in workload.candidates.init
	some field in ["livenessProbe", "readinessProbe", "startupProbe", "lifecycle"]
	is_object(container.value[field])
	not workload.skippable(container.value.restartPolicy)
	not workload.is_patch
	not workload.is_made_by_controller
}

_fault(probe, field, args, message) := {
	"path": array.concat(probe.path, field),
	"args": object.union({"probe": probe.kind}, args),
	"message": message,
} if {
	probe.container.kind in {"container", "sidecar"}
	not workload.is_made_by_controller
	not startswith(input.document.value.apiVersion, "serving.knative.dev/") # whose own port 0 is filled in
}

_least := {
	"failureThreshold": 0, "initialDelaySeconds": 0, "periodSeconds": 0, "successThreshold": 0,
	"terminationGracePeriodSeconds": 1, "timeoutSeconds": 0,
}

_below_least(_, field) := "negative" if field != "terminationGracePeriodSeconds"

_below_least(kind, "terminationGracePeriodSeconds") := "grace" if kind != "readinessProbe"

# Text is taken for what somebody else fills in.
_number_fault(probe, field, message) := _fault(probe, [field], {"field": field, "number": number}, message) if {
	number := probe.value[field]
	is_number(number)
}

_port_fault(probe, kind, port) := _fault(probe, [kind, "port"], {"port": port}, _port_message(kind, port)) if {
	not _asks_kubesphere(probe, kind)
}

_port_message(_, port) := "port-range" if {
	is_number(port)
	true in {port < 1, port > 65535}
}

_port_message(kind, port) := _text_fault(kind, port) if {
	is_string(port)
	port != ""
	not workload.skippable(port)
}

_text_fault(kind, text) := "port-grpc" if {
	kind == "grpc"
} else := "" if {
	regex.match(`^[0-9]+$`, text)
} else := "port-name" if not _is_port_name(text)

_is_port_name(text) if {
	count(text) <= 15
	regex.match(`^[a-z0-9]+(?:-[a-z0-9]+)*$`, text)
	regex.match(`[a-z]`, text)
}

# liveness-wrong-target and ks-liveness-missing speak about these.
_asks_kubesphere(probe, kind) if {
	kind != "grpc"
	value.unset(probe.value[kind], "host")
	_is_kubesphere(probe.container)
}

_counts_as_missing(probe) if {
	probe.kind == "livenessProbe"
	probe.value == {}
	_is_kubesphere(probe.container)
}

_is_kubesphere(container) if {
	container.name in {"ks-apiserver", "ks-console"}
	container in core.containers
}
