# METADATA
# title: etcd has one member under several control-plane hosts
# description: >-
#   Every API server then talks to the etcd on one host. When that host reboots or is lost, all of them stop, so several
#   control-plane hosts protect from nothing. KubeKey of every version installs this without a word.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/issues/2728
# - ref: https://github.com/kubesphere/kubesphere/issues/5343
# - ref: https://github.com/kubesphere/kubesphere/issues/6110
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/kubernetes/tasks.go
# custom:
#   severity: warning
#   scope: set
#   targets: [kubekey-cluster, kubekey-inventory, kubekey-config]
#   message: "etcd has one member, \"{member}\", for {count} control-plane hosts: when it stops, every API server stops"
#   remediation: >-
#     Put three hosts into the group etcd and run kk add nodes, then check --etcd-servers on every old control-plane host.
#   zh:
#     title: 多台控制平面主机共用一个 etcd 成员
#     description: >-
#       此时所有 API server 都依赖同一台主机上的 etcd。这台主机一重启或宕机，所有 API server 随之停止，多台控制平面主机形同虚设。
#       各版本的 KubeKey 都会不做提示地照此安装。
#     message: "etcd 只有一个成员 \"{member}\"，却要支撑 {count} 台控制平面主机：它一停，所有 API server 都停"
#     remediation: 在 etcd 组中放三台主机，执行 kk add nodes，然后检查每台原有控制平面主机的 --etcd-servers。
package policies.rules.etcd["etcd-single-member-ha"]

import data.policies.lib.etcd
import data.policies.lib.kubekey
import data.policies.lib.kubekey4

deny contains {"document": i, "path": members.path, "args": {"member": members.value[0], "count": n}} if {
	some i, document in input.set
	members := etcd.members_of(document)
	count(members.value) == 1
	n := count(_control_plane(document))
	n > 1
}

_control_plane(document) := kubekey.control_plane(document.value) if document.target == "kubekey-cluster"

_control_plane(document) := kubekey4.group_hosts(document.value, "kube_control_plane") if {
	document.target == "kubekey-inventory"
	every config in _configs {
		kubekey4.effective(config, document.value, ["etcd", "deployment_type"]).value == "external"
	}
}

# Any Config of the set may be the one that goes with an Inventory.
_configs := configs if {
	configs := [document.value | some document in input.set; document.target == "kubekey-config"]
	count(configs) > 0
} else := [null]
