package policies.lib.workload_test

import data.policies.lib.workload
import future.keywords.not

_spec := {"containers": [{"name": "app", "image": "app:1"}]}

_deployment := {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": {"spec": _spec}}}

_pod(spec) := {"apiVersion": "v1", "kind": "Pod", "spec": spec}

_asked(resource) := {"document": {"value": resource}}

test_a_pod_is_its_own_spec if {
	at := object.filter(workload.pod, ["path", "value"]) with input as _asked(_pod(_spec))
	at == {"path": ["spec"], "value": _spec}
}

test_a_pod_template_has_it_below_template if {
	resource := {"apiVersion": "v1", "kind": "PodTemplate", "template": {"spec": _spec}}
	object.filter(workload.pod_of(resource), ["path", "value"]) == {"path": ["template", "spec"], "value": _spec}
}

test_controllers_have_it_below_their_template[kind] if {
	some kind, group in {
		"Deployment": "apps/v1", "StatefulSet": "apps/v1", "DaemonSet": "apps/v1", "ReplicaSet": "apps/v1",
		"Job": "batch/v1", "ReplicationController": "v1", "Rollout": "argoproj.io/v1alpha1",
	}
	resource := {"apiVersion": group, "kind": kind, "spec": {"template": {"spec": _spec}}}
	object.filter(workload.pod_of(resource), ["path", "value"]) == {"path": ["spec", "template", "spec"], "value": _spec}
}

test_a_cron_job_has_it_below_its_job_template if {
	resource := {
		"apiVersion": "batch/v1", "kind": "CronJob",
		"spec": {"jobTemplate": {"spec": {"template": {"spec": _spec}}}},
	}
	workload.pod_of(resource).path == ["spec", "jobTemplate", "spec", "template", "spec"]
}

test_the_whole_object_is_a_template_of_a_federated_one if {
	kind := {"apiVersion": "types.kubefed.io/v1beta1", "kind": "FederatedDeployment"}
	resource := object.union(kind, {"spec": {"template": _deployment}})
	workload.pod_of(resource).path == ["spec", "template", "spec", "template", "spec"]
}

test_what_has_no_list_of_containers_there_is_no_workload if {
	every resource in [
		{"apiVersion": "monitoring.coreos.com/v1", "kind": "Prometheus", "spec": _spec},
		{"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": {"spec": {"containers": {}}}}},
		{"apiVersion": "apps/v1", "kind": "Deployment", "spec": null},
		{"apiVersion": "v1", "kind": "Pod", "spec": "x"},
		{"kind": "ConfigMap"},
		{},
		[],
		"text",
		null,
	] {
		not workload.pod_of(resource)
		not workload.containers_of(resource)
		not workload.grace_of(resource)
		not workload.is_patch_of(resource)
		not workload.probes_of(resource)
	}
}

_crowd := {
	"containers": [{"name": "app", "image": "a"}, "junk", {"image": "b"}, {"name": 7, "image": "b"}],
	"initContainers": [
		{"name": "wait", "image": "c"},
		{"name": "mesh", "image": "d", "restartPolicy": "Always"},
		{"name": "odd", "image": "d", "restartPolicy": null},
	],
	"ephemeralContainers": [{"name": "debug", "image": "e"}],
}

test_containers_come_with_path_name_and_kind if {
	found := [[c.path, c.name, c.kind] | some c in workload.containers] with input as _asked(_pod(_crowd))
	found == [
		[["spec", "containers", 0], "app", "container"],
		[["spec", "containers", 2], "", "container"],
		[["spec", "containers", 3], "", "container"],
		[["spec", "initContainers", 0], "wait", "init"],
		[["spec", "initContainers", 1], "mesh", "sidecar"],
		[["spec", "initContainers", 2], "odd", "init"],
		[["spec", "ephemeralContainers", 0], "debug", "ephemeral"],
	]
}

test_containers_come_with_their_value if {
	workload.containers_of(_deployment) == [{
		"path": ["spec", "template", "spec", "containers", 0],
		"value": {"name": "app", "image": "app:1"},
		"name": "app",
		"kind": "container",
		"amounts": {"limits": {}, "requests": {}},
		"unread": [],
	}]
}

test_amounts_are_numbers if {
	resources := {
		"limits": {"cpu": "250m", "memory": "1Gi", "example.com/gpu": 2, "ephemeral-storage": "1 Gi"},
		"requests": {"cpu": null, "memory": "{{ .memory }}"},
	}
	wanted := {"limits": {"cpu": 0.25, "memory": 1073741824, "example.com/gpu": 2}, "requests": {}}
	resource := _pod({"containers": [{"name": "a", "image": "a", "resources": resources}], "resources": resources})
	workload.containers_of(resource)[0].amounts == wanted
	workload.pod_of(resource).amounts == wanted
	unread := {["limits", "ephemeral-storage"], ["requests", "cpu"], ["requests", "memory"]}
	{at | some at in workload.pod_of(resource).unread} == unread
	odd := _pod({"containers": [{"name": "a", "image": "a", "resources": "x"}], "resources": {"limits": []}})
	workload.containers_of(odd)[0].amounts == {"limits": {}, "requests": {}}
	workload.pod_of(odd).amounts == {"limits": {}, "requests": {}}
}

test_lists_that_are_null_hold_nothing if {
	count(workload.containers_of(_pod(object.union(_spec, {"initContainers": null, "ephemeralContainers": null})))) == 1
}

test_a_container_without_image_makes_a_patch if {
	every container in [{"name": "app"}, {"name": "app", "image": null}, {"name": "app", "image": ""}] {
		workload.is_patch with input as _asked(_pod({"containers": [{"name": "other", "image": "a"}, container]}))
	}
}

test_an_init_container_without_image_makes_a_patch if {
	workload.is_patch_of(_pod(object.union(_spec, {"initContainers": [{"name": "wait"}]})))
}

test_no_container_makes_a_patch if workload.is_patch_of(_pod({"containers": []}))

test_a_directive_makes_a_patch[note] if {
	some note, resource in {
		"at the top": object.union(_deployment, {"$patch": "delete"}),
		"in spec": object.union(_deployment, {"spec": {"$retainKeys": ["strategy"]}}),
		"in the template": object.union(_deployment, {"spec": {"template": {"$patch": "replace"}}}),
		"in the pod spec": _pod(object.union(_spec, {"$setElementOrder/containers": [{"name": "app"}]})),
		"in a container": _pod({"containers": [{"name": "app", "image": "a", "$patch": "replace"}]}),
	}
	workload.is_patch_of(resource)
}

test_a_whole_object_is_no_patch if {
	not workload.is_patch with input as _asked(_deployment)
	not workload.is_patch_of(_pod(_crowd))
}

test_what_a_controller_made[note] if {
	owned := {"ownerReferences": [{"controller": true}]}
	some note, [kind, metadata, made] in {
		"a pod": ["Pod", owned, true], "a job": ["Job", owned, true], "nobody's": ["Pod", {}, false],
		"an operator's": ["Deployment", owned, false],
		"a mere owner's": ["Pod", {"ownerReferences": [{"controller": false}]}, false],
	}
	resource := {"kind": kind, "metadata": metadata}
	[1 | workload.is_made_by_controller with input as _asked(resource)] == [1 | made]
}

test_a_template_is_an_image if not workload.is_patch_of(_pod({"containers": [{"name": "a", "image": "{{ .image }}"}]}))

test_probes_come_with_their_container if {
	container := {"name": "app", "image": "a", "livenessProbe": {"exec": {}}, "readinessProbe": null, "startupProbe": "x"}
	probes := workload.probes with input as _asked(_pod({"containers": [container]}))
	probes == [{
		"path": ["spec", "containers", 0, "livenessProbe"],
		"value": {"exec": {}},
		"kind": "livenessProbe",
		"handlers": ["exec"],
		"container": workload.containers_of(_pod({"containers": [container]}))[0],
	}]
}

test_all_kinds_of_probes_and_containers_are_found if {
	probed := {"image": "a", "livenessProbe": {}, "readinessProbe": {}, "startupProbe": {}}
	probes := workload.probes_of(_pod({"containers": [probed], "initContainers": [probed]}))
	[[p.kind, p.container.kind] | some p in probes] == [
		["livenessProbe", "container"], ["readinessProbe", "container"], ["startupProbe", "container"],
		["livenessProbe", "init"], ["readinessProbe", "init"], ["startupProbe", "init"],
	]
}

test_grace_is_thirty_where_nothing_is_written if {
	path := ["spec", "template", "spec", "terminationGracePeriodSeconds"]
	workload.grace == {"path": path, "value": 30, "written": false} with input as _asked(_deployment)
	workload.grace_of(_pod(object.union(_spec, {"terminationGracePeriodSeconds": null}))).written == false
}

test_grace_is_what_is_written if {
	every seconds in [0, 120] {
		workload.grace_of(_pod(object.union(_spec, {"terminationGracePeriodSeconds": seconds}))) == {
			"path": ["spec", "terminationGracePeriodSeconds"],
			"value": seconds,
			"written": true,
		}
	}
}

test_grace_is_undefined_where_it_is_no_whole_number if {
	every seconds in ["30", 0.5, [], {}] {
		not workload.grace_of(_pod(object.union(_spec, {"terminationGracePeriodSeconds": seconds})))
	}
}

test_what_somebody_fills_in_is_skippable if {
	every x in ["{{ .Values.port }}", "$(PORT)", "a${PORT}b"] {
		workload.skippable(x)
	}
}

test_other_values_are_not_skippable if {
	every x in ["", "8080", "$PORT", "{a}", 8080, null] {
		not workload.skippable(x)
	}
}
