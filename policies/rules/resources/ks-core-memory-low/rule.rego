# METADATA
# title: KubeSphere's API server or controller manager may use too little memory
# description: >-
#   Both fill their caches with every object that they watch when they start, so a limit that was enough for months is too small
#   after a reboot or on a grown cluster: OOMKilled, restarted, OOMKilled again. Shipped are 1024Mi for ks-apiserver and 1000Mi for
#   ks-controller-manager, which a large cluster outgrows.
# related_resources:
# - ref: https://github.com/kubesphere/ks-installer/issues/1614
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/ks-core/ks-core/templates/custom-values-ks-core.yaml.j2
# custom:
#   severity: warning
#   targets: [kubesphere-workload, cluster-configuration, kubekey-cluster, node, namespace]
#   scope: set
#   parameters:
#     memory:
#       type: string
#       default: 1G
#       description: A smaller memory limit is too small for every cluster.
#       zh: 内存限制低于该值时，对任何集群都太小。
#     large_memory:
#       type: string
#       default: 1Gi
#       description: A memory limit up to this is too small for a large cluster.
#       zh: 内存限制不高于该值时，对大集群来说太小。
#     nodes:
#       type: number
#       default: 50
#       description: A cluster with more nodes is large.
#       zh: 节点数超过该值即为大集群。
#     namespaces:
#       type: number
#       default: 1000
#       description: A cluster with more namespaces is large.
#       zh: 命名空间数超过该值即为大集群。
#   message: "{container} may use only \"{value}\" of memory: OOMKilled while its caches fill, a crash loop after every reboot"
#   remediation: Raise limits.memory of {container} to 1Gi or more; raising the request alone does not help.
#   messages:
#     large:
#       severity: warning
#       message: >-
#         {container} may use only "{value}" of memory in a large cluster (nodes: {nodes}, namespaces: {namespaces}): OOMKilled
#         while its caches fill, at every restart
#       remediation: Raise limits.memory of {container} to 2Gi or more; raising the request alone does not help.
#   zh:
#     title: KubeSphere 的 API Server 或 Controller Manager 内存限制过低
#     description: >-
#       两者启动时都会把所监听的全部对象装入缓存，因此平时够用的限制，在重启之后或集群变大之后就可能不够：OOMKilled、重启、再次
#       OOMKilled。官方默认值是 ks-apiserver 1024Mi、ks-controller-manager 1000Mi，大集群需要更多。
#     message: "{container} 的内存限制只有 \"{value}\"：启动填充缓存时会被 OOMKilled，机器每次重启后都陷入 CrashLoop"
#     remediation: 把 {container} 的 limits.memory 调到 1Gi 或更高；只调高 requests 没有用。
#     messages:
#       large:
#         message: >-
#           {container} 的内存限制只有 "{value}"，对大集群（节点数：{nodes}，命名空间数：{namespaces}）来说太小：每次重启填充缓存时都会被 OOMKilled
#         remediation: 把 {container} 的 limits.memory 调到 2Gi 或更高；只调高 requests 没有用。
package policies.rules.resources["ks-core-memory-low"]

import data.policies.lib.cc
import data.policies.lib.core
import data.policies.lib.kubekey
import data.policies.lib.quantity
import data.policies.lib.version
import future.keywords.not

deny contains limit.fault if {
	some limit in _limits
	limit.bytes < quantity.amount(_parameters.memory)
	not _outgrown(limit)
}

deny contains object.union(limit.fault, {"message": "large", "args": _size}) if {
	some limit in _limits
	_outgrown(limit)
}

_outgrown(limit) if {
	limit.bytes <= quantity.amount(_parameters.large_memory)
	some what, n in _size
	n > _parameters[what]
}

_size := {"nodes": max({count(_named("node"))} | hosts), "namespaces": count(_named("namespace"))} if {
	clusters := [document.value | some document in input.set; document.target == "kubekey-cluster"]
	hosts := {count({host.name | some host in kubekey.hosts(cluster)}) | some cluster in clusters}
}

_named(target) := {document.value.metadata.name | some document in input.set; document.target == target}

# Of less than a mebibyte resource-quantity-suspicious says that its unit is wrong, of a request above the limit
# resource-request-gt-limit speaks.
_limits contains {"bytes": bytes, "fault": {"document": i, "path": at.path, "args": args}} if {
	some i, document in input.set
	some at in _written(document)
	bytes := quantity.amount(at.value)
	bytes >= 1048576
	not quantity.amount(at.request) > bytes
	args := {"container": at.name, "value": at.value}
}

_written(document) := [{"path": path, "value": x, "name": container.name, "request": request} |
	some container in core.containers_of(document.value)
	container.name in {"ks-apiserver", "ks-controller-manager"}
	x := container.value.resources.limits.memory
	request := object.get(container.value.resources, ["requests", "memory"], null)
	path := array.concat(container.path, ["resources", "limits", "memory"])
] if document.target == "kubesphere-workload"

_written(document) := [object.union(at, {"name": name, "request": request}) |
	version.between(document.versions.kubesphere, "3.2", "3.4")
	some key, [name, shipped] in _components
	resources := cc.at(document, ["common", "core", key, "resources"]).value
	at := cc.at(document, ["common", "core", key, "resources", "limits", "memory"])
	request := object.get(resources, ["requests", "memory"], shipped)
] if document.target == "cluster-configuration"

# With the memory request that ks-installer fills in.
_components := {"apiserver": ["ks-apiserver", "100Mi"], "controllerManager": ["ks-controller-manager", "50Mi"]}

_parameters := input.parameters["ks-core-memory-low"]
