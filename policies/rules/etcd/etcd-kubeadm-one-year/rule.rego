# METADATA
# title: etcd's certificates by kubeadm end after a year, and nobody renews them
# description: >-
#   With an etcd of kubeadm's the certificates of etcd, and that with which the API server reaches it, last one year instead of
#   ten. The timer behind autoRenewCerts renews them; kk certs renew of KubeKey v2.1 to v3 renews those of the control plane
#   alone. KubeKey v4 renews them unless kubernetes.certs.renew is false.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/issues/689
# - ref: https://github.com/kubernetes/kubeadm/issues/1651
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/certs/tasks.go
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/certs/templates/certs_renew_script.go
# custom:
#   severity: warning
#   scope: set
#   targets: [kubekey-cluster, kubekey-config, kubekey-inventory]
#   unknown: run
#   versions: {kubekey: ">=2.1"}
#   message: "etcd's certificates end after a year: with etcd.type kubeadm nothing but autoRenewCerts renews them"
#   remediation: >-
#     Set kubernetes.autoRenewCerts: true; on a running cluster run kubeadm certs renew all on every control-plane host, then
#     restart its four static pods.
#   messages:
#     v4:
#       message: "etcd's certificates end after a year: etcd is kubeadm's, and kubernetes.certs.renew is false"
#       remediation: >-
#         Set kubernetes.certs.renew: true; on a running cluster run kubeadm certs renew all on every control-plane host, then
#         restart its four static pods.
#   zh:
#     title: kubeadm 的 etcd 证书一年到期，且没有自动续期
#     description: >-
#       由 kubeadm 部署 etcd 时，etcd 的证书以及 API server 访问 etcd 的客户端证书有效期只有一年，而不是十年。autoRenewCerts
#       对应的定时任务会续期；KubeKey v2.1 到 v3 的 kk certs renew 只续控制平面的证书，不包括 etcd。KubeKey v4 默认续期，除非
#       kubernetes.certs.renew 为 false。
#     message: "etcd 证书一年后到期：etcd.type 为 kubeadm 时，只有 autoRenewCerts 会续期"
#     remediation: >-
#       设置 kubernetes.autoRenewCerts: true；对运行中的集群，在每台控制平面主机上执行 kubeadm certs renew all，再重启四个静态 Pod。
#     messages:
#       v4:
#         message: "etcd 证书一年后到期：etcd 由 kubeadm 部署，而 kubernetes.certs.renew 为 false"
#         remediation: >-
#           设置 kubernetes.certs.renew: true；对运行中的集群，在每台控制平面主机上执行 kubeadm certs renew all，再重启四个静态 Pod。
package policies.rules.etcd["etcd-kubeadm-one-year"]

import data.policies.lib.kubekey
import data.policies.lib.kubekey4
import future.keywords.not

deny contains {"document": i, "path": type.path, "args": {}} if {
	some i, document in input.set
	document.target == "kubekey-cluster"
	type := kubekey.at(document.value, ["spec", "etcd", "type"])
	type.value == "kubeadm"
	not kubekey.own_etcd(document.value)
	kind := kubekey.kubernetes_type(document.value)
	not kind in {"k3s", "k8e"}
	not kubekey.at(document.value, ["spec", "kubernetes", "type"]).value == "k8e"
	_renews_nothing(document.value)
}

deny contains {"document": i, "path": renew.path, "message": "v4", "args": {}} if {
	some pair in kubekey4.pairs(input.set)
	kubekey4.setting(pair.config, pair.inventory, ["etcd", "deployment_type"]).value == "internal"
	renew := kubekey4.setting(pair.config, pair.inventory, ["kubernetes", "certs", "renew"])
	renew.value == false
	i := pair.documents[renew["in"]]
}

# A quoted "true" is no boolean, and KubeKey cannot read the file.
_renews_nothing(cluster) if not kubekey.at(cluster, ["spec", "kubernetes", "autoRenewCerts"])

_renews_nothing(cluster) if kubekey.at(cluster, ["spec", "kubernetes", "autoRenewCerts"]).value == false
