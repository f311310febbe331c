package policies.rules.resources["resource-quantity-suspicious_test"]

import data.policies.rules.resources["resource-quantity-suspicious"] as rule

test_what_most_containers_have_is_not_looked_at_twice if {
	most := {"limits": {"cpu": 1, "memory": "1Gi"}, "requests": {"cpu": "100m", "memory": "128Mi"}}
	count(rule._amounts) == 0 with input as _workload({"containers": [object.union(_plain, {"resources": most}), _plain]})
	count(rule._amounts) == 1 with input as _limits({"memory": "1g"})
}

test_no_quantity if {
	rule.deny == {{"path": _limit("memory"), "args": {"value": "2 Gi"}}} with input as _limits({"memory": "2 Gi"})
	every text in ["1gb", "512MB", "4gi", "1K", "2GiB", "1,5Gi", "", "lots"] {
		count(rule.deny) == 1 with input as _limits({"memory": text})
		count(rule.deny) == 1 with input as _requests({"ephemeral-storage": text})
	}
}

test_quantities_are_fine if {
	every memory in ["1G", "512Mi", "1e9", "128974848000m", "0", 0, 1073741824, "+1Gi", "1048576"] {
		count(rule.deny) == 0 with input as _limits({"memory": memory})
		count(rule.deny) == 0 with input as _requests({"memory": memory})
	}
	every cpu in [".5", 0.5, "500m", 2, "2", "0", "1e2"] {
		count(rule.deny) == 0 with input as _limits({"cpu": cpu})
		count(rule.deny) == 0 with input as _requests({"cpu": cpu})
	}
}

test_what_others_fill_in_is_left_alone if {
	every text in ["{{ .Values.memory }}", "$(MEMORY)", "${MEMORY}", "<memory>", "%MEMORY%", null] {
		count(rule.deny) == 0 with input as _limits({"memory": text})
	}
}

test_what_is_neither_text_nor_number_is_left_alone if {
	every odd in [true, [], {"memory": 1}] {
		count(rule.deny) == 0 with input as _limits({"memory": odd, "cpu": odd})
		count(rule.deny) == 0 with input as _requests({"memory": odd, "cpu": odd})
	}
	every odd in [null, "", 1, ["4"], "512m"] {
		count(rule.deny) == 0 with input as _limits(odd)
		count(rule.deny) == 0 with input as _workload({"containers": [object.union(_plain, {"resources": odd})]})
	}
}

test_limits_of_less_than_a_mebibyte if {
	rule.deny == {{
		"path": _limit("memory"),
		"args": {"resource": "memory", "value": "512m"},
		"message": "tiny",
	}} with input as _limits({"memory": "512m"})
	every x in [512, "512", 4, "4", "1023Ki"] {
		{"tiny"} == {fault.message | some fault in rule.deny} with input as _limits({"ephemeral-storage": x})
	}
	count(rule.deny) == 0 with input as _limits({"hugepages-2Mi": "512m"})
}

test_a_request_in_thousandths_of_a_byte if {
	rule.deny == {{
		"path": array.concat(_resources, ["requests", "memory"]),
		"args": {"value": "500m"},
		"message": "request",
	}} with input as _requests({"memory": "500m"})
	every x in [512, "512", "512k", "0m"] {
		count(rule.deny) == 0 with input as _requests({"memory": x})
	}
	count(rule.deny) == 0 with input as _requests({"ephemeral-storage": "500m"})
}

test_more_cores_than_a_node_has if {
	rule.deny == {{
		"path": array.concat(_resources, ["requests", "cpu"]),
		"args": {"value": "1000"},
		"message": "cores",
	}} with input as _requests({"cpu": "1000"})
	every x in ["500Mi", 2000, "2k", "1G"] {
		{"cores"} == {fault.message | some fault in rule.deny} with input as _requests({"cpu": x})
	}
	every x in ["500Mi", "2k", "1Ki"] {
		{"cores"} == {fault.message | some fault in rule.deny} with input as _limits({"cpu": x})
	}
	count(rule.deny) == 0 with input as _limits({"cpu": 1000})
}

test_the_bound_is_a_parameter if {
	count(rule.deny) == 0 with input as object.union(
		_requests({"cpu": "1000"}),
		{"parameters": {"resource-quantity-suspicious": {"cores": 2000}}},
	)
}

test_the_pod_and_its_init_containers if {
	limits := {"resources": {"limits": {"memory": "512m"}}}
	count(rule.deny) == 2 with input as _workload({
		"resources": {"limits": {"memory": "512m"}},
		"initContainers": [object.union(_plain, limits)],
		"containers": [_plain],
	})
}

test_a_sidecar if {
	sidecar := object.union(_plain, {"restartPolicy": "Always", "resources": {"limits": {"memory": "512m"}}})
	{["spec", "initContainers", 0, "resources", "limits", "memory"]} == {fault.path |
		some fault in rule.deny with input as _workload({"containers": [_plain], "initContainers": [sidecar]})
	}
}

test_what_a_kubelet_reserves if {
	{[fault.path, fault.message, fault.args.field] | some fault in rule.deny} == {
		[["kubeReserved", "memory"], "kubelet", "kubeReserved.memory"],
		[["kubeReserved", "cpu"], "kubelet_cores", "kubeReserved.cpu"],
		[["systemReserved", "memory"], "request", "systemReserved.memory"],
		[["systemReserved", "ephemeral-storage"], "kubelet", "systemReserved.ephemeral-storage"],
	} with input as _reserved("kubelet-config", {
		"kubeReserved": {"memory": "250MB", "cpu": "200Mi", "pid": "1 000"},
		"systemReserved": {"memory": "250m", "ephemeral-storage": "1 Gi", "cpu": "200m"},
	})
}

test_what_the_kubelets_of_a_cluster_reserve if {
	reserved := {"kubeReserved": {"memory": "1gi"}}
	{["spec", "kubernetes", "kubeletConfiguration", "kubeReserved", "memory"]} == {fault.path |
		some fault in rule.deny with input as _reserved(
			"kubekey-cluster",
			{"spec": {"kubernetes": {"kubeletConfiguration": reserved}}},
		)
	}
	{["spec", "kubernetes", "kubelet", "extra_config", "kubeReserved", "memory"]} == {fault.path |
		some fault in rule.deny with input as _reserved(
			"kubekey-config",
			{"spec": {"kubernetes": {"kubelet": {"extra_config": reserved}}}},
		)
	}
}

test_what_a_kubelet_may_reserve[note] if {
	some note, reserved in {
		"default": {"cpu": "200m", "memory": "250Mi"}, "numbers": {"cpu": 1, "memory": 1073741824},
		"later": {"memory": "{{ m }}"},
		"null": {"memory": null}, "nothing": null, "empty": {}, "a list": ["1gi"], "a text": "1gi",
		"another": {"pid": "1k pids"},
		"a mapping": {"memory": {"a": 1}},
	}
	count(rule.deny) == 0 with input as _reserved("kubelet-config", {"kubeReserved": reserved})
	count(rule.deny) == 0 with input as _reserved("kubekey-config", {"spec": {"kubernetes": {"kubelet": {"extra_config": {
		"kubeReserved": reserved,
	}}}}})
	count(rule.deny) == 0 with input as _reserved("kubekey-config", {"spec": {"kubernetes": {"kubelet": reserved}}})
}

test_a_patch_is_left_alone if {
	container := {"name": "app", "resources": {"limits": {"memory": "512m"}}}
	count(rule.deny) == 0 with input as _workload({"containers": [container]})
}

test_a_volume_claim_template if {
	rule.deny == {{
		"path": ["spec", "volumeClaimTemplates", 0, "spec", "resources", "requests", "storage"],
		"args": {"value": "20gi"},
	}} with input as {
		"document": {"target": "workload", "versions": {}, "value": {
			"kind": "StatefulSet",
			"spec": {
				"volumeClaimTemplates": [{"spec": {"resources": {"requests": {"storage": "20gi"}}}}],
				"template": {"spec": {"containers": [_plain]}},
			},
		}},
		"parameters": _parameters,
	}
}

test_the_cluster_configuration if {
	{[fault.path, object.get(fault, "message", "")] | some fault in rule.deny} == {
		[["spec", "common", "redis", "volumeSize"], ""],
		[["spec", "common", "minioVolumeSize"], ""],
		[["spec", "devops", "jenkinsVolumeSize"], ""],
		[["spec", "devops", "jenkinsMemoryLim"], ""],
		[["spec", "devops", "jenkinsMemoryReq"], "request"],
		[["spec", "devops", "jenkinsCpuReq"], "cores"],
		[["spec", "monitoring", "prometheus", "resources", "limits", "memory"], "tiny"],
	} with input as _cc("3.4.1", {
		"common": {"redis": {"volumeSize": "2 Gi"}, "minioVolumeSize": "20G i", "openldap": {"volumeSize": 2}},
		"devops": {
			"jenkinsVolumeSize": "8gb",
			"jenkinsMemoryLim": "4GB",
			"jenkinsMemoryReq": "500m",
			"jenkinsCpuReq": "500Mi",
			"jenkinsCpuLim": 1,
			"jenkinsJavaOpts_MaxRAM": "2g",
		},
		"monitoring": {"prometheus": {"resources": {"limits": {"memory": "512m"}}}},
		"nodeSelector": ["volumeSize", {"size": "big"}],
	})
}

test_a_small_limit_of_jenkins_is_another_fault if {
	count(rule.deny) == 0 with input as _cc("3.4.1", {"devops": {"jenkinsMemoryLim": "512m"}})
}

test_what_the_installer_does_not_read_is_left_alone if {
	resources := {"resources": {"limits": {"memory": "512m"}}}
	every spec in [{"devops": resources}, {"common": {"apiserver": resources}}, resources, null, "spec", {"common": 1}] {
		count(rule.deny) == 0 with input as _cc("3.4.1", spec)
	}
}

test_fields_that_the_installer_crosses if {
	spec := {"events": {"enabled": true, "operator": {"resources": {"limits": {"cpu": "200m", "memory": "1Gi"}}}}}
	rule.deny == {{
		"path": ["spec", "events", "operator", "resources", "limits", "cpu"],
		"args": {"resource": "cpu", "other": "memory", "value": "200m"},
		"message": "crossed",
	}} with input as _cc("3.4.1", spec)
	count(rule.deny) == 0 with input as _cc("3.1.1", spec)
	later := {"events": {"enabled": true, "operator": {"resources": {"limits": {"cpu": "{{ cpu }}"}}}}}
	count(rule.deny) == 0 with input as _cc("3.4.1", later)
	off := object.union(spec, {"events": {"enabled": false}})
	count(rule.deny) == 0 with input as _cc("3.4.1", off)
}

test_every_crossed_field if {
	both := {"resources": {side: {"cpu": 1, "memory": "1Gi"} | some side in ["limits", "requests"]}}
	{"memory"} == {fault.args.resource | some fault in rule.deny} with input as _cc("3.2.0", {
		"auditing": {"enabled": 1, "webhook": both},
		"servicemesh": {"enabled": true, "jaeger_operator": both},
	})
	count(rule.deny) == 4 with input as _cc("3.2.0", {
		"auditing": {"enabled": 1, "webhook": both},
		"servicemesh": {"enabled": true, "jaeger_operator": both},
	})
	empty := {"resources": {"limits": {"memory": ""}, "requests": {"memory": null}}}
	count(rule.deny) == 0 with input as _cc("3.2.0", {"auditing": {"enabled": true, "webhook": empty}})
}

_resources := ["spec", "containers", 0, "resources"]

_limit(resource) := array.concat(_resources, ["limits", resource])

_plain := {"name": "app", "image": "nginx:1.27"}

_limits(limits) := _workload({"containers": [object.union(_plain, {"resources": {"limits": limits}})]})

_requests(requests) := _workload({"containers": [object.union(_plain, {"resources": {"requests": requests}})]})

_workload(spec) := {
	"document": {
		"target": "workload",
		"value": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "app"}, "spec": spec},
		"versions": {},
	},
	"parameters": _parameters,
}

_cc(version, spec) := {
	"document": {
		"target": "cluster-configuration",
		"value": {"spec": spec},
		"versions": {"kubesphere": version},
	},
	"parameters": _parameters,
}

_parameters := {"resource-quantity-suspicious": {"cores": 1000}}

_reserved(target, value) := {"document": {"target": target, "value": value, "versions": {}}, "parameters": _parameters}
