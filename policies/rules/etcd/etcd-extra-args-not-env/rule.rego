# METADATA
# title: etcd.extraArgs holds something else than environment variables
# description: >-
#   KubeKey v3.1.3 and later write each item of extraArgs as a line into /etc/etcd.env, which systemd reads: a flag, or a name
#   that etcd does not know, is dropped with a line in the journal, and etcd runs without the setting. Over an item that is no
#   text KubeKey stops at once.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/etcd/templates/etcd_env.go
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/apis/kubekey/v1alpha2/etcd_types.go
# - ref: https://etcd.io/docs/v3.5/op-guide/configuration/
# custom:
#   severity: warning
#   targets: [kubekey-cluster]
#   unknown: run
#   versions: {kubekey: ">=3.1.3"}
#   message: "\"{item}\" is no variable that etcd reads: etcd runs without this setting"
#   remediation: "Write the flag as a variable, such as ETCD_MAX_TXN_OPS=2048 for --max-txn-ops=2048."
#   messages:
#     no-text:
#       severity: error
#       message: "an item of etcd.extraArgs is no text: KubeKey cannot read the file"
#       remediation: "Write the item as text, such as - ETCD_MAX_TXN_OPS=2048."
#   zh:
#     title: etcd.extraArgs 中不是环境变量
#     description: >-
#       KubeKey v3.1.3 及以后把 extraArgs 的每一项原样写成 /etc/etcd.env 中的一行，由 systemd 读取：命令行参数或 etcd
#       不认识的变量名会被忽略，只在日志里留下一行，etcd 运行时没有这项设置。如果某一项不是字符串，KubeKey 会直接报错退出。
#     message: "\"{item}\" 不是 etcd 能读取的变量：etcd 运行时没有这项设置"
#     remediation: "把参数写成变量，例如 --max-txn-ops=2048 写成 ETCD_MAX_TXN_OPS=2048。"
#     messages:
#       no-text:
#         message: "etcd.extraArgs 中有一项不是字符串：KubeKey 无法读取该文件"
#         remediation: "写成字符串，例如 - ETCD_MAX_TXN_OPS=2048。"
package policies.rules.etcd["etcd-extra-args-not-env"]

import data.policies.lib.cluster
import data.policies.lib.value
import future.keywords.not

deny contains {"path": item.path, "args": {"item": trim_space(split(item.value, "=")[0])}} if {
	some item in _items
	is_string(item.value)
	not value.is_template(item.value)
	regex.match(`^\s*[^#;\s]`, item.value)
	not _is_variable(item.value)
}

deny contains {"path": item.path, "message": "no-text", "args": {}} if {
	some item in _items
	not is_string(item.value)
	item.value != null
}

_items := [{"path": array.concat(list.path, [i]), "value": item} |
	cluster.own_etcd
	list := cluster.at(["spec", "etcd", "extraArgs"])
	is_array(list.value)
	some i, item in list.value
]

# etcd reads no others of its own than in upper case; Go and etcdctl read theirs.
_is_variable(item) if {
	some found in regex.find_all_string_submatch_n(`^\s*([A-Za-z_][A-Za-z0-9_]*)\s*=`, item, 1)
	not regex.match(`^ETCD_.*[a-z]`, found[1])
}
