package policies.lib.jenkins_test

import data.policies.lib.jenkins
import future.keywords.not

test_the_limit_has_its_path if {
	jenkins.limit == {"path": ["spec", "devops", "jenkinsMemoryLim"], "value": "4Gi"} with input as _cc("3.4.1", "4Gi")
}

test_there_is_no_limit_to_judge[note] if {
	some note, devops in {
		"off": {"enabled": false, "jenkinsMemoryLim": "4Gi"},
		"a text": {"enabled": "true", "jenkinsMemoryLim": "4Gi"},
		"absent": {"enabled": true},
		"null": {"enabled": true, "jenkinsMemoryLim": null},
		"no quantity": {"enabled": true, "jenkinsMemoryLim": "4GB"},
		"a list": {"enabled": true, "jenkinsMemoryLim": ["4Gi"]},
		"a template": {"enabled": true, "jenkinsMemoryLim": "{{ limit }}"},
		"no mapping": "devops",
	}
	not jenkins.limit with input as _document("3.4.1", devops)
	not jenkins.unit with input as _document("3.4.1", devops)
}

test_units_that_java_reads[value] if {
	some value in ["4Gi", "4096Mi", "4G", "4096M", "4000000k", "1T", "4000000000", 4000000000, 1073741824]
	jenkins.limit with input as _cc("3.4.0", value)
	not jenkins.unit with input as _cc("3.4.0", value)
}

test_units_that_java_does_not_read[value] if {
	some value in ["1.5Gi", "4Ti", "4194304Ki", "4e9", "+4Gi", "512m", 1.5]
	jenkins.unit == "unreadable" with input as _cc("3.4.1", value)
}

test_bare_numbers_are_bytes[value] if {
	some value in [4, "4", "4096", 1073741823, 0]
	jenkins.unit == "bytes" with input as _cc("3.4.1", value)
}

test_only_3_4_makes_an_option_of_java_of_it if {
	not jenkins.unit with input as _cc("3.3.2", "1.5Gi")
	not jenkins.unit with input as json.remove(_cc("", "1.5Gi"), ["document/versions/kubesphere"])
}

_cc(version, value) := _document(version, {"enabled": true, "jenkinsMemoryLim": value})

_document(version, devops) := {"document": {
	"target": "cluster-configuration",
	"value": {"spec": {"devops": devops}},
	"versions": {"kubesphere": version},
}}
