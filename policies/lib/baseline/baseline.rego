# METADATA
# title: The workload baseline
# description: >-
#   What the rules about anybody's workloads look at. They have the parameters ignoreNamespaces and ignoreContainers, and
#   leave to others what others speak about: KubeSphere's own Deployments, patches, and the pods that a controller made,
#   whose template was judged.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/workloads/
package policies.lib.baseline

import data.policies.lib.core
import data.policies.lib.workload
import future.keywords.not

# METADATA
# title: The containers that a rule of the baseline judges
# description: >-
#   Elements of workload.containers, ephemeral ones left out: kind is container, sidecar or init. Empty for a document
#   that the rule of this id does not judge.
containers(id) := [container |
	is_judged(id)
	some container in _containers
	not _matches(input.parameters[id].ignoreContainers, container.name)
]

# METADATA
# title: A workload that a rule of the baseline judges
# description: With the parameters of the rule of this id.
is_judged(id) if {
	not _matches(input.parameters[id].ignoreNamespaces, namespace)
	not _others_speak
}

# METADATA
# title: The namespace of the workload
# description: Empty where it names none.
namespace := input.document.value.metadata.namespace if {
	is_string(input.document.value.metadata.namespace)
} else := ""

_containers := [container | some container in workload.containers; container.kind != "ephemeral"]

_others_speak if _is_made_by_controller

_others_speak if core.deployment

_others_speak if workload.is_patch

_is_made_by_controller if {
	input.document.value.kind in {"Pod", "ReplicaSet", "Job"}
	some owner in input.document.value.metadata.ownerReferences
	owner.controller == true
}

_matches(patterns, name) if {
	some pattern in patterns
	glob.match(pattern, null, name)
}
