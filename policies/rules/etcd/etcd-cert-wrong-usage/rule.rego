# METADATA
# title: A certificate of etcd is not allowed for its use
# description: >-
#   x509: certificate specifies an incompatible key usage. Without serverAuth no client talks to the member; a member's peer
#   certificate is shown to the others as well, so it needs clientAuth too, else there is no quorum; kube-apiserver and etcdctl need
#   clientAuth. A certificate that names no usage at all is allowed for every one: KubeKey v4 issues such.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/blob/release-3.1/cmd/kk/pkg/etcd/certs.go
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.31.0/cmd/kubeadm/app/phases/certs/certlist.go
# - ref: https://github.com/etcd-io/etcd/blob/v3.5.24/client/pkg/transport/listener.go
# custom:
#   severity: error
#   targets: [certificate]
#   scope: set
#   facts: [etcd]
#   message: "etcd server certificate \"{name}\" lacks usage {usage}: no client can connect to this member"
#   remediation: Re-issue it from the existing CA with the usages serverAuth and clientAuth.
#   messages:
#     peer:
#       message: "etcd peer certificate \"{name}\" lacks usage {usage}: the members reject each other and quorum is lost"
#     client:
#       message: "etcd client certificate \"{name}\" lacks usage {usage}: etcd rejects whoever shows it"
#       remediation: Re-issue it from the existing CA with the usage clientAuth.
#   zh:
#     title: etcd 证书的扩展用途不对
#     description: >-
#       报错为 x509: certificate specifies an incompatible key usage。缺少 serverAuth 时客户端无法连接该成员；peer 证书同时用作客户端
#       证书，还需要 clientAuth，否则集群没有多数派；kube-apiserver 和 etcdctl 的证书需要 clientAuth。完全不写扩展用途的证书适用于任何
#       用途，KubeKey v4 签发的就是这种。
#     message: "etcd 服务端证书 \"{name}\" 缺少用途 {usage}：客户端无法连接该成员"
#     remediation: 用现有 CA 重新签发，扩展用途包含 serverAuth 和 clientAuth。
#     messages:
#       peer:
#         message: "etcd peer 证书 \"{name}\" 缺少用途 {usage}：成员之间互相拒绝，失去多数派"
#       client:
#         message: "etcd 客户端证书 \"{name}\" 缺少用途 {usage}：etcd 会拒绝出示它的一方"
#         remediation: 用现有 CA 重新签发，扩展用途包含 clientAuth。
package policies.rules.etcd["etcd-cert-wrong-usage"]

import future.keywords.not

deny contains {"document": cert.document, "path": cert.path, "message": message, "args": args} if {
	some faults in _unfit
	[_, i, message, usage] := min(faults)
	file := input.facts.certificates[input.facts.etcd.in_use[i].certificate]
	cert := file.certs[0]
	args := {"name": file.name, "usage": usage}
}

# KubeKey copies one certificate to many hosts and gives it several uses, which is one fault: what the server shows comes first.
_unfit[cert.sha256] contains [rank, i, ["", "peer", "client"][rank], concat(", ", lacking)] if {
	some i, use in input.facts.etcd.in_use
	cert := input.facts.certificates[use.certificate].certs[0]
	some rank in [0, 1, 2]
	lacking := [u | some u in ["serverAuth", "clientAuth"]; [rank, use.certificate, u] in _needed; not u in cert.usages]
	count(lacking) > 0
	cert.usages
	not "anyExtendedKeyUsage" in cert.usages
}

_needed contains [0, member.settings.ETCD_CERT_FILE.certificate, "serverAuth"] if {
	some member in input.facts.etcd.members
}

_needed contains [1, member.settings.ETCD_PEER_CERT_FILE.certificate, "serverAuth"] if {
	some member in input.facts.etcd.members
	_has_peers(member)
}

_needed contains [1, member.settings.ETCD_PEER_CERT_FILE.certificate, "clientAuth"] if {
	some member in input.facts.etcd.members
	_has_peers(member)
	not member.settings.ETCD_PEER_CLIENT_CERT_FILE
	_demands(member, "ETCD_PEER_TRUSTED_CA_FILE", "ETCD_PEER_CLIENT_CERT_AUTH")
}

_needed contains [2, client.cert.certificate, "clientAuth"] if {
	some client in input.facts.etcd.clients
	client.kind != "external"
	count(input.facts.etcd.members) > 0
	every member in input.facts.etcd.members {
		_demands(member, "ETCD_TRUSTED_CA_FILE", "ETCD_CLIENT_CERT_AUTH")
	}
}

_has_peers(member) if count({entry.name | some entry in member.settings.ETCD_INITIAL_CLUSTER.entries}) > 1

_demands(member, ca, _) if is_string(member.settings[ca].value)

_demands(member, _, auth) if member.settings[auth].bool
