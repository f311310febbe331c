# METADATA
# title: KubeKey cannot install this Kubernetes version
# description: >-
#   KubeKey v1 to v3 carry checksums of single patch releases and install nothing else, not even from an offline artifact:
#   v3.1.2 and later stop at once, older ones after the download ("No SHA256 found"). For k3s the list is another, much shorter
#   one. KubeKey v4 goes by the minor version. Where the version of kk is not known, the lists of all releases count together.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/issues/1643
# - ref: https://github.com/kubesphere/kubekey/issues/1768
# - ref: https://github.com/kubesphere/kubekey/issues/1822
# - ref: https://github.com/kubesphere/kubekey/issues/1995
# - ref: https://github.com/kubesphere/kubekey/issues/1996
# - ref: https://github.com/kubesphere/kubekey/issues/2030
# - ref: https://github.com/kubesphere/kubekey/issues/2068
# - ref: https://github.com/kubesphere/kubekey/issues/2079
# - ref: https://github.com/kubesphere/kubekey/issues/1273
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/bootstrap/confirm/tasks.go
# - ref: https://github.com/kubesphere/kubekey/blob/main/builtin/core/roles/precheck/kubernetes/tasks/main.yaml
# custom:
#   severity: error
#   targets: [kubekey-cluster, kubekey-config, kubekey-inventory]
#   scope: set
#   message: "KubeKey {kubekey} cannot install Kubernetes \"{version}\": the version is not in its list"
#   remediation: Write a version that kk version --show-supported-k8s lists, or take a newer kk.
#   messages:
#     never:
#       message: "no KubeKey v1 to v3 can install Kubernetes \"{version}\": the version is in none of their lists"
#       remediation: Write a version that kk version --show-supported-k8s lists.
#     newer:
#       severity: info
#       message: "Kubernetes \"{version}\" is newer than all lists of KubeKey v3 of {date}: those releases refuse it"
#       remediation: Take a kk that was released later, or write an older version.
#     k3s:
#       message: "KubeKey cannot install k3s \"{version}\": it has {list} only"
#       remediation: Write one of these versions with -k3s behind it.
#     v4-old:
#       message: "KubeKey v4 refuses Kubernetes \"{version}\": it begins with {min}"
#       remediation: Set kube_version to a version of {min} to {max}.
#     v4-new:
#       message: "KubeKey {kubekey} cannot install Kubernetes \"{version}\": it ends with {max}"
#       remediation: Set kube_version to a version of {min} to {max}, or take a newer kk.
#     v4-newer:
#       severity: info
#       message: "Kubernetes \"{version}\" is newer than {max}, the newest of KubeKey v4 of {date}: those releases cannot install it"
#       remediation: Take a kk that was released later, or set kube_version to a version of {min} to {max}.
#   zh:
#     title: KubeKey 无法安装该 Kubernetes 版本
#     description: >-
#       KubeKey v1 到 v3 内置的是逐个补丁版本的校验和，列表以外的版本一律装不了，离线制品也不例外：v3.1.2 及以后会立即退出，更早的版本下载完才报错（"No SHA256 found"）。k3s 用的是另一份短得多的列表。KubeKey v4 只看次版本号。不知道 kk 版本时，以所有版本列表的并集为准。
#     message: "KubeKey {kubekey} 无法安装 Kubernetes \"{version}\"：该版本不在它的列表中"
#     remediation: 改为 kk version --show-supported-k8s 列出的版本，或换用更新的 kk。
#     messages:
#       never:
#         message: "KubeKey v1 到 v3 都无法安装 Kubernetes \"{version}\"：该版本不在任何一个版本的列表中"
#         remediation: 改为 kk version --show-supported-k8s 列出的版本。
#       newer:
#         message: "Kubernetes \"{version}\" 比 KubeKey v3 截至 {date} 的所有列表都新：这些版本的 kk 会拒绝安装"
#         remediation: 换用之后发布的 kk，或改用较旧的版本。
#       k3s:
#         message: "KubeKey 无法安装 k3s \"{version}\"：它只有 {list}"
#         remediation: 改为其中一个版本，并在后面加上 -k3s。
#       v4-old:
#         message: "KubeKey v4 拒绝安装 Kubernetes \"{version}\"：最低为 {min}"
#         remediation: 把 kube_version 设为 {min} 到 {max} 之间的版本。
#       v4-new:
#         message: "KubeKey {kubekey} 无法安装 Kubernetes \"{version}\"：最高为 {max}"
#         remediation: 把 kube_version 设为 {min} 到 {max} 之间的版本，或换用更新的 kk。
#       v4-newer:
#         message: "Kubernetes \"{version}\" 比 KubeKey v4 截至 {date} 支持的最高版本 {max} 还新：这些版本的 kk 装不了"
#         remediation: 换用之后发布的 kk，或把 kube_version 设为 {min} 到 {max} 之间的版本。
package policies.rules.versions["kk-k8s-unsupported"]

import data.policies.lib.kubekey
import data.policies.lib.kubekey4
import data.policies.lib.kubekey_releases
import data.policies.lib.version
import future.keywords.not

deny contains _fault(i, wish, {"kubekey": kubekey}) if {
	kubekey := input.versions.kubekey
	some i, wish in _unlisted
	wish.kind == "kubernetes"
}

deny contains object.union(_fault(i, wish, {}), {"message": "never"}) if {
	not input.versions.kubekey
	some i, wish in _unlisted
	wish.kind == "kubernetes"
	not kubekey_releases.is_newer(wish.kind, wish.patch)
}

deny contains object.union(_fault(i, wish, {"date": _date}), {"message": "newer"}) if {
	some i, wish in _unlisted
	_may_come(wish)
}

deny contains object.union(_fault(i, wish, {"list": concat(", ", sort(_list.k3s))}), {"message": "k3s"}) if {
	some i, wish in _unlisted
	wish.kind == "k3s"
	not _may_come(wish)
}

deny contains object.union(_fault(i, wish, _minors), {"message": "v4-old"}) if {
	some i, wish in _wishes4
	version.below(wish.minor, _minors.min)
}

deny contains object.union(_fault(i, wish, object.union(_minors, {"kubekey": kubekey})), {"message": "v4-new"}) if {
	kubekey := input.versions.kubekey
	some i, wish in _wishes4
	version.below(_minors.max, wish.minor)
}

deny contains object.union(_fault(i, wish, object.union(_minors, {"date": _date})), {"message": "v4-newer"}) if {
	not input.versions.kubekey
	some i, wish in _wishes4
	version.below(_minors.max, wish.minor)
}

_fault(i, wish, args) := {"document": i, "path": wish.path, "args": object.union(args, {"version": wish.value})}

_date := data.tables.kubekey_kubernetes.as_of

# A release of KubeKey that nobody knows yet may have it.
_may_come(wish) if {
	not input.versions.kubekey
	kubekey_releases.is_newer(wish.kind, wish.patch)
}

_unlisted[i] := wish if {
	some i, document in input.set
	document.target == "kubekey-cluster"
	wish := _wish(document.value)
	count(_list[wish.kind]) > 0
	not wish.patch in _list[wish.kind]
}

# A version that is malformed is k8s-version-malformed. Of k8e there is no list.
_wish(cluster) := {"path": found.path, "value": found.value, "patch": patch, "kind": kind} if {
	found := kubekey.kubernetes_version(cluster)
	regex.match(`^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)[-\w.+]*$`, found.value)
	type := kubekey.kubernetes_type(cluster)
	type != "k8e"
	patch := trim_prefix(found.version, "v")
	kind := object.get({"k3s": "k3s"}, type, "kubernetes")
}

_list[kind] := kubekey_releases.patches(input.versions.kubekey, kind) if some kind in ["kubernetes", "k3s"]

_list[kind] := kubekey_releases.ever[kind] if {
	not input.versions.kubekey
	some kind in ["kubernetes", "k3s"]
}

_wishes4[i] := {"path": found.path, "value": found.value, "minor": version.minor(found.value)} if {
	some i, document in input.set
	found := _kube_version(document)
	is_string(found.value)
	regex.match(`^v\d+\.\d+\.\d+`, found.value)
}

_kube_version(document) := kubekey4.setting(document.value, null, _key) if document.target == "kubekey-config"

_kube_version(document) := found if {
	document.target == "kubekey-inventory"
	found := kubekey4.setting(null, document.value, _key)
	every config in _configs {
		kubekey4.setting(config, document.value, _key)["in"] == "inventory"
	}
}

_key := ["kubernetes", "kube_version"]

_configs := [document.value | some document in input.set; document.target == "kubekey-config"]

_minors := {"min": row.min, "max": row.max} if row := kubekey_releases.minors(input.versions.kubekey)

_minors := {"min": row.min, "max": row.max} if {
	not input.versions.kubekey
	row := kubekey_releases.newest_minors
}
