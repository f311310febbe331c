package policies.rules.resources["jenkins-memory-unit_test"]

import data.policies.rules.resources["jenkins-memory-unit"] as rule

test_java_gets_what_it_does_not_read[value] if {
	some value, flag in {"1.5Gi": "1.5G", "4Ti": "4Ti", "4194304Ki": "4194304Ki", "4e9": "4e9", "1.5Mi": "1.5M"}
	rule.deny == {{"path": _path, "args": {"value": value, "flag": flag}}} with input as _cc(value)
}

test_a_bare_number_counts_bytes[value] if {
	some value in ["4", 4, 4096, "1073741823"]
	rule.deny == {{"path": _path, "args": {"value": value}, "message": "bytes"}} with input as _cc(value)
}

test_what_java_reads_is_fine[value] if {
	some value in ["4Gi", "4096Mi", "4G", "4096M", "4000000000", 4000000000, "2Gi"]
	count(rule.deny) == 0 with input as _cc(value)
}

test_what_is_no_quantity_is_another_fault[value] if {
	some value in ["4GB", "4 Gi", "", "{{ limit }}", null, ["4Gi"], {"memory": "4Gi"}]
	count(rule.deny) == 0 with input as _cc(value)
}

test_devops_must_be_enabled if {
	every enabled, wanted in {false: 0, "true": 0, 1: 1, true: 1} {
		switch := {"document": {"value": {"spec": {"devops": {"enabled": enabled}}}}}
		count(rule.deny) == wanted with input as object.union(_cc("1.5Gi"), switch)
	}
}

_path := ["spec", "devops", "jenkinsMemoryLim"]

_cc(value) := {"document": {
	"target": "cluster-configuration",
	"value": {"spec": {"devops": {"enabled": true, "jenkinsMemoryLim": value}}},
	"versions": {"kubesphere": "3.4.1"},
}}
