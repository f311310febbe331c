package policies.rules.resources["ks-resources-wrong-path_test"]

import data.policies.rules.resources["ks-resources-wrong-path"] as rule
import future.keywords.not

test_the_snippet_of_the_incident if {
	rule.deny == {{"path": ["spec", "resources"], "args": {"field": "spec.resources"}}} with input as _cc(
		{"resources": {"ks-apiserver": {"limits": {"memory": "2Gi"}}}},
		_v341,
	)
}

test_every_place_that_nothing_reads if {
	every path in [
		["resources"], ["apiserver", "resources"], ["controllerManager", "resources"], ["console", "resources"],
		["core", "resources"], ["core", "anything", "resources"], ["common", "resources"],
		["common", "apiserver", "resources"], ["common", "controllerManager", "resources"],
		["common", "console", "resources"], ["common", "core", "resources"],
		["common", "core", "console", "resources"], ["ks-apiserver", "resources"],
		["common", "apiServer", "resources"], ["common", "core", "controllermanager", "resources"],
		["core", "ks-console", "resources"],
	] {
		spec := json.patch({"common": {"core": {}}, "core": {}}, _patches(path))
		{["spec", path]} == {["spec", array.slice(fault.path, 1, 9)] |
			some fault in rule.deny with input as _cc(spec, _v341)
		}
	}
}

test_what_is_read_is_fine if {
	every path in [
		["common", "core", "apiserver", "resources"], ["common", "core", "controllerManager", "resources"],
		["alerting", "thanosruler", "resources"], ["monitoring", "prometheus", "operator", "resources"],
	] {
		spec := json.patch({"common": {"core": {}}}, _patches(path))
		count(rule.deny) == 0 with input as _cc(spec, _v341)
	}
}

test_empty_resources_are_fine if {
	every empty in [{}, null, "", [], "2Gi"] {
		count(rule.deny) == 0 with input as _cc({"common": {"apiserver": {"resources": empty}}}, _v341)
	}
}

test_sections_of_another_type_are_fine if {
	every odd in [null, "", 1, true, ["core"], [{"resources": {"limits": {}}}]] {
		count(rule.deny) == 0 with input as _cc({"common": odd, "core": odd}, _v341)
	}
	count(rule.deny) == 0 with input as _cc("spec", _v341)
}

test_neither_limits_nor_requests if {
	rule.deny == {{
		"path": ["spec", "common", "core", "apiserver", "resources"],
		"args": {"field": "spec.common.core.apiserver.resources", "keys": ["cpu", "memory"]},
		"message": "bare",
	}} with input as _cc({"common": {"core": {"apiserver": {"resources": {"cpu": 1, "memory": "2Gi"}}}}}, _v341)
}

test_limits_are_enough if {
	sound := [{"memory": "2Gi", "limits": {"memory": "2Gi"}}, {"memory": "", "cpu": null}, {"storage": 1}]
	every resources in sound {
		spec := {"common": {"core": {"controllerManager": {"resources": resources}}}}
		count(rule.deny) == 0 with input as _cc(spec, _v341)
	}
}

test_without_a_version_it_is_not_known if {
	unknown := _cc({"resources": {"ks-apiserver": {}}}, {})
	count(rule.deny) == 0 with input as unknown
	count(rule.unchecked) == 1 with input as unknown
	count(rule.unchecked) == 0 with input as _cc({"resources": {"ks-apiserver": {}}}, _v341)
	count(rule.unchecked) == 0 with input as _cc({}, {})
}

test_the_config_map_of_2_1 if {
	resources := {"ks-console": {"limits": {"memory": "2Gi"}}, "ks-apiserver": null}
	found := {"path": ["resources"], "args": {}, "message": "configmap"}
	rule.deny == {found} with input as _payload({"resources": resources})
	count(rule.deny) == 1 with input as _payload({"spec": {"resources": {"ks-controller-manager": {}}}})
}

test_another_config_map_is_fine if {
	every payload in [{}, null, "text", {"resources": {}}, {"resources": {"jenkins": {}}}, {"ks-apiserver": {}}] {
		count(rule.deny) == 0 with input as _payload(payload)
	}
}

_v341 := {"kubesphere": "3.4.1"}

_cc(spec, versions) := {"document": {
	"target": "cluster-configuration",
	"value": {"kind": "ClusterConfiguration", "spec": spec},
	"versions": versions,
}}

_payload(payload) := {"document": {"target": "ks-installer-config", "value": payload, "versions": {}}}

# What makes a path of a mapping that lacks it, one step after the other.
_patches(path) := [{"op": "add", "path": array.slice(path, 0, n), "value": part} |
	some n in numbers.range(1, count(path))
	not array.slice(path, 0, n) in [["common"], ["core"], ["common", "core"]]
	part := {true: {"limits": {"memory": "2Gi"}}, false: {}}[n == count(path)]
]
