# METADATA
# title: An etcd member is missing from its own initial cluster
# description: >-
#   etcd compares its name and peer URLs with ETCD_INITIAL_CLUSTER only while it has no data: at the first start, and after
#   a disk was replaced or the data directory was wiped or moved. It exits then. A member with data ignores these lines,
#   so nobody notices before the repair. True of every etcd.
# related_resources:
# - ref: https://github.com/etcd-io/etcd/blob/v3.5.24/server/config/config.go
# - ref: https://github.com/etcd-io/etcd/blob/v3.5.24/server/etcdserver/server.go
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/etcd/templates/etcd_env.go
# custom:
#   severity: warning
#   scope: set
#   facts: [etcd]
#   targets: [etcd-env]
#   message: "ETCD_INITIAL_CLUSTER has no entry \"{name}\": etcd does not start once its data directory is empty"
#   remediation: >-
#     Make ETCD_NAME and the peer URL agree with what etcdctl member list shows for this host. Do not rename a running
#     member.
#   messages:
#     url:
#       severity: warning
#       message: "ETCD_INITIAL_CLUSTER gives \"{name}\" other URLs than {own}: etcd does not start once its data directory is empty"
#       remediation: >-
#         Make ETCD_INITIAL_CLUSTER and ETCD_INITIAL_ADVERTISE_PEER_URLS agree with the peer URLs that etcdctl member list
#         shows for this host.
#   zh:
#     title: etcd 成员不在自己的初始集群列表中
#     description: >-
#       只有在数据目录为空时，etcd 才会拿自己的名称和 peer URL 与 ETCD_INITIAL_CLUSTER 比对：首次启动、换盘、数据目录被清空或迁移之后，
#       对不上就直接退出。已有数据的成员不看这些行，所以平时没人发现，到修复时才暴露。所有版本的 etcd 都是如此。
#     message: "ETCD_INITIAL_CLUSTER 中没有 \"{name}\"：数据目录一旦为空，etcd 就无法启动"
#     remediation: 让 ETCD_NAME 和 peer URL 与 etcdctl member list 中本机的记录一致，不要给运行中的成员改名。
#     messages:
#       url:
#         message: "ETCD_INITIAL_CLUSTER 中 \"{name}\" 的 URL 与 {own} 不一致：数据目录一旦为空，etcd 就无法启动"
#         remediation: 让 ETCD_INITIAL_CLUSTER 和 ETCD_INITIAL_ADVERTISE_PEER_URLS 与 etcdctl member list 中本机的 peer URL 一致。
package policies.rules.etcd["etcd-env-self-missing"]

import future.keywords.not

deny contains {"document": member.document, "path": list.path, "args": {"name": member.name}} if {
	some member in input.facts.etcd.members
	list := _list(member)
	_own(member, list) == []
}

deny contains {"document": member.document, "path": list.path, "message": "url", "args": args} if {
	some member in input.facts.etcd.members
	list := _list(member)
	_is_new(member.settings)
	listed := {entry.url.url | some entry in _own(member, list)}
	advertised := _addresses(member.settings.ETCD_INITIAL_ADVERTISE_PEER_URLS)
	every entry in _own(member, list) {
		entry.url.is_ip
	}
	listed != advertised
	listed != set()
	args := {"name": member.name, "own": concat(", ", advertised)}
}

_list(member) := list if {
	member.source == "env"
	member.name
	not member.settings.ETCD_DISCOVERY
	not member.settings.ETCD_DISCOVERY_SRV
	list := member.settings.ETCD_INITIAL_CLUSTER
	list.entries
}

_own(member, list) := [entry | some entry in list.entries; entry.name == member.name]

_is_new(settings) if not settings.ETCD_INITIAL_CLUSTER_STATE

_is_new(settings) if settings.ETCD_INITIAL_CLUSTER_STATE.value == "new"

# Names are resolved by etcd before it compares; what is no URL stops it anyway.
_addresses(setting) := {url.url | some url in setting.urls} if {
	count(setting.urls) == count(split(setting.value, ","))
	every url in setting.urls {
		url.is_ip
	}
}
