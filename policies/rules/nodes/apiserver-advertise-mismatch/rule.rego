# METADATA
# title: A node announces an address that its host does not have
# description: >-
#   After a change of addresses the manifests still hold the old one: kube-apiserver announces the API at a dead address, and pods
#   that use the Service kubernetes time out. The interfaces of the host are in no file, so what the KubeKey file says counts, for
#   the host that has the name of the kubelet. Two networks of one host are sound.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/issues/1096
# - ref: https://github.com/kubesphere/kubekey/issues/1564
# - ref: https://github.com/kubesphere/kubekey/issues/700
# custom:
#   severity: error
#   scope: set
#   targets: [static-pod, kubeadm-config, kubelet-env, systemd-unit, kubelet-config, kubekey-cluster, kubekey-inventory, kubekey-config]
#   message: "kube-apiserver announces itself at {ip}, which host \"{name}\" does not have in the KubeKey file: clients reach nobody there"
#   remediation: >-
#     Make the manifests and certificates anew for the host's address, or correct the KubeKey file where that is the stale one.
#   messages:
#     kubelet:
#       message: "--node-ip {ip} is no address of host \"{name}\" in the KubeKey file: the node turns NotReady where the host has lost it"
#       remediation: >-
#         Set --node-ip to the host's address and restart the kubelet, or correct the KubeKey file where that is the stale one.
#     kubeadm:
#       severity: warning
#       message: "advertiseAddress {ip} is no address of host \"{name}\" in the KubeKey file: the next run of kubeadm uses it"
#       remediation: >-
#         Set localAPIEndpoint.advertiseAddress to the host's address, or correct the KubeKey file where that is the stale one.
#   zh:
#     title: 节点对外通告的地址不属于本机
#     description: >-
#       更换 IP 之后，清单里还是旧地址：kube-apiserver 对外通告的地址已经失效，通过 Service kubernetes 访问 API 的 Pod 会超时。
#       主机网卡的实际地址不在任何文件中，因此以 KubeKey 文件中与 kubelet 同名的主机为准。同一主机有两个网络没有问题。
#     message: "kube-apiserver 通告的地址 {ip} 不是 KubeKey 文件中主机 \"{name}\" 的地址：客户端连不上"
#     remediation: 按主机的新地址重新生成清单和证书；如果过时的是 KubeKey 文件，就改正它。
#     messages:
#       kubelet:
#         message: "--node-ip {ip} 不是 KubeKey 文件中主机 \"{name}\" 的地址：主机不再有该地址时，节点会变为 NotReady"
#         remediation: 把 --node-ip 改为主机的地址并重启 kubelet；如果过时的是 KubeKey 文件，就改正它。
#       kubeadm:
#         message: "advertiseAddress {ip} 不是 KubeKey 文件中主机 \"{name}\" 的地址：下次运行 kubeadm 会用到它"
#         remediation: 把 localAPIEndpoint.advertiseAddress 改为主机的地址；如果过时的是 KubeKey 文件，就改正它。
package policies.rules.nodes["apiserver-advertise-mismatch"]

import data.policies.lib.cidr
import data.policies.lib.kubekey
import data.policies.lib.kubekey4
import data.policies.lib.node
import data.policies.lib.staticpod
import future.keywords.not

# The same stale address in several files of a host is one fault.
deny contains {"document": first[1], "path": first[2], "message": first[3], "args": args} if {
	some key, claims in _claims
	host := _host[key[0]]
	every address in host.addresses | _shared {
		cidr.is_ip(address)
		not cidr.same(address, key[1])
	}
	first := min(claims)
	args := {"ip": key[1], "name": host.name}
}

# By host folder and address, who announces it: the more urgent first, then document, path and message.
_claims[[pod.host, ip]] contains [0, pod.document, flag.path, ""] if {
	some pod in node.proper_pods
	flag := staticpod.flags(staticpod.container(input.set[pod.document], "kube-apiserver"))["advertise-address"]
	ip := flag.value
	_counts(ip)
}

_claims[[host, ip]] contains [1, flag.document, flag.path, "kubelet"] if {
	some host, flags in node.flags
	flag := flags["node-ip"]
	some ip in cidr.parts(flag.value)
	_counts(ip)
}

_claims[[document.host, ip]] contains [2, i, path, "kubeadm"] if {
	some i, document in _kubeadm
	some path in [["localAPIEndpoint", "advertiseAddress"], ["controlPlane", "localAPIEndpoint", "advertiseAddress"]]
	ip := object.get(document.value, path, null)
	_counts(ip)
}

_kubeadm[i] := document if {
	some i, document in input.set
	document.target == "kubeadm-config"
	node.path(document) == "/etc/kubernetes/kubeadm-config.yaml"
}

_counts(ip) if {
	cidr.is_ip(ip)
	every other in ["127.0.0.0/8", "0.0.0.0/32", "::1/128", "::/128"] {
		not cidr.includes(other, ip)
	}
}

# What the KubeKey file says about the host of a folder.
_host[folder] := host if {
	some [folder, _], _ in _claims
	named := _by_name[_name(folder)]
	count(named) == 1
	some host in named
	count(host.addresses) > 0
	not _is_another(folder, host)
}

_by_name[lower(host.name)] contains host if some host in _hosts

# The kubelet has the address of another host: its name is the fault then, see kubelet-hostname-override.
_is_another(folder, host) if {
	some ip in cidr.parts(node.flags[folder]["node-ip"].value)
	some name in _by_address[ip]
	name != host.name
}

_by_address[address] contains host.name if {
	some host in _hosts
	some address in host.addresses
}

_name(folder) := lower(node.flags[folder]["hostname-override"].value)

_name(folder) := name if {
	not node.flags[folder]["hostname-override"]
	names := {lower(text) |
		some document in _kubeadm
		document.host == folder
		text := document.value.nodeRegistration.name
		is_string(text)
	}
	count(names) == 1
	some name in names
}

_of(target) := [document | some document in input.set; document.target == target]

# The hosts of the one KubeKey file; addresses is missing where somebody still fills them in.
_hosts := [_described(host, [host.address, host.internal]) | some host in kubekey.hosts(clusters[0].value)] if {
	clusters := _of("kubekey-cluster")
	count(clusters) == 1
} else := [_described(host, [host.address, host.internal_ipv4, host.internal_ipv6]) |
	some host in kubekey4.hosts(_of("kubekey-inventory")[0].value)
] if {
	count(_of("kubekey-cluster")) == 0
	count(_of("kubekey-inventory")) == 1
}

_described(host, texts) := {"name": host.name, "addresses": {part | some text in texts; some part in cidr.parts(text)}}

# Addresses that move between the hosts.
_shared contains part if {
	some document in _of("kubekey-cluster")
	some part in cidr.parts(kubekey.at(document.value, ["spec", "controlPlaneEndpoint", "address"]).value)
}

_shared contains part if {
	some pair in kubekey4.pairs(input.set)
	path := ["kubernetes", "control_plane_endpoint", "kube_vip", "address"]
	some part in cidr.parts(kubekey4.setting(pair.config, pair.inventory, path).value)
}

_shared contains part if {
	some document in _of("static-pod")
	some variable in staticpod.container(document, "kube-vip").value.env
	variable.name in {"address", "vip_address"}
	some part in cidr.parts(variable.value)
}
