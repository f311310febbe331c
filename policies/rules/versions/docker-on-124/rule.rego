# METADATA
# title: Kubernetes 1.24 or later on Docker with an old KubeKey
# description: >-
#   Kubernetes 1.24 can no longer talk to Docker by itself. KubeKey v2.1.1 to v3.0.13 refuse the pair (with v2.1.0 the kubelet
#   does not start); v3.1.0 and later install cri-dockerd and all is well. A file without containerManager means Docker.
#   Where the version of kk is not known, this is said of those Kubernetes versions only that such an old kk can install.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/issues/2153
# - ref: https://github.com/kubesphere/kubekey/issues/2061
# - ref: https://github.com/kubesphere/kubekey/issues/2003
# - ref: https://github.com/kubesphere/kubekey/issues/1786
# - ref: https://github.com/kubesphere/kubekey/issues/1455
# - ref: https://github.com/kubesphere/kubekey/issues/1274
# - ref: https://github.com/kubesphere/kubekey/blob/v3.0.13/cmd/kk/pkg/bootstrap/confirm/tasks.go
# custom:
#   severity: error
#   targets: [kubekey-cluster]
#   message: "Kubernetes \"{version}\" on Docker (containerManager, or its default): KubeKey {kubekey} has no cri-dockerd and fails"
#   remediation: >-
#     For a new cluster set containerManager to containerd. On a running one leave the field alone, it would change new nodes
#     only, and use kk v3.1.0 or later, which installs cri-dockerd.
#   messages:
#     unknown:
#       severity: info
#       message: "Kubernetes \"{version}\" on Docker (containerManager, or its default): KubeKey before v3.1.0 stops here"
#   zh:
#     title: 旧版 KubeKey 用 Docker 安装 Kubernetes 1.24 及以上
#     description: >-
#       Kubernetes 从 1.24 起不再内置对 Docker 的支持。KubeKey v2.1.1 到 v3.0.13 会拒绝这样的组合（v2.1.0 则是 kubelet 起不来）；v3.1.0 及以后会安装 cri-dockerd，没有问题。没写 containerManager 就是 Docker。不知道 kk 版本时，只针对这些旧版 kk 能安装的 Kubernetes 版本给出提示。
#     message: "Kubernetes \"{version}\" 使用 Docker（containerManager 的值或默认值）：KubeKey {kubekey} 没有 cri-dockerd，安装会失败"
#     remediation: >-
#       新集群把 containerManager 设为 containerd。运行中的集群不要改这个字段（只会影响新加的节点），请使用 v3.1.0 及以后的 kk，它会安装 cri-dockerd。
#     messages:
#       unknown:
#         message: "Kubernetes \"{version}\" 使用 Docker（containerManager 的值或默认值）：v3.1.0 之前的 KubeKey 会就此退出"
package policies.rules.versions["docker-on-124"]

import data.policies.lib.cluster
import data.policies.lib.kubekey_releases
import data.policies.lib.version
import future.keywords.not

deny contains {"path": pair.path, "args": {"version": pair.version, "kubekey": kubekey}} if {
	kubekey := input.document.versions.kubekey
	version.between(kubekey, "2.1", "3.0")
	pair := _docker
}

deny contains {"path": pair.path, "args": {"version": pair.version}, "message": "unknown"} if {
	not input.document.versions.kubekey
	pair := _docker
	pair.patch in kubekey_releases.patches("3.0.13", "kubernetes")
}

# Without dockershim, which ended with Kubernetes 1.23.
_docker := {"path": manager.path, "version": kubernetes.value, "patch": trim_prefix(kubernetes.version, "v")} if {
	kubernetes := cluster.kubernetes_version
	version.at_least(kubernetes.version, "1.24")
	regex.match(`^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)[-\w.+]*$`, kubernetes.value)
	type := cluster.kubernetes_type
	not type in {"k3s", "k8e"}
	manager := cluster.effective(["spec", "kubernetes", "containerManager"])
	manager.value == "docker"
}
