# METADATA
# title: two hosts have the same address
# description: >-
#   KubeKey knows hosts by their names alone. Two hosts of one address are one machine: it is set up twice, joins the cluster
#   under two names, and in etcd two members get one peer URL. One SSH address with different ports and different
#   internalAddress (port forwarding) is sound. No release of the command line checks it.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/apis/kubekey/v1alpha2/cluster_types.go
# - ref: https://github.com/kubesphere/kubekey/blob/main/pkg/web/handler/inventory.go
# custom:
#   severity: error
#   targets: [kubekey-cluster, kubekey-inventory]
#   message: "hosts \"{other}\" and \"{host}\" have the same node address \"{address}\": one machine joins twice, under two names"
#   remediation: Give {host} the address of its own machine, the one that ip addr shows there.
#   messages:
#     ssh:
#       message: "hosts \"{other}\" and \"{host}\" have the same SSH address \"{address}\" and port {port}: one machine is set up twice"
#       remediation: Give {host} its own SSH address, or its own port where several machines are reached at one address.
#   zh:
#     title: 主机地址重复
#     description: >-
#       KubeKey 只按名称区分主机。地址相同的两个主机其实是同一台机器：它会被部署两次，以两个名称加入集群，etcd 中两个成员的 peer URL 也相同。同一个 SSH 地址、不同端口且 internalAddress 不同（端口转发）是正常的。所有版本的 kk 命令行都不检查。
#     message: "主机 \"{other}\" 和 \"{host}\" 的节点地址相同（\"{address}\"）：同一台机器会以两个名称加入集群"
#     remediation: 把 {host} 的地址改为它自己机器上 ip addr 显示的地址。
#     messages:
#       ssh:
#         message: "主机 \"{other}\" 和 \"{host}\" 的 SSH 地址（\"{address}\"）和端口 {port} 相同：同一台机器会被部署两次"
#         remediation: 给 {host} 单独的 SSH 地址；多台机器共用一个地址时，给它单独的端口。
package policies.rules.topology["host-duplicate-address"]

import data.policies.lib.cidr
import data.policies.lib.cluster
import data.policies.lib.kubekey
import data.policies.lib.kubekey4
import future.keywords.not

deny contains clash if {
	some i, _ in _hosts
	clash := _node_clash(i)
}

deny contains object.union(clash, {"message": "ssh"}) if {
	some i, _ in _hosts
	not _node_clash(i)
	clash := _clash(i, "ssh")
}

_node_clash(i) := clash if {
	clash := _clash(i, "ipv4")
} else := _clash(i, "ipv6")

# What an earlier host of another name has too. Two hosts of one name are host-duplicate-name.
_clash(i, kind) := {"path": own.path, "args": object.union(own.args, {"host": _hosts[i].name, "other": other})} if {
	own := _hosts[i][kind]
	other := _hosts[_first[own.key]].name
	other != _hosts[i].name
}

# The first holder of each address. Asking _holders for one key at a time would go through all hosts each time.
_first := {key: min(holders) | some key, holders in _holders}

_holders[host[kind].key] contains i if {
	some i, host in _hosts
	some kind in _kinds
}

_kinds := ["ipv4", "ipv6", "ssh"]

_hosts := [object.union({"name": host.name}, {kind: a | some kind in _kinds; a := _address(host, kind)}) |
	some host in cluster.grouped_hosts
] if {
	input.document.target == "kubekey-cluster"
}

_hosts := [object.union({"name": host.name}, {kind: a | some kind in _kinds; a := _address4(host, kind)}) |
	listed := {name | some group in kubekey4.groups(input.document.value); some name in group.value.hosts}
	some host in kubekey4.hosts(input.document.value)
	host.name in (listed - {"localhost"})
	host.type != "local"
] if {
	input.document.target == "kubekey-inventory"
}

_address(host, "ipv4") := _ip(host.node_ipv4, 4, _at(host, _node_field(host)))

_address(host, "ipv6") := _ip(host.node_ipv6, 6, _at(host, _node_field(host)))

_address(host, "ssh") := _ssh(host.address, host.port, _at(host, "address"))

_address4(host, "ipv4") := _ip(host.internal_ipv4, 4, array.concat(host.path, ["internal_ipv4"]))

_address4(host, "ipv6") := _ip(host.internal_ipv6, 6, array.concat(host.path, ["internal_ipv6"]))

_address4(host, "ssh") := _ssh(host.address, host.port, array.concat(host.path, ["connector", "host"])) if {
	host.type in {"", "ssh"}
	_port_known(host)
}

_node_field(host) := "address" if host.internal == ""

_node_field(host) := "internalAddress" if host.internal != ""

_at(host, name) := array.concat(host.path, [kubekey.field(host.value, name).key])

# An IPv6 address has many spellings, its range of one address has one.
_ip(text, family, path) := {"key": network, "path": path, "args": {"address": text}} if {
	cidr.is_ip(text)
	cidr.family(text) == family
	some network in net.cidr_merge([concat("/", [text, {4: "32", 6: "128"}[family]])])
}

_ssh(text, port, path) := {"key": [text, port], "path": path, "args": args} if {
	_is_address(text)
	args := {"address": text, "port": port}
}

_is_address(text) if cidr.is_ip(text)

# A host name, and none that somebody forgot to fill in.
_is_address(text) if {
	regex.match(`^[0-9A-Za-z][0-9A-Za-z._-]*$`, text)
	not regex.match(`(?i)(^|\.)x+(\.|$)|^(change_?me|replace_?me|todo|tbd|fixme)$|^(your[-_]|replace_with)`, text)
}

_port_known(host) if host.value.connector.port

# Variables of the Inventory and of its groups may hold a port.
_port_known(_) if {
	not input.document.value.spec.vars.connector
	every group in kubekey4.groups(input.document.value) {
		not group.value.vars.connector
	}
}
