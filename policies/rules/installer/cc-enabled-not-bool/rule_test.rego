package policies.rules.installer["cc-enabled-not-bool_test"]

import data.policies.rules.installer["cc-enabled-not-bool"] as rule
import future.keywords.not

test_words_that_mean_false_are_true if {
	every word in ["false", "False", "FALSE", "no", "off", "n", "0", "disabled", " false "] {
		rule.deny == {{
			"path": ["spec", "devops", "enabled"],
			"args": {"field": "devops.enabled", "value": word},
		}} with input as _cc("3.4.1", {"devops": {"enabled": word}})
	}
}

test_they_are_true_wherever_a_condition_asks if {
	every spec in [
		{"common": {"redis": {"enabled": "false"}}},
		{"common": {"es": {"basicAuth": {"enabled": "false"}}}},
		{"edgeruntime": {"kubeedge": {"enabled": "false"}}},
		{"logging": {"logsidecar": {"enabled": "false"}}},
	] {
		some fault in rule.deny with input as _cc("3.4.1", spec)
		not fault.message
	}
}

test_other_words_are_half_true if {
	every spec in [
		{"logging": {"enabled": "true"}},
		{"edgeruntime": {"kubeedge": {"enabled": "yes"}}},
		{"common": {"opensearch": {"basicAuth": {"enabled": "true"}}}},
	] {
		{fault.message | some fault in rule.deny} == {"half"} with input as _cc("3.4.1", spec)
	}
}

test_a_comparison_takes_every_text_for_false if {
	every spec in [
		{"etcd": {"monitoring": "true"}},
		{"etcd": {"tlsEnable": "true"}},
		{"metrics_server": {"enabled": "true"}},
		{"monitoring": {"gpu": {"nvidia_dcgm_exporter": {"enabled": "true"}}}},
	] {
		{fault.message | some fault in rule.deny} == {"unused"} with input as _cc("3.4.1", spec)
	}
	every spec in [{"etcd": {"monitoring": "false"}}, {"gatekeeper": {"enabled": "off"}}] {
		count(rule.deny) == 0 with input as _cc("3.4.1", spec)
	}
}

test_the_runner_of_three_zero_compares if {
	{fault.message | some fault in rule.deny} == {"unused"} with input as _cc("3.0.0", {"logging": {"enabled": "true"}})
	count(rule.deny) == 0 with input as _cc("3.0.0", {"logging": {"enabled": "false"}})
}

test_an_unknown_version_is_judged_as_a_later_one if {
	document := {"target": "cluster-configuration", "value": {"spec": {"logging": {"enabled": "false"}}}}
	count(rule.deny) == 1 with input as {"document": document}
}

test_a_text_that_is_only_asked_for_truth_may_say_true if {
	every spec in [
		{"common": {"redis": {"enabled": "true"}}},
		{"openpitrix": {"store": {"enabled": "true"}}},
		{"network": {"networkpolicy": {"enabled": "true"}}},
	] {
		count(rule.deny) == 0 with input as _cc("3.4.1", spec)
	}
}

test_everything_else_is_sound if {
	every x in [true, false, null, "", 0, 1, "{{ enabled }}", [], ["false"], {"enabled": false}] {
		count(rule.deny) == 0 with input as _cc("3.4.1", {"logging": {"enabled": x}})
		count(rule.deny) == 0 with input as _cc("3.4.1", {"logging": x, "monitoring": x, "etcd": x, "nodeSelector": x})
	}
	every spec in [null, "", "spec", [{"enabled": "false"}], 3] {
		count(rule.deny) == 0 with input as _cc("3.4.1", spec)
	}
}

_cc(version, spec) := {"document": {
	"target": "cluster-configuration",
	"versions": {"kubesphere": version},
	"value": {"spec": spec},
}}
