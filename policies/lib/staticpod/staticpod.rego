# METADATA
# title: Static pods
# description: >-
#   The Pods that a kubelet runs from a folder: kube-apiserver, etcd and their like. What they are set to stands in the
#   flags of their containers.
# related_resources:
# - ref: https://kubernetes.io/docs/tasks/configure-pod-container/static-pod/
package policies.lib.staticpod

import data.policies.lib.workload
import future.keywords.not

# METADATA
# title: The container of a name
# description: >-
#   An element of workload.containers of a document of target static-pod. Undefined where there is none, or several,
#   and for init containers.
container(document, name) := found[0] if {
	found := [c |
		some c in workload.containers_of(document.value)
		c.kind == "container"
		c.name == name
	]
	count(found) == 1
}

# METADATA
# title: The flags of a container
# description: >-
#   By name without dashes, each with path and value: {"etcd-cafile": {"path": …, "value": "/etc/…/ca.pem"}}. They stand
#   in command and args, as --name=value or as two elements, whose second has the path then. A flag without a value is
#   a switch and has the value "true". The last of several counts. What a shell is given as a script is not looked into.
flags(container) := {name: flag |
	words := _words(container)
	some name in {word.name | some word in words}
	last := max([i | some i, word in words; word.name == name])
	flag := {"path": words[last].path, "value": words[last].value}
}

# The flags in their order, those that come again included. Behind a bare "--" there are none.
_words(container) := [_word(elements, i, parts[0]) |
	elements := _elements(container)
	some i, element in elements
	parts := _parts(element.value)
	count(parts) == 1
]

# What a flag consists of: all of it, the name, the equals sign and the value.
_parts(text) := regex.find_all_string_submatch_n(`^--?([A-Za-z][^=\s]*)(?:(=)((?s:.*)))?$`, text, 1)

_word(elements, i, [_, name, "=", x]) := {"name": name, "path": elements[i].path, "value": x}

_word(elements, i, [_, name, "", _]) := object.union(elements[i + 1], {"name": name}) if {
	_parts(elements[i + 1].value) == []
}

_word(elements, i, [_, name, "", _]) := {"name": name, "path": elements[i].path, "value": "true"} if {
	not _parts(elements[i + 1].value) == []
}

# The strings of command and args, up to a bare "--".
_elements(container) := array.slice(all, 0, end) if {
	all := [{"path": array.concat(container.path, [field, i]), "value": element} |
		some field in ["command", "args"]
		some i, element in container.value[field]
		is_string(element)
	]
	ends := [i | some i, element in all; element.value == "--"]
	end := min(array.concat(ends, [count(all)]))
}
