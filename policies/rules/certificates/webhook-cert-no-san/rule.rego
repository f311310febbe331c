# METADATA
# title: a webhook's certificate does not name its Service
# description: >-
#   The API server calls a webhook as <service>.<namespace>.svc and takes only a certificate with exactly that name among its
#   SANs; from Kubernetes 1.19 on the common name does not count. Users are then not created or activated, receivers not saved.
#   KubeSphere 3.0 ships such certificates, and any is wrong in a namespace that it was not made for.
# related_resources:
# - ref: https://github.com/kubesphere/kubesphere/issues/3132
# - ref: https://github.com/kubesphere/notification-manager/issues/144
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.0.0/roles/ks-core/prepare/files/ks-init/webhook-secret.yaml
# - ref: https://github.com/kubernetes/apiserver/blob/v0.31.0/pkg/util/webhook/client.go
# custom:
#   severity: error
#   targets: [secret]
#   scope: set
#   facts: [webhooks]
#   message: "this certificate names no host at all: Kubernetes 1.19 and newer refuse the webhooks of \"{name}\""
#   remediation: >-
#     Make a certificate with the SAN {name} and put it into Secret {secret}; if its CA changes, put that into every caBundle of
#     the Service too.
#   messages:
#     other:
#       severity: error
#       message: "this certificate does not name \"{name}\": the API server refuses the webhooks of that Service"
#   zh:
#     title: webhook 证书中没有其 Service 的域名
#     description: >-
#       API server 以 <service>.<namespace>.svc 调用 webhook，证书的 SAN 中必须有这个名称；从 Kubernetes 1.19 起 CN 不再算数。
#       否则用户无法创建或激活、接收器无法保存。KubeSphere 3.0 自带的证书就是如此；任何证书换一个命名空间使用也会这样。
#     message: "该证书没有任何 SAN：Kubernetes 1.19 及以上版本会拒绝 \"{name}\" 的 webhook"
#     remediation: 签发 SAN 为 {name} 的证书并写入 Secret {secret}；如果同时更换了 CA，还要写入该 Service 的每个 caBundle。
#     messages:
#       other:
#         message: "该证书的 SAN 中没有 \"{name}\"：API server 会拒绝该 Service 的 webhook"
package policies.rules.certificates["webhook-cert-no-san"]

import data.policies.lib.value
import data.policies.lib.version
import future.keywords.not

deny contains _fault(secret, leaf) if {
	some secret in input.facts.webhooks.secrets
	leaf := _leaf(secret)
	_bare(leaf)
	not version.below(input.set[secret.document].versions.kubernetes, "1.19")
}

deny contains object.union(_fault(secret, leaf), {"message": "other"}) if {
	some secret in input.facts.webhooks.secrets
	leaf := _leaf(secret)
	not _bare(leaf)
	count({sprintf("*.%s.svc", [lower(secret.namespace)]), _wanted(secret)} & {n | some n in leaf.dns}) == 0
}

_leaf(secret) := leaf if {
	secret.namespace != ""
	not value.is_template(secret.namespace)
	leaf := input.facts.certificates[secret.server].certs[0]
	not leaf.unreadable
}

_bare(leaf) if count(leaf.dns) + count(leaf.ips) == 0

_wanted(secret) := lower(sprintf("%s.%s.svc", [secret.service, secret.namespace]))

_fault(secret, leaf) := {"document": leaf.document, "path": leaf.path, "args": {
	"name": _wanted(secret),
	"secret": secret.name,
}}
