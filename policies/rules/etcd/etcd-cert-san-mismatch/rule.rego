# METADATA
# title: A certificate of etcd does not cover an address that others dial
# description: >-
#   Whoever dials the member refuses it: x509: certificate is valid for …, not …. It comes with a host that got another address, and
#   with a re-install where KubeKey v2 and v3 find the certificates of the old cluster in kubekey/pki/etcd and use them again. The
#   common name does not count, and a certificate need not cover the other members.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/issues/1096
# - ref: https://github.com/kubesphere/kubekey/issues/2112
# - ref: https://github.com/kubesphere/kubekey/issues/2290
# - ref: https://github.com/kubesphere/kubekey/issues/1564
# - ref: https://github.com/kubesphere/kubekey/blob/release-3.1/cmd/kk/pkg/etcd/certs.go
# - ref: https://github.com/etcd-io/etcd/blob/v3.5.24/client/pkg/transport/listener.go
# custom:
#   severity: error
#   targets: [kubekey-cluster, etcd-env, static-pod]
#   scope: set
#   facts: [hosts, etcd]
#   message: "etcd certificate \"{name}\" does not cover \"{host}\": kube-apiserver and etcdctl cannot connect to this member"
#   remediation: >-
#     Give the host its old address back, or re-issue this pair from the existing CA with the new address. Never delete the CA of a
#     running cluster.
#   messages:
#     peer:
#       message: "etcd certificate \"{name}\" does not cover \"{host}\": the other members cannot connect to this one"
#       remediation: >-
#         Give the host its old address back, or re-issue this pair from the existing CA with the new address and change the peer URL
#         with etcdctl member update. Never delete the CA of a running cluster.
#     host:
#       message: "etcd certificate \"{name}\" does not cover \"{host}\", the host's address: kube-apiserver and members cannot connect"
#       remediation: >-
#         Before a re-install run kk delete cluster and remove kubekey/pki/etcd beside kk. In a running cluster give the host its old
#         address back, or re-issue this pair from the existing CA.
#   zh:
#     title: etcd 证书没有覆盖被访问的地址
#     description: >-
#       访问该成员的一方会报错 x509: certificate is valid for …, not … 并拒绝连接。常见于主机换了地址，或重装集群时 KubeKey v2、v3
#       沿用了 kubekey/pki/etcd 中旧集群的证书。证书的 CN 不起作用；证书也不必覆盖其他成员的地址。
#     message: "etcd 证书 \"{name}\" 未包含 \"{host}\"：kube-apiserver 和 etcdctl 无法连接该成员"
#     remediation: 恢复主机原来的地址，或用现有 CA 重新签发这对证书并加入新地址。运行中的集群切勿删除 CA。
#     messages:
#       peer:
#         message: "etcd 证书 \"{name}\" 未包含 \"{host}\"：其他成员无法连接该成员"
#         remediation: >-
#           恢复主机原来的地址，或用现有 CA 重新签发这对证书并加入新地址，再用 etcdctl member update 修改 peer URL。运行中的集群切勿删除
#           CA。
#       host:
#         message: "etcd 证书 \"{name}\" 未包含主机地址 \"{host}\"：kube-apiserver 和其他成员无法连接"
#         remediation: >-
#           重装前先执行 kk delete cluster，并删除 kk 旁边的 kubekey/pki/etcd。运行中的集群则恢复主机原来的地址，或用现有 CA 重新签发这对
#           证书。
package policies.rules.etcd["etcd-cert-san-mismatch"]

import data.policies.lib.cidr
import data.policies.lib.kubekey
import data.policies.lib.san
import future.keywords.not

deny contains {"document": document, "path": path, "message": message, "args": {"name": name, "host": host}} if {
	some [_, host], faults in _uncovered
	[_, document, path, message, name] := min(faults)
}

unchecked contains {"needs": file.value, "document": member.document} if {
	some member in input.facts.etcd.members
	some name in ["ETCD_CERT_FILE", "ETCD_PEER_CERT_FILE"]
	file := member.settings[name]
	is_string(file.value)
	not file.certificate
}

# One certificate and one address are one fault, that of what clients dial before the others.
_uncovered[[cert.sha256, host]] contains [rank, document, path, ["", "peer", "host"][rank], file.name] if {
	some [rank, document, path, id, host] in _dialled
	file := input.facts.certificates[id]
	cert := file.certs[0]
	not cert.unreadable
	not san.covers(cert, host)
}

_dialled contains [0, member.document, urls.path, member.settings.ETCD_CERT_FILE.certificate, url.host] if {
	some member in input.facts.etcd.members
	urls := member.settings.ETCD_ADVERTISE_CLIENT_URLS
	some url in urls.urls
	_is_dialled(url)
}

_dialled contains [1, member.document, urls.path, member.settings.ETCD_PEER_CERT_FILE.certificate, url.host] if {
	some member in input.facts.etcd.members
	count({entry.name | some entry in member.settings.ETCD_INITIAL_CLUSTER.entries}) > 1
	urls := member.settings.ETCD_INITIAL_ADVERTISE_PEER_URLS
	some url in urls.urls
	_is_dialled(url)
}

_dialled contains [2, host.document, _address(host), id, host.node_ipv4] if {
	count([d | some d in input.set; d.target == "kubekey-cluster"]) == 1
	some host in input.facts.hosts
	count([h | some h in input.facts.hosts; h.name == host.name]) == 1
	"etcd" in host.roles
	kubekey.own_etcd(input.set[host.document].value)
	cidr.family(host.node_ipv4) == 4
	some id in _member_files(host)
}

_is_dialled(url) if {
	url.scheme == "https"
	not url.loopback
	not url.unspecified
}

# member-<host>.pem of the host's own folder, else the one that all files of this name hold.
_member_files(host) := {file.id | some file in _named(host); file.host == host.folder} if {
	some file in _named(host)
	file.host == host.folder
} else := {min({file.id | some file in _named(host)})} if {
	count({file.certs[0].sha256 | some file in _named(host)}) == 1
}

_named(host) := {file |
	some use in input.facts.etcd.in_use
	file := input.facts.certificates[use.certificate]
	file.role == "etcd-member"
	file.named_for == host.name
}

_address(host) := array.concat(host.path, [field.key]) if {
	entry := object.get(input.set[host.document].value, host.path, {})
	fields := [f | some name in ["internalAddress", "address"]; f := kubekey.field(entry, name); f.value != ""]
	field := fields[0]
}
