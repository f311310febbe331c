# METADATA
# title: A CA of etcd has expired
# description: >-
#   All certificates that the CA has issued are rejected with the next handshake, although their own dates are fine: members lose
#   each other and kube-apiserver loses etcd. KubeKey makes the CA first and uses it again for kk add nodes, so its certificates
#   end after their CA, by seconds or by years.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/blob/release-3.1/cmd/kk/pkg/utils/certs/certs.go
# - ref: https://github.com/kubesphere/kubekey/blob/main/pkg/modules/gen_cert/gen_cert.go
# - ref: https://github.com/etcd-io/etcd/blob/v3.5.24/client/pkg/tlsutil/tlsutil.go
# custom:
#   severity: error
#   targets: [certificate]
#   scope: set
#   facts: [etcd]
#   message: "etcd CA \"{name}\" expired on {date}: etcd, kube-apiserver and etcdctl reject all certificates issued by it"
#   remediation: >-
#     Renew the CA certificate with the same key and subject, copy it to all etcd and control-plane hosts, restart etcd member by
#     member, then kube-apiserver, and update Secret kube-etcd-client-certs. A new CA is only for a lost or leaked key.
#   messages:
#     chain:
#       message: "intermediate CA in \"{name}\" expired on {date}: whoever checks this certificate rejects it"
#       remediation: >-
#         Renew the intermediate CA with the same key and subject, then put it in place of the old one behind the certificate, in
#         every copy of the file.
#   zh:
#     title: etcd 的 CA 已过期
#     description: >-
#       下一次握手起，该 CA 签发的所有证书都会被拒绝，尽管证书自身仍在有效期内：etcd 成员之间、kube-apiserver 与 etcd 之间全部断开。
#       KubeKey 先生成 CA，kk add nodes 时又继续使用它，因此证书会比 CA 晚到期，少则几秒，多则数年。
#     message: "etcd CA \"{name}\" 已于 {date} 过期：etcd、kube-apiserver 和 etcdctl 会拒绝它签发的所有证书"
#     remediation: >-
#       用原私钥和原 subject 续签 CA 证书，分发到所有 etcd 和控制平面主机，逐个重启 etcd 成员，再重启 kube-apiserver，并更新 Secret
#       kube-etcd-client-certs。只有私钥丢失或泄露时才更换 CA。
#     messages:
#       chain:
#         message: "\"{name}\" 中的中间 CA 已于 {date} 过期：校验该证书的一方会拒绝它"
#         remediation: 用原私钥和原 subject 续签中间 CA，替换每一份文件中位于该证书之后的旧中间 CA。
package policies.rules.etcd["etcd-ca-expired"]

import future.keywords.not

deny contains _fault(input.facts.etcd.authorities[at[0]], at[1], "") if {
	some places in _expired
	at := min(places)
}

deny contains _fault(input.facts.etcd.in_use[at[0]], at[1], "chain") if {
	some places in _broken
	at := min(places)
}

# One CA is one fault, on however many hosts it lies. First those that only their dates keep from verifying a sound leaf …
_expired[_certs(use)[n].sha256] contains [i, n] if {
	some pair in _untimely
	not _chained(pair)
	some i, use in input.facts.etcd.authorities
	use.certificate == pair.ca.certificate
	n := _latest({n | some n, cert in _certs(use); cert.subject in _issuers(pair)}, _certs(use))
}

# … then those that no sound leaf of the set is checked with.
_expired[_certs(use)[n].sha256] contains [i, n] if {
	some i, use in input.facts.etcd.authorities
	not input.facts.certificates[use.certificate].content in _judged
	every cert in _certs(use) {
		_is_expired(cert)
	}
	n := _latest({n | some n, _ in _certs(use)}, _certs(use))
}

_broken[_certs(use)[n].sha256] contains [i, n] if {
	some pair in _untimely
	some i, use in input.facts.etcd.in_use
	use.certificate == pair.leaf.certificate
	n := _chained(pair)
}

_judged contains input.facts.certificates[pair.ca.certificate].content if {
	some pair in input.facts.etcd.pairs
	_is_valid(_certs(pair.leaf)[0])
}

# Where a CA is not valid yet, that may be the reason.
_untimely contains pair if {
	some pair in input.facts.etcd.pairs
	pair.verifies
	not pair.verifies_now
	_is_valid(_certs(pair.leaf)[0])
	every cert in array.concat(_certs(pair.leaf), _certs(pair.ca)) {
		cert.starts <= input.facts.now
	}
}

# The expired certificate behind the leaf, where the CA file itself is sound.
_chained(pair) := _latest(
	{n |
		some n, cert in _certs(pair.leaf)
		n > 0
		not cert.sha256 in {c.sha256 | some c in _certs(pair.ca)}
	},
	_certs(pair.leaf),
) if {
	some cert in _certs(pair.ca)
	cert.subject in _issuers(pair)
	not _is_expired(cert)
}

_issuers(pair) := {cert.issuer | some cert in _certs(pair.leaf)}

_latest(numbers, certs) := max({[certs[n].ends, n] | some n in numbers; _is_expired(certs[n])})[1]

_certs(side) := input.facts.certificates[side.certificate].certs

_is_expired(cert) if cert.ends < input.facts.now

_is_valid(cert) if {
	cert.starts <= input.facts.now
	cert.ends >= input.facts.now
}

_fault(use, n, message) := {"document": cert.document, "path": cert.path, "message": message, "args": args} if {
	file := input.facts.certificates[use.certificate]
	cert := file.certs[n]
	args := {"name": file.name, "date": substring(cert.not_after, 0, 10)}
}
