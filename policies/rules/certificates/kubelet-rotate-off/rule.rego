# METADATA
# title: The kubelet does not renew its client certificate
# description: >-
#   Without rotateCertificates the kubelet works until its client certificate ends, and then the node turns NotReady: after a year
#   on the first control-plane node, after the cluster's signing duration on the others (Kubernetes one year, KubeKey ten).
#   kubeadm writes true whatever it was given, but the kubelet's own default is false, so that the field must not be lost.
# related_resources:
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.31.0/cmd/kubeadm/app/componentconfigs/kubelet.go
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.31.0/cmd/kubelet/app/server.go
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/kubernetes/templates/kubeadm_config.go
# custom:
#   severity: warning
#   scope: set
#   facts: [kubeconfigs]
#   targets: [kubelet-config, kubelet-env, systemd-unit]
#   parameters:
#     days:
#       type: number
#       default: 400
#       description: A client certificate that lasts longer than so many days is not reported.
#       zh: 客户端证书的剩余有效期超过这个天数时不报告。
#   message: "rotateCertificates is off: the node turns NotReady when the kubelet's client certificate ends"
#   remediation: "Set rotateCertificates: true in /var/lib/kubelet/config.yaml, and restart the kubelet."
#   zh:
#     title: kubelet 不会自动更新客户端证书
#     description: >-
#       没有打开 rotateCertificates 时，kubelet 只能工作到客户端证书到期，之后节点变为 NotReady：第一个控制平面节点是一年，
#       其他节点取决于集群的签发时长（Kubernetes 默认一年，KubeKey 为十年）。kubeadm 总会写入 true，但 kubelet 自身的默认值是 false，
#       所以该字段不能丢。
#     message: "rotateCertificates 未打开：kubelet 的客户端证书到期后，节点会变为 NotReady"
#     remediation: "在 /var/lib/kubelet/config.yaml 中设置 rotateCertificates: true，并重启 kubelet。"
package policies.rules.certificates["kubelet-rotate-off"]

import data.policies.lib.value
import future.keywords.not

deny contains {"document": i, "path": ["rotateCertificates"], "args": {}} if {
	some i, document in input.set
	document.target == "kubelet-config"
	trim_left(trim_prefix(document.file, document.host), "/") == "var/lib/kubelet/config.yaml"
	_is_off(document.value)
	not document.host in _rotating
}

_is_off(config) if config.rotateCertificates == false

_is_off(config) if value.unset(config, "rotateCertificates")

_rotating contains document.host if {
	some document in input.set
	document.target == "kubelet-config"
	regex.match(`(^|/)kubelet\.conf\.d/[^/]+$`, document.file)
	document.value.rotateCertificates == true
}

_rotating contains document.host if {
	some document in input.set
	document.target == "kubelet-env"
	some text in document.value.variables
	_rotates(text)
}

_rotating contains document.host if {
	some document in input.set
	document.target == "systemd-unit"
	regex.match(`(^|/)(10-kubeadm\.conf|kubelet\.service)$`, document.file)
	some key in ["Environment", "ExecStart"]
	some text in document.value.Service[key]
	_rotates(text)
}

_rotating contains k.host if {
	some k in input.facts.kubeconfigs
	k.role == "kubelet"
	k.user.other_auth
}

_rotating contains holder.host if {
	some holder in input.facts.certificates
	holder.role == "kubelet-client"
	holder.certs[0].ends > input.facts.now + (input.parameters["kubelet-rotate-off"].days * 86400)
}

_rotates(text) if {
	is_string(text)
	regex.match(`(^|[\s"'=])--?rotate-certificates(=(1|[tT]|true|True|TRUE))?($|[\s"'])`, text)
}
