# METADATA
# title: The workload baseline
# description: >-
#   What the rules about anybody's workloads look at. They have the parameters ignoreNamespaces and ignoreContainers, and
#   leave to others what others speak about: KubeSphere's own Deployments, patches, and the pods that a controller made,
#   whose template was judged. Most containers lack nothing: a rule first asks who does (unprobed, unlimited,
#   unrequested; none of these looks at parameters), then judges.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/workloads/
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/v1/defaults.go
package policies.lib.baseline

import data.policies.lib.core
import data.policies.lib.quantity
import data.policies.lib.workload
import future.keywords.not

# METADATA
# title: A container that the rule of this id judges
# description: An element of workload.containers, of whatever kind. With the parameters of the rule.
judges(id, container) if {
	is_judged(id)
	not container.name in _matching(input.parameters[id].ignoreContainers, _names)
}

# METADATA
# title: A workload that the rule of this id judges
# description: With the parameter ignoreNamespaces of the rule.
is_judged(id) if {
	not namespace in _matching(input.parameters[id].ignoreNamespaces, {namespace})
	not _others_speak
}

# METADATA
# title: The namespace of the workload
# description: Empty where it names none.
namespace := input.document.value.metadata.namespace if {
	is_string(input.document.value.metadata.namespace)
} else := ""

# METADATA
# title: Where a container lacks a field
# description: The path of the field where it is written without a value, else that of the container's name.
place(container, field) := array.concat(container.path, field) if {
	object.get(container.value, field, "absent") != "absent"
} else := array.concat(container.path, ["name"])

# METADATA
# title: The containers without a probe of some kind
# description: >-
#   Of workloads that run for ever. Absent or null; {} is a probe. Init containers and sidecars are none of these.
unprobed(kind) := [container |
	some container in workload.candidates[concat(" ", ["unprobed", kind])]
	_runs_for_ever
]

# METADATA
# title: The containers without limit of a resource
# description: >-
#   None of their own, none of the pod, none by a LimitRange of the namespace; 0 is none, to Kubernetes too, and is what
#   the API server makes of null. Of every kind but ephemeral ones, which can have none. Needs facts: [limits]. A container whose resources somebody else fills in is not among them.
unlimited(resource) := [container |
	some container in workload.candidates[concat(" ", ["unlimited", resource])]
	_lacks(container.value, "limits", resource)
	_lacks(workload.pod.value, "limits", resource)
	not input.facts.limits.limits[resource]
]

# METADATA
# title: The containers without request of a resource
# description: As unlimited. A limit alone becomes the request, in a container and in a pod.
unrequested(resource) := [container |
	some container in unlimited(resource)
	_lacks(container.value, "requests", resource)
	_lacks(workload.pod.value, "requests", resource)
	not input.facts.limits.requests[resource]
]

# A container or a pod. Resources that are neither a mapping nor absent are a template's, or nothing that Kubernetes takes.
_lacks(holder, side, resource) if {
	_is_none(object.get(holder, ["resources", side, resource], null))
	type_name(object.get(holder, ["resources"], null)) in {"null", "object"}
	type_name(object.get(holder, ["resources", side], null)) in {"null", "object"}
}

_is_none(x) if x in {null, ""}

_is_none(x) if quantity.amount(x) == 0

_runs_for_ever if {
	input.document.value.kind in {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController"}
}

_runs_for_ever if {
	input.document.value.kind == "Pod"
	object.get(input.document.value, ["spec", "restartPolicy"], null) in {null, "", "Always"}
}

_others_speak if workload.is_made_by_controller

_others_speak if core.deployment

_others_speak if workload.is_patch

_names := {container.name | some container in workload.containers}

# A set even where none does: that is worked out once for all rules with the same patterns, what is undefined once for each.
_matching(patterns, names) := {name |
	some pattern in patterns
	some name in names
	glob.match(pattern, null, name)
}
