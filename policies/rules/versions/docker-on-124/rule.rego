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
#   targets: [kubekey-cluster, kubeadm-config, kubelet-env, static-pod, systemd-unit]
#   scope: set
#   message: "Kubernetes \"{version}\" on Docker (containerManager, or its default): KubeKey {kubekey} has no cri-dockerd and fails"
#   remediation: >-
#     For a new cluster set containerManager to containerd. On a running one leave the field alone, it would change new nodes
#     only, and use kk v3.1.0 or later, which installs cri-dockerd.
#   messages:
#     unknown:
#       severity: info
#       message: "Kubernetes \"{version}\" on Docker (containerManager, or its default): KubeKey before v3.1.0 stops here"
#     socket:
#       severity: warning
#       message: "\"{socket}\" is Docker's old socket, which Kubernetes \"{version}\" no longer talks to: the kubelet finds no runtime"
#       remediation: >-
#         Name the socket of the runtime that runs, such as unix:///run/containerd/containerd.sock or unix:///run/cri-dockerd.sock.
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
#       socket:
#         message: "\"{socket}\" 是 Docker 的旧套接字，Kubernetes \"{version}\" 已不再支持：kubelet 找不到运行时"
#         remediation: 改为实际运行时的套接字，例如 unix:///run/containerd/containerd.sock 或 unix:///run/cri-dockerd.sock。
package policies.rules.versions["docker-on-124"]

import data.policies.lib.kubekey
import data.policies.lib.kubekey_releases
import data.policies.lib.staticpod
import data.policies.lib.version
import future.keywords.not

deny contains {"document": i, "path": pair.path, "args": {"version": pair.version, "kubekey": known}} if {
	some i, document in input.set
	known := document.versions.kubekey
	version.between(known, "2.1", "3.0")
	pair := _docker(document)
}

deny contains {"document": i, "path": pair.path, "args": {"version": pair.version}, "message": "unknown"} if {
	some i, document in input.set
	pair := _docker(document)
	not document.versions.kubekey
	pair.patch in kubekey_releases.patches("3.0.13", "kubernetes")
}

deny contains {"document": i, "path": at.path, "args": args, "message": "socket"} if {
	some i, document in input.set
	some at in _sockets(document)
	args := {"socket": at.socket, "version": _running(document)}
	version.at_least(args.version, "1.24")
	not _bridged
}

# Without dockershim, which ended with Kubernetes 1.23.
_docker(document) := {"path": manager.path, "version": wanted.value, "patch": trim_prefix(wanted.version, "v")} if {
	document.target == "kubekey-cluster"
	wanted := kubekey.kubernetes_version(document.value)
	version.at_least(wanted.version, "1.24")
	regex.match(`^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)[-\w.+]*$`, wanted.value)
	type := kubekey.kubernetes_type(document.value)
	not type in {"k3s", "k8e"}
	manager := kubekey.effective(document.value, ["spec", "kubernetes", "containerManager"])
	manager.value == "docker"
}

# Where a kubeadm file or the flags of a kubelet name dockershim's socket.
_sockets(document) := [{"path": ["nodeRegistration", "criSocket"], "socket": socket} |
	socket := document.value.nodeRegistration.criSocket
	is_string(socket)
	endswith(socket, "dockershim.sock")
] if {
	document.target == "kubeadm-config"
}

_sockets(document) := [{"path": ["variables", name], "socket": found[1]} |
	some name, text in document.value.variables
	some found in regex.find_all_string_submatch_n(`--container-runtime-endpoint[= ](\S*dockershim\.sock)`, text, 1)
] if {
	document.target == "kubelet-env"
}

# The version that the same kubeadm file asks for, or that the API server of the same host runs.
_running(document) := other.value.kubernetesVersion if {
	document.target == "kubeadm-config"
	some other in input.set
	other.target == "kubeadm-config"
	other.file == document.file
	is_string(other.value.kubernetesVersion)
}

_running(document) := tag[1] if {
	document.target == "kubelet-env"
	some pod in input.set
	pod.target == "static-pod"
	pod.host == document.host
	image := staticpod.container(pod, "kube-apiserver").value.image
	some tag in regex.find_all_string_submatch_n(`:(v[0-9]+\.[0-9]+\.[0-9]+)[^/:]*$`, image, 1)
}

# cri-dockerd may listen where dockershim did.
_bridged if {
	some unit in input.set
	unit.target == "systemd-unit"
	some command in unit.value.Service.ExecStart
	contains(command, "dockershim.sock")
}
