# METADATA
# title: Hooks that sleep before a container stops
# description: >-
#   Only those that do nothing else can be counted: sleep.seconds, and an exec command that is sleep with one number, at
#   most wrapped by a shell. The rules speak about input.document.
# related_resources:
# - ref: https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/
package policies.lib.prestop

import data.policies.lib.workload
import future.keywords.not

# METADATA
# title: The hooks that use up the grace period
# description: >-
#   Of containers and sidecars, each with path, container (its name), seconds and native, which says that it is a
#   sleep.seconds. Empty for a patch, and where the grace period is 0 or no number. Who speaks about a grace period that
#   is too short leaves these to prestop-longer-than-grace.
outlasting := [sleep |
	some container in workload.candidates.hooks
	is_object(container.value.lifecycle.preStop)
	container.kind in {"container", "sidecar"}
	[field, seconds] := _slept(container.value.lifecycle.preStop)
	seconds >= workload.grace.value
	workload.grace.value > 0
	not workload.is_patch
	sleep := {
		"path": array.concat(container.path, array.concat(["lifecycle", "preStop"], field)),
		"container": container.name,
		"seconds": seconds,
		"native": field == _native,
	}
]

_native := ["sleep", "seconds"]

_slept(hook) := [_native, seconds] if {
	seconds := hook.sleep.seconds
	is_number(seconds)
} else := [["exec", "command"], seconds] if seconds := _seconds(_text(hook.exec.command))

# A command that sleeps and does nothing else, as one line of words.
_text([program, seconds]) := concat(" ", [program, seconds]) if {
	program in {"sleep", "/bin/sleep", "/usr/bin/sleep"}
	is_string(seconds)
}

_text([shell, "-c", script]) := script if shell in {"sh", "bash", "/bin/sh", "/bin/bash"}

_seconds(text) := to_number(found[1]) * {"": 1, "s": 1, "m": 60, "h": 3600}[found[2]] if {
	is_string(text)
	some found in regex.find_all_string_submatch_n(`^\s*(?:(?:/usr)?/bin/)?sleep\s+([0-9]+)([smh]?)\s*$`, text, 1)
}
