# METADATA
# title: An operator of KubeSphere may use too little memory
# description: >-
#   These operators keep in memory what they watch. On a cluster with many objects a small limit has them OOMKilled again and again, and
#   their components are no longer looked after. KubeSphere 3.2 to 3.4 ships 200Mi for them, but 50Mi for fluentbit-operator in 3.3.2.
# related_resources:
# - ref: https://github.com/kubesphere/ks-installer/issues/2152
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/ks-monitor/templates/prometheus-operator-deployment.yaml.j2
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.3.2/roles/common/templates/custom-fluentbit-operator-deployment.yaml.j2
# custom:
#   severity: info
#   targets: [kubesphere-workload]
#   versions: {kubesphere: ">=3.2 <3.5"}
#   unknown: run
#   parameters:
#     memory:
#       type: string
#       default: 100Mi
#       description: A memory limit up to this is too small for the operators of auditing, events and Fluent Bit.
#       zh: auditing、events 和 Fluent Bit 的 operator 内存限制不高于该值时，视为太小。
#     prometheus_memory:
#       type: string
#       default: 200Mi
#       description: A smaller memory limit is too small for prometheus-operator.
#       zh: prometheus-operator 的内存限制低于该值时，视为太小。
#   message: "{name} may use only \"{value}\" of memory: OOMKilled again and again once the cluster has many objects"
#   remediation: "Run kubectl -n {namespace} set resources deployment {name} -c {name} --limits=memory=512Mi."
#   messages:
#     field:
#       severity: info
#       message: "{name} may use only \"{value}\" of memory: OOMKilled again and again once the cluster has many objects"
#       remediation: Set spec.{field}.resources.limits.memory of ClusterConfiguration ks-installer to 512Mi.
#   zh:
#     title: KubeSphere 的 operator 内存限制过低
#     description: >-
#       这些 operator 会把监听的对象放在内存里。集群对象多时，过低的限制会让它们反复 OOMKilled，所管理的组件也就无人维护。KubeSphere 3.2 到 3.4
#       出厂为 200Mi，只有 3.3.2 的 fluentbit-operator 是 50Mi。
#     message: "{name} 的内存限制只有 \"{value}\"：集群对象多时会反复 OOMKilled"
#     remediation: "执行 kubectl -n {namespace} set resources deployment {name} -c {name} --limits=memory=512Mi。"
#     messages:
#       field:
#         message: "{name} 的内存限制只有 \"{value}\"：集群对象多时会反复 OOMKilled"
#         remediation: 把 ClusterConfiguration ks-installer 的 spec.{field}.resources.limits.memory 设为 512Mi。
package policies.rules.resources["operator-limits-too-small"]

import data.policies.lib.quantity
import data.policies.lib.workload
import future.keywords.not

deny contains object.union({"path": limit.path, "args": limit.args}, _words(limit.args.name)) if some limit in _limits

_words(name) := {} if not _fields[name]

_words(name) := {"message": "field"} if _fields[name]

# Where ClusterConfiguration sets the limit. What it has for ks-events-operator becomes a limit of something else.
_fields := {"kube-auditing-operator": "auditing.operator", "prometheus-operator": "monitoring.prometheus.operator"}

_limits contains {"path": path, "args": args} if {
	input.document.value.kind == "Deployment"
	name := input.document.value.metadata.name
	name in _operators
	some container in workload.containers
	[container.kind, container.name] == ["container", name]
	_is_small(name, container.value.resources)
	not workload.is_patch
	path := array.concat(container.path, ["resources", "limits", "memory"])
	value := container.value.resources.limits.memory
	args := {"name": name, "value": value, "namespace": _namespace, "field": object.get(_fields, name, "")}
}

_operators := {"fluentbit-operator", "ks-events-operator", "kube-auditing-operator", "prometheus-operator"}

_namespace := namespace if {
	namespace := input.document.value.metadata.namespace
	is_string(namespace)
	startswith(namespace, "kubesphere-")
}

# Of less than a mebibyte, and of a request above the limit, other rules speak.
_is_small(name, resources) if {
	bytes := quantity.amount(resources.limits.memory)
	bytes >= 1048576
	not quantity.amount(resources.requests.memory) > bytes
	_is_too_little(name, bytes)
}

_is_too_little("prometheus-operator", bytes) if bytes < quantity.amount(_parameters.prometheus_memory)

_is_too_little(name, bytes) if {
	name != "prometheus-operator"
	bytes <= quantity.amount(_parameters.memory)
}

_parameters := input.parameters["operator-limits-too-small"]
