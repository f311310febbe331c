# METADATA
# title: Secrets of other systems in the ClusterConfiguration
# description: >-
#   ks-installer 3.x takes the passwords and tokens of LDAP, OAuth providers, Elasticsearch, SonarQube and S3 from the
#   ClusterConfiguration itself; no field refers to a Secret. Whoever may get that object, or reads the file in git, has them.
# related_resources:
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/ks-core/config/templates/kubesphere-config.yaml.j2
# - ref: https://github.com/kubesphere/ks-installer/tree/v3.4.1/roles
# custom:
#   severity: info
#   targets: [cluster-configuration]
#   message: "secrets in clear text ({fields}): anyone who may read the ClusterConfiguration has them"
#   remediation: Let nobody but administrators get clusterconfigurations (RBAC), and keep this file out of git.
#   zh:
#     title: ClusterConfiguration 中有其他系统的明文密钥
#     description: >-
#       ks-installer 3.x 直接从 ClusterConfiguration 读取 LDAP、OAuth 提供商、Elasticsearch、SonarQube 和 S3 的密码与
#       token，没有引用 Secret 的写法。能 get 该对象的人、能在 git 里看到文件的人，都能拿到它们。
#     message: "密钥以明文保存（{fields}）：能读取 ClusterConfiguration 的人都能拿到"
#     remediation: 用 RBAC 把 clusterconfigurations 的 get 权限限制在管理员，并且不要把此文件提交到 git。
package policies.rules.security["sec-cc-cleartext-secret"]

import data.policies.lib.cc
import data.policies.lib.secret
import future.keywords.not

deny contains {"path": cc.place(input.document, _secrets[0]), "args": {"fields": concat(", ", _names)}}

_names := [path[count(path) - 1] | some path in _secrets]

_secrets := [path |
	some path in array.concat(_of_providers, array.concat(_of_stores, _others))
	x := cc.at(input.document, path).value
	secret.is_written(x)
	not _is_shipped(x)
]

_of_providers := [array.concat(_providers, [i, "provider", field]) |
	some i, _ in cc.at(input.document, _providers).value
	some field in ["managerPassword", "clientSecret"]
]

_of_stores := [["common", store, "basicAuth", "password"] |
	some store in ["es", "opensearch"]
	cc.enabled(input.document, ["common", store, "basicAuth", "enabled"])
]

_others := [["common", "s3", "secretAccessKey"], ["devops", "sonarqube", "externalSonarToken"]]

_providers := ["authentication", "oauthOptions", "identityProviders"]

# Of the built-in stores; rules cc-opensearch-default-credentials and sec-default-minio-keys.
_is_shipped(x) if x in {"admin", "openpitrixminiosecretkey"}
