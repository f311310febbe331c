package policies.rules.etcd["etcd-type-unknown_test"]

import data.policies.rules.etcd["etcd-type-unknown"] as rule

test_case_counts if {
	rule.deny == {{"document": 0, "path": ["spec", "Etcd", "type"], "args": {"type": "Kubekey"}}} with input as {"set": [{
		"target": "kubekey-cluster",
		"value": {"spec": {"Etcd": {"type": "Kubekey"}}},
	}]}
}

test_types_of_v3 if {
	every type, n in {
		"kubekey": 0,
		"kubeadm": 0,
		"external": 0,
		"": 0,
		"{{ type }}": 0,
		"internal": 1,
		" kubekey": 1,
		"stacked": 1,
	} {
		_count(_cluster({"type": type})) == n
	}
	every type in [null, true, 5, [], {}] {
		_count(_cluster({"type": type})) == 0
	}
	every etcd in [null, {}, [], "kubekey"] {
		_count(_cluster(etcd)) == 0
	}
}

test_types_of_v4 if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "etcd", "deployment_type"],
		"message": "v4",
		"args": {"type": "kubekey"},
	}} with input as {"set": [_config({"deployment_type": "kubekey"})]}
	every type, n in {"external": 0, "internal": 0, "{{ type }}": 0, "": 1, "External": 1} {
		_count(_config({"deployment_type": type})) == n
	}
	_count(_config({"deployment_type": true})) == 1
	_count(_config({"deployment_type": null})) == 0
	_count(_config({"deployment_type": ["external"]})) == 0
	_count(_config({})) == 0
}

test_variables_of_the_inventory if {
	inventory := {
		"target": "kubekey-inventory",
		"value": {"spec": {"vars": {"etcd": {"deployment_type": "kubeadm"}}}},
	}
	{f.document | some f in rule.deny} == {1} with input as {"set": [null, inventory]}
	count(rule.deny) == 0 with input as {"set": [_config({"deployment_type": "internal"}), inventory]}
}

_count(document) := n if n := count(rule.deny) with input as {"set": [document]}

_cluster(etcd) := {"target": "kubekey-cluster", "value": {"spec": {"etcd": etcd}}}

_config(etcd) := {"target": "kubekey-config", "value": {"spec": {"etcd": etcd}}}
