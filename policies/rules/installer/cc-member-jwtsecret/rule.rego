# METADATA
# title: A member cluster lacks the host's jwtSecret
# description: >-
#   Host and members of a multi-cluster KubeSphere sign tokens with the same jwtSecret. A member that is installed without it
#   makes up one of its own, and every call from the host ends in 401: "signature is invalid", "session timeout". Holds for
#   all releases of 3.x. The two values are compared when host and member are linted together.
# related_resources:
# - ref: https://github.com/kubesphere/kubesphere/issues/5344
# - ref: https://github.com/kubesphere/kubesphere/issues/2406
# - ref: https://github.com/kubesphere/kubesphere/issues/3935
# - ref: https://github.com/kubesphere/kubesphere/issues/4683
# - ref: https://github.com/kubesphere/kubesphere/issues/2817
# - ref: https://github.com/kubesphere/kubesphere/issues/2269
# - ref: https://github.com/kubesphere/kubesphere/issues/3232
# - ref: https://github.com/kubesphere/community/issues/108
# - ref: https://github.com/kubesphere/community/issues/115
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/ks-core/init-token/tasks/main.yaml
# custom:
#   severity: error
#   targets: [cluster-configuration, kubesphere-config]
#   scope: set
#   message: "jwtSecret of a member is empty: it gets a random one and refuses every call from the host with 401"
#   remediation: >-
#     Copy the value that kubectl -n kubesphere-system get cm kubesphere-config -o yaml | grep jwtSecret shows on the host.
#   messages:
#     installed:
#       severity: warning
#       message: "jwtSecret of a member is empty: unless kubesphere-secret was set by hand, calls from the host end in 401"
#     differs:
#       message: "jwtSecret of a member differs from the host's: it refuses every call from the host with 401"
#   zh:
#     title: 成员集群没有使用主集群的 jwtSecret
#     description: >-
#       多集群环境下，主集群和成员集群用同一个 jwtSecret 签发 token。成员集群安装时没有填写，就会随机生成一个，主集群发来的请求全部返回 401（signature
#       is invalid、session timeout）。3.x 所有版本都是如此。同时检查主集群和成员集群的文件时，会比对两边的值。
#     message: "成员集群的 jwtSecret 为空：会随机生成一个，主集群发来的请求全部返回 401"
#     remediation: >-
#       填入在主集群执行 kubectl -n kubesphere-system get cm kubesphere-config -o yaml | grep jwtSecret 得到的值。
#     messages:
#       installed:
#         message: "成员集群的 jwtSecret 为空：除非手工设置过 kubesphere-secret，否则主集群发来的请求返回 401"
#       differs:
#         message: "成员集群的 jwtSecret 与主集群不一致：主集群发来的请求全部返回 401"
package policies.rules.installer["cc-member-jwtsecret"]

import data.policies.lib.cc
import future.keywords.not

deny contains object.union({"document": i, "path": cc.place(member, _field), "args": {}}, _message(member)) if {
	some i, member in _clusters("member")
	not cc.at(member, _field).value != ""
}

deny contains {"document": i, "path": cc.place(member, _field), "args": {}, "message": "differs"} if {
	some i, member in _clusters("member")
	_secret(cc.at(member, _field).value) != _host_secrets(member)[0]
}

unchecked contains {"needs": "the jwtSecret of the one host cluster", "document": i} if {
	some i, member in _clusters("member")
	cc.at(member, _field).value != ""
	not _host_secrets(member)[0]
}

_field := ["authentication", "jwtSecret"]

_clusters(role) := {i: document |
	some i, document in input.set
	cc.at(document, ["multicluster", "clusterRole"]).value == role
}

# The secret of an installed cluster may have been set by hand.
_message(member) := {"message": "installed"} if {
	some _ in member.value.status
} else := {}

# What the host's kubesphere-config says, then what its ClusterConfiguration sets. Empty where several clusters are
# hosts, and where the files lie too far apart to belong together.
_host_secrets(member) := [secret |
	max([count(_clusters("host")), count(_host_configs)]) == 1
	some host in array.concat(_host_configs, [host | some host in _clusters("host")])
	count(_around(host.file) & _around(member.file)) > 0
	secret := _secret(object.get(host.value, _secret_path[host.target], null))
]

_secret_path := {"kubesphere-config": _field, "cluster-configuration": array.concat(["spec"], _field)}

# 3.x writes multicluster.enable: true on a host only; 3.0 to 3.2 write no clusterRole.
_host_configs := [document |
	some document in input.set
	document.target == "kubesphere-config"
	document.value.multicluster.enable == true
]

# The folder of a file and the one above: files of one folder, of neighbours, and of a folder and its own belong together.
_around(file) := {concat("/", array.slice(names, 0, count(names) - up)) | names := split(file, "/"); some up in [1, 2]}

# A text to compare: no template and no placeholder.
_secret(x) := text if {
	type_name(x) in {"string", "number"}
	text := trim_space(sprintf("%v", [x]))
	not regex.match(`(?i)^$|{{|^(<.*>|[*]+|x+|(change|replace)_?me|todo|tbd|fixme|your[-_].*|replace_with.*)$`, text)
}
