# METADATA
# title: etcd's auto compaction is off or unusable
# description: >-
#   etcd discards old revisions by itself, or kube-apiserver lets it do so every five minutes. With a retention of 0 and
#   --etcd-compaction-interval=0 nobody does, and the database grows until etcd refuses every write. A retention that is neither
#   a whole number of hours nor a duration stops etcd; in a KubeKey file it must be a whole number. The field exists from
#   KubeKey v3.0.8 on.
# related_resources:
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.31.0/staging/src/k8s.io/apiserver/pkg/storage/etcd3/compact.go
# - ref: https://github.com/etcd-io/etcd/blob/v3.5.24/server/embed/etcd.go
# - ref: https://etcd.io/docs/v3.5/op-guide/maintenance/#history-compaction-v3-api-key-value-database
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/etcd/templates/etcd_env.go
# custom:
#   severity: warning
#   scope: set
#   facts: [etcd]
#   targets: [kubekey-cluster, kubekey-config, kubekey-inventory, etcd-env, static-pod]
#   message: neither etcd nor kube-apiserver discards old revisions; the database grows until etcd refuses every write
#   remediation: Set etcd's auto compaction retention to 8 (hours) and remove etcd-compaction-interval=0 from kube-apiserver.
#   messages:
#     etcd:
#       severity: error
#       message: "{name} is \"{value}\", neither a number of hours nor a duration: etcd does not start"
#       remediation: Write 8 for eight hours, or a duration such as 30m.
#     unreadable:
#       severity: error
#       message: "{name} is \"{value}\", not a whole number of hours: KubeKey cannot read the file"
#       remediation: Write the hours as a bare number, such as 8.
#   zh:
#     title: etcd 的自动压缩被关闭或取值无效
#     description: >-
#       旧版本数据要么由 etcd 自己清理，要么由 kube-apiserver 每五分钟触发一次压缩。保留时间为 0，同时又设置了
#       --etcd-compaction-interval=0，就没有人清理，数据库会一直增长，直到 etcd 拒绝所有写入。保留时间既不是整数小时也不是时长时，
#       etcd 无法启动；在 KubeKey 文件中必须是整数。该字段从 KubeKey v3.0.8 开始提供。
#     message: etcd 和 kube-apiserver 都不清理旧版本数据，数据库会一直增长，直到 etcd 拒绝所有写入
#     remediation: 把 etcd 的自动压缩保留时间设为 8（小时），并去掉 kube-apiserver 的 etcd-compaction-interval=0。
#     messages:
#       etcd:
#         message: "{name} 的值 \"{value}\" 既不是小时数也不是时长：etcd 无法启动"
#         remediation: 八小时写 8，也可以写 30m 这样的时长。
#       unreadable:
#         message: "{name} 的值 \"{value}\" 不是整数小时：KubeKey 无法读取该文件"
#         remediation: 直接写小时数，例如 8。
package policies.rules.etcd["etcd-autocompaction-off"]

import data.policies.lib.etcd
import data.policies.lib.kubekey
import data.policies.lib.staticpod
import future.keywords.not

deny contains {"document": at.document, "path": at.path, "args": {}} if {
	some retention in _retentions
	_is_zero(retention.value)
	some interval in _intervals
	_is_zero(interval.value)
	not _compacts
	_same_cluster(retention, interval)
	at := [at | some at in [retention, interval]; object.get(at, "written", true)][0]
}

deny contains {"document": at.document, "path": at.path, "message": "etcd", "args": args} if {
	some at in _retentions
	_is_refused(at.value)
	args := {"name": at.name, "value": at.value}
}

# Whoever runs etcd, KubeKey must read the file.
deny contains {"document": i, "path": at.path, "message": "unreadable", "args": args} if {
	some i, document in input.set
	document.target == "kubekey-cluster"
	etcd.has_fields(document)
	at := kubekey.at(document.value, ["spec", "etcd", "autoCompactionRetention"])
	etcd.no_integer(at.value)
	args := {"name": "autoCompactionRetention", "value": at.value}
}

_retentions contains settings.retention if some settings in etcd.settings(input.set)

_retentions contains settings.retention if some settings in etcd.member_settings(input.facts.etcd.members)

# What each kube-apiserver of the set is told; a value is null for the five minutes that it takes without being told.
_intervals contains {"document": i, "path": object.get(flag, "path", []), "value": object.get(flag, "value", null)} if {
	some i, document in input.set
	document.target == "static-pod"
	container := staticpod.container(document, "kube-apiserver")
	flag := object.get(staticpod.flags(container), "etcd-compaction-interval", {})
}

_intervals contains object.union(items[count(items) - 1], {"document": i}) if {
	some i, document in input.set
	document.target == "kubekey-cluster"
	list := kubekey.at(document.value, ["spec", "kubernetes", "apiserverArgs"])
	is_array(list.value)
	items := [{"path": array.concat(list.path, [j]), "value": trim_prefix(item, "etcd-compaction-interval=")} |
		some j, item in list.value
		is_string(item)
		startswith(item, "etcd-compaction-interval=")
	]
}

# One kube-apiserver that compacts is enough.
_compacts if {
	some interval in _intervals
	not _is_zero(interval.value)
}

_same_cluster(_, _) if input.facts.etcd.one_cluster

_same_cluster(a, b) if input.set[a.document].host == input.set[b.document].host

_same_cluster(retention, interval) if {
	some member in input.facts.etcd.members
	member.document == retention.document
	some client in input.facts.etcd.clients
	client.document == interval.document
	some url in member.settings.ETCD_ADVERTISE_CLIENT_URLS.urls
	url.host in {server.host | some server in client.servers}
}

_is_zero(0)

_is_zero(text) if {
	is_string(text)
	regex.match(`^[+-]?(0+|(0+(\.0*)?(ns|us|µs|ms|s|m|h))+)$`, text)
}

_is_refused(x) if {
	etcd.no_integer(x)
	not _is_duration(x)
}

_is_refused(x) if {
	is_number(x)
	x < 0
}

_is_refused(x) if {
	is_string(x)
	regex.match(`^\s*-[0-9]+\s*$`, x)
}

_is_duration(text) if {
	is_string(text)
	regex.match(`^\s*[+-]?(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+\s*$`, text)
}
