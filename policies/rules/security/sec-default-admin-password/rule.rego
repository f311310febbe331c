# METADATA
# title: The console's admin has the published default password
# description: >-
#   ks-installer 3.3.1 and later creates the user admin with the password in authentication.adminPassword: a random one where that is
#   empty, the one that everybody finds in the documentation where the key is missing. It counts at the first installation only;
#   a ClusterConfiguration that was read from a cluster is not judged.
# related_resources:
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/ks-core/ks-core/tasks/main.yaml
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/deploy/cluster-configuration.yaml
# custom:
#   severity: warning
#   targets: [cluster-configuration]
#   versions: {kubesphere: ">=3.3.1 <3.5"}
#   message: "adminPassword is missing: admin gets the published default password, open to anyone who reaches the console first"
#   remediation: >-
#     Write adminPassword: "" for a random one, which Secret kubesphere-secret then holds as initAdminPassword, or one of your own.
#   messages:
#     written:
#       severity: warning
#       message: "adminPassword is the published default: it is open to anyone who reaches the console first"
#   zh:
#     title: 控制台 admin 使用公开的默认密码
#     description: >-
#       ks-installer 3.3.1 及以后版本按 authentication.adminPassword 创建 admin 用户：值为空则随机生成，没有这个键则使用文档里人人可查的默认密码。只在首次安装时生效；从集群中导出的
#       ClusterConfiguration 不做判断。
#     message: "缺少 adminPassword：admin 使用公开的默认密码，谁先访问到控制台谁就能登录"
#     remediation: >-
#       写 adminPassword: "" 生成随机密码（保存在 Secret kubesphere-secret 的 initAdminPassword 中），或者填写自己的密码。
#     messages:
#       written:
#         message: "adminPassword 是公开的默认密码：谁先访问到控制台谁就能登录"
package policies.rules.security["sec-default-admin-password"]

import data.policies.lib.cc
import data.policies.lib.value
import future.keywords.not

deny contains {"path": cc.place(input.document, _field), "args": {}} if {
	not _is_exported
	not cc.at(input.document, _field)
	is_object(_authentication)
}

deny contains {"path": at.path, "args": {}, "message": "written"} if {
	not _is_exported
	at := cc.at(input.document, _field)
	at.value == "P@88w0rd"
}

_field := ["authentication", "adminPassword"]

_authentication := cc.at(input.document, ["authentication"]).value

_authentication := {} if {
	is_object(cc.root(input.document).value)
	not cc.at(input.document, ["authentication"])
}

# By then the user exists.
_is_exported if value.is_set(input.document.value.metadata, "uid")

_is_exported if value.is_set(input.document.value, "status")
