# METADATA
# title: Too few backups of etcd are kept
# description: >-
#   The scripts of KubeKey v1.1 to v3 count the head line of ls -l as a backup: KEEPBACKUPNUMBER 1 deletes the snapshot just
#   taken, 2 keeps one. KubeKey since v1.1.2, v1.2.2, v2.0.1, v2.1.2, v2.2.3, v2.3.1 and v3.0.2 writes the number of the file
#   plus one. In the scripts of v4 any number below 1 leaves nothing.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/issues/2960
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/etcd/tasks.go
# - ref: https://github.com/kubesphere/kubekey/blob/v3.0.1/cmd/kk/pkg/etcd/templates/backup_script.go
# - ref: https://github.com/kubesphere/kubekey/blob/main/builtin/core/roles/etcd/install/templates/backup.sh
# custom:
#   severity: error
#   scope: set
#   targets: [script, kubekey-cluster, kubekey-config, kubekey-inventory]
#   message: "KEEPBACKUPNUMBER \"{number}\" keeps no backup: the script deletes the snapshot that it has just taken"
#   remediation: Set KEEPBACKUPNUMBER to 6 or more on every etcd host, and keepBackupNumber to 5 or more.
#   messages:
#     script-single:
#       severity: info
#       message: "KEEPBACKUPNUMBER \"{number}\" keeps a single backup: the head line of ls counts as one"
#     script-v4:
#       severity: error
#       message: "KEEPBACKUPNUMBER \"{number}\" leaves no backup: the script ends before the snapshot, or deletes all of them"
#       remediation: Set KEEPBACKUPNUMBER to 5 or more on every etcd host, and etcd.backup.keep_backup_number too.
#     field:
#       severity: error
#       message: "{field} {number} leaves no backup of etcd"
#       remediation: Write 5 or more, and correct KEEPBACKUPNUMBER in the backup script of every etcd host.
#     single:
#       severity: info
#       message: "keepBackupNumber 1 keeps a single backup of etcd, and none with some releases before KubeKey v3.0.2"
#       remediation: Write 5 or more, and correct KEEPBACKUPNUMBER in the backup script of every etcd host.
#   zh:
#     title: etcd 备份保留得太少
#     description: >-
#       KubeKey v1.1 到 v3 的脚本把 ls -l 的首行也算作一个备份：KEEPBACKUPNUMBER 为 1 时会删掉刚生成的快照，为 2 时只保留一个。KubeKey 自
#       v1.1.2、v1.2.2、v2.0.1、v2.1.2、v2.2.3、v2.3.1 和 v3.0.2 起，写入脚本的是文件中的数字加一。v4 的脚本中，小于 1 的数字一个备份都留不下。
#     message: "KEEPBACKUPNUMBER \"{number}\" 不会保留任何备份：脚本会删掉刚生成的快照"
#     remediation: 在每台 etcd 主机上把 KEEPBACKUPNUMBER 设为 6 或更大，并把 keepBackupNumber 设为 5 或更大。
#     messages:
#       script-single:
#         message: "KEEPBACKUPNUMBER \"{number}\" 只保留一个备份：ls 输出的首行也被计入"
#       script-v4:
#         message: "KEEPBACKUPNUMBER \"{number}\" 留不下任何备份：脚本在生成快照前就退出，或者把快照全部删掉"
#         remediation: 在每台 etcd 主机上把 KEEPBACKUPNUMBER 设为 5 或更大，etcd.backup.keep_backup_number 同样修改。
#       field:
#         message: "{field} 为 {number}，etcd 一个备份都留不下"
#         remediation: 写 5 或更大，并修改每台 etcd 主机上备份脚本中的 KEEPBACKUPNUMBER。
#       single:
#         message: "keepBackupNumber 1 只保留一个 etcd 备份，KubeKey v3.0.2 之前的部分版本一个都不保留"
#         remediation: 写 5 或更大，并修改每台 etcd 主机上备份脚本中的 KEEPBACKUPNUMBER。
package policies.rules.etcd["etcd-backup-keep-one"]

import data.policies.lib.kubekey
import data.policies.lib.kubekey4
import data.policies.lib.version
import future.keywords.not

deny contains {"document": i, "path": kept.path, "args": {"number": kept.number}} if {
	some i, kept in _scripts
	kept.by == "ls -l"
	kept.number <= 1
}

deny contains {"document": i, "path": kept.path, "message": "script-single", "args": {"number": kept.number}} if {
	some i, kept in _scripts
	kept.by == "ls -l"
	kept.number == 2
}

deny contains {"document": i, "path": kept.path, "message": "script-v4", "args": {"number": kept.number}} if {
	some i, kept in _scripts
	kept.by == "++"
	kept.number <= 0
}

deny contains {"document": i, "path": at.path, "message": "field", "args": {"field": field, "number": at.value}} if {
	some i, document in input.set
	at := _field(document)
	field := at.path[count(at.path) - 1]
	at.value < 0
}

deny contains {"document": i, "path": at.path, "message": "single", "args": {}} if {
	some i, document in input.set
	at := _field(document)
	at.value == 1
}

deny contains {"document": i, "path": at.path, "message": "field", "args": {"field": field, "number": at.value}} if {
	some pair in kubekey4.pairs(input.set)
	kubekey4.effective(pair.config, pair.inventory, ["etcd", "deployment_type"]).value == "external"
	field := "keep_backup_number"
	at := kubekey4.setting(pair.config, pair.inventory, ["etcd", "backup", field])
	regex.match(`^(0|-[0-9]+)$`, sprintf("%v", [at.value]))
	i := pair.documents[at["in"]]
}

# By document, what a script keeps, and how it counts. What is no plain number is not judged.
_scripts[i] := {"number": to_number(number[1]), "path": ["lines", kept.line], "by": _counting(script.value.lines)} if {
	some i, script in input.set
	script.target == "script"
	[kept] := [{"line": j, "text": found[1]} |
		some j, line in script.value.lines
		some found in regex.find_all_string_submatch_n(`^\s*(?:export\s+)?KEEPBACKUPNUMBER=(.*)$`, line, 1)
	]
	some number in regex.find_all_string_submatch_n(`^["']?(-?(?:0|[1-9][0-9]{0,8}))["']?\s*(?:[#;].*)?$`, kept.text, 1)
}

_counting(lines) := "++" if {
	some line in lines
	regex.match(`^[^#]*\(\(\s*KEEPBACKUPNUMBER\s*\+\+\s*\)\)`, line)
} else := "ls -l" if {
	some line in lines
	some found in regex.find_all_string_submatch_n(_rotation, line, 1)
	contains(found[1], "l")
	not contains(found[1], "d")
	every other in lines {
		not regex.match(`^[^#]*\(\([^)]*KEEPBACKUPNUMBER`, other)
	}
}

# ls prints a head line with -l, but for folders by name (-d) or behind a filter.
_rotation := concat("", [
	`^[^#]*\bls\s+-([a-zA-Z0-9]*)\s*\|\s*awk\b`,
	`.*NR\s*>\s*["']*\$\{?KEEPBACKUPNUMBER\}?["']*\s*\).*\brm\s+-rf`,
])

_field(document) := at if {
	_keeps(document)
	not version.below(document.versions.kubekey, "2.1")
	at := kubekey.at(document.value, ["spec", "etcd", "keepBackupNumber"])
	is_number(at.value)
} else := at if {
	_keeps(document)
	not version.at_least(document.versions.kubekey, "2.1")
	not _is_new(document)
	at := kubekey.at(document.value, ["spec", "kubernetes", "keepBackupNumber"])
	is_number(at.value)
}

_keeps(document) if {
	document.target == "kubekey-cluster"
	kubekey.own_etcd(document.value)
}

# KubeKey v2.1 moved the field. Where its version is not known, the old one counts in files of the old kind alone.
_is_new(document) if {
	not document.versions.kubekey
	document.value.apiVersion == "kubekey.kubesphere.io/v1alpha2"
}
