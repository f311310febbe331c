# METADATA
# title: KubeSphere component without readiness probe
# description: >-
#   A pod without readiness probe counts as ready as soon as its process runs. Until ks-apiserver listens, its Service already sends
#   it requests, and the console shows "request to http://ks-apiserver/oauth/token failed, ECONNREFUSED". No release ships such a
#   probe, so it is yours to add.
# related_resources:
# - ref: https://github.com/kubesphere/kubesphere/issues/5523
# - ref: https://github.com/kubesphere/ks-installer/issues/2258
# - ref: https://github.com/kubesphere/kubesphere/issues/5003
# - ref: https://github.com/kubesphere/kubesphere/blob/v3.4.1/pkg/apiserver/apiserver.go
# - ref: https://github.com/kubesphere/kubesphere/blob/v4.1.3/pkg/apiserver/apiserver.go
# custom:
#   severity: info
#   targets: [kubesphere-workload]
#   message: "container \"{container}\" has no readinessProbe: before it listens, its Service sends it requests that fail"
#   remediation: >-
#     Add httpGet on port 9090 with the path of your version, another is never ready (3.0-3.3 /kapis/version, 3.4 /healthz,
#     4.1.1-4.1.2 /version, from 4.1.3 on /livez); with --secure-port, ask that port with scheme HTTPS.
#   messages:
#     console:
#       message: "container \"{container}\" has no readinessProbe: before it listens, its Service sends it requests that fail"
#       remediation: "Add readinessProbe: {tcpSocket: {port: 8000}}."
#   zh:
#     title: KubeSphere 组件没有就绪探针
#     description: 没有就绪探针的 Pod，进程一启动就算就绪。ks-apiserver 还没开始监听，Service 就已经把请求转发过来，控制台随之报错 "request to http://ks-apiserver/oauth/token failed, ECONNREFUSED"。所有版本出厂都没有这个探针，需要自行添加。
#     message: "容器 \"{container}\" 没有 readinessProbe：尚未监听时，Service 就会转发请求，导致请求失败"
#     remediation: 添加 httpGet，端口 9090，路径按版本选择，写错则永远不会就绪（3.0-3.3 为 /kapis/version，3.4 为 /healthz，4.1.1-4.1.2 为 /version，4.1.3 起为 /livez）；设置了 --secure-port 时改用该端口，scheme 写 HTTPS。
#     messages:
#       console:
#         message: "容器 \"{container}\" 没有 readinessProbe：尚未监听时，Service 就会转发请求，导致请求失败"
#         remediation: "添加 readinessProbe: {tcpSocket: {port: 8000}}。"
package policies.rules.probes["ks-readiness-missing"]

import data.policies.lib.core
import data.policies.lib.value

deny contains {
	"path": array.concat(container.path, ["readinessProbe"]),
	"args": {"container": container.name},
	"message": {"ks-apiserver": "", "ks-console": "console"}[container.name],
} if {
	container := _unprobed[0] # one finding a Deployment
}

_unprobed := [container |
	some container in core.containers
	container.name in {"ks-apiserver", "ks-console"}
	value.unset(container.value, "readinessProbe")
]
