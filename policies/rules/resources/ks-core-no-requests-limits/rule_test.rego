package policies.rules.resources["ks-core-no-requests-limits_test"]

import data.policies.rules.resources["ks-core-no-requests-limits"] as rule

test_no_memory_at_all[note] if {
	some note, resources in {
		"empty": {}, "null": null, "null sides": {"limits": null, "requests": null},
		"null memory": {"limits": {"memory": null}},
		"cpu alone": {"limits": {"cpu": 1}, "requests": {"cpu": "20m"}},
	}
	rule.deny == {{
		"path": ["spec", "template", "spec", "containers", 0, "resources"],
		"args": {"container": "ks-apiserver", "request": "100Mi", "limit": "1024Mi"},
	}} with input as _judge(_deployment("ks-apiserver", [_container("ks-apiserver", resources)], {}))
}

test_resources_are_absent if {
	container := object.remove(_container("ks-console", {}), ["resources"])
	count(rule.deny) == 1 with input as _judge(_deployment("ks-console", [container], {}))
}

test_one_of_the_two_is_enough[note] if {
	some note, resources in {
		"limit": {"limits": {"memory": "1Gi"}}, "request": {"requests": {"memory": 1}},
		"zero": {"limits": {"memory": 0}}, "no quantity": {"limits": {"memory": ""}},
	}
	count(rule.deny) == 0 with input as _judge(_deployment("ks-apiserver", [_container("ks-apiserver", resources)], {}))
}

test_what_a_template_fills_in_is_left_alone[note] if {
	some note, resources in {
		"all": "{{ .resources }}", "a side": {"limits": "{{ .limits }}"}, "a value": {"limits": {"memory": "{{ .memory }}"}},
		"a list": ["limits"],
	}
	count(rule.deny) == 0 with input as _judge(_deployment("ks-apiserver", [_container("ks-apiserver", resources)], {}))
}

test_memory_of_the_pod_is_enough if {
	containers := [_container("ks-apiserver", {})]
	every resources in [{"limits": {"memory": "1Gi"}}, {"requests": {"memory": "1Gi"}}] {
		count(rule.deny) == 0 with input as _judge(_deployment("ks-apiserver", containers, {"resources": resources}))
	}
	cpu := {"resources": {"limits": {"cpu": 1}}}
	count(rule.deny) == 1 with input as _judge(_deployment("ks-apiserver", containers, cpu))
}

test_a_limit_range_fills_it_in if {
	judged := _judge(_deployment("ks-apiserver", [_container("ks-apiserver", {})], {}))
	every limits in [{"limits": {"memory": true}}, {"requests": {"memory": true}}] {
		count(rule.deny) == 0 with input as object.union(judged, {"facts": {"limits": limits}})
	}
	count(rule.deny) == 1 with input as object.union(judged, {"facts": {"limits": {"limits": {"cpu": true}}}})
}

test_both_containers_of_the_agent if {
	agent := _deployment("ks-agent", [_container("ks-apiserver", {}), _container("ks-controller-manager", {})], {})
	{"1024Mi", "1000Mi"} == {fault.args.limit | some fault in rule.deny with input as _judge(agent)}
}

test_other_containers_are_left_alone if {
	proxy := _container("istio-proxy", {})
	sound := _container("ks-console", {"limits": {"memory": "1Gi"}})
	spec := {"initContainers": [object.union(proxy, {"restartPolicy": "Always"}), _container("ks-console", {})]}
	count(rule.deny) == 0 with input as _judge(_deployment("ks-console", [sound, proxy], spec))
}

test_other_workloads_are_left_alone if {
	museum := _deployment("extensions-museum", [_container("ks-apiserver", {})], {})
	count(rule.deny) == 0 with input as _judge(museum)
	job := object.union(_deployment("ks-apiserver", [_container("ks-apiserver", {})], {}), {"kind": "Job"})
	count(rule.deny) == 0 with input as _judge(job)
	patch := _deployment("ks-apiserver", [{"name": "ks-apiserver"}], {})
	count(rule.deny) == 0 with input as _judge(patch)
}

_container(name, resources) := {"name": name, "image": "kubesphere/it:v3.4.1", "resources": resources}

_deployment(name, containers, spec) := {
	"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": "kubesphere-system"},
	"spec": {"template": {"spec": object.union(spec, {"containers": containers})}},
}

_judge(resource) := {
	"document": {"target": "kubesphere-workload", "value": resource, "versions": {}},
	"facts": {"limits": {"limits": {}, "requests": {}}},
}
