# METADATA
# title: two hosts have the same name
# description: >-
#   KubeKey v2 and v3 know hosts by their names: the last of several entries of one name wins without a word, and the other
#   machines are never touched. KubeKey v1 sets all of them up under one node name. Often the name that was meant is then
#   missing, and a role group that uses it stops kk.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/issues/1846
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/apis/kubekey/v1alpha2/cluster_types.go
# custom:
#   severity: error
#   targets: [kubekey-cluster]
#   message: "{count} hosts are called \"{name}\": only one of the machines becomes a node"
#   remediation: Give every entry of spec.hosts its own name, the one that roleGroups uses.
#   zh:
#     title: 主机重名
#     description: >-
#       KubeKey v2 和 v3 按名称记录主机：同名条目中只有最后一条生效，没有任何提示，其余机器不会被处理；KubeKey v1 则把它们都装成同一个节点名。本来要写的那个名称往往因此缺失，引用它的角色组会让 kk 直接退出。
#     message: "有 {count} 台主机都叫 \"{name}\"：只有其中一台会成为节点"
#     remediation: 让 spec.hosts 中每个条目的名称各不相同，并与 roleGroups 中使用的名称一致。
package policies.rules.topology["host-duplicate-name"]

import data.policies.lib.cluster

deny contains {"path": cluster.place(array.concat(repeat.path, ["name"])), "args": args} if {
	some name, places in _places
	count(places) > 1
	repeat := cluster.hosts[sort(places)[1]]
	args := {"name": name, "count": count(places)}
}

_places[host.name] contains i if {
	some i, host in cluster.hosts
	host.name != ""
}
