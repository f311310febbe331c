# METADATA
# title: etcd listens without TLS
# description: >-
#   For a URL with http etcd ignores key, certificate and client authentication: whoever speaks https to it fails, and
#   everybody else reads and writes all data without a password. KubeKey always writes https. Loopback addresses and the
#   metrics URLs are left out.
# related_resources:
# - ref: https://github.com/etcd-io/etcd/blob/v3.5.24/server/embed/etcd.go
# - ref: https://etcd.io/docs/v3.5/op-guide/security/
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/docs/config-example.md
# custom:
#   severity: error
#   scope: set
#   facts: [etcd]
#   targets: [etcd-env, static-pod]
#   message: "\"{url}\" in {name} is plain http: etcd ignores its certificate there, https fails and anybody else gets in"
#   remediation: >-
#     Write https in {name} and in --etcd-servers of kube-apiserver, one member at a time; change peer URLs of a running
#     cluster with etcdctl member update too.
#   messages:
#     open:
#       severity: warning
#       message: "\"{url}\" in {name} is plain http: whoever reaches it reads and writes all of etcd's data"
#       remediation: >-
#         Give etcd certificates and write https in {name} and in --etcd-servers of kube-apiserver, one member at a time; or let
#         nobody but etcd and the control planes reach this address.
#   zh:
#     title: etcd 在明文端口上监听
#     description: >-
#       URL 为 http 时，etcd 会忽略私钥、证书和客户端认证：用 https 的客户端和成员连不上，其他人则不需要任何凭据就能读写全部数据。
#       KubeKey 写入的一律是 https。回环地址和 metrics 地址不检查。
#     message: "{name} 中的 \"{url}\" 是明文 http：etcd 在该地址上不使用证书，https 连不上，其他人都能直接访问"
#     remediation: 把 {name} 以及 kube-apiserver 的 --etcd-servers 改为 https，逐个成员进行；运行中的集群修改 peer URL 时，还要执行 etcdctl member update。
#     messages:
#       open:
#         message: "{name} 中的 \"{url}\" 是明文 http：能访问到它的人都可以读写 etcd 的全部数据"
#         remediation: 给 etcd 配置证书，把 {name} 以及 kube-apiserver 的 --etcd-servers 改为 https，逐个成员进行；否则只允许 etcd 成员和控制平面访问该地址。
package policies.rules.etcd["etcd-env-plain-http"]

import data.policies.lib.etcd
import future.keywords.not

deny contains _fault(member, variable) if {
	some member in input.facts.etcd.members
	some variable, certificate in _sides
	member.settings[certificate]
}

deny contains object.union(_fault(member, variable), {"message": "open"}) if {
	some member in input.facts.etcd.members
	some variable, certificate in _sides
	not member.settings[certificate]
}

# What others dial, and the certificate that is shown to them.
_sides := {
	"ETCD_LISTEN_CLIENT_URLS": "ETCD_CERT_FILE",
	"ETCD_ADVERTISE_CLIENT_URLS": "ETCD_CERT_FILE",
	"ETCD_LISTEN_PEER_URLS": "ETCD_PEER_CERT_FILE",
}

_fault(member, variable) := {"document": member.document, "path": setting.path, "args": args} if {
	setting := member.settings[variable]
	plain := [url.url | some url in setting.urls; url.scheme == "http"; not url.loopback]
	args := {"name": etcd.name_at(variable, setting.path), "url": plain[0]}
}
