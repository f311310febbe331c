# METADATA
# title: a webhook's CA or certificate has expired
# description: >-
#   The API server calls a webhook only when its certificate verifies against caBundle. Past the end of either, every create and
#   update of the kinds it guards fails (failurePolicy Fail), or its checks silently stop (Ignore). The CA of the S2I webhooks
#   that KubeSphere 3.1.0 to 3.4.1 install with DevOps ended on 2024-02-14 and stops the installation of DevOps.
# related_resources:
# - ref: https://github.com/kubesphere/kubesphere/issues/6047
# - ref: https://github.com/kubesphere/kubesphere/issues/6058
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.1.1/roles/ks-devops/s2i/templates/s2ioperator.yaml.j2
# custom:
#   severity: error
#   targets: [webhook-config, crd, secret]
#   scope: set
#   facts: [webhooks]
#   message: "CA \"{ca}\" in this caBundle ended on {date}: the API server fails every call of the webhook"
#   remediation: >-
#     Make a new CA and certificate, put them into the Secret and into every caBundle of the Service, and restart its server; for
#     S2I run the ks-installer image with the tag of your version and -patch.0.
#   messages:
#     leaf:
#       severity: error
#       message: "the certificate of Service \"{service}\" ended on {date}: the API server fails every call of its webhooks"
#     ca:
#       severity: error
#       message: "CA \"{ca}\" of Service \"{service}\" ended on {date}: the API server fails every call of its webhooks"
#     signer:
#       severity: error
#       message: "CA \"{ca}\", which the certificate of Service \"{service}\" needs, ended on {date}: no CA that is still valid vouches for it"
#       remediation: >-
#         Sign a new certificate with the valid CA of this caBundle, put it into Secret {secret}, and restart the server.
#   zh:
#     title: webhook 的 CA 或证书已过期
#     description: >-
#       API server 只有在 webhook 的证书能用 caBundle 校验通过时才会调用它。两者任意一个过期后，它所拦截的资源创建、更新全部失败
#       （failurePolicy 为 Fail），或者校验悄悄失效（Ignore）。KubeSphere 3.1.0 到 3.4.1 随 DevOps 安装的 S2I webhook，其 CA 已于
#       2024-02-14 到期，会导致 DevOps 安装失败。
#     message: "caBundle 中的 CA \"{ca}\" 已于 {date} 到期：API server 对该 webhook 的调用全部失败"
#     remediation: 重新签发 CA 和证书，写入 Secret 以及该 Service 的每个 caBundle，再重启服务端；S2I 直接使用对应版本带 -patch.0 标签的 ks-installer 镜像。
#     messages:
#       leaf:
#         message: "Service \"{service}\" 的证书已于 {date} 到期：API server 对其 webhook 的调用全部失败"
#       ca:
#         message: "Service \"{service}\" 的 CA \"{ca}\" 已于 {date} 到期：API server 对其 webhook 的调用全部失败"
#       signer:
#         message: "Service \"{service}\" 的证书依赖的 CA \"{ca}\" 已于 {date} 到期：没有任何仍然有效的 CA 为它背书"
#         remediation: 用该 caBundle 中仍然有效的 CA 重新签发证书，写入 Secret {secret}，再重启服务端。
package policies.rules.certificates["webhook-ca-expired"]

import future.keywords.not

# A caBundle stands in a configuration as often as it has webhooks: said once.
deny contains {"document": hook.document, "path": hook.ca_path, "args": _end(ended)} if {
	some places in _dead_bundles
	hook := _hooks[min(places)]
	ended := _ended[hook.certificate]
}

deny contains {"document": leaf.document, "path": leaf.path, "message": "leaf", "args": args} if {
	some secret in input.facts.webhooks.secrets
	leaf := _leaf(secret)
	leaf.ends < input.facts.now
	args := {"service": secret.service, "date": _day(leaf)}
}

deny contains {"document": secret.document, "path": place, "message": "ca", "args": args} if {
	some secret in input.facts.webhooks.secrets
	ended := _ended[secret.ca]
	place := input.facts.certificates[secret.ca].path
	args := object.union(_end(ended), {"service": secret.service})
}

deny contains {"document": hook.document, "path": hook.ca_path, "message": "signer", "args": args} if {
	some hook in _hooks
	not hook.injected
	not _ended[hook.certificate]
	every own in hook.secrets {
		not own.verifies_now
	}
	own := [o | some o in hook.secrets; o.verifies][0]
	secret := input.facts.webhooks.secrets[own.secret]
	args := object.union(_gone(hook, secret), {"service": secret.service, "secret": secret.name})
}

_hooks := input.facts.webhooks.client_configs

# By document and content, the positions of the client configs whose CAs have all ended.
_dead_bundles[[hook.document, sums]] contains i if {
	some i, hook in _hooks
	not hook.injected
	_ended[hook.certificate]
	sums := [c.sha256 | some c in input.facts.certificates[hook.certificate].certs]
}

# By id, the certificate that ended last of those files and strings in which all have.
_ended[found.id] := _latest(found.certs) if {
	some found in input.facts.certificates
	every c in found.certs {
		c.ends < input.facts.now
	}
}

_latest(certs) := certs[max([[c.ends, i] | some i, c in certs])[1]]

_leaf(secret) := input.facts.certificates[secret.server].certs[0]

_end(cert) := {"ca": cert.cn, "date": _day(cert)}

_day(cert) := substring(cert.not_after, 0, 10)

# The CA that ended last of the bundle and the chain, where dates have run out and none is yet to begin.
_gone(hook, secret) := _end(_latest(gone)) if {
	not _ended[secret.ca]
	all := array.concat(
		input.facts.certificates[hook.certificate].certs,
		input.facts.certificates[secret.server].certs,
	)
	every c in all {
		c.starts <= input.facts.now
	}
	_leaf(secret).ends >= input.facts.now
	gone := [c | some c in all; c.ends < input.facts.now]
	count(gone) > 0
}
