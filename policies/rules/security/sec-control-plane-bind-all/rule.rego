# METADATA
# title: Controller manager or scheduler listens on every interface
# description: >-
#   With bind-address 0.0.0.0 the ports 10257 and 10259 answer on every interface of the control-plane hosts: health to anybody,
#   metrics to whoever has a token. KubeKey v1 to v4 writes it unless it runs with --security-enhancement. kube-apiserver has to
#   listen and is not judged, nor is an absent flag.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/blob/3.x/cmd/kk/pkg/kubernetes/templates/kubeadm_config.go
# - ref: https://github.com/kubesphere/kubekey/blob/v1.0.1/pkg/cluster/kubernetes/tmpl/kubeadm.go
# - ref: https://github.com/kubesphere/kubekey/tree/main/builtin/core/roles/kubernetes/init-kubernetes/templates
# custom:
#   severity: info
#   targets: [static-pod, kubeadm-config, kubekey-cluster]
#   message: "{components} on bind-address \"{address}\": 10257 and 10259 answer on every interface of the host"
#   remediation: >-
#     Set bind-address to 127.0.0.1, but only if nothing scrapes them: KubeSphere's own monitoring reads both ports on the address of
#     the node.
#   zh:
#     title: Controller Manager 或 Scheduler 监听所有网卡
#     description: >-
#       bind-address 为 0.0.0.0 时，控制平面节点的 10257 和 10259 端口在所有网卡上应答：健康检查任何人可访问，指标需要 token。KubeKey v1 到
#       v4 默认如此，除非使用 --security-enhancement。kube-apiserver 必须对外监听，不做判断；没有写该参数的也不判断。
#     message: "{components} 的 bind-address 为 \"{address}\"：10257 和 10259 端口在主机所有网卡上应答"
#     remediation: 没有监控抓取时才能把 bind-address 改为 127.0.0.1：KubeSphere 自带的监控通过节点地址抓取这两个端口。
package policies.rules.security["sec-control-plane-bind-all"]

import data.policies.lib.kubekey
import data.policies.lib.staticpod
import future.keywords.not

deny contains {"path": _open[0].path, "args": {"components": concat(", ", names), "address": _open[0].value}} if {
	names := [at.component | some at in _open]
}

_open := [object.union(at, {"component": component}) |
	some component in ["kube-controller-manager", "kube-scheduler"]
	at := _bind_address(input.document, component)
	at.value in {"0.0.0.0", "::"}
]

_bind_address(document, component) := staticpod.flags(staticpod.container(document, component))["bind-address"] if {
	document.target == "static-pod"
}

_bind_address(document, component) := last if {
	all := _settings(document, component)
	last := all[count(all) - 1]
}

# A mapping up to v1beta3, a list of name and value in v1beta4.
_settings(document, component) := [{"path": array.concat(_kubeadm[component], step), "value": x} |
	args := object.get(document.value, _kubeadm[component], null)
	some [step, x] in _pairs(args)
] if document.target == "kubeadm-config"

_settings(document, component) := [{"path": array.concat(args.path, [i]), "value": trim_prefix(arg, "bind-address=")} |
	args := kubekey.at(document.value, ["spec", "kubernetes", _kubekey[component]])
	is_array(args.value)
	some i, arg in args.value
	is_string(arg)
	startswith(arg, "bind-address=")
] if document.target == "kubekey-cluster"

_pairs(args) := [[["bind-address"], args["bind-address"]]] if is_object(args)

_pairs(args) := [[[i, "value"], arg.value] | some i, arg in args; arg.name == "bind-address"] if is_array(args)

_kubeadm := {
	"kube-controller-manager": ["controllerManager", "extraArgs"],
	"kube-scheduler": ["scheduler", "extraArgs"],
}

_kubekey := {"kube-controller-manager": "controllerManagerArgs", "kube-scheduler": "schedulerArgs"}
