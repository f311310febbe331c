package policies.rules.resources["kubelet-eviction-no-disk_test"]

import data.policies.rules.resources["kubelet-eviction-no-disk"] as rule

test_memory_alone_leaves_the_disk if {
	rule.deny == {{
		"document": 0,
		"path": ["evictionHard"],
		"args": {},
	}} with input.set as [_file({"evictionHard": {"memory.available": "5%", "imagefs.available": "15%"}})]
}

test_a_threshold_may_be_off if {
	every threshold in ["0%", "100%"] {
		rule.deny == {{
			"document": 0,
			"path": ["evictionHard", "nodefs.available"],
			"message": "off",
			"args": {"threshold": threshold},
		}} with input.set as [_file({"evictionHard": {"nodefs.available": threshold}})]
	}
}

test_an_empty_map_counts_where_the_kubelet_reads_it if {
	count(rule.deny) == 1 with input.set as [_file({"evictionHard": {}})]
	count(rule.deny) == 0 with input.set as [_cluster({"evictionHard": {}})]
	kubeadm := {"target": "kubeadm-config", "host": "", "file": "kubelet.yaml", "value": {"kind": "InitConfiguration"}}
	count(rule.deny) == 0 with input.set as [_file({"evictionHard": {}}), kubeadm]
}

test_only_what_is_written_in_kubekeys_file if {
	count(rule.deny) == 0 with input.set as [_cluster({"maxPods": 200})]
	count(rule.deny) == 1 with input.set as [_cluster({"evictionHard": {"memory.available": "5%"}})]
}

test_absent_and_null_have_the_built_in_thresholds if {
	every value in [{}, {"evictionHard": null}] {
		count(rule.deny) == 0 with input.set as [_file(value)]
	}
}

test_sound_settings if {
	every more in [
		{"evictionHard": {"nodefs.available": "10%"}},
		{"evictionSoft": {"nodefs.available": "15%"}},
		{"mergeDefaultEvictionSettings": true},
	] {
		value := object.union({"evictionHard": {"memory.available": "5%"}}, more)
		count(rule.deny) == 0 with input.set as [_file(value)]
	}
}

test_what_cannot_be_judged_is_left_alone if {
	every value in [
		{"evictionHard": "{{ x }}"}, {"evictionHard": []}, {"evictionHard": {"memory.available": 5}},
		{"evictionHard": {"nodefs.available": "{{ x }}"}},
		{"evictionHard": {"memory.available": "5%"}, "evictionSoft": "{{ x }}"},
		{"evictionHard": {"memory.available": "5%"}, "mergeDefaultEvictionSettings": "{{ x }}"},
	] {
		count(rule.deny) == 0 with input.set as [_file(value)]
	}
}

test_a_flag_may_say_otherwise if {
	env := {
		"target": "kubelet-env", "host": "", "file": "kubeadm-flags.env",
		"value": {"variables": {"KUBELET_EXTRA_ARGS": "--eviction-hard=nodefs.available<10%"}},
	}
	count(rule.deny) == 0 with input.set as [_file({"evictionHard": {"memory.available": "5%"}}), env]
}

_file(value) := {"target": "kubelet-config", "host": "", "file": "kubelet.yaml", "value": value}

_cluster(written) := {
	"target": "kubekey-cluster", "host": "", "file": "config.yaml",
	"value": {"spec": {"kubernetes": {"kubeletConfiguration": written}}},
}
