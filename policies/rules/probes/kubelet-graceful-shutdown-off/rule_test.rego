package policies.rules.probes["kubelet-graceful-shutdown-off_test"]

import data.policies.rules.probes["kubelet-graceful-shutdown-off"] as rule

test_absent_null_and_zero_are_off if {
	every value in [{}, {"shutdownGracePeriod": null}, {"shutdownGracePeriod": 0}, {"shutdownGracePeriod": "0s"}] {
		rule.deny == {{"document": 0, "path": ["shutdownGracePeriod"], "args": {}}} with input.set as [_file(value)]
	}
}

test_a_period_is_on if {
	every value in [
		{"shutdownGracePeriod": "60s"}, {"shutdownGracePeriod": "{{ x }}"},
		{"shutdownGracePeriodByPodPriority": [{"priority": 0, "shutdownGracePeriodSeconds": 60}]},
	] {
		count(rule.deny) == 0 with input.set as [_file(value)]
	}
	count(rule.deny) == 1 with input.set as [_file({"shutdownGracePeriodByPodPriority": []})]
}

test_kubekeys_file_when_its_block_is_written if {
	path := ["spec", "kubernetes", "kubeletConfiguration", "shutdownGracePeriod"]
	rule.deny == {{"document": 0, "path": path, "args": {}}} with input.set as [_cluster({"maxPods": 200})]
	count(rule.deny) == 0 with input.set as [_cluster({})]
}

test_the_feature_gate_alone_switches_nothing_on if {
	count(rule.deny) == 1 with input.set as [_cluster({"featureGates": {"GracefulNodeShutdown": true}})]
}

test_once_for_a_cluster if {
	rule.deny[_].document == 2 with input.set as [_file({}), _file({}), _cluster({"maxPods": 200})]
	count(rule.deny) == 1 with input.set as [_file({}), _file({}), _cluster({"maxPods": 200})]
}

test_before_1_21_there_is_no_such_thing if {
	count(rule.deny) == 0 with input.set as [object.union(_file({}), {"versions": {"kubernetes": "1.20.15"}})]
	count(rule.deny) == 1 with input.set as [object.union(_file({}), {"versions": {"kubernetes": "1.21.0"}})]
}

test_a_drop_in_may_switch_it_on if {
	drop_in := {"target": "kubelet-config", "host": "", "file": "kubelet.conf.d/1.conf", "value": {"maxPods": 200}}
	count(rule.deny) == 0 with input.set as [_file({}), drop_in]
}

test_where_a_flag_leads_is_not_known if {
	env := {
		"target": "kubelet-env", "host": "", "file": "kubeadm-flags.env",
		"value": {"variables": {"KUBELET_EXTRA_ARGS": "--config-dir=/etc/kubelet.d"}},
	}
	count(rule.deny) == 0 with input.set as [_file({}), env]
}

test_kubekey_4_is_not_asked if {
	config := {
		"target": "kubekey-config", "host": "", "file": "config.yaml",
		"value": {"spec": {"kubernetes": {"kubelet": {"extra_config": {"maxOpenFiles": 1}}}}},
	}
	count(rule.deny) == 0 with input.set as [config]
}

_file(value) := {"target": "kubelet-config", "host": "", "file": "kubelet.yaml", "value": value}

_cluster(written) := {
	"target": "kubekey-cluster", "host": "", "file": "config.yaml",
	"value": {"spec": {"kubernetes": {"kubeletConfiguration": written}}},
}
