package policies.rules.etcd["etcd-kubeadm-on-k3s_test"]

import data.policies.rules.etcd["etcd-kubeadm-on-k3s"] as rule

test_k3s_has_no_kubeadm if {
	type := ["spec", "etcd", "type"]
	rule.deny == {{"path": type, "args": {}}} with input as _cluster("kubeadm", {"type": "k3s"}, ["n1"])
	_found("kubeadm", {"version": "v1.21.6-k3s"}) == {""}
	_found("kubeadm", {"version": "v1.21.6-k3s-x"}) == {""}
	_found("kubeadm", {"version": "v1.21.6-k3s1"}) == set()
}

test_k8e_has_none_either if {
	_found("kubeadm", {"type": "k8e"}) == {"k8e"}
	_found("kubeadm", {"version": "v1.21.6-k8e"}) == {"k8e"}
	_found("kubeadm", {"version": "v1.21.6-k8e", "type": "k3s"}) == {"k8e"}
}

test_sound_clusters if {
	every type in ["kubekey", "external", "", null, "Kubeadm"] {
		_found(type, {"type": "k3s"}) == set()
		_found(type, {"type": "k8e"}) == set()
	}
	_found("kubeadm", {"version": "v1.28.8"}) == set()
	_found("kubeadm", {"type": "kubernetes"}) == set()
	_found("kubeadm", {"version": "{{ v }}"}) == set()
}

test_an_empty_group_is_another_fault if {
	every group in [[], null, ["{{ n }}"]] {
		count(rule.deny) == 0 with input as _cluster("kubeadm", {"type": "k3s"}, group)
	}
}

_found(type, kubernetes) := messages if {
	messages := {m |
		some f in rule.deny
		m := object.get(f, "message", "")
	} with input as _cluster(type, kubernetes, ["n1"])
}

_cluster(type, kubernetes, group) := {"document": {
	"target": "kubekey-cluster",
	"value": {"spec": {"etcd": {"type": type}, "kubernetes": kubernetes, "roleGroups": {"etcd": group}}},
}}
