# METADATA
# title: etcd's backup script deletes on after a failure
# description: >-
#   The script that KubeKey v1.0.1, v1.1.0 to v1.1.1, v1.2.0 to v1.2.1, v2.0.0, v2.1.0 to v2.1.1, v2.2.0 to v2.2.2, v2.3.0 and
#   v3.0.0 to v3.0.1 wrote does not stop at an error. When the disk is full it cannot make or enter its folder, and its
#   rm -rf runs in the working directory. A later kk upgrade leaves the script as it is.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/issues/1625
# - ref: https://github.com/kubesphere/kubekey/blob/v3.0.1/cmd/kk/pkg/etcd/templates/backup_script.go
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/etcd/templates/backup_script.go
# custom:
#   severity: error
#   targets: [script]
#   message: "when \"{cd}\" fails, as on a full disk, the script deletes what lies in / or, under cron, in /root"
#   remediation: >-
#     Write && for what follows the cd, and set -e below the first line; add pipefail only where bash runs the script, because
#     the sh of Debian and Ubuntu stops at it.
#   messages:
#     goes-on:
#       severity: warning
#       message: "the script goes on when a snapshot fails: empty folders push the good backups out"
#       remediation: >-
#         Write set -e below the first line; add pipefail only where bash runs the script, because the sh of Debian and Ubuntu
#         stops at it.
#   zh:
#     title: etcd 备份脚本出错后继续删除
#     description: >-
#       KubeKey v1.0.1、v1.1.0 到 v1.1.1、v1.2.0 到 v1.2.1、v2.0.0、v2.1.0 到 v2.1.1、v2.2.0 到 v2.2.2、v2.3.0 以及 v3.0.0 到
#       v3.0.1 生成的脚本遇到错误不会停止。磁盘写满时，备份目录建不出来也进不去，rm -rf 就在当前工作目录里执行。之后的 kk upgrade 不会改写这个脚本。
#     message: "\"{cd}\" 失败时（例如磁盘写满），脚本会删除 / 下的内容，由 cron 执行时则是 /root 下的内容"
#     remediation: >-
#       cd 之后改用 &&，并在首行之后加上 set -e；只有脚本由 bash 执行时才能加 pipefail，Debian 和 Ubuntu 的 sh 会在此报错退出。
#     messages:
#       goes-on:
#         message: "快照失败后脚本继续执行：空目录会把好的备份挤掉"
#         remediation: >-
#           在首行之后加上 set -e；只有脚本由 bash 执行时才能加 pipefail，Debian 和 Ubuntu 的 sh 会在此报错退出。
package policies.rules.etcd["etcd-backup-script-unsafe"]

import future.keywords.not

deny contains {"path": ["lines", i], "args": {"cd": rotation.cd}} if {
	some i, rotation in _rotations
	rotation.end in {";", ""}
	not contains(rotation.listing, "etcd-")
}

deny contains {"path": ["lines", i], "message": "goes-on", "args": {}} if {
	some i, rotation in _rotations
	rotation.end in {"&&", "||"}
}

# By line, where the script enters the folder of all backups to delete the older ones, whatever failed before.
_rotations[i] := {"cd": trim_space(found[1]), "end": found[2], "listing": listing} if {
	regex.match(`(^|/)etcd-backup\.sh$`, input.document.file)
	some i, line in _lines
	some found in regex.find_all_string_submatch_n(_cd, line, 1)
	listing := _listing(found[3], i)
	regex.match(`\brm\s+-rf\b.*\|\s*(/bin/)?(ba)?sh\b`, listing)
	not _stops_before(i)
}

_lines := input.document.value.lines

_cd := concat("", [
	`^(?:[^#]*[\s;&|({])?(cd\s+["']?\$\{?BACKUP_DIR\}?["']?/\.\.[/"']*\s*`,
	`(;|&&|\|\||$))(.*)$`,
])

# What follows the cd, on its line or the next that says something.
_listing(rest, _) := rest if regex.match(`[^\s\\]`, rest)

_listing(rest, i) := next if {
	not regex.match(`[^\s\\]`, rest)
	next := [line | some j, line in _lines; j > i; regex.match(`^\s*[^#\s]`, line)][0]
}

_stops_before(i) if {
	some j, line in _lines
	j < i
	some stop in _stops
	regex.match(stop, line)
}

_stops := [
	`^#!.*\s-[a-zA-Z]*e[a-zA-Z]*\s*$`,
	`^([^#]*[\s;&({])?set\s+([^;|&#]*\s)?(-[a-zA-Z]*e[a-zA-Z]*|-[a-zA-Z]*o\s+errexit)([\s;]|$)`,
	`^[^#]*\|\|\s*(\{\s*)?exit\b`,
]
