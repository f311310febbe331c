# METADATA
# title: etcd of kubeadm's where there is no kubeadm
# description: >-
#   Neither k3s nor k8e runs kubeadm. For k3s KubeKey v2.1 and later quietly takes kubekey and runs etcd as a service on the
#   hosts of group etcd. For k8e, which KubeKey knows since v2.3.0, it does not: no etcd is installed, and k8e waits for the
#   members of the group.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/apis/kubekey/v1alpha2/default.go
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/pipelines/create_k8e_cluster.go
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/k8e/tasks.go
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/docs/config-example.md
# custom:
#   severity: info
#   targets: [kubekey-cluster]
#   unknown: run
#   versions: {kubekey: ">=2.1"}
#   message: "etcd.type kubeadm is kubekey on k3s: etcd runs as a service on the hosts of group etcd"
#   remediation: "Write etcd.type: kubekey."
#   messages:
#     k8e:
#       severity: error
#       versions: {kubekey: ">=2.3"}
#       message: "etcd.type is kubeadm, but k8e has no kubeadm: no etcd is installed, and k8e waits for it in vain"
#       remediation: "Write etcd.type: kubekey, and list the etcd hosts under roleGroups.etcd."
#   zh:
#     title: 没有 kubeadm 却选用 kubeadm 的 etcd
#     description: >-
#       k3s 和 k8e 都不使用 kubeadm。对 k3s，KubeKey v2.1 及以后会悄悄按 kubekey 处理，在 etcd 组的主机上以系统服务方式运行 etcd。对
#       k8e（v2.3.0 起支持）则不会：etcd 不会被安装，k8e 一直等待 etcd 组的成员。
#     message: "k3s 上 etcd.type kubeadm 等同于 kubekey：etcd 以系统服务方式运行在 etcd 组的主机上"
#     remediation: "改为 etcd.type: kubekey。"
#     messages:
#       k8e:
#         message: "etcd.type 为 kubeadm，而 k8e 没有 kubeadm：etcd 不会被安装，k8e 一直等不到它"
#         remediation: "改为 etcd.type: kubekey，并在 roleGroups.etcd 中列出 etcd 主机。"
package policies.rules.etcd["etcd-kubeadm-on-k3s"]

import data.policies.lib.cluster
import future.keywords.not

deny contains {"path": _type.path, "args": {}} if {
	_type.value == "kubeadm"
	cluster.own_etcd
	not cluster.kubernetes_type == "k8e"
	some _ in cluster.members.etcd
}

deny contains {"path": _type.path, "message": "k8e", "args": {}} if {
	_type.value == "kubeadm"
	cluster.kubernetes_type == "k8e"
}

_type := cluster.at(["spec", "etcd", "type"])
