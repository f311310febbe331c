package policies.rules.certificates["k8s-ca-expires_test"]

import data.policies.rules.certificates["k8s-ca-expires"] as rule

test_within_a_year_of_its_end if {
	faults := rule.deny with input as _facts([_holder([{"starts": -3285, "ends": 364.5}])])
	{fault.args.days | some fault in faults} == {364}
	count(rule.deny) == 0 with input as _facts([_holder([{"starts": -3285, "ends": 366}])])
}

test_a_fifth_of_a_short_life if {
	count(rule.deny) == 0 with input as _facts([_holder([{"starts": -580, "ends": 150}])])
	count(rule.deny) == 1 with input as _facts([_holder([{"starts": -590, "ends": 140}])])
}

test_past_its_end_another_rule_speaks if {
	count(rule.deny) == 0 with input as _facts([_holder([{"starts": -3650, "ends": -1}])])
}

test_the_latest_counts if {
	count(rule.deny) == 0 with input as _facts([_holder([{"starts": -3285, "ends": 100}, {"starts": -1, "ends": 3649}])])
}

test_one_that_cannot_be_read_may_last_longer if {
	holder := _holder([{"starts": -3285, "ends": 100}])
	certs := array.concat(holder.certs, [{"document": 0, "path": [], "unreadable": true}])
	count(rule.deny) == 0 with input as _facts([object.union(holder, {"certs": certs})])
}

_facts(certificates) := {
	"parameters": {"k8s-ca-expires": {"days": 365, "percent": 20}},
	"facts": {"now": 0, "certificates": certificates},
}

_holder(lives) := {"id": 0, "document": 0, "role": "ca", "name": "ca.crt", "certs": [cert |
	some i, life in lives
	cert := {
		"document": 0, "path": ["blocks", i], "starts": life.starts * 86400, "ends": life.ends * 86400,
		"not_after": "1971-01-01T00:00:00Z", "sha256": sprintf("%d", [i]),
	}
]}
