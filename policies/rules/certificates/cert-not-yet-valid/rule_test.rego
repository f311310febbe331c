package policies.rules.certificates["cert-not-yet-valid_test"]

import data.policies.rules.certificates["cert-not-yet-valid"] as rule

test_a_leaf_that_begins_later if {
	rule.deny == {{
		"document": 0,
		"path": ["blocks", 0],
		"args": {"name": "a.crt", "begin": "2026-08-01 05:00"},
	}} with input as _input([_holder(0, ["leaf"], [700, 0])], [])
}

test_minutes_are_no_fault if {
	count(rule.deny) == 0 with input as _input([_holder(0, ["leaf"], [600])], [])
}

test_a_ca_beside_a_live_one if {
	count(rule.deny) == 0 with input as _input([_holder(0, ["ca"], [700, 0])], [])
	faults := rule.deny with input as _input([_holder(0, ["ca"], [700])], [])
	{fault.message | some fault in faults} == {"ca"}
}

test_the_same_content_is_one_fault if {
	count(rule.deny) == 1 with input as _input([_holder(0, ["leaf"], [700]), _holder(1, ["leaf"], [700])], [])
}

test_what_nobody_reads if {
	count(rule.deny) == 0 with input as _input([_holder(0, [], [700])], [])
}

test_what_is_read_both_ways_is_a_leaf if {
	count(rule.deny) == 1 with input as _input([_holder(0, ["ca", "leaf"], [700])], [])
}

test_all_of_them if {
	faults := rule.deny with input as _input([_holder(0, ["leaf"], [700]), _holder(1, ["ca"], [800])], [])
	{[fault.message, fault.args.count, fault.document] | some fault in faults} == {["clock", 2, 0]}
}

test_clients_of_registries if {
	holder := object.union(_holder(0, ["ca"], [700]), {"role": "registry-client-ca"})
	count(rule.deny) == 0 with input as _input([holder], [])
}

test_kubeconfigs_that_nobody_uses if {
	kubeconfig := {"kind": "file", "file": "kubekey/config-a", "user": {"embedded": true, "certificate": 0}}
	count(rule.deny) == 0 with input as _input([_holder(0, ["leaf"], [700])], [kubeconfig])
	used := object.union(kubeconfig, {"file": ".kube/config"})
	count(rule.deny) == 1 with input as _input([_holder(0, ["leaf"], [700])], [used])
}

_input(certificates, kubeconfigs) := {
	"set": [],
	"parameters": {"cert-not-yet-valid": {"minutes": 10}},
	"facts": {"now": 0, "certificates": certificates, "kubeconfigs": kubeconfigs},
}

_holder(id, read, starts) := {
	"id": id, "document": id, "path": ["blocks", 0], "name": "a.crt", "read": read,
	"certs": [_cert(start) | some start in starts],
}

_cert(start) := {"starts": start, "not_before": "2026-08-01T05:00:00Z", "sha256": sprintf("%d", [start])}
