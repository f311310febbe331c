# METADATA
# title: etcd's backup script takes no snapshot
# description: >-
#   The script of KubeKey v4.0.4 to v4.0.7-alpha.1 sets ETCD_ENDPOINTS but reads ENDPOINTS, and ends there under nounset;
#   in KubeKey v1.1.0, and where the list of all members is handed over, etcdctl refuses to take a snapshot of more than one.
#   Nobody notices, because the timer's unit merely fails. In v4 kk add nodes runs the same script and stops.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/blob/v4.0.6/builtin/core/roles/etcd/install/templates/backup.sh
# - ref: https://github.com/kubesphere/kubekey/blob/v4.0.3/builtin/core/roles/etcd/templates/backup.sh
# - ref: https://github.com/kubesphere/kubekey/pull/547
# - ref: https://github.com/etcd-io/etcd/blob/v3.5.24/client/v3/snapshot/v3_snapshot.go
# custom:
#   severity: error
#   scope: set
#   targets: [script, systemd-unit]
#   message: "ENDPOINTS is read here and set nowhere, which ends the script under nounset: no backup is ever taken"
#   remediation: >-
#     Write --endpoints= with the address of this member alone, such as https://10.0.0.1:2379, then run the script once by hand.
#   messages:
#     several:
#       message: "snapshot save gets {count} endpoints and takes but one: no backup is ever taken"
#   zh:
#     title: etcd 备份脚本不会产生快照
#     description: >-
#       KubeKey v4.0.4 到 v4.0.7-alpha.1 的脚本设置的是 ETCD_ENDPOINTS，读取的却是 ENDPOINTS，在 nounset 下执行到此就退出；KubeKey
#       v1.1.0 的脚本以及传入全部成员列表的脚本，则会被 etcdctl 拒绝，因为快照只能针对一个成员。定时单元只是执行失败，没有人会察觉。v4 的 kk add
#       nodes 也会执行这个脚本，并因此中断。
#     message: "这里读取了 ENDPOINTS，却没有任何地方设置它，脚本在 nounset 下就此退出：备份从未成功"
#     remediation: --endpoints= 只写本机成员的地址，例如 https://10.0.0.1:2379，然后手动执行一次脚本确认。
#     messages:
#       several:
#         message: "传给 snapshot save 的端点有 {count} 个，而它只接受一个：备份从未成功"
package policies.rules.etcd["etcd-backup-script-unbound"]

import future.keywords.not

deny contains {"document": i, "path": ["lines", _unbound(script.value.lines)], "args": {}} if {
	some i, script in input.set
	_is_v4(script)
	not _environment
}

deny contains {"document": i, "path": ["lines", list.line], "message": "several", "args": {"count": members}} if {
	some i, script in input.set
	script.target == "script"
	not _ends_before(script)
	list := _list(script.value.lines)
	members := count(split(list.value, ","))
	members > 1
}

_is_v4(script) if regex.match(`(^|/)backup_etcd\.sh$`, script.file)

_ends_before(script) if {
	_is_v4(script)
	not _environment
	_unbound(script.value.lines) >= 0
}

# The unit that runs the script may set what the script does not.
_environment if {
	some unit in input.set
	unit.target == "systemd-unit"
	regex.match(`(^|/)backup-etcd\.service(\.d/[^/]+)?$`, unit.file)
	some key, texts in unit.value.Service
	some text in texts
	regex.match(`^EnvironmentFile=|(^|[\s"'=])ENDPOINTS=`, sprintf("%s=%s", [key, text]))
}

# The first line that reads ENDPOINTS, where that ends the script.
_unbound(lines) := first if {
	first := min([i | some i, line in lines; regex.match(_reads, line)])
	some line in array.slice(lines, 0, first)
	regex.match(_nounset, line)
	every above in array.slice(lines, 0, first + 1) {
		not regex.match(_sets, above)
	}
}

_reads := `^([^#]*[^\\#$])?\$(ENDPOINTS\b|\{ENDPOINTS\})`

_nounset := `^([^#]*[\s;&({])?set\s+([^;|&#]*\s)?(-[a-zA-Z]*u[a-zA-Z]*|-[a-zA-Z]*o\s+nounset)([\s;]|$)`

# Assignments, read, for, ${ENDPOINTS:=…}, and files that may do the same.
_sets := `^([^#]*[\s;&({])?(ENDPOINTS([=+\[\s;]|$)|(source|\.)\s+\S)|^[^#]*\$\{ENDPOINTS:?=`

# What snapshot save gets as --endpoints, and where that is written. etcdctl 3.3 of KubeKey v1.0 took lists.
_list(lines) := {"line": line, "value": text} if {
	some counted in lines
	contains(counted, "KEEPBACKUPNUMBER")
	[text] := _given(lines)
	not contains(text, "$")
	line := min([i | some i, l in lines; contains(l, text); contains(l, "--endpoints")])
}

_list(lines) := assigned if {
	some counted in lines
	contains(counted, "KEEPBACKUPNUMBER")
	[text] := _given(lines)
	some name in regex.find_all_string_submatch_n(`^\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?$`, text, 1)
	[assigned] := [{"line": i, "value": trim(found[1], `"'`)} |
		some i, line in lines
		not _is_comment(line)
		some found in regex.find_all_string_submatch_n(sprintf(_assigns, [name[1]]), line, -1)
	]
	not regex.match("\\$[({]|`", assigned.value)
}

_assigns := `(?:^|[\s;])%s=("[^"]*"|'[^']*'|[^\s;"'#]*)`

_given(lines) := [trim(flags[0][1], `"'`) |
	code := concat("\n", [line | some line in lines; not _is_comment(line)])
	some command in regex.split(`\n|;|&&|\|`, regex.replace(code, `\\[ \t\r]*\n`, " "))
	regex.match(`\bsnapshot\s+save\b`, command)
	flags := regex.find_all_string_submatch_n(`--endpoints[=\s]\s*("[^"]*"|'[^']*'|[^\s"']+)`, command, -1)
	count(flags) == 1
]

_is_comment(line) if startswith(trim_space(line), "#")
