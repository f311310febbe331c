package policies.rules.storage["storageclass-several-defaults_test"]

import data.policies.rules.storage["storageclass-several-defaults"] as rule

_stable := "storageclass.kubernetes.io/is-default-class"

_beta := "storageclass.beta.kubernetes.io/is-default-class"

_class(name, annotations) := {"target": "storageclass", "value": {
	"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "provisioner": "openebs.io/local",
	"metadata": {"name": name, "uid": name, "annotations": annotations},
}}

_set(classes) := {"set": classes, "versions": {"kubernetes": "1.28.0"}}

_two := [
	_class("slow", {_stable: "false"}),
	_class("nfs", {_stable: "true"}),
	_class("local", {_beta: "true", _stable: "no"}),
]

test_the_newest_is_used if {
	rule.deny == {{
		"document": 1,
		"path": ["metadata", "annotations", _stable],
		"args": {"names": "local, nfs"},
		"message": "",
	}} with input as _set(_two)
}

test_claims_are_refused_by_what_is_old[version] if {
	some version in ["1.25.16", "v1.23.17"]
	rule.deny == {{
		"document": 1,
		"path": ["metadata", "annotations", _stable],
		"args": {"names": "local, nfs", "version": version},
		"message": "refused",
	}} with input as {"set": _two, "versions": {"kubernetes": version}}
}

test_an_unknown_version_is_taken_for_a_new_one if {
	some fault in rule.deny with input as {"set": _two, "versions": {}}
	fault.message == ""
}

test_both_annotations_are_one_class if {
	count(rule.deny) == 0 with input as _set([_class("local", {_beta: "true", _stable: "true"})])
}

test_the_same_class_twice_is_one if {
	count(rule.deny) == 0 with input as _set([_class("local", {_beta: "true"}), _class("local", {_beta: "true"})])
}

test_files_are_not_compared if {
	written := [object.union(d, {"value": {"metadata": {"uid": null}}}) | some d in _two]
	count(rule.deny) == 0 with input as _set(written)
}

test_one_default_is_fine if {
	others := [_class("b", {_beta: "True"}), {"target": "", "value": null}]
	count(rule.deny) == 0 with input as _set(array.concat([_class("a", {_stable: "true"})], others))
}
