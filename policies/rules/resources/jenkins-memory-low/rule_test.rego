package policies.rules.resources["jenkins-memory-low_test"]

import data.policies.rules.resources["jenkins-memory-low"] as rule

test_less_than_was_ever_shipped[value] if {
	some value in ["1Gi", "1536Mi", "1999M", "512Mi"]
	rule.deny == {{
		"path": ["spec", "devops", "jenkinsMemoryLim"],
		"args": {"value": value},
	}} with input as _cc("3.4.1", {"jenkinsMemoryLim": value, "jenkinsMemoryReq": "512Mi"})
}

test_what_was_shipped_is_fine[value] if {
	some value in ["2Gi", "2G", "2048Mi", "4Gi", "8Gi", 4000000000]
	count(rule.deny) == 0 with input as _cc("3.2.1", {"jenkinsMemoryLim": value})
}

test_a_limit_of_0_is_none if {
	count(rule.deny) == 0 with input as _cc("3.3.2", {"jenkinsMemoryLim": 0})
}

test_a_wrong_unit_is_another_fault_in_3_4 if {
	every value in ["1.5Gi", "512m", 512, "1048576Ki"] {
		count(rule.deny) == 0 with input as _cc("3.4.1", {"jenkinsMemoryLim": value})
		count(rule.deny) == 1 with input as _cc("3.3.2", {"jenkinsMemoryLim": value})
	}
}

test_a_request_above_the_limit_is_another_fault if {
	count(rule.deny) == 0 with input as _cc("3.4.1", {"jenkinsMemoryLim": "1Gi", "jenkinsMemoryReq": "2Gi"})
	count(rule.deny) == 1 with input as _cc("3.4.1", {"jenkinsMemoryLim": "1Gi", "jenkinsMemoryReq": "1024Mi"})
	count(rule.deny) == 1 with input as _cc("3.4.1", {"jenkinsMemoryLim": "1Gi", "jenkinsMemoryReq": "4 Gi"})
	count(rule.deny) == 1 with input as _cc("3.3.2", {"jenkinsMemoryLim": "512m", "jenkinsMemoryReq": "2Gi"})
}

test_what_is_no_quantity_is_left_alone[value] if {
	some value in ["1GB", "", "{{ limit }}", null, ["1Gi"], true]
	count(rule.deny) == 0 with input as _cc("3.4.1", {"jenkinsMemoryLim": value})
}

test_devops_must_be_enabled if {
	count(rule.deny) == 0 with input as _cc("3.4.1", {"enabled": false, "jenkinsMemoryLim": "1Gi"})
	count(rule.deny) == 0 with input as _cc("3.4.1", {"enabled": "true", "jenkinsMemoryLim": "1Gi"})
	count(rule.deny) == 0 with input as _cc("3.4.1", {})
}

test_the_bound_is_a_parameter if {
	count(rule.deny) == 1 with input as object.union(
		_cc("3.4.1", {"jenkinsMemoryLim": "4Gi"}),
		{"parameters": {"jenkins-memory-low": {"memory": "8Gi"}}},
	)
}

_cc(version, settings) := {
	"document": {
		"target": "cluster-configuration",
		"value": {"spec": {"devops": object.union({"enabled": true}, settings)}},
		"versions": {"kubesphere": version},
	},
	"parameters": {"jenkins-memory-low": {"memory": "2G"}},
}
