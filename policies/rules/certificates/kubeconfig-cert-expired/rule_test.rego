package policies.rules.certificates["kubeconfig-cert-expired_test"]

import data.policies.rules.certificates["kubeconfig-cert-expired"] as rule

test_the_users_certificate if {
	rule.deny == {{
		"document": 0,
		"path": ["leaf"],
		"args": {"name": "alice", "date": "1970-01-01"},
	}} with input as _input(99, 1000, _kubeconfig("file"), {})
}

test_who_connects_to_a_member if {
	faults := rule.deny with input as _input(99, 1000, _kubeconfig("cluster"), {})
	{[fault.message, fault.args.name] | some fault in faults} == {["cluster", "member-1"]}
}

test_a_user_of_kubesphere if {
	every kind in ["configmap", "secret"] {
		faults := rule.deny with input as _input(99, 1000, _kubeconfig(kind), {})
		{fault.message | some fault in faults} == {"user"}
	}
}

test_an_expired_ca if {
	faults := rule.deny with input as _input(1000, 99, _kubeconfig("file"), {})
	{[fault.message, fault.args.name] | some fault in faults} == {["ca", "cluster.local"]}
}

test_one_finding_where_both_have_expired if {
	count(rule.deny) == 1 with input as _input(99, 99, _kubeconfig("file"), {})
}

test_the_ca_counts_whatever_the_user_has if {
	count(rule.deny) == 1 with input as _input(99, 99, _kubeconfig("file"), {"user": {"other_auth": true}})
	count(rule.deny) == 0 with input as _input(99, 1000, _kubeconfig("file"), {"user": {"other_auth": true}})
}

test_nobody_checks_the_ca if {
	count(rule.deny) == 0 with input as _input(1000, 99, _kubeconfig("file"), {"cluster": {"insecure": true}})
}

test_kubeadms_own_are_for_another_rule if {
	count(rule.deny) == 0 with input as _input(99, 99, _kubeconfig("file"), {"role": "admin"})
}

_input(user_ends, ca_ends, kubeconfig, more) := {
	"set": [{"value": {"metadata": {"name": "member-1"}}}],
	"facts": {
		"now": 100,
		"kubeconfigs": [object.union(kubeconfig, more)],
		"certificates": [
			{"certs": [_cert("leaf", user_ends), _cert("chain", 1)]},
			{"certs": [_cert("ca", ca_ends)]},
		],
	},
}

_cert(name, ends) := {"document": 0, "path": [name], "ends": ends, "not_after": "1970-01-01T00:00:00Z"}

_kubeconfig(kind) := {
	"kind": kind, "file": "a", "carrier": {"document": 0, "path": []},
	"user": {"name": "alice", "certificate": 0, "embedded": true, "other_auth": false},
	"cluster": {"name": "cluster.local", "certificate": 1, "embedded": true, "insecure": false},
}
