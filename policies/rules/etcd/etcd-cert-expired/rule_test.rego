package policies.rules.etcd["etcd-cert-expired_test"]

import data.policies.rules.etcd["etcd-cert-expired"] as rule

test_a_leaf_that_has_expired if {
	rule.deny == {{
		"document": 1,
		"path": ["blocks", 0],
		"message": "",
		"args": {"name": "member-n1.pem", "date": "2026-05-20"},
	}} with input as _input({"role": "etcd-member"}, 100, "server")
}

test_the_last_second_is_fine if {
	count(rule.deny) == 0 with input as _input({"role": "etcd-member"}, 1000, "server")
}

test_what_cannot_be_read_is_not_judged if {
	count(rule.deny) == 0 with input as {"facts": {
		"now": 1000,
		"certificates": [{"certs": [{"document": 1, "path": ["blocks", 0], "unreadable": true}]}],
		"etcd": {"in_use": [{"certificate": 0, "uses": []}]},
	}}
}

test_copies_are_one_fault if {
	file := {"name": "n.pem", "certs": [{"document": 1, "path": [], "sha256": "a", "ends": 1, "not_after": "2026-05-20T"}]}
	copy := json.patch(file, [{"op": "replace", "path": "/certs/0/document", "value": 2}])
	found := rule.deny with input as {"facts": {
		"now": 1000,
		"certificates": [copy, file],
		"etcd": {"in_use": [{"certificate": 1, "uses": []}, {"certificate": 0, "uses": []}]},
	}}
	{f.document | some f in found} == {1}
}

test_each_owner_has_its_own_words if {
	every role, message in {
		"etcd-node": "",
		"etcd-admin": "tools",
		"etcd-server": "v4",
		"etcd-client": "v4",
		"kubeadm-etcd-peer": "kubeadm",
		"kubeadm-apiserver-etcd-client": "kubeadm",
		"etcd-secret-client": "secret",
	} {
		{f.message | some f in rule.deny} == {message} with input as _input({"role": role}, 100, "name")
	}
}

test_what_etcdctl_alone_uses_is_a_tool if {
	{f.message | some f in rule.deny} == {"tools"} with input as _input({}, 100, "etcdctl")
	{f.message | some f in rule.deny} == {""} with input as _input({}, 100, "apiserver")
}

_input(more, ends, kind) := {"facts": {
	"now": 1000,
	"certificates": [object.union(more, {"name": "member-n1.pem", "certs": [{
		"document": 1,
		"path": ["blocks", 0],
		"sha256": "a",
		"ends": ends,
		"not_after": "2026-05-20T00:00:00Z",
	}]})],
	"etcd": {"in_use": [{"certificate": 0, "uses": [{"kind": kind, "document": 0, "path": []}]}]},
}}
