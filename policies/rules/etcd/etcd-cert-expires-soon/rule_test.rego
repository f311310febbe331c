package policies.rules.etcd["etcd-cert-expires-soon_test"]

import data.policies.rules.etcd["etcd-cert-expires-soon"] as rule

test_less_than_the_days_are_soon if {
	rule.deny == {{
		"document": 1,
		"path": ["blocks", 0],
		"message": "",
		"args": {"name": "a.pem", "date": "2026-08-13", "days": 12},
	}} with input as _input({"role": "etcd-member"}, 12, [])
	count(rule.deny) == 1 with input as _input({}, 29, [])
	count(rule.deny) == 0 with input as _input({}, 30, [])
}

test_expired_is_another_fault if {
	count(rule.deny) == 1 with input as _input({}, 0, [])
	count(rule.deny) == 0 with input as _input({}, -1, [])
}

test_a_timer_of_the_host_has_some_days_more if {
	every set in [[null, _timer("node1")], [{
		"target": "kubekey-cluster",
		"value": {"spec": {"kubernetes": {"autoRenewCerts": true}}},
	}]] {
		count(rule.deny) == 0 with input as _input({"role": "kubeadm-etcd-peer"}, 21, set)
		{f.message | some f in rule.deny} == {"kubeadm"} with input as _input({"role": "kubeadm-etcd-peer"}, 20, set)
		count(rule.deny) == 1 with input as _input({"role": "etcd-admin"}, 21, set)
	}
}

test_other_timers_are_none_of_it if {
	count(rule.deny) == 1 with input as _input({"role": "kubeadm-etcd-peer"}, 21, [_timer("node2")])
	count(rule.deny) == 1 with input as _input({"role": "kubeadm-etcd-peer"}, 21, [{
		"target": "kubekey-cluster",
		"value": {"spec": {"kubernetes": {"autoRenewCerts": false}}},
	}])
}

test_others_have_their_own_words if {
	{f.message | some f in rule.deny} == {"v4"} with input as _input({"role": "etcd-client"}, 1, [])
	{f.message | some f in rule.deny} == {"secret"} with input as _input({"role": "etcd-secret-client"}, 1, [])
}

test_the_newest_of_a_ca_file_counts if {
	rule.deny == {{
		"document": 1,
		"path": ["blocks", 1],
		"message": "ca",
		"args": {"name": "a.pem", "date": "2026-08-13", "days": 89},
	}} with input as _ca([10, 89], [])
	count(rule.deny) == 0 with input as _ca([10, 90], [])
}

test_a_ca_file_with_what_cannot_be_read_is_not_judged if {
	count(rule.deny) == 0 with input as _ca([10, null], [])
}

test_a_file_has_one_finding if {
	{f.message | some f in rule.deny} == {""} with input as _ca([10], [{"certificate": 0}])
}

_timer(host) := {"target": "systemd-unit", "host": host, "file": "node1/etc/systemd/system/k8s-certs-renew.timer"}

_input(more, days, set) := {
	"parameters": _parameters,
	"set": set,
	"facts": {
		"now": 1000,
		"certificates": [object.union(more, {"name": "a.pem", "host": "node1", "certs": [_cert(0, days)]})],
		"etcd": {"in_use": [{"certificate": 0}], "authorities": []},
	},
}

_ca(days, used) := {
	"parameters": _parameters,
	"set": [],
	"facts": {
		"now": 1000,
		"certificates": [{"name": "a.pem", "host": "node1", "certs": [_cert(n, d) | some n, d in days]}],
		"etcd": {"in_use": used, "authorities": [{"certificate": 0}]},
	},
}

_cert(n, null) := {"document": 1, "path": ["blocks", n], "unreadable": true}

_cert(n, days) := {
	"document": 1,
	"path": ["blocks", n],
	"sha256": sprintf("%d", [n]),
	"ends": 1000 + (days * 86400),
	"not_after": "2026-08-13T00:00:00Z",
} if {
	is_number(days)
}

_parameters := {"etcd-cert-expires-soon": {"days": 30, "timerDays": 21, "caDays": 90}}
