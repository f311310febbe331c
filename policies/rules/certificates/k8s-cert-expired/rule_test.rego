package policies.rules.certificates["k8s-cert-expired_test"]

import data.policies.rules.certificates["k8s-cert-expired"] as rule

test_an_expired_leaf if {
	rule.deny == {{"document": 0, "path": ["blocks", 0], "args": {"file": "a.crt", "date": "1970-01-01"}}} with input as {
		"facts": {"now": 100, "kubeconfigs": [], "certificates": [_holder("apiserver", [99, 1000])]},
	}
}

test_the_last_second_counts if {
	count(rule.deny) == 0 with input as _facts([_holder("apiserver", [100])], [])
}

test_a_certificate_that_cannot_be_read_is_not_judged if {
	holder := object.union(_holder("ca", [99]), {"certs": [_cert(99), {"document": 0, "path": [], "unreadable": true}]})
	count(rule.deny) == 0 with input as _facts([holder], [])
}

test_the_kubelets_own if {
	{fault.message | some fault in rule.deny} == {"kubelet"} with input as _facts([_holder("kubelet-client", [99])], [])
}

test_one_live_ca_is_enough if {
	count(rule.deny) == 0 with input as _facts([_holder("ca", [99, 1000])], [])
	count(rule.deny) == 1 with input as _facts([_holder("ca", [99, 98])], [])
}

test_the_same_ca_elsewhere_is_the_same_fault if {
	cluster := {"embedded": true, "insecure": false, "certificate": 1}
	certificates := [_holder("ca", [99]), object.union(_holder("kubeconfig-ca", [99]), {"id": 1, "document": 1})]
	faults := rule.deny with input as _facts(certificates, [_config("admin", cluster)])
	{fault.document | some fault in faults; fault.message == "ca"} == {0}
}

test_the_user_of_a_kubeconfig if {
	{fault.args.file | some fault in rule.deny} == {"scheduler.conf"} with input as _facts(
		[_holder("kubeconfig-user", [99])],
		[_config("scheduler", {})],
	)
}

test_other_kubeconfigs_are_for_another_rule if {
	count(rule.deny) == 0 with input as _facts([_holder("kubeconfig-user", [99])], [_config("super-admin", {})])
}

_facts(certificates, kubeconfigs) := {"facts": {"now": 100, "certificates": certificates, "kubeconfigs": kubeconfigs}}

_config(role, cluster) := {
	"role": role, "kind": "file",
	"user": {"certificate": 0, "embedded": true, "other_auth": false},
	"cluster": cluster,
}

_holder(role, ends) := {
	"id": 0, "document": 0, "path": ["blocks", 0], "role": role, "name": "a.crt",
	"file": "node1/etc/kubernetes/scheduler.conf",
	"certs": [_cert(end) | some end in ends],
}

_cert(end) := {
	"document": 0, "path": ["blocks", 0], "ends": end, "not_after": "1970-01-01T00:00:00Z",
	"sha256": sprintf("%d", [end]),
}
