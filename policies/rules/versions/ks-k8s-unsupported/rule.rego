# METADATA
# title: KubeSphere 3.x on a Kubernetes version that it was not made for
# description: >-
#   Every release of KubeSphere 3.x runs on a few minor versions of Kubernetes only. On newer ones its files and binaries ask
#   for APIs that are gone (3.0 and 3.1 from 1.22, 3.3 from 1.25 on); below its minimum ks-installer stops. Between the two it
#   may run, but single features fail, and kk upgrade refuses the pair. kk create cluster does not look. Releases that the table
#   does not know are not judged.
# related_resources:
# - ref: https://github.com/kubesphere/kubesphere/issues/5519
# - ref: https://github.com/kubesphere/kubesphere/issues/5832
# - ref: https://github.com/kubesphere/kubesphere/issues/5549
# - ref: https://github.com/kubesphere/kubesphere/issues/5241
# - ref: https://github.com/kubesphere/kubesphere/issues/4317
# - ref: https://github.com/kubesphere/kubesphere/issues/5884
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/version/kubesphere/ks_installer.go
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/preinstall/tasks/precheck.yaml
# custom:
#   severity: error
#   targets: [cluster-configuration, ks-installer-config, kubesphere-workload]
#   scope: set
#   message: "KubeSphere {kubesphere} cannot run on Kubernetes {kubernetes}: it was made for {min} to {max}"
#   remediation: >-
#     Before the first installation take Kubernetes {min} to {max}. On a running cluster upgrade KubeSphere (3.4.1, or 4.x with
#     Helm), as Kubernetes cannot be downgraded.
#   messages:
#     too-old:
#       message: "ks-installer of KubeSphere {kubesphere} refuses Kubernetes {kubernetes}: it wants {installer_min} or later"
#       remediation: Use Kubernetes {min} to {max}; on a running cluster upgrade Kubernetes before KubeSphere.
#     newer:
#       severity: warning
#       message: "KubeSphere {kubesphere} was made for Kubernetes {min} to {max}: on {kubernetes} some features fail and kk upgrade stops"
#     older:
#       severity: warning
#       message: "KubeSphere {kubesphere} was made for Kubernetes {min} to {max}: on {kubernetes} some features fail and kk upgrade stops"
#       remediation: Use Kubernetes {min} to {max}; on a running cluster upgrade Kubernetes before KubeSphere.
#   zh:
#     title: KubeSphere 3.x 不支持该 Kubernetes 版本
#     description: >-
#       KubeSphere 3.x 的每个版本只支持少数几个 Kubernetes 次版本。版本过新时，它的清单和程序会用到已被移除的 API（3.0、3.1 从 1.22 起，3.3 从 1.25 起）；低于最低版本时 ks-installer 会直接停止。介于两者之间也许能跑，但部分功能会失败，kk upgrade 也会拒绝该组合。kk create cluster 不做检查。版本表中没有的版本不作判断。
#     message: "KubeSphere {kubesphere} 无法运行在 Kubernetes {kubernetes} 上：它支持的是 {min} 到 {max}"
#     remediation: >-
#       首次安装前选用 Kubernetes {min} 到 {max}。运行中的集群请升级 KubeSphere（3.4.1，或用 Helm 升级到 4.x），Kubernetes 不能降级。
#     messages:
#       too-old:
#         message: "KubeSphere {kubesphere} 的 ks-installer 拒绝 Kubernetes {kubernetes}：要求 {installer_min} 及以上"
#         remediation: 使用 Kubernetes {min} 到 {max}；运行中的集群先升级 Kubernetes，再升级 KubeSphere。
#       newer:
#         message: "KubeSphere {kubesphere} 支持的是 Kubernetes {min} 到 {max}：在 {kubernetes} 上部分功能会失败，kk upgrade 也会停止"
#       older:
#         message: "KubeSphere {kubesphere} 支持的是 Kubernetes {min} 到 {max}：在 {kubernetes} 上部分功能会失败，kk upgrade 也会停止"
#         remediation: 使用 Kubernetes {min} 到 {max}；运行中的集群先升级 Kubernetes，再升级 KubeSphere。
package policies.rules.versions["ks-k8s-unsupported"]

import data.policies.lib.core
import data.policies.lib.kubesphere_releases
import data.policies.lib.value
import data.policies.lib.version
import future.keywords.not

deny contains {"document": pair.document, "path": pair.path, "args": pair.args} if {
	some pair in _pairs
	pair.verdict == ["error", "newer"]
}

deny contains {"document": pair.document, "path": pair.path, "args": pair.args, "message": message} if {
	some pair in _pairs
	message := {
		["error", "older"]: "too-old",
		["warning", "newer"]: "newer",
		["warning", "older"]: "older",
	}[pair.verdict]
}

unchecked contains {"document": place.document, "needs": "the version of Kubernetes"} if {
	some place in _places
	kubesphere_releases.row(place.kubesphere)
	not input.set[place.document].versions.kubernetes
}

_pairs := [object.union(place, {"verdict": [severity, side], "args": args}) |
	some place in _places
	kubernetes := input.set[place.document].versions.kubernetes
	severity := kubesphere_releases.severity(place.kubesphere, kubernetes)
	row := kubesphere_releases.row(place.kubesphere)
	side := _side(kubernetes, row)
	args := {
		"kubesphere": place.kubesphere, "kubernetes": kubernetes,
		"min": row.min, "max": row.max, "installer_min": object.get(row, "installer_min", row.min),
	}
]

_side(kubernetes, row) := "older" if version.below(kubernetes, row.min)

_side(kubernetes, row) := "newer" if not version.below(kubernetes, row.min)

# Where the version of KubeSphere stands. A label wins over images, and these win over what the user said: one finding, not
# one for each Deployment. A label that is no version silences them all.
_places := _labels if {
	count(_labels) > 0
} else := _images if {
	count(_images) > 0
} else := {{"document": i, "path": _label, "kubesphere": document.versions.kubesphere} |
	some i, document in input.set
	document.target == "cluster-configuration"
}

_labels contains {"document": i, "path": _label, "kubesphere": _release(document.value.metadata.labels.version)} if {
	some i, document in input.set
	document.target == "cluster-configuration"
	value.is_set(document.value.metadata.labels, "version")
}

# Of 2.1.1 the payload of a ConfigMap, whose label Go has read.
_labels contains {"document": i, "path": [], "kubesphere": document.versions.kubesphere} if {
	some i, document in input.set
	document.target == "ks-installer-config"
}

_label := ["metadata", "labels", "version"]

_release(label) := sprintf("%d.%d.%d", [v.major, v.minor, v.patch]) if {
	v := version.parse(label)
} else := ""

_images contains object.union(min(places), {"kubesphere": kubesphere}) if some kubesphere, places in _tags

_tags[document.versions.kubesphere] contains {"document": i, "path": array.concat(container.path, ["image"])} if {
	some i, document in input.set
	document.target == "kubesphere-workload"
	some container in core.containers_of(document.value)
}
