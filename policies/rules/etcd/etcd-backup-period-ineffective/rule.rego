# METADATA
# title: etcd is backed up at other times than written
# description: >-
#   KubeKey turns the minutes between backups into a calendar expression. What does not divide an hour or a day evenly becomes
#   something else, nearly always more often, and as many snapshots as keepBackupNumber says reach back less far than planned.
#   The crontab line that the scripts of KubeKey v1.1 to v2.2.1 write fires every minute, or is refused, when their period is 0.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/etcd/templates/backup_service.go
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/apis/kubekey/v1alpha2/default.go
# - ref: https://github.com/kubesphere/kubekey/blob/v1.2.1/pkg/etcd/tmpl/etcdbackup.go
# custom:
#   severity: info
#   targets: [kubekey-cluster, script]
#   unknown: run
#   message: "{field} {minutes} divides neither an hour nor a day: etcd is backed up at other times, and more often"
#   remediation: Write 30, 60, 120, 180, 240, 360, 480, 720 or 1440 minutes.
#   messages:
#     daily:
#       severity: info
#       message: "{field} {minutes} is more than a day: etcd is backed up daily all the same"
#     negative:
#       severity: info
#       versions: {kubekey: ">=2.2.3"}
#       message: "{field} {minutes} is below 0: etcd is backed up every 30 minutes"
#     empty:
#       severity: warning
#       message: "{field} {minutes} is more than a day: KubeKey v1.1 and v1.2 write an empty script, and etcd is never backed up"
#       remediation: Write at most 1440 minutes, such as 30.
#     minutely:
#       severity: warning
#       message: "ETCDBACKUPPERIOD 0 backs up every minute of an hour: the snapshots kept span minutes, not days"
#       remediation: >-
#         Cut the crontab part out of the script, and replace its line in root's crontab by one of your own, such as
#         0 2 * * * bash /usr/local/bin/kube-scripts/etcd-backup.sh.
#     refused:
#       severity: warning
#       message: "ETCDBACKUPPERIOD 0 makes the line \"*/0 * * * *\", which crontab refuses: no backup is scheduled"
#       remediation: >-
#         Cut the crontab part out of the script, and write a line of your own into root's crontab, such as
#         0 2 * * * bash /usr/local/bin/kube-scripts/etcd-backup.sh.
#   zh:
#     title: etcd 的备份时间与所写不符
#     description: >-
#       KubeKey 会把备份间隔（分钟）换算成日历表达式。不能整除一小时或一天的间隔会变成别的时间，而且几乎总是更频繁，于是按 keepBackupNumber
#       保留下来的快照，能回溯的时间比预期短。KubeKey v1.1 到 v2.2.1 的脚本在间隔为 0 时，写出的 crontab 会每分钟触发一次，或者被 crontab 拒绝。
#     message: "{field} 为 {minutes}，既不能整除一小时，也不能整除一天：etcd 会在其他时间备份，而且更频繁"
#     remediation: 写 30、60、120、180、240、360、480、720 或 1440 分钟。
#     messages:
#       daily:
#         message: "{field} 为 {minutes}，超过一天：etcd 仍然是每天备份一次"
#       negative:
#         message: "{field} 为 {minutes}，小于 0：etcd 会每 30 分钟备份一次"
#       empty:
#         message: "{field} 为 {minutes}，超过一天：KubeKey v1.1 和 v1.2 会写出空脚本，etcd 从不备份"
#         remediation: 最多写 1440 分钟，例如 30。
#       minutely:
#         message: "ETCDBACKUPPERIOD 为 0，该小时内每分钟都会备份：保留的快照只覆盖几分钟，而不是几天"
#         remediation: >-
#           删掉脚本中的 crontab 部分，并把 root 的 crontab 中对应的行换成自己的，例如 0 2 * * * bash
#           /usr/local/bin/kube-scripts/etcd-backup.sh。
#       refused:
#         message: "ETCDBACKUPPERIOD 为 0，生成的 \"*/0 * * * *\" 会被 crontab 拒绝：没有任何定时备份"
#         remediation: >-
#           删掉脚本中的 crontab 部分，并在 root 的 crontab 中自己写一行，例如 0 2 * * * bash
#           /usr/local/bin/kube-scripts/etcd-backup.sh。
package policies.rules.etcd["etcd-backup-period-ineffective"]

import data.policies.lib.cluster
import data.policies.lib.version
import future.keywords.not

deny contains _fault(period) if {
	some period in _periods
	not version.below(input.document.versions.kubekey, "2.0")
	_is_uneven(period.value)
}

deny contains object.union(_fault(period), {"message": "daily"}) if {
	some period in _periods
	period.value > 1440
	not _writes_nothing(period)
}

deny contains object.union(_fault(period), {"message": "negative"}) if {
	some period in _periods
	period.value < 0
}

deny contains object.union(_fault(period), {"message": "empty"}) if {
	some period in _periods
	period.value > 1440
	_writes_nothing(period)
}

deny contains {"path": ["lines", i], "message": "minutely", "args": {}} if {
	some i in _zeros
	_holds(`^\s*ETCDBACKUPHOUR=["']?[0-9]`)
	_holds(`^[^#]*["']\* \*/\$\{?ETCDBACKUPHOUR`)
}

deny contains {"path": ["lines", i], "message": "refused", "args": {}} if {
	some i in _zeros
	not _holds(`^\s*ETCDBACKUPHOUR=["']?[^"'\s]`)
	_holds(`^[^#]*["']\*/\$\{?ETCDBACKUPPERIOD\}? \* \* \* \*`)
}

_fault(period) := {"path": period.path, "args": {
	"field": period.path[count(period.path) - 1],
	"minutes": period.value,
}}

_is_uneven(minutes) if {
	minutes > 0
	minutes < 60
	60 % minutes != 0
}

_is_uneven(minutes) if {
	minutes > 60
	minutes < 1440
	minutes % 60 != 0
}

# The field of KubeKey v2.1 and later, and the one before, of which v2.0 makes a line of crontab's that runs daily.
_periods contains object.union(at, {"old": false}) if {
	not version.below(input.document.versions.kubekey, "2.1")
	at := _field(["spec", "etcd", "backupPeriod"])
}

_periods contains object.union(at, {"old": true}) if {
	not version.at_least(input.document.versions.kubekey, "2.1")
	not _is_new
	at := _field(["spec", "kubernetes", "etcdBackupPeriod"])
}

_field(path) := at if {
	cluster.own_etcd
	at := cluster.at(path)
	is_number(at.value)
	floor(at.value) == at.value
}

_is_new if {
	not input.document.versions.kubekey
	input.document.value.apiVersion == "kubekey.kubesphere.io/v1alpha2"
}

_writes_nothing(period) if {
	period.old
	not version.at_least(input.document.versions.kubekey, "2.0")
}

# Lines of scripts that write their own line of crontab's.
_zeros contains i if {
	_holds(`^[^#]*\bcrontab\b`)
	some i, line in input.document.value.lines
	regex.match(`^\s*ETCDBACKUPPERIOD=["']?0["']?\s*(#.*)?$`, line)
}

_holds(pattern) if {
	some line in input.document.value.lines
	regex.match(pattern, line)
}
