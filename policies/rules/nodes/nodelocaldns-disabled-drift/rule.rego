# METADATA
# title: DNS forwards to itself
# description: >-
#   CoreDNS runs in a network of its own, where a loopback address is CoreDNS itself: its loop plugin ends the process with "Loop …
#   detected", and without the plugin queries go round until they time out. ks-apiserver then reports "i/o timeout" for redis. The
#   /etc/resolv.conf of a host with systemd-resolved holds nothing else. nodelocaldns runs in the host's network and may ask
#   127.0.0.53, but not the addresses that it listens on.
# related_resources:
# - ref: https://github.com/kubesphere/kubesphere/issues/5700
# - ref: https://github.com/kubesphere/kubesphere/issues/2044
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/plugins/dns/templates/coredns_configmap.go
# - ref: https://coredns.io/plugins/loop/
# custom:
#   severity: warning
#   scope: set
#   targets: [corefile, kubekey-cluster, kubelet-config, resolv-conf, service, kubelet-env, systemd-unit]
#   message: "CoreDNS forwards to \"{target}\", which is CoreDNS itself inside its Pod: cluster DNS fails"
#   remediation: Name real DNS servers, such as those of your network, in place of the address.
#   messages:
#     bind:
#       message: "nodelocaldns forwards to \"{target}\", where it listens itself: its loop plugin ends the process"
#       remediation: Forward to the ClusterIP of Service coredns, or to real DNS servers.
#     resolv:
#       message: "CoreDNS gets nothing but loopback nameservers from {file}: its loop plugin ends the process"
#       remediation: "Set resolvConf: /run/systemd/resolve/resolv.conf on this node, restart the kubelet, then the Pods of CoreDNS."
#   zh:
#     title: DNS 转发给了自己
#     description: >-
#       CoreDNS 运行在自己的网络命名空间中，回环地址就是它自己：loop 插件会以 "Loop … detected" 结束进程；没有该插件时查询会一直绕圈直到超时，
#       ks-apiserver 连接 redis 时报 "i/o timeout"。使用 systemd-resolved 的主机，/etc/resolv.conf 里只有回环地址。nodelocaldns 使用主机网络，
#       可以转发到 127.0.0.53，但不能转发到自己监听的地址。
#     message: "CoreDNS 转发到 \"{target}\"，在它的 Pod 里这就是 CoreDNS 自己：集群 DNS 不可用"
#     remediation: 改为真实的 DNS 服务器地址，例如本网络的 DNS。
#     messages:
#       bind:
#         message: "nodelocaldns 转发到 \"{target}\"，正是它自己监听的地址：loop 插件会结束进程"
#         remediation: 转发到 Service coredns 的 ClusterIP，或真实的 DNS 服务器。
#       resolv:
#         message: "CoreDNS 从 {file} 得到的只有回环地址：loop 插件会结束进程"
#         remediation: "在该节点上设置 resolvConf: /run/systemd/resolve/resolv.conf，重启 kubelet，再重启 CoreDNS 的 Pod。"
package policies.rules.nodes["nodelocaldns-disabled-drift"]

import data.policies.lib.cidr
import data.policies.lib.corefile
import data.policies.lib.kubekey
import data.policies.lib.node
import data.policies.lib.version
import future.keywords.not

deny contains {"document": at.document, "path": at.path, "args": {"target": at.target}} if some at in _upstreams

# What KubeKey writes for an upstream of its file is spoken of there.
deny contains {"document": i, "path": forward.path, "args": {"target": target}} if {
	some i, blocks in _coredns
	some block in blocks
	block.plain
	some forward in block.forwards
	some target in forward.targets
	_is_itself(corefile.address(target))
	not target in {at.target | some at in _upstreams}
}

deny contains {"document": i, "path": forward.path, "message": "bind", "args": {"target": target}} if {
	some i, blocks in _corefiles
	some block in blocks
	block.loop
	block.plain
	some forward in block.forwards
	some target in forward.targets
	corefile.address(target) in block.binds
}

deny contains {"document": i, "path": ["resolvConf"], "message": "resolv", "args": {"file": file}} if {
	some block in _coredns[_]
	block.loop
	some forward in block.forwards
	file := "/etc/resolv.conf"
	file in forward.targets
	some i, document in input.set
	document.target == "kubelet-config"
	node.path(document) == "/var/lib/kubelet/config.yaml"
	document.value.resolvConf == file
	document.host in _stubs
	not node.flags[document.host]["resolv-conf"]
}

# The hosts whose /etc/resolv.conf leads nowhere but to themselves.
_stubs contains document.host if {
	some document in input.set
	document.target == "resolv-conf"
	node.path(document) == "/etc/resolv.conf"
	servers := [found[0][1] |
		some line in document.value.lines
		found := regex.find_all_string_submatch_n(`^\s*nameserver\s+(\S+)`, line, 1)
		count(found) == 1
	]
	count(servers) > 0
	every server in servers {
		_is_loopback(server)
	}
}

# KubeKey v3.1.0 was the first to know these fields.
_upstreams contains {"document": i, "path": array.concat(list.path, [k]), "target": target} if {
	some i, document in input.set
	document.target == "kubekey-cluster"
	not version.below(document.versions.kubekey, "3.1")
	some list in _lists(document.value)
	some k, text in list.value
	is_string(text)
	some target in regex.split(`\s+`, text)
	_is_loopback(corefile.address(target))
}

_lists(cluster) := [list |
	some path in array.concat(
		[["spec", "dns", "coredns", "upstreamDNSServers"]],
		[["spec", "dns", "coredns", "externalZones", i, "nameservers"] |
			some i, _ in kubekey.at(cluster, ["spec", "dns", "coredns", "externalZones"]).value
		],
	)
	list := kubekey.at(cluster, path)
	is_array(list.value)
]

_is_itself(ip) if _is_loopback(ip)

_is_itself(ip) if {
	some service in input.set
	service.target == "service"
	service.value.metadata.name in {"coredns", "kube-dns"}
	service.value.metadata.namespace == "kube-system"
	cidr.same(ip, service.value.spec.clusterIP)
}

_is_loopback(ip) if cidr.includes("127.0.0.0/8", ip)

_is_loopback(ip) if cidr.same("::1", ip)

_corefiles[i] := corefile.blocks(document) if {
	some i, document in input.set
	document.target == "corefile"
}

# Corefiles of which no part is bound to an address: those of CoreDNS, not of nodelocaldns.
_coredns[i] := blocks if {
	some i, blocks in _corefiles
	every block in blocks {
		block.binds == []
	}
}
