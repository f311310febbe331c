# METADATA
# title: A certificate of etcd expires soon
# description: >-
#   On that day every new TLS connection that needs it fails, and with a CA all of its certificates at once. Nothing renews it by
#   itself but for kubeadm's certificates where KubeKey's timer runs, which is why these are given until the timer must have been
#   at work: it renews below 30 days, on Mondays.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/issues/2310
# - ref: https://github.com/kubesphere/kubekey/blob/release-3.1/cmd/kk/pkg/certs/templates/certs_renew_script.go
# - ref: https://github.com/kubesphere/kubekey/blob/main/pkg/modules/gen_cert/gen_cert.go
# custom:
#   severity: warning
#   targets: [kubekey-cluster, systemd-unit, certificate]
#   scope: set
#   facts: [etcd]
#   parameters:
#     days:
#       type: number
#       default: 30
#       description: How many days ahead a certificate is reported.
#       zh: 提前多少天提醒证书即将过期。
#     timerDays:
#       type: number
#       default: 21
#       description: The same for kubeadm's certificates of etcd where KubeKey's timer renews them.
#       zh: 同上，用于 KubeKey 定时器会自动更新的 kubeadm etcd 证书。
#     caDays:
#       type: number
#       default: 90
#       description: The same for CA certificates.
#       zh: 同上，用于 CA 证书。
#   message: "etcd certificate \"{name}\" expires on {date} (days left: {days}): then every new TLS connection that needs it fails"
#   remediation: >-
#     Re-issue the pair from ca.pem and ca-key.pem into the same paths on every host that has a copy, then restart kube-apiserver
#     and renew Secret kube-etcd-client-certs; kk certs renew does not touch it.
#   messages:
#     kubeadm:
#       message: "etcd certificate \"{name}\" expires on {date} (days left: {days}): then every new TLS connection that needs it fails"
#       remediation: >-
#         Run kubeadm certs renew all on every control-plane node, then restart kube-apiserver; with KubeKey's timer find out why it
#         did not run, with journalctl -u k8s-certs-renew.
#     v4:
#       message: "etcd certificate \"{name}\" expires on {date} (days left: {days}): then every new TLS connection that needs it fails"
#       remediation: >-
#         Set certs.etcd.gen_cert_policy to Always, then run kk certs renew, which restarts etcd on all members.
#     secret:
#       message: "etcd certificate \"{name}\" in the Secret expires on {date} (days left: {days}): then etcd monitoring gets no data"
#       remediation: >-
#         Write a new node-<first master>.pem and key (kubeadm: healthcheck-client.crt and key) into the Secret; KubeKey never
#         overwrites it.
#     ca:
#       message: "etcd CA \"{name}\" expires on {date} (days left: {days}): then all certificates issued by it are worthless"
#       remediation: >-
#         Renew the CA certificate with the same key and subject, copy it to all etcd and control-plane hosts, then restart etcd
#         member by member and kube-apiserver after it.
#   zh:
#     title: etcd 证书即将过期
#     description: >-
#       到期之后，用到它的新 TLS 连接全部失败；如果是 CA，它签发的所有证书同时失效。除了有 KubeKey 定时器的 kubeadm 证书，没有任何东西会自动
#       更新它；定时器在每周一更新剩余不足 30 天的证书，因此对这类证书的提醒会晚一些。
#     message: "etcd 证书 \"{name}\" 将于 {date} 过期（剩余 {days} 天）：届时用到它的新 TLS 连接全部失败"
#     remediation: >-
#       用 ca.pem 和 ca-key.pem 重新签发这对证书，覆盖每台主机上的同名文件，然后重启 kube-apiserver，并更新 Secret
#       kube-etcd-client-certs；kk certs renew 不会处理它。
#     messages:
#       kubeadm:
#         message: "etcd 证书 \"{name}\" 将于 {date} 过期（剩余 {days} 天）：届时用到它的新 TLS 连接全部失败"
#         remediation: >-
#           在每个控制平面节点上执行 kubeadm certs renew all，然后重启 kube-apiserver；如果装有 KubeKey 的定时器，用
#           journalctl -u k8s-certs-renew 查明它为何没有执行。
#       v4:
#         message: "etcd 证书 \"{name}\" 将于 {date} 过期（剩余 {days} 天）：届时用到它的新 TLS 连接全部失败"
#         remediation: 将 certs.etcd.gen_cert_policy 设为 Always，然后执行 kk certs renew；它会重启所有 etcd 成员。
#       secret:
#         message: "Secret 中的 etcd 证书 \"{name}\" 将于 {date} 过期（剩余 {days} 天）：届时 etcd 监控没有数据"
#         remediation: >-
#           把新的 node-<首个 master>.pem 及其私钥（kubeadm：healthcheck-client.crt 及其私钥）写入该 Secret；KubeKey 不会覆盖它。
#       ca:
#         message: "etcd CA \"{name}\" 将于 {date} 过期（剩余 {days} 天）：届时由它签发的证书全部失效"
#         remediation: >-
#           用原私钥和原 subject 续签 CA 证书，分发到所有 etcd 和控制平面主机，然后逐个重启 etcd 成员，最后重启 kube-apiserver。
package policies.rules.etcd["etcd-cert-expires-soon"]

import data.policies.lib.kubekey
import future.keywords.not

deny contains _fault(file, file.certs[0], _message(file)) if {
	some places in _leaves
	file := input.facts.certificates[input.facts.etcd.in_use[min(places)].certificate]
}

deny contains _fault(file, file.certs[at[1]], "ca") if {
	some places in _authorities
	at := min(places)
	file := input.facts.certificates[input.facts.etcd.authorities[at[0]].certificate]
}

# KubeKey copies one certificate to many hosts, which is one fault.
_leaves[cert.sha256] contains i if {
	some i, use in input.facts.etcd.in_use
	file := input.facts.certificates[use.certificate]
	cert := file.certs[0]
	_soon(cert, _days(file))
}

# What ends before another of the same file is left of a rotation; what cannot be read may be the newest.
_authorities[cert.sha256] contains [i, n] if {
	some i, use in input.facts.etcd.authorities
	not use.certificate in {leaf.certificate | some leaf in input.facts.etcd.in_use}
	certs := input.facts.certificates[use.certificate].certs
	every cert in certs {
		is_number(cert.ends)
	}
	some n, cert in certs
	cert.ends == max([c.ends | some c in certs])
	_soon(cert, _parameters.caDays)
}

_parameters := input.parameters["etcd-cert-expires-soon"]

_soon(cert, days) if {
	cert.ends >= input.facts.now
	cert.ends < input.facts.now + (days * 86400)
}

_days(file) := _parameters.timerDays if {
	_message(file) == "kubeadm"
	_has_timer(file)
} else := _parameters.days

_has_timer(file) if {
	some document in input.set
	document.target == "systemd-unit"
	document.host == file.host
	endswith(concat("/", ["", document.file]), "/k8s-certs-renew.timer")
}

_has_timer(_) if {
	some document in input.set
	document.target == "kubekey-cluster"
	kubekey.at(document.value, ["spec", "kubernetes", "autoRenewCerts"]).value == true
}

_fault(file, cert, message) := {"document": cert.document, "path": cert.path, "message": message, "args": {
	"name": file.name,
	"date": substring(cert.not_after, 0, 10),
	"days": floor((cert.ends - input.facts.now) / 86400),
}}

_message(file) := "kubeadm" if {
	startswith(file.role, "kubeadm-")
} else := "v4" if {
	file.role in {"etcd-server", "etcd-client"}
} else := "secret" if {
	file.role == "etcd-secret-client"
} else := ""
