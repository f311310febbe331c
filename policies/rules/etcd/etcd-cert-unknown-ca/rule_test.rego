package policies.rules.etcd["etcd-cert-unknown-ca_test"]

import data.policies.rules.etcd["etcd-cert-unknown-ca"] as rule

test_a_leaf_that_no_ca_knows if {
	rule.deny == {{
		"document": 0,
		"path": [0],
		"args": {"name": "f0", "ca": "f2"},
	}} with input as _input([_pair(0, 2, false), _pair(1, 2, true)])
}

test_a_leaf_and_a_ca_alone if {
	{f.document | some f in rule.deny} == {0} with input as _input([_pair(0, 2, false)])
}

test_a_ca_that_knows_none_of_several if {
	rule.deny == {{
		"document": 2,
		"path": [0],
		"message": "ca",
		"args": {"name": "f0", "ca": "f2"},
	}} with input as _input([_pair(0, 2, false), _pair(1, 2, false)])
}

test_a_ca_where_another_knows_the_leaf if {
	{f.document | some f in rule.deny} == {3} with input as _input([_pair(0, 2, true), _pair(0, 3, false)])
}

test_all_is_well if {
	count(rule.deny) == 0 with input as _input([_pair(0, 2, true), _pair(1, 2, true)])
}

test_what_cannot_be_read_may_be_the_right_one if {
	count(rule.deny) == 0 with input as _input([_pair(0, 4, false)])
}

test_files_that_are_not_there_are_named if {
	lacks := {{"needs": "/ca.pem", "document": 5}, {"needs": "/n.pem", "document": 6}}
	rule.unchecked == lacks with input as {"facts": {"etcd": {
		"pairs": [],
		"members": [{"document": 5, "settings": {
			"ETCD_CERT_FILE": {"value": "/m.pem", "certificate": 0},
			"ETCD_TRUSTED_CA_FILE": {"value": "/ca.pem"},
			"ETCD_PEER_CERT_FILE": {"value": null},
		}}],
		"clients": [
			{"kind": "apiserver", "document": 6, "cert": {"value": "/n.pem"}},
			{"kind": "external", "document": 7, "ca": {"value": "/x.pem"}},
			{"kind": "secret", "document": 8, "ca": {"pem": false}},
		],
	}}}
}

_pair(leaf, ca, verifies) := {"leaf": {"certificate": leaf}, "ca": {"certificate": ca}, "verifies": verifies}

_input(pairs) := {"facts": {
	"certificates": [_file(0, {}), _file(1, {}), _file(2, {}), _file(3, {}), {
		"name": "f4",
		"content": "4",
		"certs": [{"unreadable": true}],
	}],
	"etcd": {"pairs": pairs, "members": [], "clients": []},
}}

_file(i, more) := object.union(more, {
	"name": sprintf("f%d", [i]),
	"content": sprintf("%d", [i]),
	"document": i,
	"path": [0],
	"certs": [{"document": i, "path": [0], "sha256": sprintf("%d", [i])}],
})
