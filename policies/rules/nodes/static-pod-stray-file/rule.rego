# METADATA
# title: Two files in the folder of static Pods define the same Pod
# description: >-
#   The kubelet runs every file of the folder that is not hidden, whatever it is called: a backup beside the manifest is a second
#   Pod of the same name. Since Kubernetes 1.23 (and late releases of 1.22) only the one that it starts first runs, so that old
#   flags may be back after a reboot; before that both run and fight for the port.
# related_resources:
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/kubelet/config/file.go
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/kubelet/pod_workers.go
# custom:
#   severity: error
#   scope: set
#   targets: [static-pod, kubelet-config, kubelet-env, systemd-unit]
#   message: "\"{file}\" defines Pod {name} once more beside \"{other}\": old flags may be back after a reboot"
#   remediation: Move the file that is not to run out of the folder, and keep backups elsewhere.
#   zh:
#     title: 静态 Pod 目录中有两个文件定义了同一个 Pod
#     description: >-
#       kubelet 会运行该目录下所有非隐藏文件，不看扩展名：清单旁边的备份文件等于又定义了一个同名 Pod。Kubernetes 1.23 起（以及 1.22 后期的补丁版本）
#       只有先启动的那个会运行，重启之后可能又用回旧参数；更早的版本两个都会运行，互相抢端口。
#     message: "\"{file}\" 与 \"{other}\" 定义了同一个 Pod {name}：重启之后可能又用回旧参数"
#     remediation: 把不该运行的文件移出该目录，备份放到别处。
package policies.rules.nodes["static-pod-stray-file"]

import data.policies.lib.node
import data.policies.lib.value
import future.keywords.not

deny contains {"document": stray.document, "path": ["metadata", "name"], "args": args} if {
	some key, files in _same
	[_, kept] := min(files)
	some [_, file] in files
	file != kept
	some stray in node.pods
	stray.file == file
	[stray.host, stray.folder] == [key[0], key[1]]
	args := {"file": file, "other": kept, "name": key[3]}
}

# By host, folder, namespace and name of the Pod, each file behind a number that says how much it looks like the manifest.
_same[[pod.host, pod.folder, namespace, metadata.name]] contains [_rank(pod.file, metadata.name), pod.file] if {
	some pod in node.pods
	metadata := input.set[pod.document].value.metadata
	is_string(metadata.name)
	metadata.name != ""
	not value.is_template(metadata.name)
	namespace := _namespace(metadata)
}

_namespace(metadata) := "default" if value.unset(metadata, "namespace")

_namespace(metadata) := metadata.namespace if value.is_set(metadata, "namespace")

_rank(file, name) := 0 if {
	file in {concat(".", [name, ending]) | some ending in ["yaml", "yml", "json"]}
} else := 1 if {
	regex.match(`\.(ya?ml|json)$`, file)
} else := 2
