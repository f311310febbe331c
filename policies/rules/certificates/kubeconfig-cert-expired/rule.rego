# METADATA
# title: A kubeconfig holds an expired certificate
# description: >-
#   Whoever works with this kubeconfig is refused: kubectl with that file, the web kubectl of a KubeSphere user, or the host
#   cluster that connects to a member. Copies of admin.conf are renewed by nobody, and KubeSphere 3.x never renews the kubeconfig
#   of a directly connected member. Only the user and the cluster of the current context are looked at.
# related_resources:
# - ref: https://github.com/kubesphere/kubesphere/issues/3620
# - ref: https://github.com/kubesphere/kubesphere/pull/3659
# - ref: https://github.com/kubesphere/kubesphere/issues/4426
# - ref: https://github.com/kubesphere/kubesphere/issues/3112
# - ref: https://github.com/kubesphere/kubesphere/blob/v3.4.1/pkg/models/kubeconfig/kubeconfig.go
# - ref: https://github.com/kubesphere/kubesphere/blob/v4.1.3/pkg/controller/cluster/kubeconfig.go
# custom:
#   severity: error
#   scope: set
#   facts: [kubeconfigs]
#   targets: [kubeconfig, certificate, kubesphere-cluster, kubekey-config, kubekey-inventory, any-object]
#   message: "the client certificate of user \"{name}\" expired on {date}: kubectl with this kubeconfig is refused"
#   remediation: >-
#     Copy the renewed /etc/kubernetes/admin.conf of a control-plane node over it, or have a new kubeconfig issued for this user.
#   messages:
#     cluster:
#       severity: error
#       message: "the client certificate of cluster \"{name}\" expired on {date}: KubeSphere cannot connect to it any more"
#       remediation: >-
#         Give the Cluster a new kubeconfig of the same cluster (in the console, Update KubeConfig); do not remove and import it.
#     user:
#       severity: error
#       message: "the client certificate of user \"{name}\" expired on {date}: the kubectl of the console is refused"
#       remediation: >-
#         On KubeSphere 3.x delete the ConfigMap, then change the User object in some way, so that ks-controller-manager issues a
#         new one; on 4.x find out in its log why it has not renewed the Secret.
#     ca:
#       severity: error
#       message: "the CA that \"{name}\" is checked with expired on {date}: clients with this kubeconfig refuse the API server"
#       remediation: Replace certificate-authority-data, or the whole kubeconfig, by that of a renewed admin.conf.
#   zh:
#     title: kubeconfig 中的证书已过期
#     description: >-
#       使用该 kubeconfig 的一方会被拒绝：可能是使用该文件的 kubectl、KubeSphere 用户的网页 kubectl，或者连接成员集群的 host 集群。
#       admin.conf 的副本没有任何组件会更新，KubeSphere 3.x 也从不更新直接连接的成员集群的 kubeconfig。只检查当前 context 的用户和集群。
#     message: "用户 \"{name}\" 的客户端证书已于 {date} 过期：使用该 kubeconfig 的 kubectl 会被拒绝"
#     remediation: 用控制平面节点上更新过的 /etc/kubernetes/admin.conf 覆盖它，或者为该用户重新签发 kubeconfig。
#     messages:
#       cluster:
#         message: "集群 \"{name}\" 的客户端证书已于 {date} 过期：KubeSphere 无法再连接该集群"
#         remediation: 为该 Cluster 换上同一集群的新 kubeconfig（控制台中的“更新 KubeConfig”），不要删除后重新导入。
#       user:
#         message: "用户 \"{name}\" 的客户端证书已于 {date} 过期：控制台中的 kubectl 会被拒绝"
#         remediation: >-
#           KubeSphere 3.x：删除该 ConfigMap，再随意改动一下对应的 User 对象，由 ks-controller-manager 重新签发；
#           4.x：查看它的日志，找出没有更新该 Secret 的原因。
#       ca:
#         message: "用来验证 \"{name}\" 的 CA 已于 {date} 过期：使用该 kubeconfig 的客户端会拒绝 API server"
#         remediation: 用更新过的 admin.conf 替换其中的 certificate-authority-data，或者替换整个 kubeconfig。
package policies.rules.certificates["kubeconfig-cert-expired"]

import data.policies.lib.kubeconfig
import future.keywords.not

deny contains _fault(leaf, leaf.not_after, k.user.name) if {
	some k in _kubeconfigs
	k.kind == "file"
	leaf := _expired_leaf(k)
}

deny contains object.union(_fault(leaf, leaf.not_after, name), {"message": "cluster"}) if {
	some k in _kubeconfigs
	k.kind == "cluster"
	leaf := _expired_leaf(k)
	name := input.set[k.carrier.document].value.metadata.name
}

deny contains object.union(_fault(leaf, leaf.not_after, k.user.name), {"message": "user"}) if {
	some k in _kubeconfigs
	k.kind in {"configmap", "secret"}
	leaf := _expired_leaf(k)
}

deny contains object.union(_fault(cas[0], end, k.cluster.name), {"message": "ca"}) if {
	some k in _kubeconfigs
	not _expired_leaf(k)
	cas := _expired_cas(k)
	end := max([c.not_after | some c in cas])
}

_fault(at, end, name) := {
	"document": at.document,
	"path": at.path,
	"args": {"name": name, "date": substring(end, 0, 10)},
}

# Without a user it is the kubeconfig of a request that nobody has approved yet.
_kubeconfigs contains k if {
	some k in input.facts.kubeconfigs
	k.user
	not kubeconfig.is_system(k)
	kubeconfig.is_used(k, input.set)
}

_expired_leaf(k) := leaf if {
	not k.user.other_auth
	leaf := input.facts.certificates[k.user.certificate].certs[0]
	leaf.ends < input.facts.now
}

_expired_cas(k) := cas if {
	k.cluster.embedded
	not k.cluster.insecure
	cas := input.facts.certificates[k.cluster.certificate].certs
	every c in cas {
		c.ends < input.facts.now
	}
}
