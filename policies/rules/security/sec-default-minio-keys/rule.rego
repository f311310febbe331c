# METADATA
# title: Published default keys of MinIO or LDAP
# description: >-
#   ks-installer 3.x installs MinIO with keys, and OpenLDAP with a manager password, that stand in its public repository. Both listen
#   inside the cluster, so any pod can read and change built binaries, app packages and accounts. A directory of your own is not
#   judged; KubeSphere 4 has a rule of its own.
# related_resources:
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/common/defaults/main.yaml
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/ks-core/config/templates/kubesphere-config.yaml.j2
# custom:
#   severity: warning
#   targets: [kubesphere-config, cluster-configuration]
#   versions: {kubesphere: ">=3.0 <4.0"}
#   unknown: run
#   message: "MinIO has its published default keys: any pod of the cluster can read and write what it stores"
#   remediation: >-
#     Set common.s3.accessKeyID and secretAccessKey in the ClusterConfiguration together with the keys of the running MinIO, whose
#     Secret the ClusterConfiguration does not change.
#   messages:
#     ldap:
#       severity: warning
#       message: "the built-in LDAP has its published default password: any pod of the cluster can read and write its accounts"
#       remediation: >-
#         Let only the pods of kubesphere-system and kubesphere-devops-system reach openldap (NetworkPolicy); ks-installer writes the
#         password again at its next run.
#   zh:
#     title: MinIO 或 LDAP 使用公开的默认密钥
#     description: >-
#       ks-installer 3.x 安装的 MinIO 密钥和 OpenLDAP 管理员密码都写在公开仓库里。两者在集群内监听，任何 Pod 都能读取并篡改构建产物、应用包和账号。自备的目录服务不做判断；KubeSphere
#       4 另有规则。
#     message: "MinIO 使用公开的默认密钥：集群内任何 Pod 都能读写其中的数据"
#     remediation: >-
#       在 ClusterConfiguration 中设置 common.s3.accessKeyID 和 secretAccessKey，同时修改正在运行的 MinIO 的密钥（ClusterConfiguration
#       不会改动它的 Secret）。
#     messages:
#       ldap:
#         message: "内置 LDAP 使用公开的默认密码：集群内任何 Pod 都能读写其中的账号"
#         remediation: >-
#           用 NetworkPolicy 只允许 kubesphere-system 和 kubesphere-devops-system 的 Pod 访问 openldap；密码改了也会在 ks-installer
#           下次运行时被写回。
package policies.rules.security["sec-default-minio-keys"]

import data.policies.lib.cc
import data.policies.lib.value
import future.keywords.not

deny contains {"path": _minio[0], "args": {}}

deny contains {"path": ["ldap", "managerPassword"], "args": {}, "message": "ldap"} if {
	count(_minio) == 0
	_is_3x(input.document)
	input.document.value.ldap.managerPassword == "admin"
	is_string(input.document.value.ldap.host)
	regex.match(`^openldap\.kubesphere-system\.svc($|[.:])`, input.document.value.ldap.host)
}

# The defaults that are written out.
_minio := [at.path |
	some store in _stores(input.document)
	some field in ["secretAccessKey", "accessKeyID"]
	at := {"path": array.concat(store.path, [field]), "value": store.value[field]}
	at.value in {"openpitrixminioaccesskey", "openpitrixminiosecretkey"}
]

_stores(document) := [store |
	_is_3x(document)
	some path in [["s3"], ["openpitrix", "s3"]]
	store := value.at(document.value, path)
	value.is_set(store.value, "endpoint")
] if document.target == "kubesphere-config"

_stores(document) := [store | store := cc.at(document, ["common", "s3"])] if {
	document.target == "cluster-configuration"
}

# Without a version: 4.x has an issuer. Rule ks4-s3-default-keys.
_is_3x(document) if {
	document.target == "kubesphere-config"
	not document.value.authentication.issuer
}
