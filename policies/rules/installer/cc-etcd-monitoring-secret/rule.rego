# METADATA
# title: The Secret that etcd monitoring needs is not complete
# description: >-
#   With etcd.monitoring and etcd.tlsEnable on, Prometheus mounts Secret kube-etcd-client-certs and reads three files from it.
#   KubeKey makes the Secret, ks-installer alone does not, and the empty one that it ships is never applied. Other names of keys
#   do not work.
# related_resources:
# - ref: https://github.com/kubesphere/ks-installer/issues/1243
# - ref: https://github.com/kubesphere/kubekey/issues/91
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/ks-monitor/templates/prometheus-serviceMonitorEtcd.yaml.j2
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/ks-monitor/tasks/etcd.yaml
# custom:
#   severity: warning
#   scope: set
#   targets: [cluster-configuration, secret]
#   facts: [etcd]
#   message: "Secret kube-etcd-client-certs lacks {keys}: Prometheus gets no data from etcd"
#   remediation: >-
#     Create the Secret from etcd's CA, a client certificate and its key, under the names etcd-client-ca.crt, etcd-client.crt and
#     etcd-client.key.
#   messages:
#     not-pem:
#       message: "{key} holds no usable PEM: Prometheus gets no data from etcd"
#       remediation: "Put the PEM file there, from -----BEGIN to -----END; below data in base64."
#   zh:
#     title: etcd 监控所需的 Secret 不完整
#     description: >-
#       同时开启 etcd.monitoring 和 etcd.tlsEnable 后，Prometheus 会挂载 Secret kube-etcd-client-certs，并读取其中三个文件。KubeKey
#       会创建这个 Secret；单独使用 ks-installer 时不会，它自带的只是一个从不应用的空 Secret。换成其他键名不起作用。
#     message: "Secret kube-etcd-client-certs 缺少 {keys}：Prometheus 采集不到 etcd 的数据"
#     remediation: >-
#       用 etcd 的 CA、一张客户端证书及其私钥创建该 Secret，键名为 etcd-client-ca.crt、etcd-client.crt 和 etcd-client.key。
#     messages:
#       not-pem:
#         message: "{key} 中没有可用的 PEM 内容：Prometheus 采集不到 etcd 的数据"
#         remediation: "填入完整的 PEM 内容，从 -----BEGIN 到 -----END；写在 data 下时用 base64 编码。"
package policies.rules.installer["cc-etcd-monitoring-secret"]

import data.policies.lib.cc
import future.keywords.not

deny contains {"document": secret.document, "path": _place(secret, missing[0]), "args": {"keys": missing}} if {
	count(_asking) > 0
	some secret in _secrets
	missing := [name | some key, name in _keys; not _says(secret, secret[key])]
}

deny contains {"document": secret.document, "path": at.path, "message": "not-pem", "args": {"key": name}} if {
	count(_asking) > 0
	some secret in _secrets
	_begun(secret)
	some key, name in _keys
	at := secret[key]
	_says(secret, at)
	at.pem == false
}

unchecked contains {"needs": "Secret kube-etcd-client-certs", "document": i} if {
	some i in _asking
	count(_secrets) == 0
}

_keys := {"ca": "etcd-client-ca.crt", "cert": "etcd-client.crt", "key": "etcd-client.key"}

# The documents that ask for the Secret.
_asking contains i if {
	some i, document in input.set
	document.target == "cluster-configuration"
	cc.at(document, ["etcd", "monitoring"]).value == true
	cc.at(document, ["etcd", "tlsEnable"]).value == true
}

# What sops encrypts is no PEM, and becomes one.
_secrets contains client if {
	some client in input.facts.etcd.clients
	client.kind == "secret"
	not input.set[client.document].value.sops
}

# Where nothing is PEM, all may be placeholders that somebody fills in later.
_begun(secret) if {
	some key, _ in _keys
	secret[key].pem
}

_says(secret, at) if not object.get(input.set[secret.document].value, at.path, null) in {null, ""}

_place(secret, key) := ["data", key] if {
	is_object(input.set[secret.document].value.data)
} else := ["stringData", key]
