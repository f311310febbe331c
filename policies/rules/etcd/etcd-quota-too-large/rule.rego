# METADATA
# title: etcd's space quota is unusable or too large
# description: >-
#   The quota is a whole number of bytes. A text such as 8G stops KubeKey or etcd, a quota written in GiB or MiB is full
#   before the cluster is installed, and above 8 GiB etcd itself warns, restarts slowly and takes long to defragment. The
#   field exists from KubeKey v3.0.8 on; without it etcd takes 2 GiB.
# related_resources:
# - ref: https://github.com/etcd-io/etcd/blob/v3.5.24/server/etcdserver/quota.go
# - ref: https://etcd.io/docs/v3.5/op-guide/maintenance/#space-quota
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/apis/kubekey/v1alpha2/etcd_types.go
# - ref: https://github.com/kubesphere/kubekey/blob/main/builtin/core/roles/defaults/defaults/main/04-etcd.yaml
# custom:
#   severity: error
#   scope: set
#   facts: [etcd]
#   targets: [kubekey-cluster, kubekey-config, kubekey-inventory, etcd-env, static-pod]
#   parameters:
#     least:
#       type: number
#       default: 16777216
#       description: A quota below this many bytes was meant in another unit.
#       zh: 小于这个字节数的配额，视为写错了单位。
#   message: "{name} is \"{value}\", not a whole number of bytes: KubeKey cannot read the file"
#   remediation: >-
#     Write the bytes as a bare number from 2147483648 (2 GiB) to 8589934592 (8 GiB), and never below the present size of
#     the database (etcdctl endpoint status).
#   messages:
#     etcd:
#       severity: error
#       message: "{name} is \"{value}\", not a whole number of bytes: etcd does not start"
#     small:
#       severity: error
#       message: "a quota of {value} bytes is used up while the cluster is being installed: etcd then refuses every write"
#     large:
#       severity: warning
#       message: "a quota of {value} bytes is more than etcd's 8 GiB: it warns at start, restarts and defragments slowly"
#   zh:
#     title: etcd 的空间配额无法使用或过大
#     description: >-
#       配额必须是字节整数。写成 8G 之类的文本会让 KubeKey 或 etcd 直接报错退出；按 GiB、MiB 写的数字在安装集群时就会用尽；
#       超过 8 GiB 时 etcd 自己会告警，重启和碎片整理都很慢。该字段从 KubeKey v3.0.8 开始提供，不写时 etcd 取 2 GiB。
#     message: "{name} 的值 \"{value}\" 不是字节整数：KubeKey 无法读取该文件"
#     remediation: >-
#       直接写字节数，取 2147483648（2 GiB）到 8589934592（8 GiB），且不得小于数据库当前的大小（用 etcdctl endpoint status 查看）。
#     messages:
#       etcd:
#         message: "{name} 的值 \"{value}\" 不是字节整数：etcd 无法启动"
#       small:
#         message: "{value} 字节的配额在安装集群时就会用尽：此后 etcd 拒绝所有写入"
#       large:
#         message: "{value} 字节的配额超过 etcd 建议的上限 8 GiB：etcd 启动时告警，重启和碎片整理变慢"
package policies.rules.etcd["etcd-quota-too-large"]

import data.policies.lib.etcd
import data.policies.lib.kubekey

# Whoever runs etcd, KubeKey must read the file.
deny contains {"document": i, "path": at.path, "args": {"name": "quotaBackendBytes", "value": at.value}} if {
	some i, document in input.set
	document.target == "kubekey-cluster"
	etcd.has_fields(document)
	at := kubekey.at(document.value, ["spec", "etcd", "quotaBackendBytes"])
	etcd.no_integer(at.value)
}

deny contains _fault(quota, "etcd", {"name": quota.name, "value": quota.value}) if {
	some quota in _quotas
	etcd.no_integer(quota.value)
}

deny contains _fault(quota, "small", {"value": bytes}) if {
	some quota in _quotas
	bytes := _bytes(quota.value)
	bytes > 0
	bytes < input.parameters["etcd-quota-too-large"].least
}

# 8 GiB is MaxQuotaBytes, etcd's own bound.
deny contains _fault(quota, "large", {"value": bytes}) if {
	some quota in _quotas
	bytes := _bytes(quota.value)
	bytes > 8589934592
}

_quotas contains settings.quota if some settings in etcd.settings(input.set)

_quotas contains settings.quota if some settings in etcd.member_settings(input.facts.etcd.members)

_fault(quota, message, args) := {
	"document": quota.document,
	"path": quota.path,
	"message": message,
	"args": args,
}

_bytes(x) := x if {
	is_number(x)
	floor(x) == x
}

_bytes(x) := to_number(trim_space(x)) if {
	is_string(x)
	regex.match(`^\s*[1-9][0-9]{0,18}\s*$`, x)
}
