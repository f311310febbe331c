package policies.rules.etcd["etcd-kubeadm-one-year_test"]

import data.policies.rules.etcd["etcd-kubeadm-one-year"] as rule

test_nobody_renews if {
	rule.deny == {{"document": 1, "path": ["spec", "etcd", "type"], "args": {}}} with input as {"set": [
		null,
		_cluster("kubeadm", {}),
	]}
}

test_what_renews if {
	every x, n in {true: 0, false: 1, null: 1, "{{ x }}": 0, "true": 0} {
		_count([_cluster("kubeadm", {"autoRenewCerts": x})]) == n
	}
}

test_another_etcd if {
	every type in ["kubekey", "external", "Kubeadm", "", null, 5] {
		_count([_cluster(type, {})]) == 0
	}
}

test_k3s_and_k8e_have_no_kubeadm if {
	every kubernetes in [
		{"type": "k3s"},
		{"version": "v1.21.6-k3s"},
		{"type": "k8e"},
		{"version": "v1.21.6-k8e"},
		{"version": "v1.21.6-x", "type": "k8e"},
	] {
		_count([_cluster("kubeadm", kubernetes)]) == 0
	}
	every kubernetes in [{"type": "kubernetes"}, {"version": "v1.28.8"}] {
		_count([_cluster("kubeadm", kubernetes)]) == 1
	}
}

test_what_a_template_hides if {
	every kubernetes in [{"version": "{{ v }}"}, {"type": "{{ t }}"}] {
		_count([_cluster("kubeadm", kubernetes)]) == 0
	}
}

test_four_renews_unless_told_otherwise if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "kubernetes", "certs", "renew"],
		"message": "v4",
		"args": {},
	}} with input as {"set": [_config("internal", false)]}
	_count([_config("internal", true)]) == 0
	_count([_config("internal", null)]) == 0
	_count([_config("internal", "false")]) == 0
	_count([_config("external", false)]) == 0
	_count([_config(null, false)]) == 0
}

_count(set) := n if n := count(rule.deny) with input as {"set": set}

_cluster(type, kubernetes) := {
	"target": "kubekey-cluster",
	"value": {"spec": {"etcd": {"type": type}, "kubernetes": kubernetes}},
}

_config(type, renew) := {
	"target": "kubekey-config",
	"value": {"spec": {"etcd": {"deployment_type": type}, "kubernetes": {"certs": {"renew": renew}}}},
}
