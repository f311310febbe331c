# METADATA
# title: A request is above its limit
# description: >-
#   The API server rejects pods whose request of a resource is above the limit. A Deployment is still accepted: its ReplicaSet then
#   makes no pod at all, and a Helm release waits until it times out. Extended resources and huge pages must be equal on both sides.
#   ks-installer 3.2 to 3.4 fills in what one side of its core components lacks, so one value alone can be too much.
# related_resources:
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/core/validation/validation.go
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/ks-core/ks-core/templates/custom-values-ks-core.yaml.j2
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/controller/installRunner.py
# custom:
#   severity: error
#   targets: [workload, cluster-configuration]
#   message: "the {resource} request \"{request}\" is above the limit \"{limit}\": the API server rejects the pods"
#   remediation: Lower the request or raise the limit until the request is no more than the limit.
#   messages:
#     pod:
#       severity: error
#       message: "the container's {resource} limit \"{request}\" is above the pod's \"{limit}\": the API server rejects the pods"
#       remediation: Lower the container's limit or raise the one under the pod's own resources.
#     unequal:
#       severity: error
#       message: "the {resource} request \"{request}\" is not equal to the limit \"{limit}\": the API server rejects the pods"
#       remediation: Write the same value on both sides, or the limit alone.
#     no_limit:
#       severity: error
#       message: "{resource} has a request and no limit: the API server rejects the pods"
#       remediation: Write {resource} under limits instead; the request follows it.
#     default_limit:
#       severity: error
#       message: "the {resource} request \"{request}\" is above the default limit \"{limit}\": the API server rejects the pods"
#       remediation: Write request and limit together, the limit no less than the request.
#     default_request:
#       severity: error
#       message: "the {resource} limit \"{limit}\" is below the default request \"{request}\": the API server rejects the pods"
#       remediation: Write request and limit together, the limit no less than the request.
#   zh:
#     title: requests 大于 limits
#     description: >-
#       某项资源的 requests 大于 limits 时，API Server 会拒绝创建 Pod。Deployment 本身仍会被接受，但
#       ReplicaSet 一个 Pod 也建不出来，Helm release 会一直等到超时。扩展资源和大页（hugepages）两边必须相等。
#       ks-installer 3.2 到 3.4 会给核心组件没写的一边填上默认值，所以只写一边也可能超出。
#     message: "{resource} 的 requests \"{request}\" 大于 limits \"{limit}\"：API Server 会拒绝创建 Pod"
#     remediation: 调低 requests 或调高 limits，使 requests 不大于 limits。
#     messages:
#       pod:
#         message: "容器的 {resource} limits \"{request}\" 大于 Pod 级别的 \"{limit}\"：API Server 会拒绝创建 Pod"
#         remediation: 调低容器的 limits，或调高 Pod 级别 resources 中的 limits。
#       unequal:
#         message: "{resource} 的 requests \"{request}\" 与 limits \"{limit}\" 不相等：API Server 会拒绝创建 Pod"
#         remediation: 两边写成相同的值，或只写 limits。
#       no_limit:
#         message: "{resource} 只写了 requests，没有 limits：API Server 会拒绝创建 Pod"
#         remediation: 把 {resource} 写到 limits 下；requests 会自动与其一致。
#       default_limit:
#         message: "{resource} 的 requests \"{request}\" 大于默认的 limits \"{limit}\"：API Server 会拒绝创建 Pod"
#         remediation: requests 和 limits 一起写，limits 不小于 requests。
#       default_request:
#         message: "{resource} 的 limits \"{limit}\" 小于默认的 requests \"{request}\"：API Server 会拒绝创建 Pod"
#         remediation: requests 和 limits 一起写，limits 不小于 requests。
package policies.rules.resources["resource-request-gt-limit"]

import data.policies.lib.cc
import data.policies.lib.jenkins
import data.policies.lib.quantity
import data.policies.lib.version
import data.policies.lib.workload
import future.keywords.not

deny contains _fault(pair) if {
	some pair in _pairs
	not workload.is_patch
	not _equal(pair)
	not _odd(pair.resource, pair.request, pair.limit)
	quantity.amount(pair.request) > quantity.amount(pair.limit)
}

deny contains object.union(_fault(pair), {"message": "unequal"}) if {
	some pair in _pairs
	not workload.is_patch
	_equal(pair)
	quantity.amount(pair.request) != quantity.amount(pair.limit)
}

deny contains {"path": path, "args": {"resource": resource}, "message": "no_limit"} if {
	some container in workload.candidates.extended
	some resource in container.extended
	_exact(resource)
	not container.value.resources.limits[resource]
	not workload.is_patch
	container.amounts.requests[resource] > 0
	path := array.concat(container.path, ["resources", "requests", resource])
}

_fault(pair) := {"path": pair.path, "message": pair.message, "args": object.remove(pair, ["path", "message"])}

_pairs contains _pair(container, resource) if {
	some container in workload.candidates.above
	some resource, request in container.amounts.requests
	request > container.amounts.limits[resource]
}

_pairs contains _pair(container, resource) if {
	some container in workload.candidates.extended
	some resource in container.extended
	_exact(resource)
	container.amounts.requests[resource] < container.amounts.limits[resource]
}

_pairs contains _pair(workload.pod, resource) if {
	workload.own_resources
	some resource, request in workload.pod.amounts.requests
	request > workload.pod.amounts.limits[resource]
}

_pairs contains _pair(workload.pod, resource) if {
	workload.own_resources
	some resource in workload.pod.extended
	_exact(resource)
	workload.pod.amounts.requests[resource] < workload.pod.amounts.limits[resource]
}

_pairs contains {"path": path, "message": "pod", "resource": resource, "request": limit, "limit": most} if {
	some resource, most in workload.own_resources.limits
	some container in workload.containers
	container.kind == "container"
	limit := container.value.resources.limits[resource]
	path := array.concat(container.path, ["resources", "limits", resource])
}

_pairs contains {"path": path, "message": message, "resource": resource, "request": request, "limit": limit} if {
	input.document.target == "cluster-configuration"
	some at in array.concat(_components, _jenkins)
	filled := object.union(at.filled_in, at.value)
	some resource, request in filled.requests
	limit := filled.limits[resource]
	[side, message] := _written(at.value, resource)
	path := array.concat(at.path, object.get(at.keys, [side, resource], [side, resource]))
}

_written(resources, resource) := ["requests", ""] if {
	resources.requests[resource]
	resources.limits[resource]
} else := ["requests", "default_limit"] if resources.requests[resource]

else := ["limits", "default_request"] if resources.limits[resource]

_pair(holder, resource) := {
	"path": array.concat(holder.path, ["resources", "requests", resource]),
	"message": "",
	"resource": resource,
	"request": holder.value.resources.requests[resource],
	"limit": holder.value.resources.limits[resource],
}

_equal(pair) if {
	pair.message != "pod"
	_exact(pair.resource)
}

# Extended resources and huge pages cannot be overcommitted.
_exact(resource) if {
	is_string(resource)
	regex.match(`^hugepages-|/`, resource)
	not contains(resource, "kubernetes.io/")
}

# Where resource-quantity-suspicious names one of the two, there is nothing to compare.
_odd("cpu", request, _) if quantity.amount(request) >= 1000

_odd("cpu", request, limit) if regex.match(`[ikMGTPE]( |$)`, sprintf("%v %v", [request, limit]))

_odd(resource, _, limit) if {
	resource in {"memory", "ephemeral-storage"}
	quantity.amount(limit) > 0
	quantity.amount(limit) < 1048576
}

# No resource has a number for its name.
_odd(resource, _, _) if is_number(resource)

# What the templates of ks-installer read, each of the four values on its own.
_components := [{"path": at.path, "value": at.value, "keys": {}, "filled_in": _filled_in(component)} |
	input.document.target == "cluster-configuration"
	some component in [
		"alerting.thanosruler", "auditing.operator", "common.core.apiserver", "common.core.controllerManager",
		"events.exporter", "events.ruler", "logging.logsidecar", "monitoring.alertmanager",
		"monitoring.gpu.nvidia_dcgm_exporter", "monitoring.kube_rbac_proxy", "monitoring.kube_state_metrics",
		"monitoring.node_exporter", "monitoring.notification_manager", "monitoring.notification_manager.operator",
		"monitoring.notification_manager.proxy", "monitoring.prometheus", "monitoring.prometheus.operator",
		"servicemesh.jaeger",
	]
	at := cc.at(input.document, array.concat(split(component, "."), ["resources"]))
	is_object(at.value)
]

_filled_in(component) := {
	"common.core.apiserver": {
		"requests": {"cpu": "20m", "memory": "100Mi"},
		"limits": {"cpu": "1", "memory": "1024Mi"},
	},
	"common.core.controllerManager": {
		"requests": {"cpu": "30m", "memory": "50Mi"},
		"limits": {"cpu": "1", "memory": "1000Mi"},
	},
}[component] if version.between(input.document.versions.kubesphere, "3.2", "3.4")

else := {}

_jenkins := [{"path": cc.place(input.document, ["devops"]), "value": written, "keys": _keys, "filled_in": shipped} |
	input.document.target == "cluster-configuration"
	cc.enabled(input.document, ["devops", "enabled"])
	written := {side: {resource: x | some resource, key in keys; x := _setting(key)} | some side, keys in _keys}
	shipped := {"requests": {"cpu": 0.5}, "limits": {"cpu": 4}}
]

# A limit that lacks its unit is the fault of jenkins-memory-unit.
_setting(key) := cc.at(input.document, array.concat(["devops"], key)).value if {
	not [key, jenkins.unit] == [["jenkinsMemoryLim"], "bytes"]
}

_keys := {
	"requests": {"memory": ["jenkinsMemoryReq"], "cpu": ["jenkinsCpuReq"]},
	"limits": {"memory": ["jenkinsMemoryLim"], "cpu": ["jenkinsCpuLim"]},
} if version.minor(input.document.versions.kubesphere) == "3.4"

else := {"requests": {"memory": ["jenkinsMemoryReq"]}, "limits": {"memory": ["jenkinsMemoryLim"]}}
