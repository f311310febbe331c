package policies.rules.yaml["yaml-tab_test"]

import data.policies.rules.yaml["yaml-tab"] as rule

test_a_tab_is_refused if {
	rule.deny == {{"path": [], "args": {}}} with input as _refused("tab", ["any-yaml"])
}

test_another_syntax_error_is_no_tab if {
	count(rule.deny) == 0 with input as _refused("syntax", ["any-yaml"])
}

test_the_rule_on_kubesphere_config_speaks_there if {
	count(rule.deny) == 0 with input as _refused("tab", ["kubesphere-config", "any-yaml"])
}

test_what_can_be_read_is_fine if {
	count(rule.deny) == 0 with input as {"document": {"targets": ["any-yaml"], "value": {}, "yaml": {"doubled": []}}}
}

_refused(kind, targets) := {"document": {
	"target": "any-yaml",
	"targets": targets,
	"yaml": {"nodes": {}, "doubled": [], "error": {"kind": kind, "line": 2, "column": 1}},
}}
