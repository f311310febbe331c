# METADATA
# title: Pod range and service range overlap
# description: >-
#   Pods and Services then share addresses: traffic to a ClusterIP reaches a pod or nobody, and connections fail at random.
#   Neither KubeKey nor kubeadm checks it. A field that is left out has its default, pods 10.233.64.0/18 and Services
#   10.233.0.0/18, so that widening one of the two to /17 or /16 is enough.
# related_resources:
# - ref: https://github.com/kubernetes/kubeadm/issues/3312
# - ref: https://github.com/kubernetes/kubernetes/issues/78625
# - ref: https://github.com/kubernetes/kops/issues/16340
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/apis/kubekey/v1alpha2/default.go
# - ref: https://github.com/kubesphere/kubekey/blob/main/builtin/core/roles/defaults/defaults/main/04-cni.yaml
# custom:
#   severity: error
#   targets: [kubekey-cluster, kubekey-config, kubekey-inventory, kubeadm-config]
#   scope: set
#   message: "pod range \"{pods}\" overlaps service range \"{services}\": connections fail at random"
#   remediation: >-
#     Before the first installation, choose ranges that share no address, such as 10.233.64.0/18 for pods and 10.233.0.0/18 for
#     Services. A running cluster keeps its ranges, whatever this file says.
#   messages:
#     services:
#       message: "pod range \"{pods}\" overlaps \"{services}\", the default service range: connections fail at random"
#     pods:
#       message: "service range \"{services}\" overlaps \"{pods}\", the default pod range: connections fail at random"
#   zh:
#     title: Pod 网段与 Service 网段重叠
#     description: >-
#       两个网段重叠后，Pod 与 Service 会用到相同的地址：访问 ClusterIP 的流量可能被送到某个 Pod，或者无人应答，连接随机失败。KubeKey 和 kubeadm
#       都不检查这一点。没写的字段取默认值（Pod 10.233.64.0/18，Service 10.233.0.0/18），所以只把其中一个扩大到 /17 或 /16 就会重叠。
#     message: "Pod 网段 \"{pods}\" 与 Service 网段 \"{services}\" 重叠：连接会随机失败"
#     remediation: >-
#       首次安装前改用互不重叠的网段，例如 Pod 用 10.233.64.0/18，Service 用 10.233.0.0/18。集群装好之后，改这个文件不会改变网段。
#     messages:
#       services:
#         message: "Pod 网段 \"{pods}\" 与默认的 Service 网段 \"{services}\" 重叠：连接会随机失败"
#       pods:
#         message: "Service 网段 \"{services}\" 与默认的 Pod 网段 \"{pods}\" 重叠：连接会随机失败"
package policies.rules.network["cidr-pod-service-overlap"]

import data.policies.lib.cidr
import data.policies.lib.kubekey
import data.policies.lib.kubekey4
import data.policies.lib.value
import future.keywords.not

deny contains object.union(_place(pods, services), {"args": {"pods": clash[0], "services": clash[1]}}) if {
	some [pods, services] in _pairs
	clash := [[a, b] |
		some a in cidr.parts(pods.value)
		some b in cidr.parts(services.value)
		cidr.overlaps(a, b)
	][0]
}

_place(pods, services) := {"document": pods.document, "path": pods.path} if {
	pods.written
	services.written
}

_place(pods, services) := {"document": pods.document, "path": pods.path, "message": "services"} if not services.written

_place(pods, services) := {"document": services.document, "path": services.path, "message": "pods"} if not pods.written

_pairs contains [_range(i, "kubePodsCIDR"), _range(i, "kubeServiceCIDR")] if some i in _of("kubekey-cluster")

_pairs contains [_v4_range(i, "pod_cidr"), _v4_range(i, "service_cidr")] if some i in _of("kubekey-config")

# An Inventory alone: what it does not say the Config may.
_pairs contains [_own_range(i, "pod_cidr"), _own_range(i, "service_cidr")] if {
	count(_of("kubekey-config")) == 0
	some i in _of("kubekey-inventory")
}

# A kubeadm file has no defaults; where a KubeKey file stands beside it, that one is the cause.
_pairs contains [_subnet(i, "podSubnet"), _subnet(i, "serviceSubnet")] if {
	count(_of("kubekey-cluster")) + count(_of("kubekey-config")) == 0
	some i in _of("kubeadm-config")
}

_subnet(i, name) := object.union({"document": i, "written": true}, value.at(input.set[i].value, ["networking", name]))

_range(i, name) := {"document": i, "path": found.path, "value": found.value, "written": written} if {
	found := kubekey.effective(input.set[i].value, ["spec", "network", name])
	written := object.get(input.set[i].value, found.path, null) == found.value
}

_v4_range(i, name) := {"document": document, "path": found.path, "value": found.value, "written": written} if {
	found := kubekey4.effective(input.set[i].value, _inventory.value, ["cni", name])
	document := {"config": i, "default": i, "inventory": _inventory.document}[found["in"]]
	written := found["in"] != "default"
}

_own_range(i, name) := object.union({"document": i, "written": true}, found) if {
	found := kubekey4.setting(null, input.set[i].value, ["cni", name])
}

# The Inventory that goes with a Config. Nothing says which of several does.
_inventory := {"document": null, "value": null} if count(_of("kubekey-inventory")) == 0

_inventory := {"document": i, "value": input.set[i].value} if {
	count(_of("kubekey-config")) == 1
	[i] := _of("kubekey-inventory")
}

_of(target) := [i | some i, document in input.set; document.target == target]
