package policies.rules.etcd["etcd-ca-expired_test"]

import data.policies.rules.etcd["etcd-ca-expired"] as rule

test_only_its_date_keeps_a_ca_from_verifying_a_sound_leaf if {
	rule.deny == {{
		"document": 1,
		"path": [0],
		"message": "",
		"args": {"name": "f1", "date": "2026-02-14"},
	}} with input as _input([[_leaf("ca")], [_cert("ca", "ca", 500)]], true, false)
}

test_a_bundle_is_judged_by_what_issued_the_leaf if {
	files := [[_leaf("ca")], [_cert("ca", "ca", 500), _cert("ca", "ca", 1500), _cert("old", "old", 600)]]
	{f.path | some f in rule.deny} == {[0]} with input as _input(files, true, false)
	count(rule.deny) == 0 with input as _input(files, true, true)
}

test_the_latest_of_several_is_named if {
	files := [[_leaf("ca")], [_cert("ca", "ca", 500), _cert("ca", "ca", 600)]]
	{f.path | some f in rule.deny} == {[1]} with input as _input(files, true, false)
}

test_a_foreign_ca_is_another_fault if {
	count(rule.deny) == 0 with input as _input([[_leaf("ca")], [_cert("ca", "ca", 500)]], false, false)
}

test_an_expired_leaf_leaves_the_ca_to_be_judged_by_itself if {
	expired := object.union(_leaf("ca"), {"ends": 900})
	count(rule.deny) == 1 with input as _input([[expired], [_cert("ca", "ca", 500)]], true, false)
	count(rule.deny) == 0 with input as _input([[expired], [_cert("ca", "ca", 1500)]], true, false)
}

test_what_is_not_valid_yet_may_be_the_reason if {
	later := object.union(_cert("ca", "ca", 1500), {"starts": 1100})
	count(rule.deny) == 0 with input as _input([[_leaf("ca")], [_cert("ca", "ca", 500), later]], true, false)
}

test_an_intermediate_behind_the_leaf if {
	files := [[_leaf("mid"), _cert("mid", "ca", 500)], [_cert("ca", "ca", 1500)]]
	rule.deny == {{
		"document": 0,
		"path": [1],
		"message": "chain",
		"args": {"name": "f0", "date": "2026-02-14"},
	}} with input as _input(files, true, false)
}

test_without_a_leaf_all_must_have_expired if {
	count(rule.deny) == 1 with input as _alone([500, 600])
	count(rule.deny) == 0 with input as _alone([500, 1000])
}

_input(files, verifies, now) := {"facts": {
	"now": 1000,
	"certificates": _files(files),
	"etcd": {
		"in_use": [{"certificate": 0}],
		"authorities": [{"certificate": 1}],
		"pairs": [{
			"leaf": {"certificate": 0},
			"ca": {"certificate": 1},
			"verifies": verifies,
			"verifies_now": now,
		}],
	},
}}

_alone(ends) := {"facts": {
	"now": 1000,
	"certificates": _files([[_cert("ca", "ca", e) | some e in ends]]),
	"etcd": {"in_use": [], "authorities": [{"certificate": 0}], "pairs": []},
}}

_files(files) := [{"name": sprintf("f%d", [i]), "content": sprintf("c%d", [i]), "certs": certs} |
	some i, file in files
	certs := [object.union(cert, {"document": i, "path": [n], "sha256": sprintf("%d-%d", [i, n])}) | some n, cert in file]
]

_leaf(issuer) := _cert("leaf", issuer, 2000)

_cert(subject, issuer, ends) := {
	"subject": subject,
	"issuer": issuer,
	"starts": 0,
	"ends": ends,
	"not_after": "2026-02-14T00:00:00Z",
}
