# METADATA
# title: OAuth client that redirects anywhere
# description: >-
#   A client whose redirectURIs hold "*" lets a forged login link send its tokens to any site. KubeSphere 3.2 to 3.4 ships one, named
#   kubesphere, whose secret is well known: ks-installer writes it into kubesphere-config as fixed text, and over every edit at its
#   next run. KubeSphere 4 keeps clients in Secrets, which are not looked at.
# related_resources:
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/ks-core/config/templates/kubesphere-config.yaml.j2
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.2.1/roles/ks-core/config/templates/kubesphere-config.yaml.j2
# custom:
#   severity: info
#   targets: [kubesphere-config, cluster-configuration]
#   versions: {kubesphere: ">=3.2 <3.5"}
#   unknown: run
#   message: "redirectURIs of client \"{client}\" holds \"*\": a forged login link sends its tokens to any site"
#   remediation: List the client's redirectURIs one by one.
#   messages:
#     shipped:
#       severity: info
#       message: "the shipped client accepts any redirectURI with a well-known secret: a forged login link sends tokens to any site"
#       remediation: >-
#         Let only those networks reach the console that need it; the client itself cannot be changed, ks-installer writes it again.
#   zh:
#     title: OAuth 客户端允许任意重定向
#     description: >-
#       客户端的 redirectURIs 含有 "*" 时，伪造的登录链接可以把 token 送到任意站点。KubeSphere 3.2 到 3.4 自带一个名为 kubesphere 的客户端，secret
#       众所周知：ks-installer 将其作为固定内容写入 kubesphere-config，下次运行会覆盖任何修改。KubeSphere 4 的客户端保存在 Secret 中，不在检查之列。
#     message: "客户端 \"{client}\" 的 redirectURIs 含有 \"*\"：伪造的登录链接可以把 token 送到任意站点"
#     remediation: 逐个列出该客户端的 redirectURIs。
#     messages:
#       shipped:
#         message: "自带客户端接受任意 redirectURI，且 secret 众所周知：伪造的登录链接可以把 token 送到任意站点"
#         remediation: 只允许必要的网络访问控制台；该客户端本身改不了，ks-installer 会重新写入。
package policies.rules.security["sec-oauth-redirect-wildcard"]

import data.policies.lib.cc
import data.policies.lib.value
import future.keywords.not

deny contains {"path": open.path, "args": {}, "message": "shipped"} if {
	some open in _open_clients
	_is_shipped(open.client)
}

deny contains {"path": open.path, "args": {"client": open.client.name}} if {
	some open in _open_clients
	is_string(open.client.name)
	not _is_shipped(open.client)
}

_open_clients := [{"path": path, "client": client} |
	all := _clients(input.document)
	is_array(all.value)
	some i, client in all.value
	stars := [n | some n, uri in client.redirectURIs; uri == "*"]
	path := array.concat(all.path, [i, "redirectURIs", stars[0]])
]

_clients(document) := value.at(document.value, _field) if document.target == "kubesphere-config"

_clients(document) := cc.at(document, _field) if document.target == "cluster-configuration"

_field := ["authentication", "oauthOptions", "clients"]

_is_shipped(client) if {
	client.name == "kubesphere"
	client.secret == "kubesphere"
}
