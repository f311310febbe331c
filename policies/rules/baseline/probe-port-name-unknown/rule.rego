# METADATA
# title: Probe names a port that the container does not have
# description: >-
#   The kubelet looks the name up in the ports of the same container only. Where it is missing the kubelet cannot even build the probe and
#   throws the result away: a liveness probe never acts, a readiness probe never passes, a startup probe never ends. A lifecycle hook fails.
#   The API server accepts the name.
# related_resources:
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/probe/util.go
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/kubelet/prober/worker.go
# custom:
#   severity: error
#   targets: [workload]
#   when: named-ports
#   message: "port \"{port}\" of {place} is none of the container's ports: the probe never acts, a hung process stays"
#   remediation: "Give a port of this container name: {port}, or write the port's number."
#   messages:
#     readinessProbe:
#       message: "port \"{port}\" of {place} is none of the container's ports: the pod never becomes ready"
#     startupProbe:
#       message: "port \"{port}\" of {place} is none of the container's ports: start-up never ends, the pod never becomes ready"
#     postStart:
#       message: "port \"{port}\" of {place} is none of the container's ports: the hook fails, the container is killed at every start"
#     preStop:
#       message: "port \"{port}\" of {place} is none of the container's ports: the hook fails, the container stops without it"
#   zh:
#     title: 探针引用了容器没有的端口名
#     description: kubelet 只在同一个容器的 ports 里查找端口名。找不到时连探测请求都构造不出来，结果直接丢弃：存活探针永远不起作用，就绪探针永远不通过，启动探针永远不结束；lifecycle 钩子则直接失败。API server 不会拒绝这样的名字。
#     message: "{place} 的端口 \"{port}\" 不在该容器的 ports 中：探针不起作用，卡死的进程不会被重启"
#     remediation: "在该容器的 ports 中为端口写上 name: {port}，或直接写端口号。"
#     messages:
#       readinessProbe:
#         message: "{place} 的端口 \"{port}\" 不在该容器的 ports 中：Pod 永远不会就绪"
#       startupProbe:
#         message: "{place} 的端口 \"{port}\" 不在该容器的 ports 中：启动阶段永远不结束，Pod 永远不会就绪"
#       postStart:
#         message: "{place} 的端口 \"{port}\" 不在该容器的 ports 中：钩子失败，容器每次启动都会被杀掉"
#       preStop:
#         message: "{place} 的端口 \"{port}\" 不在该容器的 ports 中：钩子失败，容器停止时不会执行它"
package policies.rules.baseline["probe-port-name-unknown"]

import data.policies.lib.core
import data.policies.lib.value
import data.policies.lib.workload
import future.keywords.not

deny contains _fault(probe.container, array.concat(probe.path, [kind, "port"]), probe.kind, port) if {
	some probe in workload.candidates.named
	some kind in ["httpGet", "tcpSocket"]
	port := probe.value[kind].port
	is_string(port)
	not port in {declared.name | some declared in probe.container.value.ports}
	not _asks_kubesphere(probe, kind)
}

deny contains _fault(container, array.concat(container.path, ["lifecycle", hook, "httpGet", "port"]), hook, port) if {
	some container in workload.candidates.hooks
	some hook, handler in container.value.lifecycle
	port := handler.httpGet.port
	is_string(port)
	hook in {"postStart", "preStop"}
	not port in {declared.name | some declared in container.value.ports}
}

_fault(container, path, place, port) := {
	"path": path,
	"args": {"port": port, "place": place},
	"message": object.get({"livenessProbe": ""}, place, place),
} if {
	container.kind in {"container", "sidecar"}
	_is_port_name(port)
	not workload.is_patch
	not workload.is_made_by_controller
}

# Text that is no name is another fault.
_is_port_name(text) if {
	count(text) <= 15
	regex.match(`^[a-z0-9]+(?:-[a-z0-9]+)*$`, text)
	regex.match(`[a-z]`, text)
}

# liveness-wrong-target speaks about these.
_asks_kubesphere(probe, kind) if {
	value.unset(probe.value[kind], "host")
	probe.container.name in {"ks-apiserver", "ks-console"}
	probe.container in core.containers
}
