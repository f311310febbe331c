# METADATA
# title: Probe asks where KubeSphere does not answer
# description: >-
#   A liveness or startup probe that asks the wrong port, scheme or path never succeeds: the kubelet restarts ks-apiserver or
#   ks-console for ever. A readiness probe like that keeps the pod out of its Service. ks-apiserver listens on one port, that of
#   --secure-port or else --insecure-port (9090), and its health paths differ between versions: /healthz came with 3.4, /livez with
#   4.1.3. The port of ks-console is 8000, unless ConfigMap ks-console-config sets another.
# related_resources:
# - ref: https://github.com/kubesphere/kubesphere/blob/v4.1.3/pkg/apiserver/apiserver.go
# - ref: https://github.com/kubesphere/kubesphere/blob/v4.1.3/pkg/kapis/version/register.go
# - ref: https://github.com/kubesphere/kubesphere/blob/v4.1.3/pkg/server/options/options.go
# - ref: https://github.com/kubesphere/kubesphere/blob/v4.1.3/config/ks-core/templates/ks-agent.yaml
# - ref: https://github.com/kubesphere/ks-installer/tree/v3.4.1/roles/ks-core/ks-core/files/ks-core/templates
# custom:
#   severity: error
#   targets: [kubesphere-workload, ks-console-config]
#   scope: set
#   message: "{probe} asks for {field} \"{asked}\", {container} answers on {served}: the pod restarts for ever or never gets ready"
#   remediation: "Write {field}: {served}; the shipped probe has initialDelaySeconds 15, timeoutSeconds 15, failureThreshold 8."
#   messages:
#     path:
#       message: "{probe} asks for path \"{asked}\", which {container} does not serve: the pod restarts for ever or never gets ready"
#       remediation: >-
#         Write the path of your version: 3.0-3.3 /kapis/version, 3.4 /healthz, 4.1.1-4.1.2 /version, from 4.1.3 on /livez.
#     name:
#       message: "{probe} asks for port \"{asked}\", a name that no port of {container} has: the probe never runs"
#       remediation: "Write the port as a number without quotes: 9090 for ks-apiserver, 8000 for ks-console."
#   zh:
#     title: 探针指向 KubeSphere 不应答的地址
#     description: 存活或启动探针的端口、协议或路径写错，就永远不会成功，kubelet 会不停重启 ks-apiserver 或 ks-console；就绪探针写错，Pod 永远进不了 Service。ks-apiserver 只监听一个端口：设置了 --secure-port 就是它，否则是 --insecure-port（默认 9090）；健康检查路径随版本变化：/healthz 从 3.4 开始提供，/livez 从 4.1.3 开始提供。ks-console 的端口是 8000，除非 ConfigMap ks-console-config 另有设置。
#     message: "{probe} 的 {field} 为 \"{asked}\"，而 {container} 实际应答的是 {served}：Pod 会不停重启或永远不就绪"
#     remediation: "改为 {field}: {served}；出厂探针为 initialDelaySeconds 15、timeoutSeconds 15、failureThreshold 8。"
#     messages:
#       path:
#         message: "{probe} 请求路径 \"{asked}\"，{container} 不提供该路径：Pod 会不停重启或永远不就绪"
#         remediation: 按版本填写路径：3.0-3.3 用 /kapis/version，3.4 用 /healthz，4.1.1-4.1.2 用 /version，4.1.3 起用 /livez。
#       name:
#         message: "{probe} 的端口名 \"{asked}\" 在 {container} 的 ports 中不存在：探针根本不会执行"
#         remediation: 端口写成不带引号的数字：ks-apiserver 用 9090，ks-console 用 8000。
package policies.rules.probes["liveness-wrong-target"]

import data.policies.lib.core
import data.policies.lib.value
import data.policies.lib.version
import data.policies.lib.workload
import future.keywords.not

deny contains _fault(call, field, served[0], "") if {
	some call in _calls
	some field, served in _answers(call.container)
	asked := _asked(call, field)
	count(asked) > 0
	count(asked & {x | some x in served}) == 0
}

deny contains _fault(call, "port", null, "name") if {
	some call in _calls
	name := call.handler.port
	is_string(name)
	not workload.skippable(name)
	not name in {port.name | some port in call.container.value.ports}
}

deny contains _fault(call, "path", null, "path") if {
	some call in _calls
	call.container.name == "ks-apiserver"
	path := call.handler.path
	is_string(path)
	not workload.skippable(path)
	_unserved(concat("", ["/", trim(split(path, "?")[0], "/")]), call.version)
}

unchecked contains {"needs": "ConfigMap ks-console-config", "document": call.document} if {
	count(_console_configs) == 0
	some call in _calls
	call.container.name == "ks-console"
	some port in _asked(call, "port")
	port != 8000
	port in _answers(call.container).port
}

_fault(call, field, served, message) := {
	"document": call.document,
	"path": array.concat(call.path, [field]),
	"args": {
		"probe": call.probe, "container": call.container.name,
		"field": field, "asked": call.handler[field], "served": served,
	},
	"message": message,
}

# Probes that ask a container of KubeSphere's, not another host. What is absent has the API's default.
_calls contains {
	"document": i,
	"version": object.get(document, ["versions", "kubesphere"], ""),
	"container": probe.container,
	"probe": probe.kind,
	"path": array.concat(probe.path, [kind]),
	"handler": object.union(defaults, {key: x | some key, x in handler; not x in {null, ""}}),
} if {
	some i, document in input.set
	core.deployment_of(document.value)
	some probe in workload.probes_of(document.value)
	probe.container.kind == "container"
	probe.container.name in {"ks-apiserver", "ks-console"}
	some kind, defaults in {"httpGet": {"scheme": "HTTP", "path": "/"}, "tcpSocket": {}}
	handler := probe.value[kind]
	is_object(handler)
	value.unset(handler, "host")
}

# A port's name stands for the number that the container declares for it.
_asked(call, "port") := {port |
	some port in array.concat([call.handler.port], _declared(call.container, call.handler.port))
	is_number(port)
}

_asked(call, "scheme") := {call.handler.scheme} & {"HTTP", "HTTPS"}

_declared(container, name) := [port.containerPort | some port in container.value.ports; port.name == name]

# Where a container answers, the likeliest first. Undefined where somebody else fills in a flag.
_answers(container) := {"port": [port], "scheme": ["HTTPS"]} if {
	container.name == "ks-apiserver"
	port := _flag(container, "secure-port", 0)
	port > 0
} else := {"port": [_flag(container, "insecure-port", 9090)], "scheme": ["HTTP"]} if {
	container.name == "ks-apiserver"
	_flag(container, "secure-port", 0) == 0
} else := {"port": array.concat(_console_ports, [8000])} if {
	container.name == "ks-console"
	count(_console_configs) > 0
} else := {"port": array.concat([8000], [port.containerPort | some port in container.value.ports])} if {
	container.name == "ks-console" # a port that it declares may be the one that the ConfigMap sets
}

_flag(container, name, absent) := to_number(found[count(found) - 1][1]) if {
	found := regex.find_all_string_submatch_n(sprintf(`--%s[=\s](0|[1-9][0-9]{0,4})\b`, [name]), _line(container), -1)
} else := absent if not contains(_line(container), concat("", ["--", name]))

_line(container) := concat(" ", [word |
	some list in ["command", "args"]
	some word in container.value[list]
	is_string(word)
])

_console_ports := [to_number(port) |
	some config in _console_configs
	some port in regex.find_n(`^[1-9][0-9]{0,4}$`, sprintf("%v", [config.server.http.port]), 1)
]

_console_configs := [document.value | some document in input.set; document.target == "ks-console-config"]

_unserved(path, _) if not path in {"/kapis/version", "/healthz", "/livez", "/version", "/metrics", "/kapis/metrics"}

_unserved("/healthz", known) if version.below(known, "3.4")

_unserved("/livez", known) if {
	version.parse(known).patch # 4.1 may be 4.1.3
	version.below(known, "4.1.3")
}
