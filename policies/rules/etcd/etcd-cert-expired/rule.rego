# METADATA
# title: A certificate of etcd has expired
# description: >-
#   Open connections live on, every new one fails: kube-apiserver loses etcd with the next restart, reboot or network failure, and
#   ks-apiserver and ks-controller-manager crash after it. Backups, kk add nodes and etcd monitoring fail at once. KubeKey gives
#   its own etcd certificates 10 years or more, kubeadm one year; kk certs renew of v1 to v3 never touches them.
# related_resources:
# - ref: https://github.com/kubesphere/kubesphere/issues/6110
# - ref: https://github.com/kubernetes/kubeadm/issues/1651
# - ref: https://github.com/etcd-io/etcd/blob/v3.5.24/client/pkg/transport/listener.go
# custom:
#   severity: error
#   targets: [certificate]
#   scope: set
#   facts: [etcd]
#   message: "etcd certificate \"{name}\" expired on {date}: every new TLS connection that needs it fails"
#   remediation: >-
#     Re-issue the pair from ca.pem and ca-key.pem into the same paths on every host that has a copy, then restart kube-apiserver
#     and renew Secret kube-etcd-client-certs; etcd itself needs no restart.
#   messages:
#     tools:
#       message: "etcd certificate \"{name}\" expired on {date}: etcdctl, etcd backups and kk add nodes fail"
#       remediation: Re-issue the pair from ca.pem and ca-key.pem into the same paths; nothing needs a restart.
#     kubeadm:
#       message: "etcd certificate \"{name}\" expired on {date}: every new TLS connection that needs it fails"
#       remediation: >-
#         Run kubeadm certs renew all on every control-plane node, then restart kube-apiserver; etcd itself needs no restart. Then
#         renew Secret kube-etcd-client-certs.
#     v4:
#       message: "etcd certificate \"{name}\" expired on {date}: every new TLS connection that needs it fails"
#       remediation: Run kk certs renew, which re-issues what has expired and restarts etcd on all members.
#     secret:
#       message: "etcd certificate \"{name}\" in the Secret expired on {date}: etcd monitoring gets no data"
#       remediation: >-
#         Write the current node-<first master>.pem and key (kubeadm: healthcheck-client.crt and key) into the Secret; KubeKey never
#         overwrites it.
#   zh:
#     title: etcd 证书已过期
#     description: >-
#       已建立的连接不受影响，新连接全部失败：kube-apiserver 在下一次重启、主机重启或网络闪断后就连不上 etcd，ks-apiserver 和
#       ks-controller-manager 随之反复崩溃；备份、kk add nodes 和 etcd 监控则立即失效。KubeKey 自建 etcd 的证书有效期为 10 年以上，
#       kubeadm 的只有一年；v1 到 v3 的 kk certs renew 从不更新 etcd 证书。
#     message: "etcd 证书 \"{name}\" 已于 {date} 过期：用到它的新 TLS 连接全部失败"
#     remediation: >-
#       用 ca.pem 和 ca-key.pem 重新签发这对证书，覆盖每台主机上的同名文件，然后重启 kube-apiserver，并更新 Secret
#       kube-etcd-client-certs；etcd 本身无需重启。
#     messages:
#       tools:
#         message: "etcd 证书 \"{name}\" 已于 {date} 过期：etcdctl、etcd 备份和 kk add nodes 都会失败"
#         remediation: 用 ca.pem 和 ca-key.pem 重新签发这对证书，覆盖原文件；无需重启任何服务。
#       kubeadm:
#         message: "etcd 证书 \"{name}\" 已于 {date} 过期：用到它的新 TLS 连接全部失败"
#         remediation: >-
#           在每个控制平面节点上执行 kubeadm certs renew all，然后重启 kube-apiserver；etcd 本身无需重启。之后更新 Secret
#           kube-etcd-client-certs。
#       v4:
#         message: "etcd 证书 \"{name}\" 已于 {date} 过期：用到它的新 TLS 连接全部失败"
#         remediation: 执行 kk certs renew：它会重新签发已过期的证书，并重启所有 etcd 成员。
#       secret:
#         message: "Secret 中的 etcd 证书 \"{name}\" 已于 {date} 过期：etcd 监控没有数据"
#         remediation: >-
#           把当前的 node-<首个 master>.pem 及其私钥（kubeadm：healthcheck-client.crt 及其私钥）写入该 Secret；KubeKey 不会覆盖它。
package policies.rules.etcd["etcd-cert-expired"]

deny contains {"document": cert.document, "path": cert.path, "message": _message(use, file), "args": args} if {
	some places in _expired
	use := input.facts.etcd.in_use[min(places)]
	file := input.facts.certificates[use.certificate]
	cert := file.certs[0]
	args := {"name": file.name, "date": substring(cert.not_after, 0, 10)}
}

# KubeKey copies one certificate to many hosts, which is one fault; kube-apiserver's copy counts before the Secret's.
_expired[cert.sha256] contains i if {
	some i, use in input.facts.etcd.in_use
	cert := input.facts.certificates[use.certificate].certs[0]
	cert.ends < input.facts.now
}

_message(use, file) := "kubeadm" if {
	startswith(file.role, "kubeadm-")
} else := "v4" if {
	file.role in {"etcd-server", "etcd-client"}
} else := "secret" if {
	file.role == "etcd-secret-client"
} else := "tools" if {
	file.role == "etcd-admin"
} else := "tools" if {
	every x in use.uses {
		x.kind == "etcdctl"
	}
} else := ""
