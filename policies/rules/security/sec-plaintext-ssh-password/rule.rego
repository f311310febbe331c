# METADATA
# title: SSH passwords in clear text
# description: >-
#   A password is the documented way to let KubeKey into the hosts, so nearly every file holds one, and the files end up in git, in
#   tickets and in chats: dozens of public issues show root passwords that way. With connector.type local of KubeKey v4 it is the
#   sudo password. Holds for every KubeKey.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/issues/1136
# - ref: https://github.com/kubesphere/kubekey/issues/1957
# - ref: https://github.com/kubesphere/kubekey/issues/560
# - ref: https://github.com/kubesphere/kubekey/issues/2311
# - ref: https://github.com/kubesphere/kubekey/issues/2464
# custom:
#   severity: info
#   targets: [kubekey-cluster, kubekey-inventory]
#   message: "SSH passwords in clear text ({count}): whoever reads this file, or its history in git, can log in to the hosts"
#   remediation: >-
#     Give the hosts a key instead: privateKeyPath, in KubeKey v4 connector.private_key; change passwords that this file was
#     shared with.
#   zh:
#     title: 明文 SSH 密码
#     description: >-
#       密码是 KubeKey 文档中登录主机的标准方式，几乎每个文件里都有，而这些文件最终会进入 git、工单和聊天记录：公开的 issue 里有几十个 root
#       密码就是这样泄露的。KubeKey v4 的 connector.type 为 local 时，它是 sudo 密码。所有 KubeKey 版本都是如此。
#     message: "SSH 密码以明文保存（{count} 处）：能读到此文件或其 git 历史的人都能登录这些主机"
#     remediation: 改用密钥：privateKeyPath，KubeKey v4 用 connector.private_key；文件外传过的，还要修改密码。
package policies.rules.security["sec-plaintext-ssh-password"]

import data.policies.lib.cluster
import data.policies.lib.kubekey
import data.policies.lib.kubekey4
import data.policies.lib.secret
import data.policies.lib.value
import future.keywords.not

deny contains {"path": _passwords[0], "args": {"count": count(_passwords)}}

_passwords := [place.path |
	some place in _places(input.document.target)
	secret.is_written(place.value)
	not _is_sample(place.value)
]

_places("kubekey-cluster") := [{"path": array.concat(host.path, [found.key]), "value": found.value} |
	some host in cluster.hosts
	found := kubekey.field(host.value, "password")
]

# Of hosts, of groups, of all hosts.
_places("kubekey-inventory") := array.concat(_hosts, array.concat(_groups, _all)) if {
	inventory := input.document.value
	_hosts := [place | some host in kubekey4.hosts(inventory); place := _below(host.path)]
	_groups := [place |
		some group in kubekey4.groups(inventory)
		place := _below(array.concat(group.path, ["vars"]))
	]
	_all := [place | place := _below(["spec", "vars"])]
}

_below(path) := value.at(input.document.value, array.concat(path, ["connector", "password"]))

# What kk create config writes; rule yaml-placeholder-left.
_is_sample(x) if x == "Qcloud@123"
