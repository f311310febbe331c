package policies.rules.resources["resource-request-gt-limit_test"]

import data.policies.rules.resources["resource-request-gt-limit"] as rule

test_a_request_above_its_limit if {
	rule.deny == {{
		"path": array.concat(_container, ["requests", "memory"]),
		"message": "",
		"args": {"resource": "memory", "request": "4Gi", "limit": "2Gi"},
	}} with input as _pod({"requests": {"memory": "4Gi"}, "limits": {"memory": "2Gi"}})
}

test_quantities_are_compared_not_text if {
	every pair in [["1000m", "1"], ["1Gi", "1024Mi"], [1, "1"], ["900m", 1], ["1e7", "10M"], [0, 0], ["0", "0Mi"]] {
		every resource in ["memory", "ephemeral-storage"] {
			count(rule.deny) == 0 with input as _pod({"requests": {resource: pair[0]}, "limits": {resource: pair[1]}})
		}
	}
	every pair in [["1000m", "1"], [1, "1"], ["900m", 1], ["0.5", "500m"], [0, 0]] {
		count(rule.deny) == 0 with input as _pod({"requests": {"cpu": pair[0]}, "limits": {"cpu": pair[1]}})
	}
	count(rule.deny) == 1 with input as _pod({"requests": {"cpu": "1100m"}, "limits": {"cpu": 1}})
	count(rule.deny) == 1 with input as _pod({"requests": {"memory": "1Gi"}, "limits": {"memory": "1G"}})
	count(rule.deny) == 1 with input as _pod({"requests": {"memory": "1Gi"}, "limits": {"memory": 0}})
	count(rule.deny) == 1 with input as _pod({"requests": {"storage": 2}, "limits": {"storage": 1}})
}

test_what_another_rule_names_is_not_compared if {
	every pair in [
		["2 Gi", "1Gi"], ["2Gi", "512m"], ["2Gi", 512], ["4Gi", "1,5Gi"], [null, "1Gi"], ["", "1Gi"],
		[["2Gi"], "1Gi"], ["{{ .memory }}", "1Gi"], ["2Gi", "${LIMIT}"], ["2Gi", "$(LIMIT)"],
	] {
		count(rule.deny) == 0 with input as _pod({"requests": {"memory": pair[0]}, "limits": {"memory": pair[1]}})
	}
	every pair in [["500Mi", "1"], ["1000", "1"], ["2k", 1], ["1", "0.0001Ki"]] {
		count(rule.deny) == 0 with input as _pod({"requests": {"cpu": pair[0]}, "limits": {"cpu": pair[1]}})
	}
}

test_one_side_alone_is_fine_in_a_pod if {
	count(rule.deny) == 0 with input as _pod({"requests": {"memory": "4Gi"}})
	count(rule.deny) == 0 with input as _pod({"limits": {"memory": "1Mi"}})
}

test_what_is_no_mapping_is_left_alone if {
	every odd in [
		null, "", "4Gi", 4, ["memory"], {"requests": ["4Gi"], "limits": ["2Gi"]}, {"requests": "4Gi", "limits": 1},
	] {
		count(rule.deny) == 0 with input as _pod(odd)
	}
}

test_init_containers_count_and_ephemeral_ones_have_none if {
	resources := {"requests": {"memory": "4Gi"}, "limits": {"memory": "2Gi"}}
	container := {"name": "init", "image": "busybox:1.36", "resources": resources}
	count(rule.deny) == 1 with input as _workload({"containers": [_plain], "initContainers": [container]})
	count(rule.deny) == 0 with input as _workload({"containers": [_plain]})
}

test_a_patch_is_left_alone if {
	resources := {"requests": {"memory": "4Gi"}, "limits": {"memory": "2Gi"}}
	count(rule.deny) == 0 with input as _workload({"containers": [{"name": "app", "resources": resources}]})
}

test_resources_of_the_pod if {
	resources := {"requests": {"cpu": 2}, "limits": {"cpu": 1, "memory": "1Gi"}}
	rule.deny == {
		{
			"path": ["spec", "resources", "requests", "cpu"],
			"message": "",
			"args": {"resource": "cpu", "request": 2, "limit": 1},
		},
		{
			"path": array.concat(_container, ["limits", "memory"]),
			"message": "pod",
			"args": {"resource": "memory", "request": "2Gi", "limit": "1Gi"},
		},
	} with input as _workload({
		"resources": resources,
		"containers": [object.union(_plain, {"resources": {"limits": {"memory": "2Gi", "cpu": "500m"}}})],
	})
}

test_huge_pages_of_a_pod_and_its_container_may_differ if {
	container := object.union(_plain, {"resources": {"limits": {"hugepages-2Mi": "64Mi"}}})
	count(rule.deny) == 0 with input as _workload({
		"resources": {"limits": {"hugepages-2Mi": "128Mi"}},
		"containers": [container],
	})
	{"pod"} == {fault.message | some fault in rule.deny} with input as _workload({
		"resources": {"limits": {"hugepages-2Mi": "32Mi"}},
		"containers": [container],
	})
}

test_what_is_plainly_sound_is_told_apart if {
	every pair in [["100m", "1"], ["100m", 1], ["10m", "500m"], ["64Mi", "512Mi"], ["512Mi", "2Gi"], ["1", "12"]] {
		every resource in ["cpu", "memory"] {
			count(rule.deny) == 0 with input as _pod({"requests": {resource: pair[0]}, "limits": {resource: pair[1]}})
		}
	}
	every pair in [["900m", "500m"], ["1100m", "1"], ["200m", "0100m"], ["12", "2"]] {
		count(rule.deny) == 1 with input as _pod({"requests": {"cpu": pair[0]}, "limits": {"cpu": pair[1]}})
	}
	every pair in [["512Mi", "64Mi"], ["1025Mi", "1Gi"], ["2Gi", "1Gi"], ["2Gi", "512Mi"]] {
		count(rule.deny) == 1 with input as _pod({"requests": {"memory": pair[0]}, "limits": {"memory": pair[1]}})
	}
}

test_a_sidecar_is_judged_as_an_init_container if {
	sidecar := object.union(_plain, {"restartPolicy": "Always", "resources": {"limits": {"memory": "2Gi"}}})
	spec := {"resources": {"limits": {"memory": "1Gi"}}, "containers": [_plain]}
	count(rule.deny) == 0 with input as _workload(object.union(spec, {"initContainers": [sidecar]}))
	above := object.union(sidecar, {"resources": {"requests": {"memory": "4Gi"}}})
	count(rule.deny) == 1 with input as _workload({"containers": [_plain], "initContainers": [above]})
}

test_an_init_container_may_exceed_the_pod if {
	init := object.union(_plain, {"resources": {"limits": {"memory": "2Gi"}}})
	count(rule.deny) == 0 with input as _workload({
		"resources": {"limits": {"memory": "1Gi"}},
		"containers": [_plain],
		"initContainers": [init],
	})
}

test_extended_resources_and_huge_pages_must_be_equal if {
	every resource in ["nvidia.com/gpu", "hugepages-2Mi"] {
		{"unequal"} == {fault.message | some fault in rule.deny} with input as _pod({
			"requests": {resource: "1Mi"},
			"limits": {resource: "2Mi"},
		})
		count(rule.deny) == 0 with input as _pod({"requests": {resource: "1024Ki"}, "limits": {resource: "1Mi"}})
		rule.deny == {{
			"path": array.concat(_container, ["requests", resource]),
			"args": {"resource": resource},
			"message": "no_limit",
		}} with input as _pod({"requests": {resource: 1}})
		count(rule.deny) == 0 with input as _pod({"limits": {resource: 1}})
		count(rule.deny) == 0 with input as _pod({"requests": {resource: 0}})
	}
	count(rule.deny) == 0 with input as _pod({"requests": {"example.kubernetes.io/x": 1}})
}

test_one_side_of_a_core_component if {
	core := ["spec", "common", "core"]
	rule.deny == {
		{
			"path": array.concat(core, ["apiserver", "resources", "requests", "memory"]),
			"message": "default_limit",
			"args": {"resource": "memory", "request": "2Gi", "limit": "1024Mi"},
		},
		{
			"path": array.concat(core, ["controllerManager", "resources", "limits", "cpu"]),
			"message": "default_request",
			"args": {"resource": "cpu", "request": "30m", "limit": "20m"},
		},
	} with input as _cc("3.4.1", {"common": {"core": {
		"apiserver": {"resources": {"requests": {"memory": "2Gi", "cpu": "500m"}}},
		"controllerManager": {"resources": {"limits": {"cpu": "20m", "memory": "2Gi"}}},
	}}})
}

test_both_sides_of_a_component if {
	sound := {"requests": {"memory": "2Gi"}, "limits": {"memory": "4Gi"}}
	odd := {"requests": {"memory": "2Gi"}, "limits": {"memory": "1Gi"}}
	count(rule.deny) == 0 with input as _cc("3.4.1", {"common": {"core": {"apiserver": {"resources": sound}}}})
	{""} == {fault.message | some fault in rule.deny} with input as _cc(
		"3.4.1",
		{"monitoring": {"prometheus": {"resources": odd}}},
	)
}

test_what_the_templates_do_not_read_is_left_alone if {
	resources := {"requests": {"memory": "2Gi"}, "limits": {"memory": "1Gi"}}
	every spec in [
		{"devops": {"resources": resources}}, {"events": {"operator": {"resources": resources}}},
		{"common": {"apiserver": {"resources": resources}}}, {"resources": resources}, {"common": {"core": "x"}},
	] {
		count(rule.deny) == 0 with input as _cc("3.4.1", spec)
	}
}

test_defaults_are_known_for_3_2_to_3_4 if {
	spec := {"common": {"core": {"apiserver": {"resources": {"requests": {"memory": "2Gi"}}}}}}
	count(rule.deny) == 1 with input as _cc("3.2.0", spec)
	count(rule.deny) == 0 with input as _cc("3.1.1", spec)
	count(rule.deny) == 0 with input as json.remove(_cc("", spec), ["document/versions/kubesphere"])
}

test_jenkins if {
	rule.deny == {{
		"path": ["spec", "devops", "jenkinsMemoryReq"],
		"message": "",
		"args": {"resource": "memory", "request": "8Gi", "limit": "4Gi"},
	}} with input as _jenkins("3.3.2", true, {"jenkinsMemoryReq": "8Gi", "jenkinsMemoryLim": "4Gi", "jenkinsCpuReq": 9})
	count(rule.deny) == 0 with input as _jenkins("3.4.1", false, {"jenkinsMemoryReq": "8Gi", "jenkinsMemoryLim": "4Gi"})
	count(rule.deny) == 0 with input as _jenkins("3.4.1", true, {"jenkinsMemoryReq": "8Gi"})
}

test_a_limit_of_jenkins_without_unit_is_another_fault if {
	bare := {"jenkinsMemoryReq": "4Gi", "jenkinsMemoryLim": 4096000}
	count(rule.deny) == 0 with input as _jenkins("3.4.1", true, bare)
	count(rule.deny) == 1 with input as _jenkins("3.3.2", true, bare)
	count(rule.deny) == 1 with input as _jenkins("3.4.1", true, {"jenkinsMemoryReq": "4Gi", "jenkinsMemoryLim": "1.5Gi"})
}

test_the_cpu_of_jenkins if {
	{["jenkinsCpuReq", 5, 4]} == {_of_jenkins(fault) |
		some fault in rule.deny with input as _jenkins("3.4.1", 1, {"jenkinsCpuReq": 5})
	}
	{["jenkinsCpuLim", 0.5, "300m"]} == {_of_jenkins(fault) |
		some fault in rule.deny with input as _jenkins("3.4.1", true, {"jenkinsCpuLim": "300m"})
	}
	count(rule.deny) == 0 with input as _jenkins("3.4.1", true, {"jenkinsCpuReq": 0.5, "jenkinsCpuLim": 1})
	count(rule.deny) == 0 with input as _jenkins("3.4.1", true, {})
	count(rule.deny) == 0 with input as _jenkins("3.3.2", true, {"jenkinsCpuReq": 5})
}

_of_jenkins(fault) := [fault.path[2], fault.args.request, fault.args.limit]

_container := ["spec", "containers", 0, "resources"]

_plain := {"name": "app", "image": "nginx:1.27"}

_pod(resources) := _workload({"containers": [object.union(_plain, {"resources": resources})]})

_workload(spec) := {"document": {
	"target": "workload",
	"value": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "app"}, "spec": spec},
	"versions": {},
}}

_cc(version, spec) := {"document": {
	"target": "cluster-configuration",
	"value": {"spec": spec},
	"versions": {"kubesphere": version},
}}

_jenkins(version, enabled, settings) := _cc(version, {"devops": object.union({"enabled": enabled}, settings)})
