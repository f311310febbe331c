# METADATA
# title: Workloads
# description: >-
#   Pods and everything that makes pods. The rules speak about input.document and are computed once for all rules;
#   the functions of the same meaning (…_of) take any object, for rules that see a set.
# related_resources:
# - ref: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/
package policies.lib.workload

import data.policies.lib.value
import future.keywords.not

# METADATA
# title: The pod spec
# description: Wherever it stands in the document, with its path.
pod := pod_of(input.document.value)

# METADATA
# title: All containers of the pod
# description: >-
#   Each with path, value, name ("" when it has none) and kind: container, init, sidecar (an init container with
#   restartPolicy Always) or ephemeral.
containers := containers_of(input.document.value)

# METADATA
# title: The document is a patch
# description: >-
#   Some container has no image, or there is none, or a directive of a strategic merge patch ($patch,
#   $setElementOrder …) stands in it: defaults and siblings live elsewhere, so whatever is missing here may be
#   there.
is_patch if is_patch_of(input.document.value)

# METADATA
# title: The probes of all containers
# description: >-
#   Each with path, value, kind (livenessProbe, readinessProbe, startupProbe) and its container, an element of
#   containers. A probe that is null counts as absent.
probes := probes_of(input.document.value)

# METADATA
# title: The pod's terminationGracePeriodSeconds
# description: >-
#   With path, value (30 when it is absent or null) and written, which says whether it stands in the document.
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
#   In spec.template, or where the table pod_templates says that the kind has it. Undefined for what has no list of
#   containers there.
pod_of(resource) := _pod(resource, _pod_path(resource))

# METADATA
# title: The containers of an object
# description: As containers.
containers_of(resource) := array.concat(
	_list(spec, "containers"),
	array.concat(_list(spec, "initContainers"), _list(spec, "ephemeralContainers")),
) if {
	spec := pod_of(resource)
}

# METADATA
# title: An object that is a patch
# description: As is_patch.
is_patch_of(resource) if {
	some container in containers_of(resource)
	value.unset(container.value, "image")
}

is_patch_of(resource) if pod_of(resource).value.containers == []

is_patch_of(resource) if {
	some place in _places(resource)
	some key, _ in place
	startswith(key, "$")
}

# METADATA
# title: The probes of an object
# description: As probes.
probes_of(resource) := [probe |
	some container in containers_of(resource)
	some kind in ["livenessProbe", "readinessProbe", "startupProbe"]
	is_object(container.value[kind])
	probe := {
		"path": array.concat(container.path, [kind]),
		"value": container.value[kind],
		"kind": kind,
		"container": container,
	}
]

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
	path := array.concat(spec.path, ["terminationGracePeriodSeconds"])
}

_pod_path(resource) := path if {
	path := data.tables.pod_templates.paths[_kind_of(resource)]
} else := ["spec", "template", "spec"]

# Kind, or Kind.group.
_kind_of(resource) := resource.kind if not contains(resource.apiVersion, "/")

_kind_of(resource) := concat(".", [resource.kind, group]) if [group, _] = split(resource.apiVersion, "/")

_pod(root, path) := {"path": path, "value": spec} if {
	is_object(root)
	spec := object.get(root, path, null)
	is_array(spec.containers)
}

_list(spec, field) := [container |
	some i, element in spec.value[field]
	is_object(element)
	container := {
		"path": array.concat(spec.path, [field, i]),
		"value": element,
		"name": _name(element),
		"kind": _kind(field, element),
	}
]

_name(element) := name if {
	name := element.name
	is_string(name)
} else := ""

_kind("containers", _) := "container"

_kind("ephemeralContainers", _) := "ephemeral"

_kind("initContainers", element) := "sidecar" if element.restartPolicy == "Always"

_kind("initContainers", element) := "init" if not element.restartPolicy == "Always"

# Where directives of a patch stand: on the way to the pod spec, in it, and in its containers.
_places(resource) := array.concat([resource], array.concat(above, elements)) if {
	spec := pod_of(resource)
	above := [object.get(resource, array.slice(spec.path, 0, n), {}) | some n in numbers.range(1, count(spec.path))]
	elements := [container.value | some container in containers_of(resource)]
}
