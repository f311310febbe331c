package policies.lib.prestop_test

import data.policies.lib.prestop

test_a_command_that_sleeps_all_the_grace_outlasts_it if {
	prestop.outlasting == [{
		"path": ["spec", "containers", 0, "lifecycle", "preStop", "exec", "command"],
		"container": "app", "seconds": 30, "native": false,
	}] with input as _exec(["sleep", "30"])
}

test_a_native_sleep_does_too if {
	prestop.outlasting == [{
		"path": ["spec", "containers", 0, "lifecycle", "preStop", "sleep", "seconds"],
		"container": "app", "seconds": 31, "native": true,
	}] with input as _native(31, 30)
}

test_every_spelling_of_sleep_is_read[note] if {
	some note, command in {
		"path": ["/bin/sleep", "60"], "long path": ["/usr/bin/sleep", "60s"], "minutes": ["sleep", "1m"],
		"hours": ["sleep", "1h"], "shell": ["sh", "-c", "sleep 60"], "bash": ["/bin/bash", "-c", "sleep 60\n"],
		"path in a shell": ["/bin/sh", "-c", "/bin/sleep 60"],
	}
	count(prestop.outlasting) == 1 with input as _exec(command)
}

test_other_commands_are_not_read[note] if {
	some note, command in {
		"pipe": ["sh", "-c", "sleep 60 | cat"], "and": ["sh", "-c", "nginx -s quit && sleep 60"],
		"two times": ["sleep", "60", "60"], "variable": ["sleep", "$(DELAY)"], "number": ["sleep", 60],
		"other program": ["drain", "60"], "other shell": ["ash", "-c", "sleep 60"], "other flag": ["sh", "-ec", "sleep 60"],
		"text": "sleep 60", "script is a list": ["sh", "-c", ["sleep 60"]], "days": ["sleep", "1d"], "null": null,
	}
	prestop.outlasting == [] with input as _exec(command)
}

test_less_than_the_grace_leaves_time if {
	prestop.outlasting == [] with input as _exec(["sleep", "29"])
}

test_no_grace_at_all_is_another_fault if {
	prestop.outlasting == [] with input as _native(5, 0)
}

test_text_is_no_number_of_seconds if {
	prestop.outlasting == [] with input as _native("60", 30)
	prestop.outlasting == [] with input as _native(60, "30")
}

test_a_sidecar_counts_and_an_init_container_does_not if {
	sleeping := {"preStop": {"exec": {"command": ["sleep", "60"]}}}
	sidecar := {"name": "mesh", "image": "mesh:1", "restartPolicy": "Always", "lifecycle": sleeping}
	init := {"name": "wait", "image": "wait:1", "lifecycle": sleeping}
	spec := {"containers": [{"name": "app", "image": "app:1"}], "initContainers": [sidecar, init]}
	sleeps := prestop.outlasting with input as _pod(spec)
	[sleep.container | some sleep in sleeps] == ["mesh"]
}

test_a_patch_has_none if {
	lifecycle := {"preStop": {"exec": {"command": ["sleep", "60"]}}}
	prestop.outlasting == [] with input as _pod({"containers": [{"name": "app", "lifecycle": lifecycle}]})
}

test_what_is_no_workload_has_none if {
	prestop.outlasting == [] with input as {"document": {"value": {"kind": "ConfigMap"}}}
}

_exec(command) := _with({"exec": {"command": command}}, null)

_native(seconds, grace) := _with({"sleep": {"seconds": seconds}}, grace)

_with(hook, grace) := _pod({
	"containers": [{"name": "app", "image": "app:1", "lifecycle": {"preStop": hook}}],
	"terminationGracePeriodSeconds": grace,
})

_pod(spec) := {"document": {"value": {"apiVersion": "v1", "kind": "Pod", "spec": spec}}}
