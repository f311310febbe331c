# METADATA
# title: Soft eviction threshold without grace period
# description: >-
#   The kubelet refuses to start while a signal of evictionSoft is no key of evictionSoftGracePeriod; "0%" and "100%" are off and
#   need none. KubeKey keeps its own half of the pair where only the other is written: evictionSoft memory.available 10%, and a
#   grace period of 2m for it.
# related_resources:
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/kubelet/eviction/helpers.go
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/kubernetes/templates/kubeadm_config.go
# - ref: https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/#soft-eviction-thresholds
# custom:
#   severity: error
#   scope: set
#   targets: [kubelet-config, kubekey-cluster, kubekey-config, kubekey-inventory, kubelet-env, systemd-unit, kubeadm-config]
#   message: "\"{signal}\" of evictionSoft has no grace period: the kubelet does not start"
#   remediation: "Write {signal} into evictionSoftGracePeriod too, such as {signal}: 2m."
#   messages:
#     default:
#       severity: error
#       message: "evictionSoftGracePeriod has no \"{signal}\", for which KubeKey sets evictionSoft: the kubelet does not start"
#       remediation: "Write both maps: {signal} into evictionSoftGracePeriod, or an evictionSoft of your own without it."
#   zh:
#     title: 软驱逐阈值没有宽限期
#     description: >-
#       evictionSoft 中的信号只要不在 evictionSoftGracePeriod 里，kubelet 就拒绝启动；"0%" 和 "100%" 表示关闭，不需要宽限期。
#       只写其中一个 map 时，KubeKey 会保留另一个的默认值：evictionSoft 为 memory.available 10%，宽限期为 2m。
#     message: "evictionSoft 的 \"{signal}\" 没有宽限期：kubelet 无法启动"
#     remediation: "在 evictionSoftGracePeriod 中也写上该信号，例如 {signal}: 2m。"
#     messages:
#       default:
#         message: "evictionSoftGracePeriod 中没有 \"{signal}\"，而 KubeKey 默认的 evictionSoft 用到它：kubelet 无法启动"
#         remediation: "两个 map 一起写：在 evictionSoftGracePeriod 中加上 {signal}，或自己写一个不含它的 evictionSoft。"
package policies.rules.resources["kubelet-eviction-soft-no-grace"]

import data.policies.lib.kubelet
import data.policies.lib.value
import future.keywords.not

deny contains {"document": soft.document, "path": array.concat(soft.path, [signal]), "args": {"signal": signal}} if {
	some settings in kubelet.settings
	soft := settings.fields.evictionSoft
	some signal in _without_grace(settings)
}

deny contains {"document": at.document, "path": at.path, "message": "default", "args": {"signal": signal}} if {
	some settings in kubelet.settings
	not settings.fields.evictionSoft
	at := settings.fields.evictionSoftGracePeriod
	some signal in _without_grace(settings)
}

_without_grace(settings) := {signal |
	periods := object.keys(settings.maps.evictionSoftGracePeriod)
	some signal, threshold in settings.maps.evictionSoft
	not signal in periods
	not threshold in {"0%", "100%", ""}
	not value.is_template(threshold)
	not kubelet.is_set_elsewhere(
		settings,
		["evictionSoft", "evictionSoftGracePeriod"],
		["eviction-soft", "eviction-soft-grace-period"],
	)
}
