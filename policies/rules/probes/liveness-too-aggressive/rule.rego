# METADATA
# title: Liveness probe restarts KubeSphere when it is slow
# description: >-
#   After a reboot everything starts at once, and under load one answer may be slow. A probe that gives up early turns either into a
#   kill loop. Shipped are initialDelaySeconds 15, periodSeconds 10, failureThreshold 8 and timeoutSeconds 15; what is left out is
#   0, 10, 3 and 1.
# related_resources:
# - ref: https://github.com/kubesphere/ks-installer/issues/1731
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/core/v1/defaults.go
# - ref: https://github.com/kubesphere/kubesphere/blob/v4.1.3/config/ks-core/templates/ks-apiserver.yaml
# custom:
#   severity: warning
#   targets: [kubesphere-workload]
#   parameters:
#     timeout:
#       type: number
#       default: 1
#       description: Waiting up to this many seconds for an answer is too short.
#       zh: 等待应答的秒数不超过该值时，视为过短。
#     start:
#       type: number
#       default: 60
#       description: Seconds that a container without startupProbe may take to start.
#       zh: 没有 startupProbe 的容器，启动至少要留出的秒数。
#   message: "livenessProbe of {container} waits {timeout} s for an answer: when it is slow under load, it is restarted"
#   remediation: "Write the shipped values: initialDelaySeconds 15, periodSeconds 10, timeoutSeconds 15, failureThreshold 8."
#   messages:
#     start:
#       message: "livenessProbe of {container} gives it {seconds} s to start: a slow start becomes a kill loop"
#       remediation: >-
#         Write the shipped values (initialDelaySeconds 15, periodSeconds 10, timeoutSeconds 15, failureThreshold 8), or add a
#         startupProbe.
#   zh:
#     title: 存活探针过于激进，KubeSphere 一慢就被重启
#     description: 机器重启后所有组件同时启动，高负载时应答也可能变慢。探针放弃得太早，两种情况都会变成反复重启。出厂值是 initialDelaySeconds 15、periodSeconds 10、failureThreshold 8、timeoutSeconds 15；不写则依次为 0、10、3、1。
#     message: "{container} 的 livenessProbe 只等待应答 {timeout} 秒：负载高、应答慢时会被重启"
#     remediation: 恢复出厂值：initialDelaySeconds 15，periodSeconds 10，timeoutSeconds 15，failureThreshold 8。
#     messages:
#       start:
#         message: "{container} 的 livenessProbe 只留了 {seconds} 秒启动时间：启动一慢就会陷入反复重启"
#         remediation: 恢复出厂值（initialDelaySeconds 15，periodSeconds 10，timeoutSeconds 15，failureThreshold 8），或添加 startupProbe。
package policies.rules.probes["liveness-too-aggressive"]

import data.policies.lib.core
import data.policies.lib.value

deny contains _fault(container, container.value.livenessProbe) if {
	some container in core.containers
	container.name in {"ks-apiserver", "ks-console"}
	_is_probe(container.value.livenessProbe)
}

# Other probes are refused by the API server, or count as missing.
_is_probe(probe) if {
	handlers := [kind | some kind in ["exec", "grpc", "httpGet", "tcpSocket"]; value.is_set(probe, kind)]
	count(handlers) == 1
}

# One finding a probe: the shipped values cure both.
_fault(container, probe) := {
	"path": array.concat(container.path, ["livenessProbe"]),
	"args": {"container": container.name, "seconds": seconds},
	"message": "start",
} if {
	value.unset(container.value, "startupProbe")
	tries := _number(probe, "periodSeconds", 10) * _number(probe, "failureThreshold", 3)
	seconds := _number(probe, "initialDelaySeconds", 0) + tries
	seconds < input.parameters["liveness-too-aggressive"].start
} else := {
	"path": array.concat(container.path, ["livenessProbe", "timeoutSeconds"]),
	"args": {"container": container.name, "timeout": timeout},
	"message": "",
} if {
	timeout := _number(probe, "timeoutSeconds", 1)
	timeout <= input.parameters["liveness-too-aggressive"].timeout
}

# With the API server's default, which also takes the place of 0. Undefined for what it refuses.
_number(probe, field, absent) := absent if object.get(probe, field, null) in {null, "", 0}

_number(probe, field, _) := number if {
	number := probe[field]
	is_number(number)
	number > 0
	number == floor(number)
}
