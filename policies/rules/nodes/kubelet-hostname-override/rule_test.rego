package policies.rules.nodes["kubelet-hostname-override_test"]

import data.policies.rules.nodes["kubelet-hostname-override"] as rule
import future.keywords.not

_drop_in(args) := {
	"target": "systemd-unit",
	"file": "n/etc/systemd/system/kubelet.service.d/10-kubeadm.conf",
	"host": "n",
	"value": {"Service": {"Environment": [sprintf(`"KUBELET_EXTRA_ARGS=%s"`, [args])]}},
}

_flags_env(args) := {
	"target": "kubelet-env",
	"file": "n/var/lib/kubelet/kubeadm-flags.env",
	"host": "n",
	"value": {"variables": {"KUBELET_KUBEADM_ARGS": args}},
}

_certificate(cn) := {"id": 0, "role": "kubelet-client", "host": "n", "certs": [{"cn": cn}]}

_hosts := [
	{"name": "node1", "node_ipv4": "10.0.0.1", "node_ipv6": "fd00::1", "document": 0, "path": ["x"]},
	{"name": "Node2", "node_ipv4": "10.0.0.2", "document": 0, "path": ["y"]},
	{"name": "folder", "node_ipv4": "10.0.0.3", "folder": "folder"},
]

_told(set, certificates, kubeconfigs) := {[f.document, f.message, f.args.name, f.args.other] | some f in deny} if {
	facts := {"hosts": _hosts, "certificates": certificates, "kubeconfigs": kubeconfigs}
	deny := rule.deny with input as {"set": set, "facts": facts}
}

_certified(args, cn) := _told([_drop_in(args)], [_certificate(cn)], [])

_addressed(args) := _told([_drop_in(args)], [], [])

test_a_certificate_of_another_name if {
	_certified("--hostname-override=node1", "system:node:node9") == {[0, "", "node1", "node9"]}
	_certified("--hostname-override=Node1", "system:node:node1") == set()
	_certified("--hostname-override=node1", "kubernetes-admin") == set()
	_certified("--node-ip=10.0.0.1", "system:node:node9") == set()
}

test_a_certificate_of_a_kubeconfig if {
	certificate := {"id": 0, "role": "kubeconfig-user", "host": "n", "certs": [{"cn": "system:node:node9"}]}
	kubeconfig := {"role": "kubelet", "user": {"certificate": 0}}
	_told([_drop_in("--hostname-override=node1")], [certificate], [kubeconfig]) == {[0, "", "node1", "node9"]}
	_told([_drop_in("--hostname-override=node1")], [certificate], []) == set()
}

test_a_new_certificate_beside_an_old_one if {
	certificates := [_certificate("system:node:node9"), _certificate("system:node:node1")]
	_told([_drop_in("--hostname-override=node1")], certificates, []) == set()
}

test_another_host if {
	other := object.union(_certificate("system:node:node9"), {"host": "m"})
	_told([_drop_in("--hostname-override=node1")], [other], []) == set()
}

test_an_address_of_another_host if {
	_addressed("--node-ip=10.0.0.2 --hostname-override=node1") == {[0, "address", "node1", "Node2"]}
	_addressed("--node-ip=10.0.0.2 --hostname-override=node2") == set()
	_addressed("--node-ip=10.0.0.1,fd00::1 --hostname-override=node1") == set()
	_addressed("--node-ip=10.0.0.1,fd00::1 --hostname-override=x") == {[0, "address", "x", "node1"]}
}

test_an_address_of_nobody_and_of_two if {
	_addressed("--node-ip=10.0.0.9 --hostname-override=node1") == set()
	_addressed("--node-ip=10.0.0.3 --hostname-override=node1") == set()
	_addressed("--node-ip=10.0.0.1,10.0.0.2 --hostname-override=node1") == set()
}

test_an_address_in_another_file if {
	_told([_drop_in("--hostname-override=node1"), _flags_env("--node-ip=10.0.0.2")], [], []) == set()
}

test_one_fault_is_told_once if {
	args := "--node-ip=10.0.0.2 --hostname-override=node1"
	_certified(args, "system:node:node2") == {[0, "", "node1", "node2"]}
}

test_clouds if {
	_addressed("--cloud-provider=external --node-ip=10.0.0.2 --hostname-override=node1") == set()
	_certified("--cloud-provider=external --hostname-override=node1", "system:node:node9") == {[0, "", "node1", "node9"]}
	_certified("--cloud-provider=aws --hostname-override=node1", "system:node:node9") == set()
}
