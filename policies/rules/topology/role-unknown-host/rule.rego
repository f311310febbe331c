# METADATA
# title: a role group names a host that does not exist
# description: >-
#   Every item of roleGroups must be the name of an entry of spec.hosts, letter by letter, or a range such as node[1:3]; this
#   holds for groups of your own too. At the first name that is missing KubeKey v1 to v3 say "is in [etcd] group, but not in
#   hosts list" and exit.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/issues/1846
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/apis/kubekey/v1alpha2/cluster_types.go
# custom:
#   severity: error
#   targets: [kubekey-cluster]
#   message: "roleGroups ({groups}) names host \"{host}\", which is not in spec.hosts: kk exits at once"
#   remediation: Add the host to spec.hosts or correct the name; a range is written node[1:3].
#   zh:
#     title: 角色组引用了不存在的主机
#     description: >-
#       roleGroups 中的每一项都必须与 spec.hosts 中某个条目的名称完全一致，或者是 node[1:3] 这样的范围；自定义的组也不例外。遇到第一个找不到的名称时，KubeKey v1 到 v3 会提示 "is in [etcd] group, but not in hosts list" 并退出。
#     message: "roleGroups（{groups}）引用的主机 \"{host}\" 不在 spec.hosts 中：kk 会立即退出"
#     remediation: 在 spec.hosts 中添加该主机，或改正名称；范围应写作 node[1:3]。
package policies.rules.topology["role-unknown-host"]

import data.policies.lib.cluster
import data.policies.lib.kubekey
import data.policies.lib.value
import future.keywords.not

deny contains {"path": min(paths), "args": {"host": host, "groups": concat(", ", groups)}} if {
	some host, paths in _strangers
	groups := sort({path[count(path) - 2] | some path in paths})
}

# Ranges are role-range-bad, invisible characters are yaml-invisible-chars.
_strangers[name] contains array.concat(group.path, [i]) if {
	names := _names
	some group in cluster.groups
	is_array(group.value)
	some i, item in group.value
	name := _name(item)
	not kubekey.is_range(name)
	not _visible(name) in names
}

# Undefined where the name of some host is not known: the item may mean that one.
_names := {_visible(host.name) | some host in cluster.hosts} if {
	cluster.hosts_known
	is_array(cluster.at(["spec", "hosts"]).value)
}

# An item that says nothing is the empty name to KubeKey.
_name(null) := ""

_name(item) := item if {
	is_string(item)
	not value.is_template(item)
}

_visible(name) := trim(name, _blanks)

_blanks := concat("", [
	"\u00a0\u00ad\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c\u200d\u200e\u200f",
	"\u202f\u2060\u3000\ufeff\u201c\u201d\u2018\u2019",
])
