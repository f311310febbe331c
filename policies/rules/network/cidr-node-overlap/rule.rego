# METADATA
# title: Pod or service range contains an address of a node
# description: >-
#   Addresses of the machines must lie outside the ranges of pods and Services. Otherwise nodes lose each other as soon as the
#   CNI programs its routes, or a Service takes the address of a node or of the gateway (with 192.168.0.0/18 it is 192.168.0.1
#   that becomes the Service kubernetes). Ranges that are left out have their defaults, 10.233.64.0/18 and 10.233.0.0/18.
#   All versions of KubeKey install it without a word.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/issues/2083
# - ref: https://github.com/rancher/rke/issues/625
# custom:
#   severity: error
#   targets: [kubekey-cluster, kubekey-config, kubekey-inventory]
#   scope: set
#   message: "{field} \"{range}\" contains \"{address}\" ({owner}): nodes lose each other once pods and Services run"
#   remediation: >-
#     Before the first installation, set {field} to a private range that your network does not use. A running cluster keeps its
#     ranges, whatever this file says.
#   messages:
#     default:
#       message: >-
#         the default {field} "{range}" contains "{address}" ({owner}): nodes lose each other once pods and Services run
#     registry:
#       severity: warning
#       message: "{field} \"{range}\" contains the registry \"{address}\" ({owner}): nodes may not reach it to pull images"
#     registry-default:
#       severity: warning
#       message: >-
#         the default {field} "{range}" contains the registry "{address}" ({owner}): nodes may not reach it to pull images
#   zh:
#     title: Pod 或 Service 网段包含节点地址
#     description: >-
#       机器地址必须在 Pod 网段和 Service 网段之外。否则 CNI 一下发路由，节点之间就会失联；或者某个 Service 会占用节点、网关的地址（网段为
#       192.168.0.0/18 时，192.168.0.1 会成为 kubernetes 这个 Service）。没写的网段取默认值 10.233.64.0/18 和 10.233.0.0/18。
#       所有版本的 KubeKey 都不做任何提示照样安装。
#     message: "{field} \"{range}\" 包含 \"{address}\"（{owner}）：Pod 和 Service 跑起来后节点之间会失联"
#     remediation: 首次安装前把 {field} 改成现有网络没有使用的私有网段。集群装好之后，改这个文件不会改变网段。
#     messages:
#       default:
#         message: "默认的 {field} \"{range}\" 包含 \"{address}\"（{owner}）：Pod 和 Service 跑起来后节点之间会失联"
#       registry:
#         message: "{field} \"{range}\" 包含镜像仓库 \"{address}\"（{owner}）：节点可能访问不到仓库，拉不了镜像"
#       registry-default:
#         message: "默认的 {field} \"{range}\" 包含镜像仓库 \"{address}\"（{owner}）：节点可能访问不到仓库，拉不了镜像"
package policies.rules.network["cidr-node-overlap"]

import data.policies.lib.cidr
import data.policies.lib.kubekey
import data.policies.lib.kubekey4
import future.keywords.not

deny contains object.union(_place(range, {}, "default"), {"args": hit}) if {
	some i, _ in input.set
	some range in _fields(i, "ranges")
	hit := _hits(range, _nodes(i))[0]
}

deny contains object.union(_place(range, {"message": "registry"}, "registry-default"), {"args": hit}) if {
	some i, _ in input.set
	some range in _fields(i, "ranges")
	count(_hits(range, _nodes(i))) == 0
	hit := _hits(range, _addresses(i, "registries"))[0]
}

unchecked contains {"needs": "the one Inventory that belongs to this Config", "document": i} if {
	some i in _of("kubekey-config")
	not is_number(_inventory)
}

unchecked contains {"needs": "the Config that belongs to this Inventory", "document": i} if {
	count(_of("kubekey-config")) == 0
	some i in _of("kubekey-inventory")
}

_place(range, written, default_message) := object.union({"document": range.document, "path": range.path}, message) if {
	message := {true: written, false: {"message": default_message}}[range.written]
}

_hits(range, addresses) := [{"field": range.field, "range": part, "address": a.address, "owner": a.owner} |
	some a in addresses
	some part in cidr.parts(range.value)
	cidr.includes(part, a.address)
]

_nodes(i) := array.concat(hosts, _addresses(i, "nodes")) if {
	hosts := [{"address": host[key], "owner": host.name} |
		some host in _hosts(i)
		some key in ["node_ipv4", "node_ipv6", "internal_ipv4", "internal_ipv6"]
	]
}

_hosts(i) := kubekey.grouped_hosts(_cluster(i))

_hosts(i) := [host |
	names := {name | some group in ["k8s_cluster", "etcd"]; some name in kubekey4.group_hosts(_value(_inventory), group)}
	some host in kubekey4.hosts(_value(_inventory))
	host.name in names
] if {
	_config(i)
}

# The literal addresses in fields that hold a text or a list of them.
_addresses(i, kind) := [{"address": address, "owner": field.field} |
	some field in _fields(i, kind)
	some text in array.flatten([field.value])
	address := _literal(text)
]

_literal(text) := text if cidr.is_ip(text)

_literal(text) := concat("", [found[1], found[2]]) if {
	is_string(text)
	not cidr.valid(text)
	pattern := `^(?:[A-Za-z]+://)?(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+))(?::[0-9]+)?(?:/.*)?$`
	some found in regex.find_all_string_submatch_n(pattern, text, 1)
}

_paths["kubekey-cluster"] := {
	"ranges": [["network", "kubePodsCIDR"], ["network", "kubeServiceCIDR"]],
	"nodes": [["controlPlaneEndpoint", "address"], ["etcd", "external", "endpoints"]],
	"registries": [["registry", "privateRegistry"], ["registry", "insecureRegistries"]],
}

_paths["kubekey-config"] := {
	"ranges": [["cni", "pod_cidr"], ["cni", "service_cidr"]],
	"nodes": [["kubernetes", "control_plane_endpoint", type, "address"] | some type in ["local", "kube_vip"]],
	"registries": [["image_registry", "auth", "registry"], ["cri", "registry", "insecure_registries"]],
}

_fields(i, kind) := [object.union(found, {"field": concat(".", path)}) |
	some path in _paths[input.set[i].target][kind]
	found := _field(i, path)
]

_field(i, path) := {"document": i, "path": found.path, "value": found.value, "written": written} if {
	found := kubekey.effective(_cluster(i), array.concat(["spec"], path))
	written := object.get(_cluster(i), found.path, null) == found.value
}

_field(i, path) := {"document": document, "path": found.path, "value": found.value, "written": written} if {
	found := kubekey4.effective(_config(i), _value(_inventory), path)
	document := object.get({"inventory": _inventory}, found["in"], i)
	written := found["in"] != "default"
}

_cluster(i) := input.set[i].value if input.set[i].target == "kubekey-cluster"

_config(i) := input.set[i].value if input.set[i].target == "kubekey-config"

# The Inventory of a Config, null without one. Nothing says which of several it is.
_inventory := null if count(_of("kubekey-inventory")) == 0

_inventory := i if {
	count(_of("kubekey-config")) == 1
	[i] := _of("kubekey-inventory")
}

_value(null) := null

_value(i) := input.set[i].value if is_number(i)

_of(target) := [i | some i, document in input.set; document.target == target]
