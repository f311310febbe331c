# METADATA
# title: etcd has an even number of members
# description: >-
#   An even number of members survives no more failures than one member fewer: two members lose quorum, and the cluster its API,
#   when either of them reboots. KubeKey v1 to v3 install it without a word, v4 refuses it.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/issues/1923
# - ref: https://github.com/kubesphere/kubekey/issues/1957
# - ref: https://github.com/kubesphere/kubekey/issues/1769
# - ref: https://etcd.io/docs/v3.5/faq/#why-an-odd-number-of-cluster-members
# custom:
#   severity: warning
#   scope: set
#   facts: [etcd]
#   targets: [kubekey-cluster, kubekey-inventory, etcd-env]
#   message: "etcd has {count} members: it survives the loss of {tolerated}, no more than with {fewer}"
#   remediation: >-
#     Add one host to the group etcd ({count} -> {more}), then run kk add nodes. Take a member out only after a snapshot.
#   messages:
#     v4:
#       severity: error
#       message: "etcd has {count} members: KubeKey v4 refuses an even number and installs nothing"
#       remediation: Use 1, 3 or 5 hosts in the group etcd.
#   zh:
#     title: etcd 成员数为偶数
#     description: >-
#       偶数个成员能容忍的故障数并不比少一个成员时多：两个成员时，任意一台重启都会让 etcd 失去多数派，整个集群的 API 随之不可用。
#       KubeKey v1 到 v3 不做任何提示照样安装，v4 直接拒绝。
#     message: "etcd 有 {count} 个成员：只能容忍 {tolerated} 个故障，和 {fewer} 个成员时一样"
#     remediation: 给 etcd 组再加一台主机（{count} -> {more}），然后执行 kk add nodes。要减少成员，先做快照。
#     messages:
#       v4:
#         message: "etcd 有 {count} 个成员：KubeKey v4 不接受偶数个成员，什么都不会安装"
#         remediation: etcd 组使用 1、3 或 5 台主机。
package policies.rules.etcd["etcd-even-members"]

import data.policies.lib.etcd
import data.policies.lib.kubekey
import future.keywords.not

deny contains _fault(i, members) if {
	some i, document in input.set
	document.target == "kubekey-cluster"
	members := etcd.members_of(document)
}

deny contains object.union(_fault(i, members), {"message": "v4"}) if {
	some i, document in input.set
	document.target == "kubekey-inventory"
	members := etcd.members_of(document)
}

# A list may be older than the last member: only one of exactly the members whose files are there is believed.
deny contains _fault(list.document, list) if {
	not _known_to_kubekey
	every member in _env {
		member.name
	}
	list := [l | some l in _lists; l.value == {member.name | some member in _env}][0]
}

_known_to_kubekey if {
	some document in input.set
	document.target == "kubekey-inventory"
}

_known_to_kubekey if {
	some document in input.set
	document.target == "kubekey-cluster"
	kubekey.own_etcd(document.value)
}

_env := [member | some member in input.facts.etcd.members; member.source == "env"]

_lists := [{"document": member.document, "path": at.path, "value": {entry.name | some entry in at.entries}} |
	some member in _env
	at := member.settings.ETCD_INITIAL_CLUSTER
	at.entries
]

_fault(document, members) := {"document": document, "path": members.path, "args": {
	"count": n,
	"fewer": n - 1,
	"more": n + 1,
	"tolerated": floor((n - 1) / 2),
}} if {
	n := count(members.value)
	n > 0
	n % 2 == 0
}
