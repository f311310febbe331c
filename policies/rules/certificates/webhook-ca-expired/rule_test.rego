package policies.rules.certificates["webhook-ca-expired_test"]

import data.policies.rules.certificates["webhook-ca-expired"] as rule

test_a_bundle_whose_cas_have_all_ended if {
	rule.deny == {{
		"document": 0,
		"path": ["bundle", 0],
		"args": {"ca": "b", "date": "1970-01-01"},
	}} with input as _input([[_cert("a", 0, 10), _cert("b", 0, 20)]], [_hook(0, [])], [])
}

test_said_once_where_a_configuration_repeats_it if {
	hooks := [_hook(0, []), _hook(1, []), object.union(_hook(0, []), {"document": 1})]
	bundles := [[_cert("a", 0, 10)], [_cert("a", 0, 10)]]
	{f.document | some f in rule.deny} == {0, 1} with input as _input(bundles, hooks, [])
	count(rule.deny) == 2 with input as _input(bundles, hooks, [])
}

test_a_live_ca_beside_it_is_a_rotation if {
	count(rule.deny) == 0 with input as _input([[_cert("a", 0, 10), _cert("b", 0, 200)]], [_hook(0, [])], [])
}

test_an_unreadable_one_may_live if {
	bundle := [_cert("a", 0, 10), {"unreadable": true, "document": 0, "path": []}]
	count(rule.deny) == 0 with input as _input([bundle], [_hook(0, [])], [])
}

test_an_injector_writes_its_own if {
	hook := object.union(_hook(0, []), {"injected": true})
	count(rule.deny) == 0 with input as _input([[_cert("a", 0, 10)]], [hook], [])
}

test_no_bundle if {
	hook := object.remove(_hook(0, []), ["certificate"])
	count(rule.deny) == 0 with input as _input([[_cert("a", 0, 10)]], [hook], [])
}

test_the_leaf_of_a_secret if {
	rule.deny == {{
		"document": 9,
		"path": ["a"],
		"message": "leaf",
		"args": {"service": "s", "date": "1970-01-01"},
	}} with input as _input([[_cert("a", 0, 10), _cert("ca", 0, 200)]], [], [_secret(0)])
}

test_only_the_first_certificate_is_the_leaf if {
	count(rule.deny) == 0 with input as _input([[_cert("a", 0, 200), _cert("ca", 0, 10)]], [], [_secret(0)])
}

test_the_ca_of_a_secret if {
	secret := object.union(_secret(0), {"ca": 1})
	rule.deny == {{
		"document": 9,
		"path": ["bundle", 1],
		"message": "ca",
		"args": {"service": "s", "ca": "ca", "date": "1970-01-01"},
	}} with input as _input([[_cert("a", 0, 200)], [_cert("ca", 0, 10)]], [], [secret])
}

test_the_ca_that_signed_has_ended_and_another_lives if {
	rule.deny == {{
		"document": 0,
		"path": ["bundle", 1],
		"message": "signer",
		"args": {"service": "s", "secret": "x", "ca": "old", "date": "1970-01-01"},
	}} with input as _signed(_cert("a", 0, 200), [_cert("old", 0, 10), _cert("new", 0, 200)], [_own(true, false)])
}

test_what_verifies_now_is_sound if {
	cas := [_cert("old", 0, 10), _cert("new", 0, 200)]
	count(rule.deny) == 0 with input as _signed(_cert("a", 0, 200), cas, [_own(true, true)])
	count(rule.deny) == 0 with input as _signed(_cert("a", 0, 200), cas, [_own(true, false), _own(true, true)])
}

test_what_never_verified_is_another_fault if {
	cas := [_cert("old", 0, 10), _cert("new", 0, 200)]
	count(rule.deny) == 0 with input as _signed(_cert("a", 0, 200), cas, [_own(false, false)])
}

test_what_is_not_yet_valid_is_another_fault if {
	cas := [_cert("old", 0, 10), _cert("new", 0, 200)]
	count(rule.deny) == 0 with input as _signed(_cert("a", 150, 200), cas, [_own(true, false)])
	count(rule.deny) == 0 with input as _signed(_cert("a", 0, 200), [_cert("new", 150, 200)], [_own(true, false)])
}

test_the_leaf_and_the_bundle_speak_for_themselves if {
	own := [_own(true, false)]
	cas := [_cert("old", 0, 10), _cert("new", 0, 200)]
	{f.message | some f in rule.deny} == {"leaf"} with input as _signed(_cert("a", 0, 10), cas, own)
	[f | some f in rule.deny; f.message] == [] with input as _signed(_cert("a", 0, 200), [_cert("old", 0, 10)], own)
}

_cert(cn, starts, ends) := {
	"document": 9,
	"path": [cn],
	"cn": cn,
	"starts": starts,
	"ends": ends,
	"not_after": "1970-01-01T00:00:00Z",
	"sha256": cn,
}

_hook(id, secrets) := {
	"document": 0,
	"injected": false,
	"certificate": id,
	"ca_path": ["bundle", id],
	"secrets": secrets,
}

_secret(id) := {"document": 9, "name": "x", "service": "s", "server": id}

_own(ever, now) := {"secret": 0, "verifies": ever, "verifies_now": now}

_signed(leaf, cas, own) := _input([[leaf], cas], [_hook(1, own)], [_secret(0)])

_input(holders, hooks, secrets) := {"facts": {
	"now": 100,
	"certificates": [{"id": i, "path": ["bundle", i], "certs": certs} | some i, certs in holders],
	"webhooks": {"client_configs": hooks, "secrets": secrets},
}}
