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
		"unusual": [],
		"extended": [],
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
	unusual := {["limits", "ephemeral-storage"], ["requests", "cpu"], ["requests", "memory"]}
	{at | some at in workload.pod_of(resource).unusual} == unusual
	workload.pod_of(resource).cores == 0.25
	odd := _pod({"containers": [{"name": "a", "image": "a", "resources": "x"}], "resources": {"limits": []}})
	workload.containers_of(odd)[0].amounts == {"limits": {}, "requests": {}}
	workload.pod_of(odd).amounts == {"limits": {}, "requests": {}}
}

test_unusual_is_what_rules_have_to_look_at[note] if {
	some note, [resources, unusual] in {
		"memory below a mebibyte": [{"limits": {"memory": "512m"}}, [["limits", "memory"]]],
		"a number of bytes": [{"requests": {"memory": 512}}, [["requests", "memory"]]],
		"exactly a mebibyte": [{"requests": {"memory": "1Mi"}}, []],
		"cores in kibi": [{"limits": {"cpu": "1Ki"}}, [["limits", "cpu"]]],
		"many cores without a unit": [{"limits": {"cpu": 5000}}, []],
		"exponents": [{"limits": {"cpu": "1E"}}, [["limits", "cpu"]]],
		"no text": [{"limits": {"cpu": ""}}, [["limits", "cpu"]]],
		"one of another": [{"limits": {"example.com/gpu": "1k"}}, []],
	}
	resource := _pod({"containers": [{"name": "a", "image": "a", "resources": resources}]})
	workload.containers_of(resource)[0].unusual == unusual
}

test_extended_are_other_requests if {
	asked := {"cpu": 1, "memory": "1Gi", "ephemeral-storage": "1Gi", "example.com/gpu": 1, "hugepages-2Mi": "x"}
	resources := {"limits": {"example.com/fpga": 1}, "requests": asked}
	resource := _pod({"containers": [{"name": "a", "image": "a", "resources": resources}]})
	workload.containers_of(resource)[0].extended == ["example.com/gpu"]
}

test_cores_are_the_most_of_all if {
	resource := _pod({"initContainers": [{"image": "a", "resources": {"limits": {"cpu": 3}}}], "containers": [
		{"image": "a", "resources": {"limits": {"cpu": "2"}, "requests": {"cpu": "4000m"}}},
		{"image": "a"},
	]})
	workload.pod_of(resource).cores == 4
	workload.pod_of(_deployment).cores == 0
}

_candidates(container) := workload.pod_of(_pod({"containers": [object.union(_roomy, container)]})).candidates

# With limits and both probes, so that it is no candidate of anything.
_roomy := {
	"name": "a", "image": "a", "resources": {"limits": {"cpu": 1, "memory": "1Gi"}},
	"livenessProbe": {"httpGet": {"port": 80, "path": "/livez"}},
	"readinessProbe": {"httpGet": {"port": 80, "path": "/readyz"}},
}

test_nothing_is_to_be_looked_at_in_what_is_sound if _candidates({}) == {}

test_probes_with_a_port_that_is_text_are_named[note] if {
	some note, [probe, named] in {
		"text": [{"tcpSocket": {"port": "web"}}, 1], "none": [{"tcpSocket": {"port": ""}}, 1],
		"a number": [{"httpGet": {"port": 80}}, 0], "no handler": [{"exec": "x"}, 0],
	}
	count([p | some p in object.get(_candidates({"startupProbe": probe}), "named", [])]) == named
}

test_containers_to_look_at[note] if {
	some note, [container, keys] in {
		"no cpu": [{"resources": {"limits": {"cpu": null}}}, {"unlimited cpu", "unusual"}],
		"no memory": [{"resources": {"limits": {"cpu": 1, "memory": null}}}, {"unlimited memory", "unusual"}],
		"zero": [{"resources": {"limits": {"cpu": "0", "memory": "1Gi"}}}, {"unlimited cpu"}],
		"text": [{"resources": "x"}, {"unlimited cpu", "unlimited memory"}],
		"no liveness": [{"livenessProbe": null}, {"unprobed livenessProbe"}],
		"no readiness": [{"readinessProbe": ""}, {"unprobed readinessProbe"}],
		"no object": [{"readinessProbe": "x"}, set()],
		"above": [{"resources": {"limits": {"cpu": 1, "memory": 1e9}, "requests": {"cpu": "1001m"}}}, {"above"}],
		"equal": [{"resources": {"limits": {"cpu": 1, "memory": 1e9}, "requests": {"cpu": "1000m"}}}, set()],
		"another": [{"resources": {"limits": {"cpu": 1, "memory": 1e9}, "requests": {"a.b/c": 1}}}, {"extended"}],
		"hooks": [{"lifecycle": {}}, {"hooks"}],
		"no hooks": [{"lifecycle": null}, set()],
		"alike": [{"readinessProbe": {"httpGet": {"port": 80, "path": "/livez"}}}, {"alike"}],
		"the default path": [{"readinessProbe": {"httpGet": {"port": 80, "path": "/"}}}, {"alike"}],
		"no path": [{"readinessProbe": {"httpGet": null, "tcpSocket": {"port": 80}}}, {"alike"}],
	}
	object.keys(_candidates(container)) == keys
}

test_kinds_of_containers_are_looked_at_for_different_things[kind] if {
	some kind, keys in {
		"containers": {"unlimited cpu", "unlimited memory", "unprobed livenessProbe", "unprobed readinessProbe", "hooks"},
		"initContainers": {"unlimited cpu", "unlimited memory", "hooks", "init"},
		"ephemeralContainers": {"hooks"},
	}
	spec := object.union({"containers": [_roomy]}, {kind: [{"name": "b", "image": "b", "lifecycle": {}}]})
	object.keys(workload.pod_of(_pod(spec)).candidates) == keys
}

test_a_sidecar_may_have_probes if {
	spec := {"containers": [_roomy], "initContainers": [object.union(_roomy, {"restartPolicy": "Always"})]}
	workload.pod_of(_pod(spec)).candidates == {}
}

test_an_odd_probe_is_not_as_most_are[note] if {
	some note, [probe, plain] in {
		"a number": [{"httpGet": {"port": 80}, "periodSeconds": 10, "successThreshold": 1}, true],
		"a name": [{"tcpSocket": {"port": "web-2"}, "initialDelaySeconds": 0}, true],
		"a command": [{"exec": {"command": ["true"]}}, true],
		"no handler": [{"periodSeconds": 10}, false],
		"two handlers": [{"exec": {}, "tcpSocket": {"port": 80}}, false],
		"a port beyond": [{"httpGet": {"port": 65536}}, false],
		"port 0": [{"httpGet": {"port": 0}}, false],
		"a number as text": [{"httpGet": {"port": "8080"}}, false],
		"half a port": [{"httpGet": {"port": 80.5}}, true],
		"a name for grpc": [{"grpc": {"port": "web"}}, false],
		"too long a name": [{"httpGet": {"port": "a-port-of-16-let"}}, false],
		"capitals": [{"httpGet": {"port": "Web"}}, false],
		"two hyphens": [{"httpGet": {"port": "a--b"}}, false],
		"a hyphen first": [{"httpGet": {"port": "-b"}}, false],
		"less than none": [{"exec": {}, "periodSeconds": -1}, false],
		"text for a number": [{"exec": {}, "periodSeconds": "1"}, false],
		"null for a number": [{"exec": {}, "periodSeconds": null}, false],
		"two successes": [{"exec": {}, "successThreshold": 2}, false],
		"grace": [{"exec": {}, "terminationGracePeriodSeconds": 30}, false],
	}
	odd := object.get(_candidates({"startupProbe": probe}), "odd", [])
	[p.value | some p in odd] == [probe | not plain]
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

test_resources_of_the_pod_itself_mean_something_from_1_34_on if {
	pod := {"kind": "Pod", "spec": {"resources": {"limits": {"cpu": 1}}, "containers": []}}
	known := {version |
		some version in ["1.33.5", "1.34.0"]
		workload.own_resources == {"limits": {"cpu": 1}} with input as {
			"document": {"target": "workload", "value": pod},
			"versions": {"kubernetes": version},
		}
	}
	known == {"1.34.0"}
	workload.own_resources == {"limits": {"cpu": 1}} with input as {"document": {"target": "workload", "value": pod}}
}
