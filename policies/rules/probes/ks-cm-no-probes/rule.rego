# METADATA
# title: ks-controller-manager takes webhook calls before it can answer
# description: >-
#   While the pod starts, its Service already routes to it, and webhooks with failurePolicy Fail refuse what they should check: users
#   (3.x), clusters, IP pools and alerting rule groups (3.4), extensions, install plans and applications (4.1). Only a readiness probe
#   on port 8443 keeps it out; no release ships one. Stand-by replicas listen there too and become ready.
# related_resources:
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/ks-core/ks-core/files/ks-core/templates/webhook.yaml
# - ref: https://github.com/kubesphere/kubesphere/blob/v4.1.3/config/ks-core/templates/webhook.yaml
# - ref: https://github.com/kubesphere/kubesphere/blob/v3.4.1/cmd/controller-manager/app/server.go
# custom:
#   severity: info
#   targets: [kubesphere-workload]
#   message: "{container} has no readinessProbe: while it starts, writes that its webhooks check are refused"
#   remediation: "Add readinessProbe: {tcpSocket: {port: 8443}}, but no livenessProbe on 8443: a slow start would end in a kill loop."
#   messages:
#     port:
#       message: "readinessProbe of {container} asks port \"{port}\", not 8443: while it starts, writes that its webhooks check are refused"
#       remediation: "Write readinessProbe: {tcpSocket: {port: 8443}}."
#   zh:
#     title: ks-controller-manager 尚不能应答就收到 webhook 请求
#     description: Pod 启动期间 Service 已经把流量转发过来，failurePolicy 为 Fail 的 webhook 会拒绝本该由它检查的写操作：用户（3.x），集群、IP 池和告警规则组（3.4），扩展组件、安装计划和应用（4.1）。只有 8443 端口上的就绪探针能避免，而所有版本出厂都没有。备用副本同样监听该端口，不影响就绪。
#     message: "{container} 没有 readinessProbe：启动期间，由其 webhook 检查的写操作都会被拒绝"
#     remediation: "添加 readinessProbe: {tcpSocket: {port: 8443}}；不要在 8443 上加 livenessProbe，否则启动一慢就会陷入反复重启。"
#     messages:
#       port:
#         message: "{container} 的 readinessProbe 探测端口 \"{port}\" 而不是 8443：启动期间，由其 webhook 检查的写操作都会被拒绝"
#         remediation: "改为 readinessProbe: {tcpSocket: {port: 8443}}。"
package policies.rules.probes["ks-cm-no-probes"]

import data.policies.lib.core
import data.policies.lib.value
import future.keywords.not

deny contains {
	"path": array.concat(_container.path, ["readinessProbe"]),
	"args": {"container": _container.name},
	"message": "",
} if {
	value.unset(_container.value, "readinessProbe")
}

deny contains {
	"path": array.concat(_container.path, ["readinessProbe", kind, "port"]),
	"args": {"container": _container.name, "port": handler.port},
	"message": "port",
} if {
	[[kind, handler]] := _handlers
	kind in {"httpGet", "tcpSocket"}
	value.unset(handler, "host")
	ports := _numbers(handler.port)
	count(ports) > 0
	not 8443 in ports
}

_container := [container |
	core.deployment.value in {"ks-controller-manager", "ks-agent"}
	some container in core.containers
	container.name == "ks-controller-manager"
][0]

# Whether a command asks that port, nobody can say; several at once are refused.
_handlers := [[kind, handler] |
	some kind, handler in _container.value.readinessProbe
	kind in {"exec", "grpc", "httpGet", "tcpSocket"}
	is_object(handler)
]

# What a port asks for: itself, or the numbers that the container declares under that name. None for what cannot be.
_numbers(port) := {number |
	some number in array.concat([port], _declared(port))
	is_number(number)
	number >= 1
	number <= 65535
}

_declared(name) := [port.containerPort | some port in _container.value.ports; port.name == name]
