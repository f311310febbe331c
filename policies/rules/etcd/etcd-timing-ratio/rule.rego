# METADATA
# title: etcd's heartbeat and election timeout do not fit together
# description: >-
#   etcd refuses to start when the election timeout is less than five heartbeats or above 50000 ms, or when one of the
#   two is not a whole number of milliseconds. KubeKey v3.0.8 and later write what the file says, 250 and 5000 for what it
#   leaves out, and then wait for etcd in vain; etcd itself takes 100 and 1000. On a running cluster it strikes at the
#   next restart.
# related_resources:
# - ref: https://github.com/etcd-io/etcd/blob/v3.5.24/server/embed/config.go
# - ref: https://etcd.io/docs/v3.5/tuning/#time-parameters
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/etcd/templates/etcd_env.go
# - ref: https://github.com/kubesphere/kubekey/blob/main/builtin/core/roles/etcd/install/templates/etcd.env
# custom:
#   severity: error
#   scope: set
#   facts: [etcd]
#   targets: [kubekey-cluster, kubekey-config, kubekey-inventory, etcd-env, static-pod]
#   message: "an election timeout of {election} ms is less than five heartbeats of {heartbeat} ms: etcd does not start"
#   remediation: >-
#     Set the heartbeat to about the round-trip time between members and the election timeout to ten times that, the same
#     on all members.
#   messages:
#     long:
#       severity: error
#       message: "an election timeout of {election} ms is above 50000 ms: etcd does not start"
#       remediation: Set the election timeout to ten times the heartbeat, 50000 ms at most.
#     number:
#       severity: error
#       message: "{name} is \"{value}\", not a whole number of milliseconds from 1 up: etcd does not start"
#       remediation: Write the milliseconds as a bare number, such as 250 for the heartbeat and 5000 for the election timeout.
#     unreadable:
#       severity: error
#       message: "{name} is \"{value}\", not a whole number: KubeKey cannot read the file"
#       remediation: Write the milliseconds as a bare number, such as 250 for the heartbeat and 5000 for the election timeout.
#   zh:
#     title: etcd 的心跳间隔与选举超时不匹配
#     description: >-
#       选举超时不到心跳间隔的五倍、超过 50000 ms，或者其中之一不是毫秒整数时，etcd 拒绝启动。KubeKey v3.0.8 及以后照文件写入这两个值，
#       没写的取 250 和 5000，然后一直等不到 etcd 就绪；etcd 自身的默认值是 100 和 1000。对运行中的集群，下次重启 etcd 时才会发作。
#     message: "选举超时 {election} ms 不到心跳间隔 {heartbeat} ms 的五倍：etcd 无法启动"
#     remediation: 心跳间隔取成员之间的往返时延，选举超时取其十倍，所有成员保持一致。
#     messages:
#       long:
#         message: "选举超时 {election} ms 超过 50000 ms：etcd 无法启动"
#         remediation: 选举超时取心跳间隔的十倍，最多 50000 ms。
#       number:
#         message: "{name} 的值 \"{value}\" 不是大于等于 1 的毫秒整数：etcd 无法启动"
#         remediation: 直接写毫秒数，例如心跳间隔 250、选举超时 5000。
#       unreadable:
#         message: "{name} 的值 \"{value}\" 不是整数：KubeKey 无法读取该文件"
#         remediation: 直接写毫秒数，例如心跳间隔 250、选举超时 5000。
package policies.rules.etcd["etcd-timing-ratio"]

import data.policies.lib.etcd
import data.policies.lib.kubekey
import future.keywords.not

deny contains {"document": at.document, "path": at.path, "args": {"heartbeat": heartbeat, "election": election}} if {
	some settings in _all
	heartbeat := _milliseconds(settings.heartbeat.value)
	election := _milliseconds(settings.election.value)
	5 * heartbeat > election
	election <= 50000
	at := [at | some key in ["election", "heartbeat"]; at := settings[key]; at.written][0]
}

deny contains {"document": at.document, "path": at.path, "message": "long", "args": {"election": election}} if {
	some settings in _all
	at := settings.election
	election := _milliseconds(at.value)
	election > 50000
}

deny contains {"document": at.document, "path": at.path, "message": "number", "args": args} if {
	some settings in _all
	some key in ["heartbeat", "election"]
	at := settings[key]
	_useless(at.value)
	args := {"name": at.name, "value": at.value}
}

# Whoever runs etcd, KubeKey must read the file.
deny contains {"document": i, "path": at.path, "message": "unreadable", "args": {"name": field, "value": at.value}} if {
	some i, document in input.set
	document.target == "kubekey-cluster"
	etcd.has_fields(document)
	some field in ["heartbeatInterval", "electionTimeout"]
	at := kubekey.at(document.value, ["spec", "etcd", field])
	etcd.no_integer(at.value)
}

_all := array.concat(etcd.settings(input.set), etcd.member_settings(input.facts.etcd.members))

_milliseconds(x) := x if {
	is_number(x)
	not _useless(x)
}

_milliseconds(x) := to_number(x) if {
	is_string(x)
	regex.match(`^[1-9][0-9]{0,8}$`, x)
}

_useless(x) if etcd.no_integer(x)

_useless(x) if {
	is_number(x)
	x < 1
}

_useless(x) if {
	is_string(x)
	regex.match(`^\s*([+-][0-9]+|0+)\s*$`, x)
}
