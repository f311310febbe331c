package policies.lib.cluster_test

import data.policies.lib.cluster
import data.policies.lib.kubekey
import future.keywords.not

_cluster := {"spec": {
	"hosts": [{"name": "n1", "address": "10.0.0.1"}, {"name": "n2", "address": "10.0.0.2"}, {"name": "spare"}],
	"roleGroups": {"etcd": ["n1"], "master": ["n2", "n1"], "worker": ["n[1:2]"], "gpu": ["{{ n }}"]},
	"kubernetes": {"version": "v1.26.5-k3s"},
	"etcd": {"type": "kubeadm"},
}}

_asked := {"document": {"value": _cluster}}

test_answers_are_those_of_kubekey if {
	_hosts with input as _asked
	_groups with input as _asked
	_kubernetes with input as _asked
}

_hosts if {
	cluster.hosts == kubekey.hosts(_cluster)
	cluster.grouped_hosts == kubekey.grouped_hosts(_cluster)
	cluster.hosts_known
	[h.name | some h in cluster.control_plane_hosts] == ["n2", "n1"]
	[h.name | some h in cluster.node_hosts] == ["n2", "n1"]
}

_groups if {
	cluster.groups == kubekey.groups(_cluster)
	cluster.control_plane == ["n2", "n1"]
	cluster.workers == ["n1", "n2"]
	cluster.nodes == ["n2", "n1"]
	cluster.members.etcd == kubekey.members(_cluster, "etcd")
	object.keys(cluster.members) == {"etcd", "master", "worker"}
	not cluster.groups_known
}

_kubernetes if {
	cluster.own_etcd
	cluster.kubernetes_type == "k3s"
	cluster.kubernetes_version.version == "v1.26.5"
	cluster.at(["spec", "etcd", "type"]).value == "kubeadm"
	cluster.effective(["spec", "network", "plugin"]).value == "calico"
	cluster.place(["spec", "etcd", "external"]) == ["spec", "etcd", "external"]
}

test_groups_can_be_known if {
	cluster.groups_known with input as {"document": {"value": {"spec": {"roleGroups": {"etcd": ["n1"]}}}}}
}

test_the_last_host_of_a_name_counts if {
	hosts := [{"name": "n1", "address": "10.0.0.1"}, {"name": "n1", "address": "10.0.0.2"}]
	spec := {"hosts": hosts, "roleGroups": {"master": ["n1", "n7"]}}
	found := cluster.control_plane_hosts with input as {"document": {"value": {"spec": spec}}}
	[h.address | some h in found] == ["10.0.0.2"]
}

test_an_open_group_leaves_its_hosts_open if {
	_open with input as {"document": {"value": {"spec": {"hosts": [], "roleGroups": {"master": ["{{ n }}"]}}}}}
}

_open if {
	not cluster.control_plane
	not cluster.control_plane_hosts
	not cluster.node_hosts
}
