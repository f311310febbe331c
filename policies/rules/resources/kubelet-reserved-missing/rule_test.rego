package policies.rules.resources["kubelet-reserved-missing_test"]

import data.policies.rules.resources["kubelet-reserved-missing"] as rule

test_two_empty_maps_reserve_nothing if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "kubernetes", "kubeletConfiguration", "kubeReserved"],
		"args": {"keys": "kubeReserved, systemReserved"},
		"message": "kubekey",
	}} with input.set as [_cluster({"kubeReserved": {}, "systemReserved": {}})]
}

test_a_file_has_nothing_to_fall_back_on if {
	rule.deny == {{
		"document": 0,
		"path": ["systemReserved"],
		"args": {"keys": "systemReserved"},
	}} with input.set as [_file({"systemReserved": {"cpu": "1"}})]
}

test_no_memory_and_none_of_it_are_the_same if {
	every map in [{}, {"cpu": "500m"}, {"memory": "0"}, {"memory": "0Mi"}] {
		count(rule.deny) == 1 with input.set as [_file({"kubeReserved": map})]
	}
}

test_one_that_reserves_is_enough if {
	every value in [
		{"kubeReserved": {}, "systemReserved": {"memory": "1Gi"}},
		{"kubeReserved": {"memory": "250Mi"}},
	] {
		count(rule.deny) == 0 with input.set as [_file(value)]
	}
	count(rule.deny) == 0 with input.set as [_cluster({"kubeReserved": {}})]
}

test_neither_is_written if {
	count(rule.deny) == 0 with input.set as [_file({"maxPods": 110}), _cluster({"maxPods": 110})]
	count(rule.deny) == 0 with input.set as [_file({"kubeReserved": null, "systemReserved": null})]
}

test_null_replaces_what_kubekey_writes if {
	count(rule.deny) == 1 with input.set as [_cluster({"kubeReserved": null, "systemReserved": null})]
}

test_what_cannot_be_judged_is_left_alone if {
	every map in ["{{ reserved }}", [], {"memory": "{{ m }}"}, {"memory": 0}, {"memory": "much"}, {"memory": ""}] {
		count(rule.deny) == 0 with input.set as [_file({"kubeReserved": map})]
	}
}

test_other_places_reserve_too if {
	count(rule.deny) == 0 with input.set as [_file({"kubeReserved": {}, "reservedMemory": [{"numaNode": 0}]})]
	every flag in ["kube-reserved", "system-reserved", "reserved-memory"] {
		env := {
			"target": "kubelet-env", "host": "", "file": "kubeadm-flags.env",
			"value": {"variables": {"A": sprintf("--%s=memory=1Gi", [flag])}},
		}
		count(rule.deny) == 0 with input.set as [_file({"kubeReserved": {}}), env]
	}
}

_file(value) := {"target": "kubelet-config", "host": "", "file": "kubelet.yaml", "value": value}

_cluster(written) := {
	"target": "kubekey-cluster", "host": "", "file": "config.yaml",
	"value": {"spec": {"kubernetes": {"kubeletConfiguration": written}}},
}
