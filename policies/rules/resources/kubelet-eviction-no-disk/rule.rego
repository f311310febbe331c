# METADATA
# title: The kubelet does not act on a full disk
# description: >-
#   Whoever writes evictionHard drops the built-in thresholds that it does not repeat, those of the disk among them (nodefs 10 %,
#   imagefs 15 %, inodes 5 %). A disk that fills up is then not relieved by evicting pods, and an etcd on it stops. KubeKey's own
#   evictionHard names memory and PIDs only, in every release.
# related_resources:
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/kubelet/eviction/defaults_linux.go
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/kubelet/eviction/helpers.go
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.34.0/cmd/kubelet/app/server.go
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/kubernetes/templates/kubeadm_config.go
# custom:
#   severity: info
#   scope: set
#   targets: [kubelet-config, kubekey-cluster, kubekey-config, kubekey-inventory, kubelet-env, systemd-unit, kubeadm-config]
#   message: "evictionHard has no \"nodefs.available\": a full disk is not relieved, and etcd on it stops"
#   remediation: "Add nodefs.available: 10% and imagefs.available: 15% to evictionHard; restart a kubelet that runs already."
#   messages:
#     "off":
#       severity: info
#       message: "\"nodefs.available\" is \"{threshold}\", which is off: a full disk is not relieved, and etcd on it stops"
#       remediation: "Write nodefs.available: 10%, and imagefs.available: 15% beside it; restart a kubelet that runs already."
#   zh:
#     title: 磁盘写满时 kubelet 不会驱逐 Pod
#     description: >-
#       一旦写了 evictionHard，其中没有列出的内置阈值就全部失效，包括磁盘相关的（nodefs 10%、imagefs 15%、inode 5%）。
#       之后磁盘写满时 kubelet 不会通过驱逐 Pod 腾出空间，同盘的 etcd 会停止工作。KubeKey 各版本自带的 evictionHard 都只有内存和 PID。
#     message: "evictionHard 中没有 \"nodefs.available\"：磁盘写满时不会驱逐 Pod，同盘的 etcd 会停止工作"
#     remediation: "在 evictionHard 中加上 nodefs.available: 10% 和 imagefs.available: 15%；已在运行的 kubelet 需要重启。"
#     messages:
#       "off":
#         message: "\"nodefs.available\" 为 \"{threshold}\"，即关闭：磁盘写满时不会驱逐 Pod，同盘的 etcd 会停止工作"
#         remediation: "改为 nodefs.available: 10%，并加上 imagefs.available: 15%；已在运行的 kubelet 需要重启。"
package policies.rules.resources["kubelet-eviction-no-disk"]

import data.policies.lib.kubelet
import future.keywords.not

deny contains {"document": hard.document, "path": hard.path, "args": {}} if {
	some settings in kubelet.settings
	hard := settings.fields.evictionHard
	_counts(settings, hard.value)
	not _signal in object.keys(settings.maps.evictionHard)
	_has_nothing_else(settings)
}

deny contains {"document": hard.document, "path": path, "message": "off", "args": {"threshold": threshold}} if {
	some settings in kubelet.settings
	hard := settings.fields.evictionHard
	threshold := settings.maps.evictionHard[_signal]
	threshold in {"0%", "100%"}
	_has_nothing_else(settings)
	path := array.concat(hard.path, [_signal])
}

_signal := "nodefs.available"

# An empty map drops the built-in thresholds only where the kubelet reads it: kubeadm leaves it out of what it writes.
_counts(settings, hard) if {
	is_object(hard)
	settings.maps.evictionHard
	count(hard) > 0
}

_counts(settings, hard) if {
	hard == {}
	settings.source == "kubelet"
}

_has_nothing_else(settings) if {
	soft := object.keys(settings.maps.evictionSoft)
	not _signal in soft
	object.get(settings.fields, ["mergeDefaultEvictionSettings", "value"], false) in {false, null}
	not kubelet.is_set_elsewhere(
		settings,
		["evictionHard", "evictionSoft", "mergeDefaultEvictionSettings"],
		["eviction-hard", "eviction-soft"],
	)
}
