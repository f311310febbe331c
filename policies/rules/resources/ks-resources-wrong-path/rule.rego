# METADATA
# title: Resources of KubeSphere's own pods stand where nothing reads them
# description: >-
#   ks-installer 3.2 to 3.4 reads common.core.apiserver.resources and common.core.controllerManager.resources, each with limits and
#   requests below, and nothing for ks-console. The same lines at any other place, such as the commented ones of its own sample or
#   those of ConfigMap ks-installer, are ignored without a word: the operator believes in a limit that nobody has raised.
# related_resources:
# - ref: https://github.com/kubesphere/kubesphere/issues/6110
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/ks-core/ks-core/templates/custom-values-ks-core.yaml.j2
# custom:
#   severity: warning
#   targets: [cluster-configuration, ks-installer-config]
#   versions: {kubesphere: ">=3.2 <3.5"}
#   unknown: run
#   message: "nothing reads {field}: the pods of KubeSphere keep their default limits"
#   remediation: >-
#     Move it to spec.common.core.apiserver.resources or spec.common.core.controllerManager.resources. ks-console has no such field,
#     patch its Deployment.
#   messages:
#     bare:
#       severity: warning
#       message: "{field} holds {keys} without limits or requests above: nothing reads it, the pods keep their default limits"
#       remediation: Put limits or requests between resources and {keys}, such as resources.limits.memory.
#     configmap:
#       severity: warning
#       message: "nothing reads resources of ConfigMap ks-installer: the pods of KubeSphere keep their default limits"
#       remediation: >-
#         Write spec.common.core.apiserver.resources and spec.common.core.controllerManager.resources into the ClusterConfiguration:
#         kubectl -n kubesphere-system edit cc ks-installer.
#   zh:
#     title: KubeSphere 自身 Pod 的 resources 写在了没有组件读取的位置
#     description: >-
#       ks-installer 3.2 到 3.4 只读取 common.core.apiserver.resources 和 common.core.controllerManager.resources（其下分 limits 和
#       requests），ks-console 没有对应字段。同样的内容写在别处（例如官方样例中注释掉的位置，或
#       ConfigMap ks-installer）会被悄悄忽略，以为调高了限制，实际上没有。
#     message: "{field} 没有任何组件读取：KubeSphere 的 Pod 仍使用默认限制"
#     remediation: >-
#       移到 spec.common.core.apiserver.resources 或 spec.common.core.controllerManager.resources。
#       ks-console 没有对应字段，请直接 patch 它的 Deployment。
#     messages:
#       bare:
#         message: "{field} 下直接写了 {keys}，缺少 limits 或 requests 这一层：不会被读取，Pod 仍使用默认限制"
#         remediation: 在 resources 和 {keys} 之间加上 limits 或 requests，例如 resources.limits.memory。
#       configmap:
#         message: "ConfigMap ks-installer 中的 resources 没有任何组件读取：KubeSphere 的 Pod 仍使用默认限制"
#         remediation: >-
#           执行 kubectl -n kubesphere-system edit cc ks-installer，填写 spec.common.core.apiserver.resources 和
#           spec.common.core.controllerManager.resources。
package policies.rules.resources["ks-resources-wrong-path"]

import data.policies.lib.cc
import data.policies.lib.value
import future.keywords.not

deny contains fault if {
	input.document.versions.kubesphere
	some fault in _misplaced
}

deny contains {"path": path, "args": {}, "message": "configmap"} if {
	input.document.target == "ks-installer-config"
	some path, resources
	walk(input.document.value, [path, resources])
	path[count(path) - 1] == "resources"
	some component in ["ks-apiserver", "ks-controller-manager", "ks-console"]
	resources[component]
}

unchecked contains {"needs": "the label version of the ClusterConfiguration"} if {
	not input.document.versions.kubesphere
	count(_misplaced) > 0
}

_misplaced contains {"path": at.path, "args": {"field": concat(".", at.path)}} if {
	input.document.target == "cluster-configuration"
	some parent in [[], ["common"], ["core"], ["common", "core"]]
	some below in _unread(parent)
	at := cc.at(input.document, array.concat(parent, below))
	is_object(at.value)
	count(at.value) > 0
}

_misplaced contains {"path": at.path, "args": {"field": concat(".", at.path), "keys": keys}, "message": "bare"} if {
	input.document.target == "cluster-configuration"
	some component in ["apiserver", "controllerManager"]
	at := cc.at(input.document, ["common", "core", component, "resources"])
	keys := [key | some key in ["cpu", "memory"]; value.is_set(at.value, key)]
	count(keys) > 0
	not at.value.limits
	not at.value.requests
}

_unread(parent) := {["resources"]} | {[name, "resources"] |
	some name, _ in cc.at(input.document, parent).value
	_unknown(parent, name)
}

_unknown(_, name) if name in {
	"ks-apiserver", "ks_apiserver", "ksApiserver", "apiServer", "ks-console", "console",
	"ks-controller-manager", "controller-manager", "controller_manager", "controllermanager",
}

_unknown(parent, name) if {
	name in {"apiserver", "controllerManager"}
	parent != ["common", "core"]
}

_unknown(["core"], name) if is_string(name)
