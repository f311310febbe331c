package policies.rules.etcd["etcd-quota-too-large_test"]

import data.policies.rules.etcd["etcd-quota-too-large"] as rule

test_a_unit_stops_kk if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "etcd", "QuotaBackendBytes"],
		"args": {"name": "quotaBackendBytes", "value": "8G"},
	}} with input as _input([_cluster({"QuotaBackendBytes": "8G"})])
}

test_what_kk_cannot_read_is_a_fault_of_any_etcd if {
	every type in ["kubekey", "kubeadm", "external"] {
		every x in ["8Gi", "8e9", 2147483648.5, true] {
			_found({"type": type, "quotaBackendBytes": x}) == {""}
		}
	}
}

test_another_unit_is_too_small if {
	every x in [1, 8, 8192, 8388608, 16777215] {
		_found({"quotaBackendBytes": x}) == {"small"}
	}
}

test_more_than_8_gib_is_too_large if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "etcd", "quotaBackendBytes"],
		"message": "large",
		"args": {"value": 17179869184},
	}} with input as _input([_cluster({"quotaBackendBytes": 17179869184})])
}

test_sound_quotas if {
	every x in [null, "", "{{ quota }}", "8589934593", 0, -1, 16777216, 1000000000, 2147483648.0, 8e9, 8589934592, []] {
		_found({"quotaBackendBytes": x}) == set()
	}
}

test_the_size_matters_where_kk_runs_etcd if {
	every type in ["kubeadm", "external", "Kubekey"] {
		_found({"type": type, "quotaBackendBytes": 8}) == set()
	}
}

test_extra_args_win if {
	_found({"quotaBackendBytes": 8, "extraArgs": ["ETCD_QUOTA_BACKEND_BYTES=8589934592"]}) == set()
	_found({"quotaBackendBytes": 2147483648, "extraArgs": ["ETCD_QUOTA_BACKEND_BYTES=\"8\""]}) == {"small"}
	_found({"extraArgs": ["ETCD_QUOTA_BACKEND_BYTES=8Gi"]}) == {"etcd"}
	_found({"extraArgs": ["ETCD_QUOTA_BACKEND_BYTES=-1"]}) == set()
	_found({"type": "kubeadm", "extraArgs": ["ETCD_QUOTA_BACKEND_BYTES=8Gi"]}) == set()
}

test_an_older_kk_has_no_field if {
	every x in ["8G", 8] {
		document := object.union(_cluster({"quotaBackendBytes": x}), {"versions": {"kubekey": "3.0.7"}})
		count(rule.deny) == 0 with input as _input([document])
	}
}

test_members if {
	_of_member("8G") == {"etcd"}
	_of_member("8e9") == {"etcd"}
	_of_member("8") == {"small"}
	_of_member("17179869184") == {"large"}
	every x in ["8589934592", "16777216", "0", "-1", null] {
		_of_member(x) == set()
	}
}

test_v4 if {
	_found4({"env": {"quota_backend_bytes": 100}}) == {"small"}
	_found4({"env": {"quota_backend_bytes": "8G"}}) == {"etcd"}
	_found4({"env": {"quota_backend_bytes": "17179869184"}}) == {"large"}
	_found4({"env": {"quota_backend_bytes": "8589934592"}}) == set()
	_found4({"env": {"quota_backend_bytes": 8e9}}) == set()
	_found4({"env": {"quota_backend_bytes": null}}) == set()
	_found4({"deployment_type": "internal", "env": {"quota_backend_bytes": "8G"}}) == set()
}

test_v4_variables_of_the_inventory if {
	inventory := {
		"target": "kubekey-inventory",
		"value": {"spec": {"vars": {"etcd": {"env": {"quota_backend_bytes": 100}}}}},
	}
	{fault.document | some fault in rule.deny} == {1} with input as _input([_config({}), inventory])
	internal := _config({"deployment_type": "internal"})
	count(rule.deny) == 0 with input as _input([internal, inventory])
}

_found(etcd) := messages if {
	messages := {m | some f in rule.deny; m := object.get(f, "message", "")} with input as _input([_cluster(etcd)])
}

_found4(etcd) := messages if {
	messages := {m | some f in rule.deny; m := object.get(f, "message", "")} with input as _input([_config(etcd)])
}

_of_member(x) := messages if {
	with_member := object.union(_input([null]), {"facts": {"etcd": {"members": [_member(x)]}}})
	messages := {m | some f in rule.deny; m := object.get(f, "message", "")} with input as with_member
}

_member(x) := {"document": 0, "config_file": false, "settings": {"ETCD_QUOTA_BACKEND_BYTES": {
	"path": ["variables", "ETCD_QUOTA_BACKEND_BYTES"],
	"value": x,
}}}

_input(set) := {
	"set": set,
	"facts": {"etcd": {"members": []}},
	"parameters": {"etcd-quota-too-large": {"least": 16777216}},
}

_cluster(etcd) := {"target": "kubekey-cluster", "value": {"spec": {"etcd": etcd}}}

_config(etcd) := {"target": "kubekey-config", "value": {"spec": {"etcd": etcd}}}
