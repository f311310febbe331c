# METADATA
# title: etcd below 3.5 refuses to start on ARM
# description: >-
#   etcd 3.3 and 3.4 start on ARM only where ETCD_UNSUPPORTED_ARCH says arm64, Go's name and no other; 3.5 knows ARM and
#   ignores it. KubeKey v1 to v3.0 install 3.3 and 3.4, and write the variable for hosts with arch: arm64. The
#   Kubernetes project's own images carry it.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/issues/331
# - ref: https://github.com/kubesphere/kubekey/issues/1278
# - ref: https://github.com/kubesphere/kubekey/issues/2147
# - ref: https://github.com/etcd-io/etcd/blob/v3.4.13/etcdmain/etcd.go
# - ref: https://github.com/kubesphere/kubekey/blob/v3.0.13/cmd/kk/pkg/etcd/templates/etcd_env.go
# custom:
#   severity: error
#   scope: set
#   facts: [etcd]
#   targets: [etcd-env, static-pod, kubekey-cluster]
#   message: "ETCD_UNSUPPORTED_ARCH is \"{value}\", not arm64: etcd below 3.5 does not start on ARM"
#   remediation: >-
#     Write ETCD_UNSUPPORTED_ARCH=arm64, and arch: arm64 for this host in the KubeKey file.
#   messages:
#     missing:
#       severity: error
#       message: "ETCD_UNSUPPORTED_ARCH=arm64 is missing on {host}, an ARM host: etcd below 3.5 does not start there"
#       remediation: Add ETCD_UNSUPPORTED_ARCH=arm64 to the environment of etcd, or use etcd 3.5 or later.
#   zh:
#     title: 3.5 以下的 etcd 在 ARM 上拒绝启动
#     description: >-
#       etcd 3.3 和 3.4 在 ARM 上必须有 ETCD_UNSUPPORTED_ARCH=arm64 才能启动，取值只能是 Go 的叫法 arm64；3.5 起正式支持 ARM，
#       不再看这个变量。KubeKey v1 到 v3.0 安装的是 3.3 和 3.4，会为 arch: arm64 的主机写入该变量。Kubernetes 官方镜像自带该变量。
#     message: "ETCD_UNSUPPORTED_ARCH 是 \"{value}\"，不是 arm64：3.5 以下的 etcd 在 ARM 上无法启动"
#     remediation: >-
#       改为 ETCD_UNSUPPORTED_ARCH=arm64，并在 KubeKey 文件中给这台主机写上 arch: arm64。
#     messages:
#       missing:
#         message: "ARM 主机 {host} 缺少 ETCD_UNSUPPORTED_ARCH=arm64：3.5 以下的 etcd 在上面无法启动"
#         remediation: 在 etcd 的环境变量中加上 ETCD_UNSUPPORTED_ARCH=arm64，或改用 etcd 3.5 及以上版本。
package policies.rules.etcd["etcd-arm-without-arch"]

import data.policies.lib.kubekey
import data.policies.lib.staticpod
import future.keywords.not

deny contains {"document": member.document, "path": arch.path, "args": {"value": arch.value}} if {
	some member in input.facts.etcd.members
	arch := member.settings.ETCD_UNSUPPORTED_ARCH
	_is_misnamed(arch)
	_old(member)
}

deny contains {"document": member.document, "path": place.path, "message": "missing", "args": {"host": place.host}} if {
	some member in input.facts.etcd.members
	not _is_misnamed(member.settings.ETCD_UNSUPPORTED_ARCH)
	not _may_be_right(member.settings.ETCD_UNSUPPORTED_ARCH)
	place := _old(member)
	_is_arm(place.host)
}

_is_misnamed(arch) if arch.value in {"aarch64", "ARM64", "armv8", "arm64v8"}

# A template may say it.
_may_be_right(arch) if arch.value in {"arm64", null}

# What shows that a member is older than 3.5, and where the variable belongs. KubeKey before v3.1, which installs nothing
# newer, is known by the names of etcdctl's variables; the comment that says the version is not in the document.
_old(member) := {"path": ["variables", "ETCD_UNSUPPORTED_ARCH"], "host": names[0][1]} if {
	member.source == "env"
	variables := input.set[member.document].value.variables
	variables.ETCDCTL_CA_FILE == "/etc/ssl/etcd/ssl/ca.pem"
	not variables.ETCDCTL_CACERT
	certificate := member.settings.ETCD_CERT_FILE.value
	is_string(certificate)
	names := regex.find_all_string_submatch_n(`^/etc/ssl/etcd/ssl/member-(.+)\.pem$`, certificate, 1)
}

_old(member) := {"path": array.concat(container.path, ["env"]), "host": member.name} if {
	member.source == "static-pod"
	container := staticpod.container(input.set[member.document], "etcd")
	is_string(container.value.image)
	regex.match(`:v3\.[34]\.[0-9]+(-arm64)?(@|$)`, container.value.image)
	not _is_set_elsewhere(container.value)
}

_is_set_elsewhere(container) if container.envFrom[_]

_is_set_elsewhere(container) if {
	some variable in container.env
	variable.name == "ETCD_UNSUPPORTED_ARCH"
	variable.valueFrom
}

_is_arm(host) if {
	input.facts.etcd.one_cluster
	some document in input.set
	document.target == "kubekey-cluster"
	kubekey.field(kubekey.host(document.value, host).value, "arch").value == "arm64"
}
