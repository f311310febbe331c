package policies.rules.nodes["apiserver-advertise-mismatch_test"]

import data.policies.rules.nodes["apiserver-advertise-mismatch"] as rule
import future.keywords.not

_drop_in(args) := {
	"target": "systemd-unit",
	"file": "n/etc/systemd/system/kubelet.service.d/10-kubeadm.conf",
	"host": "n",
	"value": {"Service": {"Environment": [sprintf(`"KUBELET_EXTRA_ARGS=%s"`, [args])]}},
}

_server(ip) := {
	"target": "static-pod",
	"file": "n/etc/kubernetes/manifests/kube-apiserver.yaml",
	"host": "n",
	"index": 0,
	"value": {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{
		"name": "kube-apiserver",
		"image": "a:1",
		"command": ["kube-apiserver", concat("=", ["--advertise-address", ip])],
	}]}},
}

_vip(ip) := {
	"target": "static-pod",
	"file": "n/etc/kubernetes/manifests/kube-vip.yaml",
	"host": "n",
	"index": 0,
	"value": {"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{
		"name": "kube-vip",
		"image": "a:1",
		"env": [{"name": "address", "value": ip}, {"name": "x"}],
	}]}},
}

_kubeadm(value) := {
	"target": "kubeadm-config",
	"file": "n/etc/kubernetes/kubeadm-config.yaml",
	"host": "n",
	"index": 0,
	"value": value,
}

_cluster(hosts) := {
	"target": "kubekey-cluster",
	"file": "config.yaml",
	"host": "",
	"value": {"spec": {"hosts": hosts, "controlPlaneEndpoint": {"address": "10.0.0.100"}}},
}

_inventory(hosts) := {
	"target": "kubekey-inventory",
	"file": "inventory.yaml",
	"host": "",
	"value": {"spec": {"hosts": hosts}},
}

_node1 := {"name": "Node1", "address": "1.2.3.4", "internalAddress": "10.0.0.1,fd00::1"}

_of_node1 := _drop_in("--hostname-override=node1")

_told(set) := {[f.document, f.message, f.args.ip, f.args.name] | some f in deny} if {
	deny := rule.deny with input as {"set": set}
}

test_an_address_of_nobody if {
	rule.deny == {{
		"document": 1,
		"path": ["spec", "containers", 0, "command", 1],
		"message": "",
		"args": {"ip": "10.0.9.1", "name": "Node1"},
	}} with input as {"set": [_of_node1, _server("10.0.9.1"), _cluster([_node1])]}
}

test_addresses_of_the_host if {
	every ip in ["10.0.0.1", "1.2.3.4", "fd00:0::1", "10.0.0.100", "10.0.0.7", "127.0.0.1", "0.0.0.0", "::", "::1", ""] {
		_told([_of_node1, _server(ip), _cluster([_node1]), _vip("10.0.0.7")]) == set()
	}
}

test_addresses_of_the_kubelet if {
	_told([_drop_in("--node-ip=10.0.9.1,fd00::9 --hostname-override=node1"), _cluster([_node1])]) == {
		[0, "kubelet", "10.0.9.1", "Node1"],
		[0, "kubelet", "fd00::9", "Node1"],
	}
	_told([_drop_in("--node-ip=10.0.0.1,fd00::1 --hostname-override=node1"), _cluster([_node1])]) == set()
}

test_addresses_of_kubeadm if {
	own := {"nodeRegistration": {"name": "node1"}, "localAPIEndpoint": {"advertiseAddress": "10.0.9.1"}}
	_told([_kubeadm(own), _cluster([_node1])]) == {[0, "kubeadm", "10.0.9.1", "Node1"]}
	joins := {"controlPlane": {"localAPIEndpoint": {"advertiseAddress": "10.0.9.1"}}}
	_told([_of_node1, _kubeadm(joins), _cluster([_node1])]) == {[1, "kubeadm", "10.0.9.1", "Node1"]}
}

test_one_address_is_one_fault if {
	own := {"localAPIEndpoint": {"advertiseAddress": "10.0.9.1"}}
	drop_in := _drop_in("--node-ip=10.0.9.1 --hostname-override=node1")
	_told([_kubeadm(own), drop_in, _server("10.0.9.1"), _cluster([_node1])]) == {[2, "", "10.0.9.1", "Node1"]}
}

test_hosts_that_nobody_knows if {
	_told([_server("10.0.9.1"), _cluster([_node1])]) == set()
	_told([_drop_in("--hostname-override=other"), _server("10.0.9.1"), _cluster([_node1])]) == set()
	twice := _cluster([_node1, {"name": "node1", "address": "10.0.0.2"}])
	_told([_of_node1, _server("10.0.9.1"), twice]) == set()
	_told([_of_node1, _server("10.0.9.1"), _cluster([_node1]), _cluster([_node1])]) == set()
	_told([_of_node1, _server("10.0.9.1")]) == set()
}

test_addresses_that_nobody_knows if {
	every address in ["node1.example.com", "{{ ip }}", ""] {
		_told([_of_node1, _server("10.0.9.1"), _cluster([{"name": "node1", "address": address}])]) == set()
	}
}

test_a_name_of_another_host if {
	hosts := [_node1, {"name": "node2", "address": "10.0.0.2"}]
	drop_in := _drop_in("--node-ip=10.0.0.2 --hostname-override=node1")
	_told([drop_in, _server("10.0.0.2"), _cluster(hosts)]) == set()
	_told([_of_node1, _server("10.0.0.2"), _cluster(hosts)]) == {[1, "", "10.0.0.2", "Node1"]}
}

test_an_inventory if {
	host := {"connector": {"host": "1.2.3.4"}, "internal_ipv4": "10.0.0.1", "internal_ipv6": "fd00::1"}
	hosts := {"node1": host}
	_told([_of_node1, _server("10.0.9.1"), _inventory(hosts)]) == {[1, "", "10.0.9.1", "node1"]}
	every ip in ["1.2.3.4", "10.0.0.1", "fd00::1"] {
		_told([_of_node1, _server(ip), _inventory(hosts)]) == set()
	}
	config := {
		"target": "kubekey-config",
		"value": {"spec": {"kubernetes": {"control_plane_endpoint": {"kube_vip": {"address": "10.0.9.1"}}}}},
	}
	_told([_of_node1, _server("10.0.9.1"), _inventory(hosts), config]) == set()
}
