package policies.rules.installer["cc-etcd-monitoring-secret_test"]

import data.policies.rules.installer["cc-etcd-monitoring-secret"] as rule

_ca := "etcd-client-ca.crt"

_cert := "etcd-client.crt"

_key := "etcd-client.key"

test_a_secret_with_other_names if {
	rule.deny == {{
		"document": 1,
		"path": ["data", "etcd-client-ca.crt"],
		"args": {"keys": ["etcd-client-ca.crt", "etcd-client.crt", "etcd-client.key"]},
	}} with input as _input(_on, {"ca.pem": "<secret>"}, {})
}

test_what_is_empty_is_missing if {
	data_ := {_ca: "<secret>", _cert: "", _key: null}
	[fault] := [f | some f in rule.deny] with input as _input(_on, data_, {_ca: true, _cert: false, _key: false})
	fault.args.keys == [_cert, _key]
	fault.path == ["data", _cert]
}

test_what_is_no_pem if {
	rule.deny == {{
		"document": 1,
		"path": ["data", "etcd-client.key"],
		"message": "not-pem",
		"args": {"key": "etcd-client.key"},
	}} with input as _input(_on, _full, {_ca: true, _cert: true, _key: false})
}

test_a_whole_secret if {
	count(rule.deny) == 0 with input as _input(_on, _full, {_ca: true, _cert: true, _key: true})
	count(rule.unchecked) == 0 with input as _input(_on, _full, {_ca: true, _cert: true, _key: true})
}

test_nobody_asks_for_it if {
	every etcd in [
		{"monitoring": true, "tlsEnable": false},
		{"monitoring": false, "tlsEnable": true},
		{"monitoring": "true", "tlsEnable": true},
		{"monitoring": true},
		null,
	] {
		count(rule.deny) == 0 with input as _input(etcd, {}, {})
		count(rule.unchecked) == 0 with input as {"set": [_cc(etcd)], "facts": {"etcd": {"clients": []}}}
	}
}

test_no_secret_is_no_fault if {
	other := {"set": [_cc(_on), null], "facts": {"etcd": {"clients": [{"kind": "etcdctl", "document": 1}]}}}
	count(rule.deny) == 0 with input as other
	rule.unchecked == {{"needs": "Secret kube-etcd-client-certs", "document": 0}} with input as other
}

test_placeholders_are_filled_in_later if {
	count(rule.deny) == 0 with input as _input(_on, _full, {_ca: false, _cert: false, _key: false})
}

test_text_that_sops_encrypts if {
	open := _input(_on, _full, {_ca: true, _cert: false, _key: false})
	secret := object.union(open.set[1], {"value": {"sops": {}}})
	count(rule.deny) == 0 with input as object.union(open, {"set": [open.set[0], secret]})
}

test_a_secret_in_plain_text if {
	secret := {"target": "secret", "value": {"stringData": {"x": "<secret>"}}}
	{f.path | some f in rule.deny} == {["stringData", _ca]} with input as {
		"set": [_cc(_on), secret],
		"facts": {"etcd": {"clients": [{"kind": "secret", "document": 1, "path": []}]}},
	}
}

_on := {"monitoring": true, "tlsEnable": true}

_full := {_ca: "<secret>", _cert: "<secret>", _key: "<secret>"}

_cc(etcd) := {"target": "cluster-configuration", "value": {"spec": {"etcd": etcd}}}

_input(etcd, data_, pem) := {
	"set": [_cc(etcd), {"target": "secret", "value": {"data": data_}}],
	"facts": {"etcd": {"clients": [object.union({"kind": "secret", "document": 1, "path": []}, {field: at |
		some field, key in {"ca": _ca, "cert": _cert, "key": _key}
		at := {"path": ["data", key], "pem": pem[key]}
	})]}},
}
