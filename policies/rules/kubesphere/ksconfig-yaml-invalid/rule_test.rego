package policies.rules.kubesphere["ksconfig-yaml-invalid_test"]

import data.policies.rules.kubesphere["ksconfig-yaml-invalid"] as rule

test_bad_indentation_cannot_be_parsed if {
	rule.deny == {{"path": [], "args": {}}} with input as _refused("syntax")
}

test_a_tab_is_named if {
	rule.deny == {{"path": [], "args": {}, "message": "tab"}} with input as _refused("tab")
}

test_json_that_cannot_be_parsed_has_no_yaml if {
	count(rule.deny) == 1 with input as {"document": {"target": "kubesphere-config", "versions": {}}}
}

test_a_bare_text_is_no_mapping if {
	some text in ["authentication", ["authentication"], 1, false]
	rule.deny == {{"path": [], "args": {}, "message": "no_mapping"}} with input as _read(text, [], {})
}

test_false_is_a_value if {
	rule.deny == {{"path": [], "args": {}, "message": "no_mapping"}} with input as _read(false, [], {})
}

test_an_empty_text_can_be_read if {
	count(rule.deny) == 0 with input as _read(null, [], {})
}

test_a_doubled_key_stops_4_by_its_issuer if {
	rule.deny == {{
		"path": ["terminal"],
		"args": {"key": "terminal"},
		"message": "doubled",
	}} with input as _read({"authentication": {"issuer": {}}}, [_twice], {})
}

test_a_doubled_key_stops_4_as_the_set_says if {
	count(rule.deny) == 1 with input as _read({}, [_twice], {"kubesphere": "4.1.3"})
}

test_a_doubled_key_is_fine_in_3 if {
	count(rule.deny) == 0 with input as _read({}, [_twice], {"kubesphere": "3.4.1"})
	count(rule.deny) == 0 with input as _read({"authentication": {"oauthOptions": {"issuer": "x"}}}, [_twice], {})
}

test_nothing_doubled_in_4_is_fine if {
	count(rule.deny) == 0 with input as _read({"authentication": {"issuer": {}}}, [], {})
}

_twice := {"path": ["terminal"], "key": "terminal", "same": true, "mapping": []}

_read(value, doubled, versions) := {"document": {
	"target": "kubesphere-config",
	"value": value,
	"versions": versions,
	"yaml": {"nodes": {}, "doubled": doubled},
}}

_refused(kind) := {"document": {
	"target": "kubesphere-config",
	"versions": {},
	"yaml": {"nodes": {}, "doubled": [], "error": {"kind": kind, "line": 2, "column": 1}},
}}
