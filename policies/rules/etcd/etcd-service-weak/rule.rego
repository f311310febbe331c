# METADATA
# title: The systemd unit of etcd does not hold
# description: >-
#   Without EnvironmentFile=/etc/etcd.env or arguments etcd starts as an empty single member on http://localhost:2379, and after a
#   reboot the cluster is gone. Without Restart= it stays down after a crash, and with few file descriptors it runs out of
#   them. Every unit that KubeKey ever shipped is sound. Drop-ins and the docker wrapper of KubeKey v1 are left alone.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/etcd/templates/etcd_service.go
# - ref: https://github.com/kubesphere/kubekey/blob/main/builtin/core/roles/etcd/install/files/etcd.service
# - ref: https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html
# custom:
#   severity: error
#   scope: set
#   targets: [systemd-unit]
#   parameters:
#     least_files:
#       type: number
#       default: 4096
#       description: A LimitNOFILE below this many file descriptors is too low.
#       zh: LimitNOFILE 小于这个文件描述符数，视为过低。
#   message: etcd is started without settings, as an empty single member on localhost where kube-apiserver finds nothing
#   remediation: >-
#     Add EnvironmentFile=/etc/etcd.env to the section [Service], run systemctl daemon-reload, and restart one member at a time.
#   messages:
#     restart:
#       severity: warning
#       message: "etcd is not restarted after a failure (Restart={value}): it stays down after a crash"
#       remediation: >-
#         Set Restart=always and RestartSec=10s in the section [Service], run systemctl daemon-reload, and restart one member at
#         a time.
#     files:
#       severity: info
#       message: "LimitNOFILE={value} is too low for etcd: it runs out of file descriptors under load"
#       remediation: Set LimitNOFILE=40000, run systemctl daemon-reload, and restart one member at a time.
#   zh:
#     title: etcd 的 systemd 单元不可靠
#     description: >-
#       没有 EnvironmentFile=/etc/etcd.env，也没有启动参数时，etcd 会作为空的单成员在 http://localhost:2379 上启动，重启之后整个集群就没了。
#       没有 Restart= 时，崩溃后不会再起来；文件描述符上限太低时会耗尽。KubeKey 各版本自带的单元都没有问题。
#       drop-in 和 KubeKey v1 的 docker 包装单元不检查。
#     message: etcd 启动时没有任何配置，会作为空的单成员监听 localhost，kube-apiserver 找不到数据
#     remediation: 在 [Service] 中加上 EnvironmentFile=/etc/etcd.env，执行 systemctl daemon-reload，再逐个重启成员。
#     messages:
#       restart:
#         message: "etcd 失败后不会自动重启（Restart={value}）：崩溃后一直停着"
#         remediation: 在 [Service] 中设置 Restart=always 和 RestartSec=10s，执行 systemctl daemon-reload，再逐个重启成员。
#       files:
#         message: "LimitNOFILE={value} 对 etcd 来说太低：负载一高就会耗尽文件描述符"
#         remediation: 设置 LimitNOFILE=40000，执行 systemctl daemon-reload，再逐个重启成员。
package policies.rules.etcd["etcd-service-weak"]

import future.keywords.not

deny contains {"document": i, "path": ["Service", "ExecStart", 0], "args": {}} if {
	some i, service in _services
	count(_words(service)) == 1
	every key in ["EnvironmentFile", "PassEnvironment"] {
		object.get(service, key, []) == []
	}
	not _sets_variables(service)
}

deny contains {"document": i, "path": _last(service, "Restart"), "message": "restart", "args": {"value": value}} if {
	some i, service in _services
	value := _value(service, "Restart", "no")
	value in {"no", "on-success"}
}

deny contains {"document": i, "path": _last(service, "LimitNOFILE"), "message": "files", "args": {"value": value}} if {
	some i, service in _services
	value := _value(service, "LimitNOFILE", "")
	soft := split(value, ":")[0]
	regex.match(`^(0|[1-9][0-9]{0,8})$`, soft)
	to_number(soft) < input.parameters["etcd-service-weak"].least_files
}

# By the document, the section [Service] of units that run etcd and say all there is to say.
_services[i] := document.value.Service if {
	not _has_drop_in
	some i, document in input.set
	endswith(concat("", ["/", document.file]), "/etcd.service")
	service := document.value.Service
	count(service.ExecStart) == 1
	regex.match(`^(?:[^@\s]*/)?etcd$`, trim_left(_words(service)[0], "-:+!|"))
	not _runs_docker(service)
	not _is_template(service)
}

_has_drop_in if {
	some document in input.set
	contains(concat("", ["/", document.file]), "/etcd.service.d/")
}

_runs_docker(service) if contains(service[{"ExecStartPre", "ExecStop"}[_]][_], "docker")

_is_template(service) if regex.match(`\{\{|\{%`, service[_][_])

_sets_variables(service) if contains(service.Environment[_], "ETCD_")

_words(service) := regex.split(`\s+`, service.ExecStart[0])

_value(service, key, otherwise) := list[count(list) - 1] if {
	list := service[key]
	count(list) > 0
} else := otherwise

_last(service, key) := ["Service", key, max([0, count(object.get(service, key, [])) - 1])]
