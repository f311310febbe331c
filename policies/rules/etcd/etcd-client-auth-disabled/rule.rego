# METADATA
# title: etcd asks for no client certificate
# description: >-
#   Without a trusted CA file and with client authentication switched off etcd lets in whoever reaches its port, TLS or not: on
#   2379 all Secrets can be read, on 2380 anybody can speak as a peer. A trusted CA file alone is enough to close it,
#   whatever the switch says. KubeKey and kubeadm set both.
# related_resources:
# - ref: https://github.com/etcd-io/etcd/blob/v3.5.24/client/pkg/transport/listener.go
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/etcd/templates/etcd_env.go
# - ref: https://etcd.io/docs/v3.5/op-guide/security/
# custom:
#   severity: warning
#   scope: set
#   facts: [etcd]
#   targets: [etcd-env, static-pod]
#   message: "etcd asks its clients for no certificate: whoever reaches \"{url}\" reads every Secret"
#   remediation: >-
#     Set {ca} and turn {switch} on, after checking that kube-apiserver, backup and monitoring present a certificate of that
#     CA.
#   messages:
#     peer:
#       severity: warning
#       message: "etcd asks its peers for no certificate: whoever reaches \"{url}\" can speak as a member"
#       remediation: Set {ca} and turn {switch} on, after checking that every member presents a certificate of that CA.
#   zh:
#     title: etcd 不要求客户端证书
#     description: >-
#       没有配置受信任的 CA，客户端认证又没打开，能访问端口的人就能连上 etcd，有没有 TLS 都一样：从 2379 可以读到所有 Secret，
#       从 2380 可以冒充集群成员。只要配置了受信任的 CA，无论开关是什么值，etcd 都会要求证书。KubeKey 和 kubeadm 两者都会配置。
#     message: "etcd 不要求客户端证书：能访问 \"{url}\" 的人都可以读取所有 Secret"
#     remediation: 先确认 kube-apiserver、备份和监控使用的都是该 CA 签发的证书，再配置 {ca} 并打开 {switch}。
#     messages:
#       peer:
#         message: "etcd 不要求成员证书：能访问 \"{url}\" 的人都可以冒充集群成员"
#         remediation: 先确认每个成员使用的都是该 CA 签发的证书，再配置 {ca} 并打开 {switch}。
package policies.rules.etcd["etcd-client-auth-disabled"]

import data.policies.lib.etcd
import future.keywords.not

deny contains fault if {
	some member in input.facts.etcd.members
	fault := _fault(member, "ETCD_LISTEN_CLIENT_URLS", "ETCD_CLIENT_CERT_AUTH", "ETCD_TRUSTED_CA_FILE")
}

deny contains object.union(fault, {"message": "peer"}) if {
	some member in input.facts.etcd.members
	fault := _fault(member, "ETCD_LISTEN_PEER_URLS", "ETCD_PEER_CLIENT_CERT_AUTH", "ETCD_PEER_TRUSTED_CA_FILE")
}

_fault(member, listen, switch, ca) := {"document": member.document, "path": path, "args": args} if {
	open := [url.url | some url in member.settings[listen].urls; url.scheme == "https"; not url.loopback]
	not member.settings[ca]
	path := _switched_off(member.settings, switch, listen)
	args := {
		"url": open[0],
		"ca": etcd.name_at(ca, path),
		"switch": etcd.name_at(switch, path),
	}
}

# Where a switch says no; where it is absent, the URLs. A template may say yes, and what is no boolean stops etcd.
_switched_off(settings, switch, _) := settings[switch].path if settings[switch].bool == false

_switched_off(settings, switch, listen) := settings[listen].path if not settings[switch]
