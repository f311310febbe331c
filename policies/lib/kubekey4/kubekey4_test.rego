package policies.lib.kubekey4_test

import data.policies.lib.kubekey4
import future.keywords.not

_config(spec) := {"apiVersion": "kubekey.kubesphere.io/v1", "kind": "Config", "spec": spec}

_inventory(spec) := {"apiVersion": "kubekey.kubesphere.io/v1", "kind": "Inventory", "spec": spec}

_vars(vars) := _inventory({"vars": vars})

_grouped(groups) := _inventory({"groups": groups})

_type := ["etcd", "deployment_type"]

test_config_wins_over_inventory if {
	config := _config({"etcd": {"deployment_type": "internal"}})
	kubekey4.setting(config, _vars({"etcd": {"deployment_type": "external"}}), _type) == {
		"path": ["spec", "etcd", "deployment_type"],
		"value": "internal",
		"in": "config",
	}
}

test_inventory_fills_what_config_leaves_out if {
	every config in [null, _config({}), _config(null), _config({"etcd": {}}), _config({"etcd": {"port": 2379}})] {
		kubekey4.setting(config, _vars({"etcd": {"deployment_type": "internal"}}), _type) == {
			"path": ["spec", "vars", "etcd", "deployment_type"],
			"value": "internal",
			"in": "inventory",
		}
	}
}

test_null_and_scalars_in_config_hide_the_inventory if {
	every etcd in [null, "x", {"deployment_type": null}] {
		not kubekey4.setting(_config({"etcd": etcd}), _vars({"etcd": {"deployment_type": "internal"}}), _type)
	}
}

test_a_mapping_in_config_hides_the_inventorys if {
	found := kubekey4.setting(_config({"etcd": {"env": {}}}), _vars({"etcd": {"env": {"token": "x"}}}), ["etcd", "env"])
	found.in == "config"
	found.value == {}
}

test_empty_text_is_a_setting if {
	kubekey4.setting(_config({"etcd": {"deployment_type": ""}}), null, _type).value == ""
}

test_a_template_is_no_setting if {
	template := {"etcd": {"deployment_type": "{{ .type }}"}}
	not kubekey4.setting(_config(template), _vars({"etcd": {"deployment_type": "internal"}}), _type)
	not kubekey4.setting(null, _vars(template), _type)
	not kubekey4.effective(_config(template), null, _type)
	not kubekey4.effective(null, _vars(template), _type)
}

test_what_is_written_is_effective if {
	kubekey4.effective(_config({"etcd": {"deployment_type": "internal"}}), null, _type).in == "config"
}

test_else_the_default_is if {
	kubekey4.effective(null, null, ["cni", "pod_cidr"]) == {
		"path": ["spec", "cni", "pod_cidr"],
		"value": "10.233.64.0/18",
		"in": "default",
	}
	kubekey4.effective(_config({}), _vars({}), ["etcd", "env", "election_timeout"]).value == 5000
}

test_some_settings_have_no_default if {
	not kubekey4.effective(null, null, ["kubernetes", "kube_version"])
	not kubekey4.effective(null, null, ["dns", "coredns", "zone_configs", 0])
}

test_hosts_come_with_their_facts if {
	host := {"internal_ipv4": "10.0.0.1", "connector": {"type": "ssh", "host": "1.2.3.4", "port": 2222}}
	kubekey4.hosts(_inventory({"hosts": {"n1": host}})) == [{
		"path": ["spec", "hosts", "n1"],
		"value": host,
		"name": "n1",
		"internal_ipv4": "10.0.0.1",
		"internal_ipv6": "",
		"address": "1.2.3.4",
		"type": "ssh",
		"port": 2222,
	}]
}

test_a_host_may_be_null if {
	kubekey4.hosts(_inventory({"hosts": {"localhost": null}})) == [{
		"path": ["spec", "hosts", "localhost"],
		"value": {},
		"name": "localhost",
		"internal_ipv4": "",
		"internal_ipv6": "",
		"address": "",
		"type": "",
		"port": 22,
	}]
}

test_a_group_gives_the_address_of_those_it_lists if {
	hosts := kubekey4.hosts(_inventory({
		"hosts": {"n1": {}, "n2": {}, "n3": {"internal_ipv4": "10.0.0.3"}},
		"groups": {
			"a": {"hosts": ["n1", "n3"], "vars": {"internal_ipv4": "10.0.0.1"}},
			"b": {"groups": ["a"], "hosts": ["n2"], "vars": {"internal_ipv4": "", "zone": "x"}},
		},
	}))
	{h.name: h.internal_ipv4 | some h in hosts} == {"n1": "10.0.0.1", "n2": "", "n3": "10.0.0.3"}
}

test_groups_that_disagree_leave_the_address_open if {
	hosts := kubekey4.hosts(_inventory({"hosts": {"n1": {}}, "groups": {
		"a": {"hosts": ["n1"], "vars": {"internal_ipv4": "10.0.0.1"}},
		"b": {"hosts": ["n1"], "vars": {"internal_ipv4": "10.0.0.2"}},
	}}))
	not hosts[0].internal_ipv4
}

test_templates_and_other_types_are_not_known if {
	host := {"internal_ipv4": "{{ ip }}", "internal_ipv6": 6, "connector": {"host": "{{ h }}", "port": "22", "type": 1}}
	object.keys(kubekey4.hosts(_inventory({"hosts": {"n1": host}}))[0]) == {"path", "value", "name"}
}

test_hosts_that_are_no_mapping_are_none if {
	every spec in [{}, {"hosts": null}, {"hosts": ["n1"]}, null] {
		kubekey4.hosts(_inventory(spec)) == []
	}
	kubekey4.hosts(null) == []
	kubekey4.hosts(_inventory({"hosts": {"n1": "x"}})) == []
}

test_groups_come_with_path if {
	kubekey4.groups(_grouped({"etcd": {"hosts": ["n1"]}, "nfs": null})) == {
		"etcd": {"path": ["spec", "groups", "etcd"], "value": {"hosts": ["n1"]}},
		"nfs": {"path": ["spec", "groups", "nfs"], "value": {}},
	}
	kubekey4.groups(_grouped(["etcd"])) == {}
}

_shipped := _grouped({
	"k8s_cluster": {"groups": ["kube_control_plane", "kube_worker", "unknown"], "hosts": ["n9", "n1"]},
	"kube_control_plane": {"hosts": ["n2", "n1"]},
	"kube_worker": {"hosts": ["n3", "n2"]},
	"etcd": {"hosts": null, "groups": null},
})

test_a_group_holds_the_hosts_of_its_children if {
	kubekey4.group_hosts(_shipped, "k8s_cluster") == ["n9", "n1", "n2", "n3"]
	kubekey4.group_hosts(_shipped, "kube_worker") == ["n3", "n2"]
}

test_children_have_children if {
	groups := {"a": {"groups": ["b"]}, "b": {"groups": ["c"]}, "c": {"hosts": ["n1"]}}
	kubekey4.group_hosts(_grouped(groups), "a") == ["n1"]
}

test_empty_and_absent_groups_hold_nobody if {
	kubekey4.group_hosts(_shipped, "etcd") == []
	kubekey4.group_hosts(_shipped, "nfs") == []
	kubekey4.group_hosts(_inventory({}), "etcd") == []
}

_ring := _grouped({
	"a": {"groups": ["b"], "hosts": ["n1"]},
	"b": {"groups": ["a"]},
	"c": {"groups": ["b"]},
	"d": {"groups": ["d"]},
	"e": {"hosts": ["n1"]},
})

test_a_cycle_leaves_the_hosts_open if {
	every name in ["a", "b", "c", "d"] {
		not kubekey4.group_hosts(_ring, name)
	}
	kubekey4.group_hosts(_ring, "e") == ["n1"]
}

test_the_groups_of_a_cycle_are_named if {
	kubekey4.cycles(_ring) == {"a", "b", "d"}
	kubekey4.cycles(_shipped) == set()
}

test_templates_and_other_types_leave_the_hosts_open if {
	every group in [{"hosts": ["{{ h }}"]}, {"hosts": [1]}, {"hosts": "n1"}, {"groups": ["{{ g }}"]}] {
		not kubekey4.group_hosts(_grouped({"a": {"groups": ["b"]}, "b": group}), "a")
	}
}

_set(targets) := [{"target": concat("", ["kubekey-", target]), "value": i} | some i, target in targets]

_together(targets) := [pair.documents | some pair in kubekey4.pairs(_set(targets))]

test_a_config_and_an_inventory_are_read_together if {
	kubekey4.pairs(_set(["cluster", "inventory", "config"])) == [{
		"config": 2,
		"inventory": 1,
		"documents": {"config": 2, "inventory": 1},
	}]
}

test_what_is_alone_has_no_partner if {
	kubekey4.pairs(_set(["config"])) == [{
		"config": 0,
		"inventory": null,
		"documents": {"config": 0, "inventory": null},
	}]
	_together(["cluster"]) == []
	_together(["inventory", "inventory"]) == [{"config": null, "inventory": 0}, {"config": null, "inventory": 1}]
}

test_one_goes_with_each_of_many if {
	_together(["config", "inventory", "inventory"]) == [{"config": 0, "inventory": 1}, {"config": 0, "inventory": 2}]
	_together(["config", "config", "inventory"]) == [{"config": 0, "inventory": 2}, {"config": 1, "inventory": 2}]
}

test_among_several_of_both_a_config_stands_alone if {
	_together(["config", "config", "inventory", "inventory"]) == [
		{"config": 0, "inventory": null},
		{"config": 1, "inventory": null},
	]
}
