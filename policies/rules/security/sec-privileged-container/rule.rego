# METADATA
# title: KubeSphere component with power over its node
# description: >-
#   The console, the API and what they store are reached by every user, so a hole in them is a matter of time. Privileged, in a
#   namespace of the host or with a folder of the host that decides over it, such a pod gives away the node. KubeSphere ships none of
#   its core Deployments, redis, openldap, minio and ks-installer that way; other workloads and static pods are not looked at.
# related_resources:
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.0.0/roles/ks-core/ks-core/templates/ks-apiserver.yml.j2
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.1.1/roles/ks-core/ks-core/templates/ks-apiserver.yml.j2
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.0.0/roles/ks-core/ks-core/templates/ks-controller-manager.yaml.j2
# custom:
#   severity: warning
#   targets: [kubesphere-workload]
#   parameters:
#     hostPaths:
#       type: strings
#       default: [/, /etc, /root, /var/lib/kubelet]
#       description: Folders of the host that decide over it. Folders below them are not meant.
#       zh: 能控制主机的目录，不含其子目录。
#     sockets:
#       type: strings
#       default: [docker.sock, containerd.sock, crio.sock, cri-dockerd.sock, isulad.sock]
#       description: File names of container runtimes' sockets, below /run or /var/run.
#       zh: 容器运行时 socket 的文件名，位于 /run 或 /var/run 下。
#   message: "container \"{container}\" of {name} is privileged: whoever breaks into it owns the node"
#   remediation: Delete securityContext.privileged.
#   messages:
#     host:
#       severity: warning
#       message: "{name} runs with {field}: whoever breaks into it reaches the node behind it"
#       remediation: Delete {field}.
#     path:
#       severity: warning
#       message: "{name} mounts \"{path}\" of the host: whoever breaks into it owns the node"
#       remediation: Delete the volume and its volumeMounts.
#   zh:
#     title: KubeSphere 组件拥有节点权限
#     description: >-
#       控制台、API 及其存储组件面向所有用户，被攻破只是时间问题。若以特权模式运行、使用主机命名空间或挂载关键的主机目录，攻破 Pod 就等于拿到节点。KubeSphere
#       出厂的核心 Deployment 以及 redis、openldap、minio、ks-installer 都不是这样；其他工作负载和静态 Pod 不在检查之列。
#     message: "{name} 的容器 \"{container}\" 以特权模式运行：攻破它就等于拿到节点"
#     remediation: 删除 securityContext.privileged。
#     messages:
#       host:
#         message: "{name} 使用 {field}：攻破它就能触及所在节点"
#         remediation: 删除 {field}。
#       path:
#         message: "{name} 挂载了主机的 \"{path}\"：攻破它就等于拿到节点"
#         remediation: 删除该卷及其 volumeMounts。
package policies.rules.security["sec-privileged-container"]

import data.policies.lib.core
import data.policies.lib.version
import data.policies.lib.workload
import future.keywords.not

deny contains {"path": path, "args": {"name": _name, "container": container.name}} if {
	_name
	some container in workload.containers
	container.kind != "ephemeral"
	container.value.securityContext.privileged == true
	path := array.concat(container.path, ["securityContext", "privileged"])
}

deny contains {"path": array.concat(workload.pod.path, [field]), "message": "host", "args": args} if {
	_name
	some field in ["hostNetwork", "hostPID", "hostIPC"]
	workload.pod.value[field] == true
	args := {"name": _name, "field": field}
}

deny contains {"path": path, "message": "path", "args": {"name": _name, "path": folder}} if {
	_name
	some i, volume in workload.pod.value.volumes
	folder := volume.hostPath.path
	is_string(folder)
	startswith(folder, "/")
	_decides_over_host(folder)
	not _is_shipped(folder)
	path := array.concat(workload.pod.path, ["volumes", i, "hostPath", "path"])
}

_name := core.deployment.value

_name := name if {
	name := input.document.value.metadata.name
	name in {"redis", "openldap", "minio", "ks-installer"}
	input.document.value.metadata.namespace == "kubesphere-system"
	not workload.is_patch
}

_decides_over_host(folder) if {
	some other in _parameters.hostPaths
	trim_right(folder, "/") == trim_right(other, "/")
}

_decides_over_host(folder) if {
	regex.match(`^(/var)?/run/`, folder)
	parts := split(folder, "/")
	parts[count(parts) - 1] in _parameters.sockets
}

# What 3.0 and 3.1 ship.
_is_shipped(folder) if {
	_name == "ks-apiserver"
	endswith(folder, "/run/docker.sock")
	not version.at_least(core.version, "3.2")
}

_parameters := input.parameters["sec-privileged-container"]
