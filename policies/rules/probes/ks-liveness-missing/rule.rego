# METADATA
# title: KubeSphere component without liveness probe
# description: >-
#   A process that hangs without exiting is never restarted: the console, or the API behind it, stays dead until somebody
#   deletes the pod. Every release since 3.0 ships a liveness probe for ks-apiserver and ks-console. ks-controller-manager
#   ships without one and is left alone.
# related_resources:
# - ref: https://github.com/kubesphere/kubesphere/blob/v4.1.3/config/ks-core/templates/ks-apiserver.yaml
# - ref: https://github.com/kubesphere/kubesphere/blob/v4.1.3/config/ks-core/templates/ks-agent.yaml
# - ref: https://github.com/kubesphere/kubesphere/blob/v4.1.3/config/ks-core/templates/ks-console.yaml
# - ref: https://github.com/kubesphere/ks-installer/tree/v3.4.1/roles/ks-core/ks-core/files/ks-core/templates
# custom:
#   severity: warning
#   targets: [kubesphere-workload]
#   message: "container \"{container}\" has no livenessProbe: when it hangs, nothing restarts it"
#   remediation: >-
#     Restore the shipped probe: httpGet on port 9090 with the path of your version (3.0-3.3 /kapis/version, 3.4 /healthz,
#     4.1.1-4.1.2 /version, from 4.1.3 on /livez), initialDelaySeconds 15, timeoutSeconds 15, failureThreshold 8.
#   messages:
#     console:
#       message: "container \"{container}\" has no livenessProbe: when it hangs, nothing restarts it"
#       remediation: >-
#         Restore the shipped probe: tcpSocket on port 8000, initialDelaySeconds 15, timeoutSeconds 15, failureThreshold 8.
#   zh:
#     title: KubeSphere 组件没有存活探针
#     description: 进程卡死但不退出时永远不会被重启：控制台或其背后的 API 会一直不可用，直到有人手动删除 Pod。自 3.0 起的每个版本都为 ks-apiserver 和 ks-console 配置了存活探针；ks-controller-manager 出厂就没有，不在检查之列。
#     message: "容器 \"{container}\" 没有 livenessProbe：进程卡死后不会被重启"
#     remediation: 恢复出厂探针：httpGet，端口 9090，路径按版本选择（3.0-3.3 为 /kapis/version，3.4 为 /healthz，4.1.1-4.1.2 为 /version，4.1.3 起为 /livez），initialDelaySeconds 15，timeoutSeconds 15，failureThreshold 8。
#     messages:
#       console:
#         message: "容器 \"{container}\" 没有 livenessProbe：进程卡死后不会被重启"
#         remediation: 恢复出厂探针：tcpSocket，端口 8000，initialDelaySeconds 15，timeoutSeconds 15，failureThreshold 8。
package policies.rules.probes["ks-liveness-missing"]

import data.policies.lib.core

deny contains {
	"path": array.concat(container.path, ["livenessProbe"]),
	"args": {"container": container.name},
	"message": {"ks-apiserver": "", "ks-console": "console"}[container.name],
} if {
	some container in core.containers
	object.get(container.value, "livenessProbe", null) in {null, "", {}}
}
