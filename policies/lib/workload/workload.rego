# METADATA
# title: Workloads
# description: >-
#   Pods and everything that makes pods. The rules speak about input.document and are computed once for all rules;
#   the functions of the same meaning (…_of) take any object, for rules that see a set.
# related_resources:
# - ref: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/
package policies.lib.workload

import data.policies.lib.value
import data.policies.lib.version
import future.keywords.not

# METADATA
# title: The pod spec
# description: Wherever it stands in the document, with its path.
pod := pod_of(input.document.value)

# METADATA
# title: The resources of the pod itself
# description: >-
#   Few pods have any. An API server before Kubernetes 1.34 drops them, unless it has the feature gate PodLevelResources
#   (from 1.32 on), and so they mean nothing there.
# related_resources:
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/features/kube_features.go
own_resources := resources if {
	resources := pod.value.resources
	not version.below(input.versions.kubernetes, "1.34")
}

# METADATA
# title: All containers of the pod
# description: >-
#   Each with path, value, name ("" when it has none), kind: container, init, sidecar (an init container with
#   restartPolicy Always) or ephemeral, amounts: its limits and requests as numbers, without what is no quantity,
#   unusual: the [side, resource] of what is no quantity, of memory and ephemeral-storage below a mebibyte, and of cpu
#   with a unit of thousands and more, and extended: the resources requested beside cpu, memory and ephemeral-storage.
containers := containers_of(input.document.value)

# METADATA
# title: What rules have to look at
# description: >-
#   Lists of containers: "unlimited cpu" and "unlimited memory", without a limit above 0 (no ephemeral ones);
#   "unprobed livenessProbe" and "unprobed readinessProbe", where it is absent, null or "" (of kind container only);
#   above, with some request above its limit; unusual and extended, where these are not empty; hooks, with a lifecycle;
#   alike, with both probes, unless each asks for a path of its own; init, those of this kind with a probe or a
#   lifecycle. And of probes: odd, all but those that have one handler, a port that is a number in range or a name, no
#   number below 0, no successThreshold above 1 and no grace period of their own; named, with a port that is text. A
#   list that would be empty is not there: nearly every rule on workloads begins with one, and ends with it.
candidates := pod.candidates

# METADATA
# title: The document is a patch
# description: >-
#   Some container has no image, or there is none, or a directive of a strategic merge patch ($patch,
#   $setElementOrder …) stands in it: defaults and siblings live elsewhere, so whatever is missing here may be
#   there.
is_patch if is_patch_of(input.document.value)

# METADATA
# title: The document was made by a controller
# description: A Pod, a ReplicaSet or a Job of some other object, whose template is judged where it is written.
is_made_by_controller if {
	input.document.value.kind in {"Pod", "ReplicaSet", "Job"}
	some owner in input.document.value.metadata.ownerReferences
	owner.controller == true
}

# METADATA
# title: The probes of all containers
# description: >-
#   Each with path, value, kind (livenessProbe, readinessProbe, startupProbe), its container, an element of
#   containers, and handlers, the names of those that it has. What is null counts as absent.
probes := probes_of(input.document.value)

# METADATA
# title: The pod's terminationGracePeriodSeconds
# description: >-
#   With path, value (30 when it is absent or null) and written, which says whether it stands in the document.
#   Undefined where it is no whole number: the API server refuses that.
grace := grace_of(input.document.value)

# METADATA
# title: A string that somebody else still fills in
# description: It contains {{, $( or ${, as Helm, the kubelet and envsubst do.
skippable(x) if {
	is_string(x)
	some mark in ["{{", "$(", "${"]
	contains(x, mark)
}

# METADATA
# title: The pod spec of an object
# description: >-
#   With path, value, containers, probes, candidates, amounts, unusual and extended (of the pod itself), cores, the
#   highest cpu of any container and of the pod, and patch, which says that it is one; kslint.pod is a builtin of ours. In
#   spec.template, or where the kind has it. Undefined for what has no list of containers there.
pod_of(resource) := kslint.pod(resource)

# METADATA
# title: The containers of an object
# description: As containers.
containers_of(resource) := pod_of(resource).containers

# METADATA
# title: An object that is a patch
# description: As is_patch.
is_patch_of(resource) if pod_of(resource).patch

# METADATA
# title: The probes of an object
# description: As probes.
probes_of(resource) := pod_of(resource).probes

# METADATA
# title: The grace period of an object
# description: As grace.
grace_of(resource) := {"path": path, "value": 30, "written": false} if {
	spec := pod_of(resource)
	value.unset(spec.value, "terminationGracePeriodSeconds")
	path := array.concat(spec.path, ["terminationGracePeriodSeconds"])
}

grace_of(resource) := {"path": path, "value": seconds, "written": true} if {
	spec := pod_of(resource)
	seconds := spec.value.terminationGracePeriodSeconds
	is_number(seconds)
	seconds == floor(seconds)
	path := array.concat(spec.path, ["terminationGracePeriodSeconds"])
}
