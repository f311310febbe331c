package policies.rules.network["cidr-pod-service-overlap_test"]

import data.policies.rules.network["cidr-pod-service-overlap"] as rule

test_one_widened_range_reaches_the_default_of_the_other if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "network", "kubePodsCIDR"],
		"message": "services",
		"args": {"pods": "10.233.0.0/16", "services": "10.233.0.0/18"},
	}} with input as _cluster({"kubePodsCIDR": "10.233.0.0/16"})
}

test_services_reach_the_default_pods if {
	some fault in rule.deny with input as _cluster({"kubeserviceCIDR": "10.233.0.0/17"})
	fault.message == "pods"
	fault.path == ["spec", "network", "kubeserviceCIDR"]
}

test_both_are_written if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "network", "kubePodsCIDR"],
		"args": {"pods": "10.0.0.0/9", "services": "10.96.0.0/12"},
	}} with input as _cluster({"kubePodsCIDR": "10.0.0.0/9", "kubeServiceCIDR": "10.96.0.0/12"})
}

test_defaults_are_sound if {
	count(rule.deny) == 0 with input as _cluster({})
}

test_halves_side_by_side_are_sound if {
	count(rule.deny) == 0 with input as _cluster({"kubePodsCIDR": "10.0.0.0/17", "kubeServiceCIDR": "10.0.128.0/17"})
}

test_families_do_not_meet if {
	count(rule.deny) == 0 with input as _cluster({"kubePodsCIDR": "10.0.0.0/17", "kubeServiceCIDR": "fd00::/108"})
}

test_anything_but_ranges_is_another_fault if {
	every value in [10, ["10.233.0.0/16"], {}, true, "10.233.0.0", "nonsense", "{{ pods }}", ",", null, ""] {
		count(rule.deny) == 0 with input as _cluster({"kubePodsCIDR": value})
	}
	every network in [null, "", [], 1] {
		count(rule.deny) == 0 with input as _cluster(network)
	}
}

test_v4_fills_in_the_default if {
	some fault in rule.deny with input as {"set": [_config({"cni": {"pod_cidr": "10.233.0.0/16"}})]}
	fault.message == "services"
	fault.path == ["spec", "cni", "pod_cidr"]
}

test_v4_reads_the_variables_of_the_inventory if {
	rule.deny == {{
		"document": 1,
		"path": ["spec", "vars", "cni", "pod_cidr"],
		"message": "services",
		"args": {"pods": "10.233.0.0/16", "services": "10.233.0.0/18"},
	}} with input as {"set": [_config({}), _inventory({"cni": {"pod_cidr": "10.233.0.0/16"}})]}
}

test_v4_config_wins_over_the_inventory if {
	count(rule.deny) == 0 with input as {"set": [
		_config({"cni": {"pod_cidr": "10.1.0.0/16"}}),
		_inventory({"cni": {"pod_cidr": "10.233.0.0/16"}}),
	]}
}

test_v4_several_inventories_are_not_guessed if {
	other := _inventory({"cni": {"service_cidr": "10.96.0.0/16"}})
	count(rule.deny) == 0 with input as {"set": [
		_config({"cni": {"pod_cidr": "10.233.0.0/16"}}), other, _inventory({}),
	]}
}

test_v4_inventory_alone_is_judged_by_what_it_says if {
	both := {"cni": {"pod_cidr": "10.0.0.0/8", "service_cidr": "10.96.0.0/16"}}
	count(rule.deny) == 1 with input as {"set": [_inventory(both)]}
	count(rule.deny) == 0 with input as {"set": [_inventory({"cni": {"pod_cidr": "10.233.0.0/16"}})]}
}

_cluster(network) := {"set": [{
	"target": "kubekey-cluster",
	"value": {"kind": "Cluster", "spec": {"network": network}},
}]}

_config(spec) := {"target": "kubekey-config", "value": {"kind": "Config", "spec": spec}}

_inventory(variables) := {"target": "kubekey-inventory", "value": {"kind": "Inventory", "spec": {"vars": variables}}}

test_a_kubeadm_file_alone if {
	some fault in rule.deny with input as {"set": [_kubeadm("10.96.0.0/12", "10.96.0.0/16")]}
	fault.path == ["networking", "podSubnet"]
	count(rule.deny) == 0 with input as {"set": [_kubeadm("10.96.0.0/16", "10.97.0.0/16")]}
}

test_a_kubeadm_file_beside_a_cluster_is_its_work if {
	count(rule.deny) == 0 with input as {"set": [
		_kubeadm("10.96.0.0/12", "10.96.0.0/16"),
		{"target": "kubekey-cluster", "value": {"spec": {}}},
	]}
}

_kubeadm(pods, services) := {
	"target": "kubeadm-config",
	"value": {"networking": {"podSubnet": pods, "serviceSubnet": services}},
}
