package policies.rules.probes["prestop-longer-than-grace_test"]

import data.policies.rules.probes["prestop-longer-than-grace"] as rule

test_a_command_that_sleeps_all_the_grace_is_found if {
	rule.deny == {{
		"path": ["spec", "containers", 0, "lifecycle", "preStop", "exec", "command"],
		"args": {"container": "app", "sleep": 30, "grace": 30},
		"message": "",
	}} with input as _exec(["sleep", "30"])
}

test_less_than_the_grace_is_fine if {
	count(rule.deny) == 0 with input as _exec(["sleep", "29"])
}

test_a_native_sleep_as_long_as_the_grace_is_found if {
	some fault in rule.deny with input as _native(30, null)
	fault.message == ""
	fault.path == ["spec", "containers", 0, "lifecycle", "preStop", "sleep", "seconds"]
}

test_a_longer_native_sleep_is_refused if {
	some fault in rule.deny with input as _native(31, 30)
	fault.message == "refused"
	fault.args == {"container": "app", "sleep": 31, "grace": 30}
}

test_no_grace_at_all_is_another_fault if {
	count(rule.deny) == 0 with input as _native(5, 0)
}

test_a_sidecar_is_judged_and_an_init_container_is_not if {
	sidecar := {"name": "mesh", "image": "mesh:1", "restartPolicy": "Always", "lifecycle": _sleeping}
	init := {"name": "wait", "image": "wait:1", "lifecycle": _sleeping}
	spec := {"containers": [{"name": "app", "image": "app:1"}], "initContainers": [sidecar, init]}
	faults := rule.deny with input as _pod(spec)
	{fault.args.container | some fault in faults} == {"mesh"}
}

test_a_patch_is_not_judged if {
	count(rule.deny) == 0 with input as _pod({"containers": [{"name": "app", "lifecycle": _sleeping}]})
}

_sleeping := {"preStop": {"exec": {"command": ["sleep", "60"]}}}

_exec(command) := _with({"exec": {"command": command}}, null)

_native(seconds, grace) := _with({"sleep": {"seconds": seconds}}, grace)

_with(hook, grace) := _pod({
	"containers": [{"name": "app", "image": "app:1", "lifecycle": {"preStop": hook}}],
	"terminationGracePeriodSeconds": grace,
})

_pod(spec) := {"document": {"target": "workload", "value": {"apiVersion": "v1", "kind": "Pod", "spec": spec}}}
