package policies.rules.etcd["etcd-cert-key-mismatch_test"]

import data.policies.rules.etcd["etcd-cert-key-mismatch"] as rule

test_a_key_of_another_certificate if {
	rule.deny == {{
		"document": 1,
		"path": ["variables", "ETCD_KEY_FILE"],
		"message": "",
		"args": {"name": "a.pem"},
	}} with input as _input([_pair("server", false)], [])
}

test_a_key_that_fits if {
	count(rule.deny) == 0 with input as _input([_pair("server", true)], [])
}

test_each_user_has_its_own_words if {
	every kind, message in {
		"peer": "",
		"client": "",
		"peer-client": "",
		"apiserver": "client",
		"k3s": "client",
		"etcdctl": "etcdctl",
		"secret": "secret",
	} {
		{f.message | some f in rule.deny} == {message} with input as _input([_pair(kind, false)], [])
	}
}

test_a_pair_known_by_its_name_is_found_at_the_certificate if {
	{[f.message, f.document] | some f in rule.deny} == {["file", 2]} with input as _input([_pair("name", false)], [0])
}

test_a_pair_that_nobody_uses if {
	count(rule.deny) == 0 with input as _input([_pair("name", false)], [])
}

test_copies_are_one_fault if {
	pairs := [_pair("apiserver", false), _pair("secret", false)]
	{f.message | some f in rule.deny} == {"client"} with input as _input(pairs, [])
}

_pair(kind, match) := {
	"kind": kind,
	"certificate": 0,
	"match": match,
	"document": 1,
	"path": ["variables", "ETCD_KEY_FILE"],
	"cert": {"document": 2, "path": ["blocks", 0]},
}

_input(pairs, used) := {"facts": {
	"certificates": [{"name": "a.pem", "certs": [{"sha256": "a"}]}],
	"etcd": {"keypairs": pairs, "in_use": [{"certificate": id} | some id in used]},
}}
