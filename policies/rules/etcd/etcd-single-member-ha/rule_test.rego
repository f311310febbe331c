package policies.rules.etcd["etcd-single-member-ha_test"]

import data.policies.rules.etcd["etcd-single-member-ha"] as rule

test_one_member_under_two_masters if {
	rule.deny == {{
		"document": 1,
		"path": ["spec", "roleGroups", "etcd"],
		"args": {"member": "a", "count": 2},
	}} with input as {"set": [_config({}), _cluster({"etcd": ["a"], "master": ["a"], "control-plane": ["b"]}, {})]}
}

test_a_host_named_twice_is_one_member if {
	_found({"etcd": ["a", "a"], "control-plane": ["n[1:3]"]}, {}) == 1
}

test_kubeadm_on_k3s_is_kk_etcd if {
	_found({"etcd": ["a"], "control-plane": ["a", "b"]}, {"etcd": {"type": "kubeadm"}, "kubernetes": {"type": "k3s"}}) == 1
}

test_other_counts_are_fine if {
	every groups in [
		{"etcd": ["a"], "control-plane": ["a"]},
		{"etcd": ["a"], "master": ["a"], "control-plane": ["a"]},
		{"etcd": ["a", "b", "c"], "control-plane": ["a", "b", "c"]},
		{"etcd": ["a", "b"], "control-plane": ["a", "b"]},
		{"etcd": [], "control-plane": ["a", "b"]},
		{"control-plane": ["a", "b"]},
		{"etcd": ["a"]},
		{"etcd": ["{{ a }}"], "control-plane": ["a", "b"]},
		{"etcd": ["a"], "control-plane": ["a", "{{ b }}"]},
	] {
		_found(groups, {}) == 0
	}
}

test_etcd_that_kk_does_not_run if {
	every type in ["external", "kubeadm", "Kubekey"] {
		_found({"etcd": ["a"], "control-plane": ["a", "b"]}, {"etcd": {"type": type}}) == 0
	}
}

test_v4_counts_groups if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "groups", "etcd"],
		"args": {"member": "a", "count": 2},
	}} with input as {"set": [_inventory({})]}
}

test_v4_asks_every_config if {
	_found4([]) == 1
	_found4([{"etcd": {"deployment_type": "external"}}]) == 1
	_found4([{}, {"etcd": null}]) == 1
	_found4([{"etcd": {"deployment_type": "internal"}}]) == 0
	_found4([{}, {"etcd": {"deployment_type": "internal"}}]) == 0
	_found4([{"etcd": {"deployment_type": "{{ x }}"}}]) == 0
	_found4([{"etcd": {"deployment_type": "kubeadm"}}]) == 0
}

test_v4_variables_of_the_inventory_say_it_too if {
	count(rule.deny) == 0 with input as {"set": [_inventory({"etcd": {"deployment_type": "internal"}})]}
}

_found(groups, spec) := n if {
	n := count(rule.deny) with input as {"set": [_cluster(groups, spec)]}
}

_found4(configs) := n if {
	n := count(rule.deny) with input as {"set": array.concat([_config(c) | some c in configs], [_inventory({})])}
}

_cluster(groups, spec) := {
	"target": "kubekey-cluster",
	"value": {"spec": object.union(spec, {"roleGroups": groups})},
}

_config(spec) := {"target": "kubekey-config", "value": {"spec": spec}}

_inventory(vars) := {"target": "kubekey-inventory", "value": {"spec": {"vars": vars, "groups": {
	"etcd": {"hosts": ["a"]},
	"kube_control_plane": {"groups": ["masters"]},
	"masters": {"hosts": ["a", "b"]},
}}}}
