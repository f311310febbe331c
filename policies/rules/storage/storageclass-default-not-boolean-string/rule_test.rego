package policies.rules.storage["storageclass-default-not-boolean-string_test"]

import data.policies.rules.storage["storageclass-default-not-boolean-string"] as rule

_stable := "storageclass.kubernetes.io/is-default-class"

_beta := "storageclass.beta.kubernetes.io/is-default-class"

_class(annotations) := {"document": {"value": {
	"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "provisioner": "openebs.io/local",
	"metadata": {"name": "local", "annotations": annotations},
}}}

test_other_text_is_not_default[text] if {
	some text in ["True", "TRUE", "yes", "1", " true"]
	rule.deny == {{
		"path": ["metadata", "annotations", _stable],
		"args": {"value": text, "name": "local"},
	}} with input as _class({_stable: text})
}

test_what_is_no_text_is_refused[note] if {
	some note, value in {"a boolean": true, "the other": false, "a number": 1}
	rule.deny == {{
		"path": ["metadata", "annotations", _beta],
		"message": "refused",
		"args": {"value": value},
	}} with input as _class({_beta: value})
}

test_what_the_api_reads_is_fine[note] if {
	some note, value in {"yes": "true", "no": "false", "empty": "", "null": null, "template": "{{ .default }}"}
	count(rule.deny) == 0 with input as _class({_stable: value, _beta: value})
}

test_nothing_written_is_fine[note] if {
	some note, annotations in {"none": {}, "null": null, "another": {"example.com/is-default-class": "yes"}}
	count(rule.deny) == 0 with input as _class(annotations)
}

test_a_class_without_a_name if {
	some fault in rule.deny with input as {"document": {"value": {"metadata": {"annotations": {_stable: "yes"}}}}}
	fault.args.name == "it"
}
