package policies.rules.etcd["etcd-apiserver-endpoints-stale_test"]

import data.policies.rules.etcd["etcd-apiserver-endpoints-stale"] as rule

test_a_member_of_the_group_that_is_not_listed if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "containers", 0, "command", 1],
		"args": {"members": "node2, node3"},
	}} with input as _with_cluster(["10.0.0.1"], {}, [])
}

test_all_members_are_listed if {
	count(rule.deny) == 0 with input as _with_cluster(["10.0.0.1", "10.0.0.2", "10.0.0.3"], {}, [])
	count(rule.deny) == 0 with input as _with_cluster(["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.9"], {}, [])
}

test_a_list_without_any_member if {
	count(rule.deny) == 0 with input as _with_cluster(["10.0.0.100"], {}, [])
	count(rule.deny) == 0 with input as _with_cluster(["127.0.0.1"], {}, [])
	count(rule.deny) == 0 with input as _with_cluster([], {}, [])
}

test_a_name_in_the_list if {
	count(rule.deny) == 0 with input as _with_cluster(["10.0.0.1", "etcd.example.com"], {}, [])
}

test_a_template_in_the_list if {
	servers := _with_cluster(["10.0.0.1"], {}, [])
	count(rule.deny) == 0 with input as json.patch(servers, [{
		"op": "replace",
		"path": "/set/0/value/spec/containers/0/command/1",
		"value": "--etcd-servers=https://$(IP):2379",
	}])
}

test_a_host_that_is_known_by_a_name if {
	hosts := [
		_host("node1", "10.0.0.1", ["etcd"]),
		_host("node2", "node2.example.com", ["etcd"]),
		_host("w", "10.0.0.9", []),
	]
	renamed := object.union(_with_cluster(["10.0.0.1"], {}, []), {"facts": {"hosts": hosts}})
	count(rule.deny) == 0 with input as renamed
}

test_env_files_count_where_kubekey_runs_no_etcd if {
	members := [_member("a", "10.0.0.1", ["10.0.0.1"]), _member("b", "10.0.0.2", ["10.0.0.1", "10.0.0.2"])]
	{fault.args.members | some fault in rule.deny} == {"b"} with input as _with_cluster(
		["10.0.0.1"],
		{"type": "external"}, members,
	)
	{fault.args.members | some fault in rule.deny} == {"b"} with input as _input(["10.0.0.1"], [], members)
	count(rule.deny) == 0 with input as _input(["10.0.0.1", "10.0.0.2"], [], members)
}

test_env_files_of_another_cluster if {
	members := [_member("a", "10.0.0.1", ["10.0.0.1"]), _member("b", "10.0.1.1", ["10.0.1.1"])]
	count(rule.deny) == 0 with input as _input(["10.0.0.1"], [], members)
}

test_an_older_copy_of_a_listed_member if {
	members := [_member("a", "10.0.0.1", ["10.0.0.1"]), _member("a", "10.0.0.9", ["10.0.0.1"])]
	count(rule.deny) == 0 with input as _input(["10.0.0.1"], [], members)
}

test_static_pods_and_members_with_names if {
	pod := object.union(_member("b", "10.0.0.2", ["10.0.0.1", "10.0.0.2"]), {"source": "static-pod"})
	count(rule.deny) == 0 with input as _input(["10.0.0.1"], [], [_member("a", "10.0.0.1", ["10.0.0.1"]), pod])
	named := _member("b", "b.example.com", ["10.0.0.1"])
	count(rule.deny) == 0 with input as _input(["10.0.0.1"], [], [_member("a", "10.0.0.1", ["10.0.0.1"]), named])
}

test_other_clients_are_not_judged if {
	every kind in ["etcdctl", "external", "k3s"] {
		servers := _with_cluster(["10.0.0.1"], {}, [])
		count(rule.deny) == 0 with input as json.patch(servers, [{
			"op": "replace",
			"path": "/facts/etcd/clients/0/kind",
			"value": kind,
		}])
	}
}

_with_cluster(servers, etcd, members) := _input(
	servers,
	[{"target": "kubekey-cluster", "value": {"spec": {"etcd": etcd}}}], members,
)

_input(servers, documents, members) := {
	"set": array.concat(
		[{"target": "static-pod", "value": {"spec": {"containers": [{"command": ["kube-apiserver", "--etcd-servers=…"]}]}}}],
		documents,
	),
	"facts": {
		"hosts": [
			_host("node1", "10.0.0.1", ["etcd", "master"]),
			_host("node2", "10.0.0.2", ["etcd"]),
			_host("node3", "10.0.0.3", ["etcd"]),
			_host("node4", "10.0.0.4", ["worker"]),
		],
		"etcd": {
			"one_cluster": count(documents) == 1,
			"members": members,
			"clients": [{
				"kind": "apiserver",
				"document": 0,
				"path": ["spec", "containers", 0, "command", 1],
				"servers": [_url(host) | some host in servers],
			}],
		},
	},
}

_host(name, ip, roles) := {"name": name, "node_ipv4": ip, "roles": roles}

_member(name, host, peers) := {
	"source": "env",
	"document": 1,
	"name": name,
	"settings": {
		"ETCD_ADVERTISE_CLIENT_URLS": {"urls": [_url(host)]},
		"ETCD_INITIAL_ADVERTISE_PEER_URLS": {"urls": [_url(host)]},
		"ETCD_INITIAL_CLUSTER": {"entries": [{"url": _url(peer)} | some peer in peers]},
	},
}

_url(host) := {"host": host, "is_ip": regex.match(`^[0-9.]+$`, host), "loopback": startswith(host, "127.")}
