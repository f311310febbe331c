package policies.rules.certificates["webhook-cabundle-mismatch_test"]

import data.policies.rules.certificates["webhook-cabundle-mismatch"] as rule

test_a_bundle_that_does_not_verify_the_secret if {
	rule.deny == {{
		"document": 0,
		"path": ["bundle", 0],
		"args": {"service": "svc", "secret": "x"},
	}} with input as _input([["a"]], [_hook(0, 0, [_own(false)])], [])
}

test_said_once_where_a_configuration_repeats_it if {
	hooks := [_hook(0, 0, [_own(false)]), _hook(0, 1, [_own(false)])]
	count(rule.deny) == 1 with input as _input([["a"], ["a"]], hooks, [])
}

test_one_of_several_secrets_is_enough if {
	count(rule.deny) == 0 with input as _input([["a"]], [_hook(0, 0, [_own(false), _own(true)])], [])
}

test_injectors_and_what_is_left_over_from_3 if {
	injected := object.union(_hook(0, 0, [_own(false)]), {"injected": true})
	count(rule.deny) == 0 with input as _input([["a"]], [injected], [])
	stale := [{"versions": {"kubesphere": "4.1.2"}, "value": {"webhooks": [{
		"admissionReviewVersions": ["v1beta1"],
		"clientConfig": {"service": {"name": "ks-controller-manager"}},
	}]}}]
	count(rule.deny) == 0 with input as _input([["a"]], [_hook(0, 0, [_own(false)])], stale)
}

test_two_bundles_of_a_service_with_nothing_in_common if {
	rule.deny == {{
		"document": 1,
		"path": ["bundle", 1],
		"message": "apart",
		"args": {"service": "svc", "kind": "K0", "name": "n0"},
	}} with input as _input([["a"], ["b"]], [_hook(0, 0, []), _hook(1, 1, [])], [])
}

test_a_rotation_has_something_in_common if {
	hooks := [_hook(0, 0, []), _hook(1, 1, [])]
	count(rule.deny) == 0 with input as _input([["a", "b"], ["b"]], hooks, [])
	unreadable := _input([["a"], ["b"]], hooks, [])
	holders := [{"certs": [{"sha256": "a"}]}, {"certs": [{"sha256": "b"}, {"unreadable": true}]}]
	facts := object.union(unreadable.facts, {"certificates": holders})
	count(rule.deny) == 0 with input as object.union(unreadable, {"facts": facts})
}

test_what_is_not_exported_is_patched_later if {
	hooks := [object.union(_hook(0, 0, []), {"exported": false}), _hook(1, 1, [])]
	count(rule.deny) == 0 with input as _input([["a"], ["b"]], hooks, [])
}

test_two_exports_of_one_object_are_two_clusters if {
	set := [_object("K", "n"), _object("K", "n"), _object("K", "m")]
	hooks := [_hook(0, 0, []), _hook(1, 1, []), _hook(2, 1, [])]
	count(rule.deny) == 0 with input as _input([["a"], ["b"]], hooks, set)
}

test_other_services_are_not_judged if {
	port := {"service": {"name": "svc", "namespace": "ns", "port": 9443, "listed": true}}
	unlisted := {"service": {"name": "other", "namespace": "ns", "port": 443, "listed": false}}
	every change in [port, unlisted] {
		hooks := [object.union(_hook(0, 0, []), change), _hook(1, 1, [])]
		count(rule.deny) == 0 with input as _input([["a"], ["b"]], hooks, [])
	}
	both := [object.union(_hook(0, 0, []), unlisted), object.union(_hook(1, 1, []), unlisted)]
	count(rule.deny) == 0 with input as _input([["a"], ["b"]], both, [])
}

_hook(document, id, secrets) := {
	"document": document,
	"exported": true,
	"injected": false,
	"certificate": id,
	"ca_path": ["bundle", id],
	"service": {"name": "svc", "namespace": "ns", "port": 443, "listed": true},
	"secrets": secrets,
}

_own(ever) := {"secret": 0, "verifies": ever, "verifies_now": ever}

_object(kind, name) := {"versions": {}, "value": {"kind": kind, "metadata": {"name": name}}}

_input(bundles, hooks, set) := {"set": documents, "facts": {
	"certificates": [{"certs": [{"sha256": sum} | some sum in sums]} | some sums in bundles],
	"webhooks": {"client_configs": hooks, "secrets": [{"name": "x", "service": "svc"}]},
}} if {
	own := [_object("K0", "n0"), _object("K1", "n1")]
	documents := {true: own, false: set}[count(set) == 0]
}
