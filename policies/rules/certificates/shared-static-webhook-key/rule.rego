# METADATA
# title: a webhook uses a certificate whose private key is published
# description: >-
#   KubeSphere 3.0 and 3.1 ship one pair of certificate and key for ks-controller-manager to everybody, 3.1 to 3.4 one for S2I,
#   3.2 to 3.4 one for notification-manager. Whoever can answer for the Service inside the cluster can pass for the webhook and
#   see or admit what it guards. The -patch.0 images end the expiry of the S2I pair, with another published key.
# related_resources:
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.1.1/roles/ks-core/prepare/files/ks-init/webhook-secret.yaml
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.1.1/roles/ks-devops/s2i/templates/s2ioperator.yaml.j2
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/ks-monitor/files/notification-manager/templates/tls.yaml
# custom:
#   severity: warning
#   targets: [webhook-config, crd, secret]
#   scope: set
#   facts: [webhooks]
#   message: "the certificate of \"{service}\" is the one that KubeSphere {releases} publishes with its private key: anyone can pass for this webhook"
#   remediation: >-
#     Make a CA and a certificate for this cluster alone, put them into the Secret and into every caBundle of Service {service},
#     then restart its server.
#   messages:
#     ca:
#       severity: warning
#       message: "this caBundle trusts the certificate of \"{service}\" that KubeSphere {releases} publishes with its private key: anyone can pass for this webhook"
#   zh:
#     title: webhook 使用了私钥已公开的证书
#     description: >-
#       KubeSphere 3.0、3.1 给所有用户安装的是同一对 ks-controller-manager 证书和私钥，3.1 到 3.4 的 S2I、3.2 到 3.4 的
#       notification-manager 也是如此。集群内只要能冒充该 Service 应答，就能冒充这个 webhook，看到甚至放行它所拦截的请求。
#       -patch.0 镜像只解决了 S2I 证书过期，换上的仍是另一把公开的私钥。
#     message: "\"{service}\" 的证书是 KubeSphere {releases} 连同私钥一起公开的那一张：任何人都能冒充这个 webhook"
#     remediation: 为本集群单独签发 CA 和证书，写入 Secret 以及 Service {service} 的每个 caBundle，再重启服务端。
#     messages:
#       ca:
#         message: "该 caBundle 信任 KubeSphere {releases} 连同私钥一起公开的 \"{service}\" 证书：任何人都能冒充这个 webhook"
package policies.rules.certificates["shared-static-webhook-key"]

import future.keywords.not

# One finding for a Service: at its Secret, else at the first caBundle.
deny contains object.union(first.at, {"args": {"service": service, "releases": first.row.releases}}) if {
	found := array.concat(_leaves, _bundles)
	some service in {f.row.service | some f in found}
	first := [f | some f in found; f.row.service == service][0]
}

_published := data.tables.static_webhook_certificates.certificates

_leaves := [{"row": row, "at": {"document": leaf.document, "path": leaf.path}} |
	some secret in input.facts.webhooks.secrets
	leaf := input.facts.certificates[secret.server].certs[0]
	some row in _published
	row.leaf == leaf.sha256
]

# A CA past its end is another fault; a bundle that an injector writes is not the one of the file.
_bundles := [{"row": row, "at": {"document": hook.document, "path": hook.ca_path, "message": "ca"}} |
	some hook in input.facts.webhooks.client_configs
	not hook.injected
	some ca in input.facts.certificates[hook.certificate].certs
	ca.ends >= input.facts.now
	some row in _published
	row.ca == ca.sha256
]
