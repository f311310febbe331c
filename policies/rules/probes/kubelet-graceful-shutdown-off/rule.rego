# METADATA
# title: A reboot of a node ends its pods without order
# description: >-
#   Without shutdownGracePeriod the kubelet ends no pod when its node shuts down: no preStop hook runs, endpoints are not removed,
#   and critical pods do not go last; the runtime signals the containers as it stops itself. KubeKey does not set it, and the
#   feature gate GracefulNodeShutdown alone, as in KubeKey's examples, does not switch it on.
# related_resources:
# - ref: https://github.com/kubesphere/kubesphere/issues/6110
# - ref: https://github.com/kubesphere/kubesphere/issues/5343
# - ref: https://github.com/kubesphere/kubesphere/issues/4403
# - ref: https://github.com/kubesphere/kubesphere/issues/1921
# - ref: https://github.com/kubesphere/kubesphere/issues/1561
# - ref: https://github.com/kubesphere/kubesphere/issues/1182
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/kubelet/apis/config/validation/validation.go
# custom:
#   severity: info
#   scope: set
#   targets: [kubelet-config, kubekey-cluster, kubekey-config, kubekey-inventory, kubelet-env, systemd-unit, kubeadm-config]
#   versions: {kubernetes: ">=1.21"}
#   unknown: run
#   message: "shutdownGracePeriod is off: a reboot of the node ends its pods without preStop and in no order"
#   remediation: >-
#     On hosts with systemd set shutdownGracePeriod: 150s and shutdownGracePeriodCriticalPods: 20s, or 60s and 20s without
#     OpenSearch.
#   zh:
#     title: 节点重启时 Pod 没有优雅终止
#     description: >-
#       没有设置 shutdownGracePeriod 时，节点关机过程中 kubelet 不会终止 Pod：不执行 preStop，不摘除 endpoint，关键 Pod 也不会最后退出，
#       只有容器运行时在自身停止时给容器发信号。KubeKey 不设置该字段；仅打开特性门控 GracefulNodeShutdown（KubeKey 的示例就是如此）并不会生效。
#     message: "shutdownGracePeriod 未启用：节点重启时 Pod 不执行 preStop，也没有先后顺序"
#     remediation: "在使用 systemd 的主机上设置 shutdownGracePeriod: 150s 和 shutdownGracePeriodCriticalPods: 20s；没有 OpenSearch 时用 60s 和 20s。"
package policies.rules.probes["kubelet-graceful-shutdown-off"]

import data.policies.lib.kubelet
import data.policies.lib.version
import future.keywords.not

# Once for a cluster, in KubeKey's file where that has one.
deny contains {"document": first.document, "path": path, "args": {}} if {
	first := [settings | some settings in kubelet.settings; _is_off(settings)][0]
	path := object.get(first.fields, ["shutdownGracePeriod", "path"], array.concat(first.path, ["shutdownGracePeriod"]))
}

_is_off(settings) if {
	settings.source != "kubekey4"
	not version.below(settings.kubernetes, "1.21")
	object.get(settings.fields, ["shutdownGracePeriod", "value"], null) in {null, "", 0, "0", "0s"}
	object.get(settings.fields, ["shutdownGracePeriodByPodPriority", "value"], null) in {null, "", []}
	not kubelet.is_set_elsewhere(settings, [], [])
	count(settings.drop_ins) == 0
}
