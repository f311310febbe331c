# METADATA
# title: A key does not belong to its certificate of etcd
# description: >-
#   tls: private key does not match public key. A running etcd reads the pair anew with each handshake and refuses new connections
#   at once; etcd or kube-apiserver exits at its next start. It comes from files of two hosts or of two issues, and from a
#   certificate file that holds the CA in front of its own certificate. Key files that are not there are not asked for.
# related_resources:
# - ref: https://github.com/etcd-io/etcd/blob/v3.5.24/client/pkg/transport/listener.go
# - ref: https://github.com/etcd-io/etcd/blob/v3.5.24/client/pkg/tlsutil/tlsutil.go
# custom:
#   severity: error
#   targets: [etcd-env, k3s-env, static-pod, secret, certificate]
#   scope: set
#   facts: [etcd]
#   message: "the key does not belong to certificate \"{name}\": etcd refuses new connections and exits at its next start"
#   remediation: >-
#     Put certificate and key of one issue and one host on both paths, the host's own certificate first in its file.
#   messages:
#     client:
#       message: "the key does not belong to certificate \"{name}\": kube-apiserver exits at its next start"
#     etcdctl:
#       message: "the key does not belong to certificate \"{name}\": etcdctl and etcd backups fail"
#     secret:
#       message: "the key does not belong to certificate \"{name}\": etcd monitoring gets no data"
#       remediation: Write certificate and key of one pair into the Secret, such as node-<first master>.pem and its key.
#     file:
#       message: "the key beside \"{name}\" does not belong to it: whoever loads the pair exits at its next start"
#   zh:
#     title: 私钥与 etcd 证书不匹配
#     description: >-
#       报错为 tls: private key does not match public key。运行中的 etcd 每次握手都会重新读取这对文件，新连接立即被拒绝；etcd 或
#       kube-apiserver 下次启动时直接退出。原因通常是混用了两台主机或两次签发的文件，或证书文件中 CA 排在了自身证书之前。未提供私钥文件时不检查。
#     message: "私钥与证书 \"{name}\" 不匹配：etcd 拒绝新连接，下次启动时直接退出"
#     remediation: 两个路径上放同一主机、同一次签发的证书和私钥；证书文件中主机自身的证书必须排在最前。
#     messages:
#       client:
#         message: "私钥与证书 \"{name}\" 不匹配：kube-apiserver 下次启动时直接退出"
#       etcdctl:
#         message: "私钥与证书 \"{name}\" 不匹配：etcdctl 和 etcd 备份都会失败"
#       secret:
#         message: "私钥与证书 \"{name}\" 不匹配：etcd 监控没有数据"
#         remediation: 向该 Secret 写入同一对证书和私钥，例如 node-<首个 master>.pem 及其私钥。
#       file:
#         message: "\"{name}\" 旁边的私钥与它不匹配：加载这对文件的程序下次启动时直接退出"
package policies.rules.etcd["etcd-cert-key-mismatch"]

deny contains {"document": at.document, "path": at.path, "message": message, "args": {"name": file.name}} if {
	some places in _mismatches
	pair := input.facts.etcd.keypairs[min(places)]
	file := input.facts.certificates[pair.certificate]
	message := object.get(_messages, pair.kind, "")
	at := _place(pair)
}

_messages := {"apiserver": "client", "k3s": "client", "etcdctl": "etcdctl", "secret": "secret", "name": "file"}

# KubeKey copies a pair to many hosts, which is one fault.
_mismatches[file.certs[0].sha256] contains i if {
	some i, pair in input.facts.etcd.keypairs
	pair.match == false
	_counts(pair)
	file := input.facts.certificates[pair.certificate]
}

_counts(pair) if pair.kind != "name"

# Where the settings of the host name other files, nobody uses this one.
_counts(pair) if pair.certificate in {use.certificate | some use in input.facts.etcd.in_use}

# A key file of its own is a document that no rule looks at.
_place(pair) := pair.cert if {
	pair.kind == "name"
} else := pair
