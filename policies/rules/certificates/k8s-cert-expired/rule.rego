# METADATA
# title: A certificate of the control plane or of a kubelet has expired
# description: >-
#   Nobody accepts an expired certificate: kubectl and the components fail with "x509: certificate has expired or is not yet
#   valid", and a kubelet whose client certificate has expired does not start again. kubeadm's certificates last one year, its
#   CAs ten. It holds for every cluster that kubeadm made, KubeKey's included.
# related_resources:
# - ref: https://github.com/kubesphere/kubesphere/issues/2958
# - ref: https://github.com/kubesphere/kubekey/issues/689
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.31.0/pkg/kubelet/certificate/bootstrap/bootstrap.go
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/certs/tasks.go
# - ref: https://github.com/kubesphere/kubekey/blob/main/builtin/core/roles/certs/renew/kubernetes/tasks/kube.yaml
# custom:
#   severity: error
#   scope: set
#   facts: [kubeconfigs]
#   targets: [certificate, kubeconfig]
#   message: "{file} expired on {date}: connections of the control plane that need it are refused"
#   remediation: >-
#     Run kubeadm certs renew all (below 1.20 kubeadm alpha certs renew all) on every control-plane node, as kk certs renew
#     leaves some out, then restart the pods of kube-apiserver, kube-controller-manager, kube-scheduler and etcd.
#   messages:
#     kubelet:
#       severity: error
#       message: "{file} expired on {date}: the kubelet is refused by the API server and does not start again"
#       remediation: >-
#         Join the node again with a new bootstrap token, or write a new kubelet.conf with kubeadm kubeconfig user --org
#         system:nodes --client-name system:node:NODE, and restart the kubelet.
#     ca:
#       severity: error
#       message: "the CA in {file} expired on {date}: every certificate that it signed is refused"
#       remediation: >-
#         Rotate the CA: make a new one, then issue every certificate and kubeconfig again; kubeadm certs renew renews no CA.
#   zh:
#     title: 控制平面或 kubelet 的证书已过期
#     description: >-
#       证书过期后各方都不再接受：kubectl 和各组件报 "x509: certificate has expired or is not yet valid"，客户端证书过期的 kubelet
#       重启后无法启动。kubeadm 签发的证书有效期一年，CA 十年。适用于所有由 kubeadm 创建的集群，包括 KubeKey 安装的集群。
#     message: "{file} 已于 {date} 过期：控制平面中用到它的连接都会被拒绝"
#     remediation: >-
#       在每个控制平面节点上执行 kubeadm certs renew all（1.20 以前为 kubeadm alpha certs renew all；kk certs renew 会漏掉一部分），
#       然后重启 kube-apiserver、kube-controller-manager、kube-scheduler 和 etcd 的 Pod。
#     messages:
#       kubelet:
#         message: "{file} 已于 {date} 过期：API server 拒绝该 kubelet，kubelet 重启后无法启动"
#         remediation: >-
#           用新的 bootstrap token 重新加入该节点，或者用 kubeadm kubeconfig user --org system:nodes --client-name
#           system:node:NODE 生成新的 kubelet.conf，然后重启 kubelet。
#       ca:
#         message: "{file} 中的 CA 已于 {date} 过期：它签发的所有证书都会被拒绝"
#         remediation: 轮换 CA：生成新的 CA，再重新签发所有证书和 kubeconfig；kubeadm certs renew 不会更新 CA。
package policies.rules.certificates["k8s-cert-expired"]

import data.policies.lib.kubeconfig
import future.keywords.not

deny contains _fault(leaf, args) if {
	some leaf in _leaves
	not _of_kubelet(leaf)
	args := {"file": leaf.file, "date": substring(leaf.not_after, 0, 10)}
}

deny contains object.union(_fault(leaf, args), {"message": "kubelet"}) if {
	some leaf in _leaves
	_of_kubelet(leaf)
	args := {"file": leaf.file, "date": substring(leaf.not_after, 0, 10)}
}

# One finding for a CA, wherever it stands: its own files come before the kubeconfigs that hold it.
deny contains object.union(_fault(first, args), {"message": "ca"}) if {
	some places in _expired_cas
	[_, id, file] := min(places)
	first := input.facts.certificates[id]
	args := {"file": file, "date": substring(max([c.not_after | some c in first.certs]), 0, 10)}
}

_fault(at, args) := {"document": at.document, "path": at.path, "args": args}

_of_kubelet(leaf) if leaf.role == "kubelet-client"

_of_kubelet(leaf) if leaf.kubeconfig == "kubelet"

_leaves contains object.union(holder.certs[0], {"file": holder.name, "role": holder.role}) if {
	some holder in input.facts.certificates
	holder.role in {"apiserver", "apiserver-kubelet-client", "front-proxy-client", "kubelet-client"}
	holder.certs[0].ends < input.facts.now
}

_leaves contains object.union(holder.certs[0], {"file": _base(holder.file), "kubeconfig": k.role}) if {
	some k in _kubeconfigs
	holder := input.facts.certificates[k.user.certificate]
	not holder.role in {"apiserver", "apiserver-kubelet-client", "front-proxy-client", "kubelet-client"}
	holder.certs[0].ends < input.facts.now
}

_expired_cas[_content(holder)] contains [0, holder.id, holder.name] if {
	some holder in input.facts.certificates
	holder.role in {"ca", "front-proxy-ca"}
	_all_expired(holder)
}

_expired_cas[_content(holder)] contains [1, holder.id, _base(holder.file)] if {
	some k in _kubeconfigs
	k.cluster.embedded
	not k.cluster.insecure
	holder := input.facts.certificates[k.cluster.certificate]
	_all_expired(holder)
}

_kubeconfigs contains k if {
	some k in input.facts.kubeconfigs
	kubeconfig.is_system(k)
	k.user.other_auth == false
}

_all_expired(holder) if {
	every c in holder.certs {
		c.ends < input.facts.now
	}
}

_content(holder) := [c.sha256 | some c in holder.certs]

_base(file) := regex.replace(file, `^.*/`, "")
