package policies.lib.core_test

import data.policies.lib.core
import future.keywords.not

_images := {"ks-apiserver": "kubesphere/ks-apiserver:v3.4.1", "ks-console": "kubesphere/ks-console:v3.4.1"}

_deployment(name, metadata, containers) := {
	"apiVersion": "apps/v1",
	"kind": "Deployment",
	"metadata": object.union({"name": name}, metadata),
	"spec": {"template": {"spec": {"containers": containers}}},
}

_apiserver := {"name": "ks-apiserver", "image": _images["ks-apiserver"]}

_home := {"namespace": "kubesphere-system"}

_asked(resource, versions) := {"document": {"value": resource, "versions": versions}}

test_these_names_are_core[name] if {
	some name in ["ks-apiserver", "ks-controller-manager", "ks-console", "ks-agent"]
	resource := _deployment(name, _home, [_apiserver])
	core.deployment == {"path": ["metadata", "name"], "value": name} with input as _asked(resource, {})
}

test_no_namespace_is_home_too if {
	every metadata in [{}, {"namespace": null}, {"namespace": ""}] {
		core.deployment_of(_deployment("ks-console", metadata, [_apiserver]))
	}
}

test_other_objects_are_not_core if {
	every resource in [
		_deployment("ks-installer", _home, [_apiserver]),
		_deployment("ks-apiserver", {"namespace": "default"}, [_apiserver]),
		object.union(_deployment("ks-apiserver", _home, [_apiserver]), {"kind": "StatefulSet"}),
	] {
		not core.deployment_of(resource)
		core.containers_of(resource) == []
		not core.version_of(resource)
	}
}

test_a_patch_is_not_core if {
	resource := _deployment("ks-apiserver", _home, [{"name": "ks-apiserver", "resources": {}}])
	not core.deployment_of(resource)
	core.containers == [] with input as _asked(resource, {})
}

test_core_containers_are_those_of_the_names if {
	resource := object.union(
		_deployment("ks-agent", _home, [
			_apiserver,
			{"name": "istio-proxy", "image": "istio/proxyv2:1.14.6"},
			{"name": "ks-controller-manager", "image": "kubesphere/ks-controller-manager:v4.1.3"},
		]),
		{"spec": {"template": {"spec": {"initContainers": [{"name": "ks-console", "image": "x"}]}}}},
	)
	found := core.containers with input as _asked(resource, {})
	[array.slice(c.path, 3, 5) | some c in found] == [["containers", 0], ["containers", 2]]
}

test_tags_of_three_and_four_name_a_version if {
	tags := {
		"kubesphere/ks-apiserver:v3.4.1": "3.4.1",
		"kubesphere/ks-apiserver:3.3.2": "3.3.2",
		"registry.local:5000/ks/ks-console:v4.1.3-rc.1": "4.1.3",
		"ks-console:v3.4.1-patch.0@sha256:0123": "3.4.1",
		"ks-console:v3.4": "3.4",
	}
	every image, version in tags {
		core.tag_of(image) == version
	}
}

test_other_tags_name_none if {
	every image in [
		"kubesphere/ks-apiserver", "ks-apiserver:latest", "ks-apiserver:v2.1.1", "ks-apiserver:nightly-20230101",
		"registry:3.4/ks-apiserver", "ks-apiserver@sha256:0123", "ks-apiserver:release-3.4", "ks:v3.4.1x", null, "",
	] {
		not core.tag_of(image)
	}
}

test_the_version_is_the_tag if {
	core.version == "3.4.1" with input as _asked(_deployment("ks-apiserver", _home, [_apiserver]), {})
}

test_what_go_knows_wins if {
	resource := _deployment("ks-apiserver", _home, [_apiserver])
	core.version == "3.4.0" with input as _asked(resource, {"kubesphere": "3.4.0"})
}

test_tags_that_differ_name_no_version if {
	other := {"name": "ks-controller-manager", "image": "kubesphere/ks-controller-manager:v4.1.3"}
	not core.version_of(_deployment("ks-agent", _home, [_apiserver, other]))
}
