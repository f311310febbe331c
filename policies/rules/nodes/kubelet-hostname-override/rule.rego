# METADATA
# title: The kubelet has a name that is not its node's
# description: >-
#   With another --hostname-override the node registers under a new name, and the API server denies it everything about the old one:
#   pods stay on a node that is NotReady. KubeKey writes name and address on one line, which then is of two hosts. Upper case alone
#   is no fault, the kubelet writes its name in lower case itself.
# related_resources:
# - ref: https://github.com/kubernetes/component-helpers/blob/v0.34.0/node/util/hostname.go
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/kubernetes/templates/kubelet_env.go
# - ref: https://kubernetes.io/docs/reference/access-authn-authz/node/
# custom:
#   severity: warning
#   scope: set
#   facts: [hosts, kubeconfigs]
#   targets: [kubelet-env, systemd-unit]
#   message: "--hostname-override is \"{name}\", but the kubelet's certificate is for node \"{other}\": the API server denies it access"
#   remediation: >-
#     Write the old name back and restart the kubelet; for a new name drain the node, delete it, and join it again.
#   messages:
#     address:
#       message: "--hostname-override is \"{name}\", but --node-ip is that of host \"{other}\": the node registers under another name"
#   zh:
#     title: kubelet 的名称与节点不一致
#     description: >-
#       --hostname-override 变了，节点就会以新名称注册，API server 会拒绝它对旧名称的一切操作：旧节点变为 NotReady，Pod 还留在上面。
#       KubeKey 把名称和地址写在同一行，不一致说明这一行混了两台主机。仅大小写不同没有问题，kubelet 会自动转为小写。
#     message: "--hostname-override 为 \"{name}\"，但 kubelet 的证书属于节点 \"{other}\"：API server 会拒绝它的请求"
#     remediation: 改回原名称并重启 kubelet；确实要改名时，先驱逐并删除该节点，再重新加入。
#     messages:
#       address:
#         message: "--hostname-override 为 \"{name}\"，但 --node-ip 是主机 \"{other}\" 的地址：节点会以另一个名称注册"
package policies.rules.nodes["kubelet-hostname-override"]

import data.policies.lib.cidr
import data.policies.lib.node
import future.keywords.not

deny contains {"document": flag.document, "path": flag.path, "message": message, "args": args} if {
	some host, flags in node.flags
	flag := flags["hostname-override"]
	name := lower(flag.value)
	[message, other] := _fault(host, flags, name)
	args := {"name": flag.value, "other": other}
}

# Clouds of Kubernetes' own code give nodes their names themselves, all others at least their addresses.
_fault(host, flags, name) := ["", concat(", ", names)] if {
	object.get(flags, "cloud-provider", {"value": "external"}).value == "external"
	names := _certified[host]
	not name in names
} else := ["address", other] if {
	not flags["cloud-provider"]
	flags["node-ip"].document == flags["hostname-override"].document
	named := {host_name | some ip in cidr.parts(flags["node-ip"].value); some host_name in _named[ip]}
	count(named) == 1
	some other in named
	lower(other) != name
}

# By host folder, the nodes that the kubelet's client certificates are for.
_certified[certificate.host] contains lower(trim_prefix(cn, "system:node:")) if {
	some certificate in input.facts.certificates
	_is_kubelets(certificate)
	cn := certificate.certs[0].cn
	startswith(cn, "system:node:")
}

_is_kubelets(certificate) if certificate.role == "kubelet-client"

_is_kubelets(certificate) if certificate.id in _configured

_configured contains kubeconfig.user.certificate if {
	some kubeconfig in input.facts.kubeconfigs
	kubeconfig.role == "kubelet"
}

# The hosts of the KubeKey file by address.
_named[host[family]] contains host.name if {
	some host in input.facts.hosts
	host.path
	some family in ["node_ipv4", "node_ipv6"]
}
