package policies.rules.network["cidr-node-overlap_test"]

import data.policies.rules.network["cidr-node-overlap"] as rule
import future.keywords.not

test_a_node_in_the_service_range if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "network", "kubeServiceCIDR"],
		"args": {
			"field": "network.kubeServiceCIDR",
			"range": "192.168.0.0/18",
			"address": "192.168.1.10",
			"owner": "a",
		},
	}} with input as _cluster({"kubeServiceCIDR": "192.168.0.0/18"}, {})
}

test_a_default_range_says_so if {
	some fault in rule.deny with input as _with_host({"name": "a", "address": "10.233.64.9"})
	fault.message == "default"
	fault.path == ["spec", "network", "kubePodsCIDR"]
}

test_the_first_of_several_stands_for_all if {
	some fault in rule.deny with input as _cluster({"kubePodsCIDR": "192.168.0.0/16"}, {})
	fault.args.owner == "a"
}

test_the_second_part_of_a_host_counts if {
	rule.deny[fault].args.address == "fd00::2" with input as _cluster({"kubePodsCIDR": "10.1.0.0/16,fd00::/64"}, {})
}

test_hosts_without_a_role_do_not_count if {
	count(rule.deny) == 0 with input as _cluster({"kubePodsCIDR": "172.16.0.0/16"}, {})
}

test_the_address_for_ssh_does_not_count if {
	count(rule.deny) == 0 with input as _cluster({"kubePodsCIDR": "10.8.0.0/16"}, {})
}

test_addresses_of_other_fields if {
	every fields in [
		{"controlPlaneEndpoint": {"address": "10.8.0.1"}},
		{"etcd": {"external": {"endpoints": ["https://10.8.0.1:2379"]}}},
		{"etcd": {"external": {"endpoints": ["https://[fd00:8::1]:2379"]}}},
	] {
		some fault in rule.deny with input as _cluster({"kubePodsCIDR": "10.8.0.0/16,fd00:8::/64"}, fields)
		not fault.message
	}
}

test_a_registry_is_a_warning if {
	every fields in [
		{"registry": {"privateRegistry": "10.8.0.1"}},
		{"registry": {"privateRegistry": "10.8.0.1:5000/library"}},
		{"registry": {"insecureRegistries": ["hub.local", "10.8.0.1:5000"]}},
	] {
		{fault.message | some fault in rule.deny} == {"registry"} with input as _cluster(
			{"kubePodsCIDR": "10.8.0.0/16"},
			fields,
		)
	}
}

test_a_registry_on_a_node_is_the_node if {
	some fault in rule.deny with input as _cluster(
		{"kubePodsCIDR": "192.168.0.0/16"},
		{"registry": {"privateRegistry": "192.168.1.10:5000"}},
	)
	not fault.message
}

test_a_registry_in_the_default_range if {
	{fault.message | some fault in rule.deny} == {"registry-default"} with input as _cluster(
		{},
		{"registry": {"privateRegistry": "10.233.0.9"}},
	)
}

test_what_is_no_address_is_not_compared if {
	every text in ["registry.local", "10.8.0.0/24", "{{ registry }}", "", 10, ["x"], {}, null, true, "10.8.0.999"] {
		count(rule.deny) == 0 with input as _cluster(
			{"kubePodsCIDR": "10.8.0.0/16"},
			{"registry": {"privateRegistry": text, "insecureRegistries": [text]}, "etcd": {"external": text}},
		)
	}
}

test_v4_hosts_come_from_the_inventory if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "cni", "pod_cidr"],
		"args": {"field": "cni.pod_cidr", "range": "10.0.0.0/16", "address": "10.0.0.11", "owner": "a"},
	}} with input as {"set": [_config({"cni": {"pod_cidr": "10.0.0.0/16"}}), _inventory({})]}
}

test_v4_ranges_may_stand_in_the_inventory if {
	some fault in rule.deny with input as {"set": [
		_config({}),
		_inventory({"cni": {"service_cidr": "10.0.0.0/16"}}),
	]}
	fault.document == 1
	fault.path == ["spec", "vars", "cni", "service_cidr"]
}

test_v4_a_config_alone_knows_its_endpoint if {
	some fault in rule.deny with input as {"set": [_config({"kubernetes": {"control_plane_endpoint": {
		"type": "kube-vip",
		"kube_vip": {"address": "10.233.0.10"},
	}}})]}
	fault.message == "default"
	fault.path == ["spec", "cni", "service_cidr"]
}

test_v4_what_is_missing_is_not_checked if {
	rule.unchecked == {{"needs": "the one Inventory that belongs to this Config", "document": 0}} with input as {"set": [
		_config({"cni": {"pod_cidr": "10.0.0.0/16"}}),
	]}
	rule.unchecked == {{"needs": "the Config that belongs to this Inventory", "document": 0}} with input as {"set": [
		_inventory({}),
	]}
	count(rule.unchecked) == 0 with input as {"set": [_config({}), _inventory({})]}
}

test_v4_several_inventories_are_not_guessed if {
	two := {"set": [_config({"cni": {"pod_cidr": "10.0.0.0/16"}}), _inventory({}), _inventory({})]}
	count(rule.deny) == 0 with input as two
	count(rule.unchecked) == 1 with input as two
}

_cluster(network, more) := {"set": [{"target": "kubekey-cluster", "value": {"spec": object.union(more, {
	"hosts": [
		{"name": "a", "address": "10.8.0.5", "internalAddress": "192.168.1.10,fd00::2"},
		{"name": "b", "address": "192.168.1.11"},
		{"name": "unused", "address": "172.16.0.4"},
	],
	"roleGroups": {"etcd": ["a"], "master": ["a"], "worker": ["a", "b"]},
	"network": network,
})}}]}

_with_host(host) := {"set": [{
	"target": "kubekey-cluster",
	"value": {"spec": {"hosts": [host], "roleGroups": {"worker": [host.name]}}},
}]}

_config(spec) := {"target": "kubekey-config", "value": {"spec": spec}}

_inventory(variables) := {"target": "kubekey-inventory", "value": {"spec": {
	"hosts": {"a": {"internal_ipv4": "10.0.0.11"}, "lb": {"internal_ipv4": "10.0.0.12"}},
	"groups": {
		"k8s_cluster": {"groups": ["kube_control_plane"]},
		"kube_control_plane": {"hosts": ["a"]},
	},
	"vars": variables,
}}}
