package policies.lib.kubekey_test

import data.policies.lib.kubekey
import future.keywords.not

_cluster(spec) := {"apiVersion": "kubekey.kubesphere.io/v1alpha2", "kind": "Cluster", "spec": spec}

_grouped(groups) := _cluster({"roleGroups": groups})

test_an_exact_key_is_preferred if {
	kubekey.field({"port": 1, "Port": 2}, "port") == {"key": "port", "value": 1}
}

test_letter_case_does_not_matter if {
	kubekey.field({"internalLoadBalancer": "haproxy"}, "internalLoadbalancer") == {
		"key": "internalLoadBalancer",
		"value": "haproxy",
	}
}

test_the_last_in_order_wins_of_two_others if {
	kubekey.field({"PORT": 1, "Port": 2}, "port") == {"key": "Port", "value": 2}
}

test_null_counts_as_absent if {
	not kubekey.field({"port": null}, "port")
	kubekey.field({"port": null, "Port": 2}, "port") == {"key": "Port", "value": 2}
}

test_what_is_no_mapping_has_no_fields if {
	every x in [null, "text", 1, ["port"], {}] {
		not kubekey.field(x, "port")
	}
}

test_at_gives_the_path_as_written if {
	cluster := {"Spec": {"ETCD": {"type": "kubekey"}}}
	kubekey.at(cluster, ["spec", "etcd", "type"]) == {"path": ["Spec", "ETCD", "type"], "value": "kubekey"}
}

test_at_goes_six_levels_deep_and_through_lists if {
	cluster := {"SPEC": {"Addons": [{"Sources": {"Chart": {"Name": "x"}}}]}}
	kubekey.at(cluster, ["spec"]).path == ["SPEC"]
	kubekey.at(cluster, ["spec", "addons"]).path == ["SPEC", "Addons"]
	kubekey.at(cluster, ["spec", "addons", 0]).path == ["SPEC", "Addons", 0]
	kubekey.at(cluster, ["spec", "addons", 0, "sources"]).path == ["SPEC", "Addons", 0, "Sources"]
	kubekey.at(cluster, ["spec", "addons", 0, "sources", "chart"]).path == ["SPEC", "Addons", 0, "Sources", "Chart"]
	kubekey.at(cluster, ["spec", "addons", 0, "sources", "chart", "name"]) == {
		"path": ["SPEC", "Addons", 0, "Sources", "Chart", "Name"],
		"value": "x",
	}
}

test_at_is_undefined_for_absent_and_null if {
	every spec in [{}, {"etcd": null}, {"etcd": {"type": null}}, {"etcd": {"type": {}}}, {"etcd": []}, null, "x"] {
		not kubekey.at(_cluster(spec), ["spec", "etcd", "type", "x"])
	}
	not kubekey.at(_cluster({"etcd": {"type": null}}), ["spec", "etcd", "type"])
	not kubekey.at(null, ["spec"])
	not kubekey.at("text", ["spec"])
}

test_at_gives_empty_false_and_zero if {
	every x in ["", false, 0] {
		kubekey.at(_cluster({"a": x}), ["spec", "a"]).value == x
	}
}

test_keys_of_maps_keep_their_case if {
	cluster := _cluster({
		"RoleGroups": {"Worker": []},
		"kubernetes": {"featureGates": {"x": true}, "KubeletConfiguration": {"MaxPods": 1, "maxPods": 2}},
		"registry": {"Auths": {"Hub": {"PlainHTTP": true}}},
	})
	not kubekey.at(cluster, ["spec", "roleGroups", "worker"])
	kubekey.at(cluster, ["spec", "roleGroups", "Worker"]).path == ["spec", "RoleGroups", "Worker"]
	not kubekey.at(cluster, ["spec", "kubernetes", "featureGates", "X"])
	kubekey.at(cluster, ["spec", "kubernetes", "kubeletConfiguration", "maxPods"]).value == 2
	not kubekey.at(cluster, ["spec", "kubernetes", "kubeletConfiguration", "maxpods"])
	not kubekey.at(cluster, ["spec", "registry", "auths", "hub"])
	kubekey.at(cluster, ["spec", "registry", "auths", "Hub", "plainHTTP"]).value == true
}

test_a_place_is_written_as_far_as_it_exists if {
	cluster := {"Spec": {"Etcd": {"type": "external"}}}
	kubekey.place(cluster, ["spec", "etcd", "external"]) == ["Spec", "Etcd", "external"]
	kubekey.place(cluster, ["spec", "network", "plugin"]) == ["Spec", "network", "plugin"]
	kubekey.place(cluster, ["spec", "etcd", "type"]) == ["Spec", "Etcd", "type"]
	kubekey.place({}, ["spec", "etcd"]) == ["spec", "etcd"]
}

test_what_is_written_is_effective if {
	cluster := _cluster({
		"network": {"KubePodsCIDR": "10.0.0.0/8"},
		"kubernetes": {"maxPods": 250, "nodelocaldns": false},
	})
	kubekey.effective(cluster, ["spec", "network", "kubePodsCIDR"]) == {
		"path": ["spec", "network", "KubePodsCIDR"],
		"value": "10.0.0.0/8",
	}
	kubekey.effective(cluster, ["spec", "kubernetes", "maxPods"]).value == 250
	kubekey.effective(cluster, ["spec", "kubernetes", "nodelocaldns"]).value == false
}

test_the_default_stands_for_nothing_written if {
	every network in [{}, {"Plugin": null}, {"plugin": ""}] {
		kubekey.effective(_cluster({"network": network}), ["spec", "network", "plugin"]).value == "calico"
	}
	kubekey.effective(_cluster({"Network": {}}), ["spec", "network", "plugin"]).path == ["spec", "Network", "plugin"]
	kubekey.effective(_cluster({}), ["spec", "kubernetes", "autoRenewCerts"]).value == false
}

test_zero_means_the_default_where_go_has_no_pointer if {
	kubekey.effective(_cluster({"kubernetes": {"maxPods": 0}}), ["spec", "kubernetes", "maxPods"]).value == 110
	kubekey.effective(_cluster({"etcd": {"electionTimeout": 0}}), ["spec", "etcd", "electionTimeout"]).value == 0
}

test_a_template_is_never_effective if {
	not kubekey.effective(_cluster({"network": {"plugin": "{{ cni }}"}}), ["spec", "network", "plugin"])
}

test_without_value_and_default_nothing_is_effective if {
	not kubekey.effective(_cluster({}), ["spec", "system", "timezone"])
	not kubekey.effective(_cluster({}), ["spec", "etcd", "external", "endpoints", 0])
}

test_hosts_come_with_their_facts if {
	host := {"Name": "n1", "address": "1.2.3.4", "internalAddress": "10.0.0.1,fd00::1", "port": 2222}
	kubekey.hosts(_cluster({"hosts": [host]})) == [{
		"path": ["spec", "hosts", 0],
		"value": host,
		"name": "n1",
		"address": "1.2.3.4",
		"internal": "10.0.0.1,fd00::1",
		"port": 2222,
		"node_ipv4": "10.0.0.1",
		"node_ipv6": "fd00::1",
	}]
}

test_address_stands_in_for_an_empty_internal_address if {
	every host in [{"address": "1.2.3.4"}, {"address": "1.2.3.4", "internalAddress": ""}, {
		"address": "1.2.3.4",
		"internalAddress": null,
	}] {
		found := kubekey.hosts(_cluster({"hosts": [host]}))[0]
		found.node_ipv4 == "1.2.3.4"
		found.internal == ""
		found.name == ""
		not found.node_ipv6
	}
}

test_an_address_may_carry_two_parts if {
	found := kubekey.hosts(_cluster({"hosts": [{"address": "10.0.0.1,fd00::1"}]}))[0]
	found.node_ipv4 == "10.0.0.1"
	found.node_ipv6 == "fd00::1"
}

test_three_parts_have_no_ipv6 if {
	not kubekey.hosts(_cluster({"hosts": [{"internalAddress": "10.0.0.1,fd00::1,fd00::2"}]}))[0].node_ipv6
}

test_a_host_without_addresses_has_no_node_address if {
	found := kubekey.hosts(_cluster({"hosts": [{"name": "n1"}]}))[0]
	not found.node_ipv4
	not found.node_ipv6
}

test_ssh_is_on_port_22_by_default if {
	every host in [{}, {"port": 0}, {"port": null}] {
		kubekey.hosts(_cluster({"hosts": [host]}))[0].port == 22
	}
}

test_what_is_a_template_or_of_another_type_is_not_known if {
	hosts := kubekey.hosts(_cluster({"hosts": [
		{"name": "{{ a }}", "address": "{{ b }}", "internalAddress": "{{ c }}", "port": "22"},
		{"name": 1, "address": 10.5},
		{"name": "n3", "address": "10.0.0.3", "internalAddress": "{{ c }}"},
	]}))
	[object.keys(h) | some h in hosts] == [
		{"path", "value"},
		{"path", "value", "internal", "port"},
		{"path", "value", "name", "address", "port"},
	]
}

test_what_is_no_host_is_left_out if {
	[h.path | some h in kubekey.hosts(_cluster({"hosts": ["n1", null, {"name": "n2"}]}))] == [["spec", "hosts", 2]]
}

test_no_list_of_hosts_is_an_empty_one if {
	every spec in [{}, {"hosts": null}, {"hosts": {}}, {"hosts": []}] {
		kubekey.hosts(_cluster(spec)) == []
	}
}

test_hosts_are_known_by_their_names if {
	kubekey.hosts_known(_cluster({"hosts": [{"name": "n1"}, {"Name": "n2"}]}))
}

test_hosts_are_not_known_where_a_name_is_open if {
	every name in ["{{ n }}", 1, "", null] {
		not kubekey.hosts_known(_cluster({"hosts": [{"name": "n1"}, {"name": name}]}))
	}
	not kubekey.hosts_known(_cluster({"hosts": ["n1"]}))
	not kubekey.hosts_known(_cluster({}))
}

test_the_last_host_of_a_name_counts if {
	cluster := _cluster({"hosts": [{"name": "n1", "address": "10.0.0.1"}, {"name": "n1", "address": "10.0.0.2"}]})
	kubekey.host(cluster, "n1").address == "10.0.0.2"
	not kubekey.host(cluster, "n2")
}

test_groups_come_with_path_and_list if {
	kubekey.groups({"spec": {"rolegroups": {"etcd": ["n1"], "worker": null}}}) == {
		"etcd": {"path": ["spec", "rolegroups", "etcd"], "value": ["n1"]},
		"worker": {"path": ["spec", "rolegroups", "worker"], "value": []},
	}
}

test_role_groups_that_are_no_mapping_are_none if {
	every groups in [null, [], "x"] {
		kubekey.groups(_grouped(groups)) == {}
	}
}

test_members_come_with_their_item if {
	kubekey.members(_grouped({"etcd": ["n1", "node[2:3]"]}), "etcd") == [
		{"path": ["spec", "roleGroups", "etcd", 0], "value": "n1", "item": "n1"},
		{"path": ["spec", "roleGroups", "etcd", 1], "value": "node2", "item": "node[2:3]"},
		{"path": ["spec", "roleGroups", "etcd", 1], "value": "node3", "item": "node[2:3]"},
	]
}

test_a_group_that_is_absent_has_no_members if {
	kubekey.members(_grouped({}), "etcd") == []
	kubekey.expand(_cluster({}), "etcd") == []
}

test_who_is_in_a_group_may_be_open if {
	every list in [["n1", "{{ n }}"], ["n1", 2], ["n1", null], "n1", {"n1": {}}] {
		not kubekey.members(_grouped({"etcd": list}), "etcd")
		not kubekey.expand(_grouped({"etcd": list}), "etcd")
	}
}

# What getHostsRange of kk makes of each item.
_ranges := {
	"node1": ["node1"],
	"node[1:3]": ["node1", "node2", "node3"],
	"node[9:11]": ["node9", "node10", "node11"],
	"node0[1:3]": ["node01", "node02", "node03"],
	"node[08:10]": ["node8", "node9", "node10"],
	"node[00:1]": ["node0", "node1"],
	"node[2:2]": ["node2"],
	"node[10:2]": [],
	"node[1:2]-prod": ["node1", "node2"],
	"[1:2]": ["1", "2"],
	"a[1:2]b[3:4]": ["a1", "a2"],
	"[x]n[1:2]": ["[x]n1", "[x]n2"],
	"node[2-10]": ["node[2-10]"],
	"n1,n2": ["n1,n2"],
	"node1:3": ["node1:3"],
	"node[1:": ["node[1:"],
	"node[1:]": [],
	"node[:3]": [],
	"node[a:c]": [],
	"node[1: 3]": [],
	"node[-1:3]": [],
}

test_items_name_hosts_as_in_kk[item] if {
	some item, names in _ranges
	kubekey.names(item) == names
	kubekey.expand(_grouped({"etcd": [item]}), "etcd") == names
}

test_every_item_was_asked if count(test_items_name_hosts_as_in_kk) == count(_ranges)

test_a_range_shows_its_parts if {
	kubekey.range("node[01:10]-prod") == {"prefix": "node", "from": 1, "to": 10, "rest": "-prod"}
	kubekey.range("node[1:3]").rest == ""
	kubekey.range("é[1:3]x") == {"prefix": "é", "from": 1, "to": 3, "rest": "x"}
}

test_a_malformed_range_has_no_parts if {
	every item in ["node[1:]", "node[a:c]", "node[2-10]", "node1"] {
		not kubekey.range(item)
	}
}

test_a_monstrous_range_is_cut if {
	count(kubekey.names("n[1:99999999999999999999999]")) == 5000
	count(kubekey.names("n[99999999999999999999998:99999999999999999999999]")) == 2
}

test_expand_names_each_host_once_and_in_order if {
	kubekey.expand(_grouped({"etcd": ["n3", "n[1:3]", "n3"]}), "etcd") == ["n3", "n1", "n2"]
}

test_both_spellings_make_the_control_plane if {
	cluster := _grouped({"control-plane": ["n1", "n3"], "master": ["n2", "n1"], "worker": ["n4", "n1"]})
	kubekey.control_plane(cluster) == ["n2", "n1", "n3"]
	kubekey.workers(cluster) == ["n4", "n1"]
	kubekey.nodes(cluster) == ["n2", "n1", "n3", "n4"]
}

test_an_open_group_opens_what_is_made_of_it if {
	cluster := _grouped({"control-plane": ["{{ n }}"], "worker": ["n4"]})
	not kubekey.control_plane(cluster)
	not kubekey.nodes(cluster)
	kubekey.workers(cluster) == ["n4"]
	not kubekey.groups_known(cluster)
}

test_groups_without_templates_are_known if {
	kubekey.groups_known(_grouped({"etcd": ["n1"], "worker": null}))
	kubekey.groups_known(_cluster({}))
}

test_any_role_group_uses_a_host if {
	cluster := _cluster({
		"hosts": [{"name": "n1"}, {"name": "n2"}, {"name": "n3"}, {"name": "n4"}, {}],
		"roleGroups": {"etcd": ["n1"], "gpu": ["n[2:3]"], "worker": ["{{ n }}", "n4"]},
	})
	[h.name | some h in kubekey.grouped_hosts(cluster)] == ["n1", "n2", "n3"]
}

_with_etcd(type, kubernetes) := _cluster({"etcd": {"type": type}, "kubernetes": kubernetes})

test_kk_runs_etcd_by_default if {
	every type in [null, "", "kubekey"] {
		kubekey.own_etcd(_with_etcd(type, {}))
	}
	kubekey.own_etcd(_cluster({}))
	kubekey.own_etcd(_cluster({"etcd": null}))
}

test_kubeadm_on_k3s_is_kks_own if {
	kubekey.own_etcd(_with_etcd("kubeadm", {"type": "k3s"}))
	kubekey.own_etcd(_with_etcd("kubeadm", {"version": "v1.21.6-k3s"}))
	kubekey.own_etcd(_with_etcd("kubeadm", {"version": "v1.21.6-k3s-x"}))
}

test_other_etcd_is_not_kks_own if {
	every cluster in [
		_with_etcd("external", {}), _with_etcd("Kubekey", {}), _with_etcd("{{ t }}", {}), _with_etcd(1, {}),
		_with_etcd("kubeadm", {}), _with_etcd("kubeadm", {"type": "k8e"}), _with_etcd("kubeadm", {"version": "v1.21.6-k3s1"}),
		_with_etcd("external", {"type": "k3s"}),
	] {
		not kubekey.own_etcd(cluster)
	}
}

test_kubernetes_is_kubernetes_by_default if {
	every kubernetes in [{}, {"version": "v1.26.5"}, {"type": ""}, {"version": "v1.26.5-"}] {
		kubekey.kubernetes_type(_cluster({"kubernetes": kubernetes})) == "kubernetes"
	}
}

test_a_type_is_as_written if kubekey.kubernetes_type(_cluster({"kubernetes": {"type": "k3s"}})) == "k3s"

test_a_suffix_wins_over_the_type if {
	kubekey.kubernetes_type(_cluster({"kubernetes": {"type": "kubernetes", "version": "v1.21.6-k3s"}})) == "k3s"
	kubekey.kubernetes_type(_cluster({"kubernetes": {"type": "k3s", "version": "v1.22.12-eks-1"}})) == "eks"
}

test_a_template_leaves_the_type_open if {
	not kubekey.kubernetes_type(_cluster({"kubernetes": {"type": "{{ t }}"}}))
	not kubekey.kubernetes_type(_cluster({"kubernetes": {"type": "k3s", "version": "{{ v }}"}}))
}

test_the_version_has_a_v_and_no_suffix if {
	kubekey.kubernetes_version(_cluster({"Kubernetes": {"version": "v1.21.6-k3s"}})) == {
		"path": ["spec", "Kubernetes", "version"],
		"value": "v1.21.6-k3s",
		"version": "v1.21.6",
	}
	kubekey.kubernetes_version(_cluster({"kubernetes": {"version": "1.26.5"}})).version == "v1.26.5"
	kubekey.kubernetes_version(_cluster({"kubernetes": {"version": "v1.28.9+k3s1"}})).version == "v1.28.9+k3s1"
}

test_no_version_is_undefined if {
	every kubernetes in [{}, {"version": ""}, {"version": null}, {"version": 1.26}, {"version": "{{ v }}"}, null] {
		not kubekey.kubernetes_version(_cluster({"kubernetes": kubernetes}))
	}
}
