# METADATA
# title: A certificate of etcd is not issued by the CA that it is checked with
# description: >-
#   x509: certificate signed by unknown authority, or tls: bad certificate on the other side. It comes with a CA that was renewed on
#   some hosts only, with files that a re-install left from the old cluster, and with the file of another cluster. A CA file may hold
#   several CAs, old and new, and one of them is enough. Dates are another fault.
# related_resources:
# - ref: https://github.com/kubesphere/kubesphere/issues/6235
# - ref: https://github.com/kubesphere/kubekey/blob/release-3.1/cmd/kk/pkg/utils/certs/certs.go
# - ref: https://github.com/etcd-io/etcd/blob/v3.5.24/client/pkg/transport/listener.go
# - ref: https://github.com/etcd-io/etcd/blob/v3.5.24/client/pkg/tlsutil/tlsutil.go
# custom:
#   severity: error
#   targets: [etcd-env, k3s-env, static-pod, certificate]
#   scope: set
#   facts: [etcd]
#   message: "etcd certificate \"{name}\" is not issued by the CA in \"{ca}\": whoever checks it with that file rejects it"
#   remediation: >-
#     Put the CA that has issued it, or old and new CA in one file, on every member and control-plane host, then restart etcd member
#     by member. Do not make a new CA for it.
#   messages:
#     ca:
#       message: "no CA in \"{ca}\" has issued etcd certificate \"{name}\", which is checked with it: it is rejected"
#       remediation: >-
#         Replace the file by the CA that has issued it, or add that CA to the file, then restart etcd member by member. Do not make a
#         new CA for it.
#   zh:
#     title: etcd 证书不是由校验它的 CA 签发的
#     description: >-
#       报错为 x509: certificate signed by unknown authority，对端则是 tls: bad certificate。原因通常是 CA 只在部分主机上更换、重装后残留
#       了旧集群的文件，或用了其他集群的文件。CA 文件中可以同时有新旧多个 CA，有一个匹配即可。有效期问题由其他规则负责。
#     message: "etcd 证书 \"{name}\" 不是由 \"{ca}\" 中的 CA 签发的：用该文件校验它的一方会拒绝它"
#     remediation: >-
#       把签发它的 CA（或新旧 CA 合并成的一个文件）放到每台 etcd 和控制平面主机上，然后逐个重启 etcd 成员。不要为此新建 CA。
#     messages:
#       ca:
#         message: "\"{ca}\" 中没有签发 etcd 证书 \"{name}\" 的 CA，而该证书由此文件校验：证书会被拒绝"
#         remediation: >-
#           把该文件换成签发此证书的 CA，或把该 CA 追加到文件中，然后逐个重启 etcd 成员。不要为此新建 CA。
package policies.rules.etcd["etcd-cert-unknown-ca"]

import future.keywords.not

# A leaf that no CA of the set knows is at fault itself.
deny contains {"document": cert.document, "path": cert.path, "args": {"name": leaf.name, "ca": ca.name}} if {
	some faults in _strangers
	[id, other] := min(faults)
	leaf := input.facts.certificates[id]
	ca := input.facts.certificates[other]
	cert := leaf.certs[0]
}

# A CA file is at fault where others know the leaf, or where it knows none of several.
deny contains {"document": ca.document, "path": ca.path, "message": "ca", "args": args} if {
	some faults in _useless
	[id, other] := min(faults)
	ca := input.facts.certificates[id]
	args := {"name": input.facts.certificates[other].name, "ca": ca.name}
}

unchecked contains {"needs": file.value, "document": document} if {
	some [document, file] in _files
	is_string(file.value)
	not file.certificate
}

_files contains [member.document, member.settings[name]] if {
	some member in input.facts.etcd.members
	some name in ["ETCD_CERT_FILE", "ETCD_TRUSTED_CA_FILE", "ETCD_PEER_CERT_FILE", "ETCD_PEER_TRUSTED_CA_FILE"]
}

_files contains [client.document, client[side]] if {
	some client in input.facts.etcd.clients
	client.kind != "external"
	some side in ["ca", "cert"]
}

_strangers[_leaf(pair)] contains [pair.leaf.certificate, pair.ca.certificate] if {
	some pair in _refused
	not _blames_ca(pair)
}

_useless[_ca(pair)] contains [pair.ca.certificate, pair.leaf.certificate] if {
	some pair in _refused
	_blames_ca(pair)
}

_blames_ca(pair) if _leaf(pair) in {_leaf(p) | some p in input.facts.etcd.pairs; p.verifies}

_blames_ca(pair) if {
	not _ca(pair) in {_ca(p) | some p in input.facts.etcd.pairs; p.verifies}
	count({_leaf(p) | some p in _refused; _ca(p) == _ca(pair)}) > 1
}

# What cannot be read in either file may be what is missing.
_refused contains pair if {
	some pair in input.facts.etcd.pairs
	not pair.verifies
	every side in [pair.leaf, pair.ca] {
		every cert in input.facts.certificates[side.certificate].certs {
			cert.sha256
		}
	}
}

_leaf(pair) := input.facts.certificates[pair.leaf.certificate].certs[0].sha256

_ca(pair) := input.facts.certificates[pair.ca.certificate].content
