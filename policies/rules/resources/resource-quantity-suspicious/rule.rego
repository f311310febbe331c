# METADATA
# title: An amount of cpu, memory or storage does not mean what it says
# description: >-
#   Kubernetes knows the units n, u, m, k, M, G, T, P, E and Ki to Ei, without a blank and in this letter case. 2 Gi, 512MB or 4gi
#   are refused; 512m of memory is half a byte, and cpu counts cores: all three are accepted, and no container runs with them.
#   ks-installer 3.2 to 3.4 writes three fields of ClusterConfiguration into cpu and memory alike.
# related_resources:
# - ref: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/api/pod/warnings.go
# - ref: https://kubernetes.io/docs/tasks/administer-cluster/reserve-compute-resources/
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/ks-events/templates/custom-values-events.yaml.j2
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/ks-auditing/templates/custom-values.yaml.j2
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/ks-istio/templates/custom-values-jaeger.yaml.j2
# custom:
#   severity: error
#   targets: [workload, cluster-configuration, kubelet-config, kubekey-cluster, kubekey-config]
#   parameters:
#     cores:
#       type: number
#       default: 1000
#       description: A cpu request of as many cores or more is taken for a mistake in the unit.
#       zh: CPU requests 达到或超过这么多核时，视为单位写错。
#   message: "\"{value}\" is no quantity: the API server or Helm refuses it"
#   remediation: Write a number and a unit such as m, Mi or Gi behind it, without a blank, for instance 500m for cpu or 512Mi for memory.
#   messages:
#     tiny:
#       severity: error
#       message: "a {resource} limit of \"{value}\" is less than 1Mi: the container is killed at once"
#       remediation: Write the limit in Mi or Gi, such as 512Mi.
#     request:
#       severity: error
#       message: "memory \"{value}\" is less than 1Mi, the m means thousandths: nothing is reserved"
#       remediation: Write it in Mi or Gi, such as 512Mi.
#     cores:
#       severity: error
#       message: "cpu \"{value}\" counts whole cores, more than any node has: the pod stays Pending"
#       remediation: Write cores or thousandths of a core, such as 2 or 500m.
#     crossed:
#       severity: error
#       message: "ks-installer writes this {resource} value into {other} as well, where \"{value}\" makes no sense"
#       remediation: Delete the field and patch the rendered Deployment instead.
#     kubelet:
#       severity: error
#       message: "{field} \"{value}\" is no quantity: the kubelet does not start"
#       remediation: Write a number and a unit such as m, Mi or Gi behind it, without a blank, for instance 200m for cpu or 250Mi for memory.
#     kubelet_cores:
#       severity: error
#       message: "{field} \"{value}\" counts whole cores, more than any node has: the kubelet does not start"
#       remediation: Write cores or thousandths of a core, such as 1 or 200m.
#   zh:
#     title: CPU、内存或存储的数值与本意不符
#     description: >-
#       Kubernetes 的单位是 n、u、m、k、M、G、T、P、E 和 Ki 到 Ei，区分大小写，数字与单位之间不能有空格。
#       2 Gi、512MB、4gi 会被拒绝；内存写 512m 只有半个字节，CPU 的单位是核：这类写法会被接受，但容器根本跑不起来。
#       ks-installer 3.2 到 3.4 会把 ClusterConfiguration 的三个字段同时写进 cpu 和 memory。
#     message: "\"{value}\" 不是合法的数量：API Server 或 Helm 会拒绝"
#     remediation: 数字后面直接跟单位（如 m、Mi、Gi），中间不留空格，例如 CPU 写 500m，内存写 512Mi。
#     messages:
#       tiny:
#         message: "{resource} 的 limits \"{value}\" 不到 1Mi：容器一启动就会被杀掉"
#         remediation: limits 用 Mi 或 Gi 书写，例如 512Mi。
#       request:
#         message: "内存 \"{value}\" 不到 1Mi（m 表示千分之一）：等于没有预留"
#         remediation: 改用 Mi 或 Gi 书写，例如 512Mi。
#       cores:
#         message: "CPU \"{value}\" 的单位是核，超过任何节点的核数：Pod 会一直 Pending"
#         remediation: 写核数或毫核，例如 2 或 500m。
#       crossed:
#         message: "ks-installer 会把这个 {resource} 值同时写进 {other}，而 \"{value}\" 作为 {other} 毫无意义"
#         remediation: 删除该字段，改为 patch 渲染出来的 Deployment。
#       kubelet:
#         message: "{field} \"{value}\" 不是合法的数量：kubelet 无法启动"
#         remediation: 数字后面直接跟单位（如 m、Mi、Gi），中间不留空格，例如 CPU 写 200m，内存写 250Mi。
#       kubelet_cores:
#         message: "{field} \"{value}\" 的单位是核，超过任何节点的核数：kubelet 无法启动"
#         remediation: 写核数或毫核，例如 1 或 200m。
package policies.rules.resources["resource-quantity-suspicious"]

import data.policies.lib.cc
import data.policies.lib.quantity
import data.policies.lib.value
import data.policies.lib.version
import data.policies.lib.workload
import future.keywords.not

deny contains {"path": found.path, "args": {"value": found.value}} if {
	some found in _amounts
	_judged(found.value)
	not quantity.valid(found.value)
}

deny contains {"path": found.path, "args": {"resource": found.resource, "value": found.value}, "message": "tiny"} if {
	some found in _amounts
	found.side == "limits"
	found.resource in {"memory", "ephemeral-storage"}
	_tiny(found.value)
}

deny contains {"path": found.path, "args": {"value": found.value}, "message": "request"} if {
	some found in _amounts
	found.side == "requests"
	found.resource == "memory"
	_is_thousandth(found.value)
}

deny contains {"path": found.path, "args": {"value": found.value}, "message": "cores"} if {
	some found in _amounts
	found.resource == "cpu"
	_many(found.side, found.value)
}

deny contains {"path": at.path, "args": args, "message": "crossed"} if {
	input.document.target == "cluster-configuration"
	version.between(input.document.versions.kubesphere, "3.2", "3.4")
	some section, [component, resource, other] in {
		"auditing": ["webhook", "memory", "cpu"],
		"events": ["operator", "cpu", "memory"],
		"servicemesh": ["jaeger_operator", "memory", "cpu"],
	}
	cc.enabled(input.document, [section, "enabled"])
	some side in ["limits", "requests"]
	at := cc.at(input.document, [section, component, "resources", side, resource])
	_judged(at.value)
	at.value != ""
	args := {"resource": resource, "other": other, "value": at.value}
}

deny contains {"path": path, "args": args, "message": message} if {
	some key in ["kubeReserved", "systemReserved"]
	at := value.at(input.document.value, array.concat(_kubelets[input.document.target], [key]))
	some resource, x in at.value
	message := _refused(resource, x)
	path := array.concat(at.path, [resource])
	args := {"field": concat(".", [key, resource]), "value": x}
}

# Where a kubelet learns what to keep for itself and for the system.
_kubelets := {
	"kubelet-config": [],
	"kubekey-cluster": ["spec", "kubernetes", "kubeletConfiguration"],
	"kubekey-config": ["spec", "kubernetes", "kubelet", "extra_config"],
}

_refused(resource, x) := "kubelet" if {
	resource in {"cpu", "memory", "ephemeral-storage"}
	_judged(x)
	not quantity.valid(x)
}

_refused("cpu", x) := "kubelet_cores" if _many("requests", x)

_refused("memory", x) := "request" if _is_thousandth(x)

# Not what somebody else still fills in.
_judged(x) if is_number(x)

_judged(x) if {
	is_string(x)
	not regex.match(`\{\{|\$\(|\$\{|<|%`, x)
}

# Less than a mebibyte: no program fits in, so the unit is wrong.
_tiny(x) if {
	quantity.amount(x) > 0
	quantity.amount(x) < 1048576
}

_is_thousandth(x) if {
	_tiny(x)
	regex.match(`m$`, sprintf("%v", [x]))
}

_many(_, x) if {
	is_string(x)
	quantity.amount(x) > 0
	regex.match(`[ikMGTPE]$`, x)
}

_many("requests", x) if quantity.amount(x) >= _cores

_cores := input.parameters["resource-quantity-suspicious"].cores

# What says how much: a side is limits, requests or neither. Of what containers and pods ask for, only what may be odd.
_amounts contains _amount(container, at) if {
	some container in workload.candidates.unusual
	some at in container.unusual
}

_amounts contains _amount(container, [side, "cpu"]) if {
	workload.pod.cores >= _cores
	some container in workload.containers
	some side, numbers in container.amounts
	numbers.cpu >= _cores
}

_amounts contains _amount(workload.pod, [side, resource]) if {
	some side in ["limits", "requests"]
	some resource, _ in workload.own_resources[side]
}

_amount(holder, [side, resource]) := {"path": path, "side": side, "resource": resource, "value": x} if {
	input.document.target == "workload"
	resource in {"cpu", "memory", "ephemeral-storage"}
	not workload.is_patch
	x := holder.value.resources[side][resource]
	path := array.concat(holder.path, ["resources", side, resource])
}

_amounts contains {"path": path, "side": side, "resource": resource, "value": x} if {
	some at in _components
	some side in ["limits", "requests"]
	some resource, x in at.value.resources[side]
	resource in {"cpu", "memory", "ephemeral-storage"}
	path := array.concat(at.path, ["resources", side, resource])
}

_amounts contains {"path": path, "side": "", "resource": "storage", "value": x} if {
	input.document.target == "workload"
	not workload.is_patch
	some i, claim in input.document.value.spec.volumeClaimTemplates
	x := claim.spec.resources.requests.storage
	path := ["spec", "volumeClaimTemplates", i, "spec", "resources", "requests", "storage"]
}

_amounts contains {"path": array.concat(["spec"], path), "side": "", "resource": "storage", "value": x} if {
	input.document.target == "cluster-configuration"
	some path, x
	walk(input.document.value.spec, [path, x])
	regex.match(`[vV]olumeSize$`, sprintf("%v", [path[count(path) - 1]]))
}

# Of a jenkinsMemoryLim that is a quantity other rules speak.
_amounts contains {"path": at.path, "side": side, "resource": resource, "value": at.value} if {
	input.document.target == "cluster-configuration"
	some key, [side, resource] in {
		"jenkinsCpuLim": ["limits", "cpu"],
		"jenkinsCpuReq": ["requests", "cpu"],
		"jenkinsMemoryLim": ["", "memory"],
		"jenkinsMemoryReq": ["requests", "memory"],
	}
	at := cc.at(input.document, ["devops", key])
}

# What the templates of ks-installer read, but for what they cross.
_components contains cc.at(input.document, split(component, ".")) if {
	input.document.target == "cluster-configuration"
	some component in [
		"alerting.thanosruler", "auditing.operator", "common.core.apiserver", "common.core.controllerManager",
		"common.es.master", "common.opensearch.data", "common.opensearch.master", "edgeruntime.kubeedge.cloudCore",
		"events.exporter", "events.ruler", "gatekeeper.controller_manager", "logging.logsidecar",
		"monitoring.alertmanager", "monitoring.gpu.nvidia_dcgm_exporter", "monitoring.kube_rbac_proxy",
		"monitoring.kube_state_metrics", "monitoring.node_exporter", "monitoring.notification_manager",
		"monitoring.notification_manager.operator", "monitoring.notification_manager.proxy",
		"monitoring.prometheus", "monitoring.prometheus.operator", "servicemesh.jaeger",
	]
}
