package policies.rules.resources["kubelet-eviction-soft-no-grace_test"]

import data.policies.rules.resources["kubelet-eviction-soft-no-grace"] as rule

_base := ["spec", "kubernetes", "kubeletConfiguration"]

test_a_signal_of_ones_own if {
	rule.deny == {{
		"document": 0,
		"path": array.concat(_base, ["evictionSoft", "nodefs.available"]),
		"args": {"signal": "nodefs.available"},
	}} with input.set as [_cluster({"evictionSoft": {"nodefs.available": "15%", "memory.available": "1Gi"}})]
}

test_kubekeys_signal_needs_its_grace_period_too if {
	rule.deny == {{
		"document": 0,
		"path": array.concat(_base, ["evictionSoftGracePeriod"]),
		"message": "default",
		"args": {"signal": "memory.available"},
	}} with input.set as [_cluster({"evictionSoftGracePeriod": {"nodefs.available": "2m"}})]
}

test_kubekey_keeps_its_half if {
	every written in [
		{"evictionSoft": {"memory.available": "15%"}},
		{"evictionSoftGracePeriod": {"memory.available": "5m"}},
		{"evictionSoft": null, "evictionSoftGracePeriod": {}},
		{"evictionSoft": {}, "evictionSoftGracePeriod": {}},
		{"maxPods": 200},
	] {
		count(rule.deny) == 0 with input.set as [_cluster(written)]
	}
}

test_a_file_has_no_other_half if {
	count(rule.deny) == 1 with input.set as [_file({"evictionSoft": {"memory.available": "15%"}})]
	count(rule.deny) == 0 with input.set as [_file({"evictionSoftGracePeriod": {"nodefs.available": "2m"}})]
}

test_both_maps_together_are_sound if {
	value := {"evictionSoft": {"a": "1Gi"}, "evictionSoftGracePeriod": {"a": "2m", "b": "2m"}}
	count(rule.deny) == 0 with input.set as [_file(value)]
}

test_what_is_off_needs_no_grace_period if {
	count(rule.deny) == 0 with input.set as [_file({"evictionSoft": {"a": "0%", "b": "100%"}})]
}

test_what_cannot_be_judged_is_left_alone if {
	every value in [
		{"evictionSoft": {"a": "{{ x }}"}}, {"evictionSoft": {"a": 1}}, {"evictionSoft": "a"},
		{"evictionSoft": {"a": "1Gi"}, "evictionSoftGracePeriod": "{{ x }}"}, {"evictionSoft": {"a": ""}},
	] {
		count(rule.deny) == 0 with input.set as [_file(value)]
	}
}

test_a_drop_in_may_say_otherwise if {
	drop_in := {
		"target": "kubelet-config", "host": "", "file": "kubelet.conf.d/1.conf",
		"value": {"evictionSoftGracePeriod": {"a": "2m"}},
	}
	count(rule.deny) == 0 with input.set as [_file({"evictionSoft": {"a": "1Gi"}}), drop_in]
}

_file(value) := {"target": "kubelet-config", "host": "", "file": "kubelet.yaml", "value": value}

_cluster(written) := {
	"target": "kubekey-cluster", "host": "", "file": "config.yaml",
	"value": {"spec": {"kubernetes": {"kubeletConfiguration": written}}},
}
