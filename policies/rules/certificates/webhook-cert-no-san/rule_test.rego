package policies.rules.certificates["webhook-cert-no-san_test"]

import data.policies.rules.certificates["webhook-cert-no-san"] as rule

test_no_san_at_all if {
	rule.deny == {{
		"document": 0,
		"path": ["data", "tls.crt"],
		"args": {"name": "svc.ns.svc", "secret": "x"},
	}} with input as _input([], [], "NS", {"kubernetes": "1.19.0"})
}

test_below_1_19_the_common_name_counts if {
	count(rule.deny) == 0 with input as _input([], [], "ns", {"kubernetes": "1.18.20"})
}

test_an_unknown_kubernetes_is_a_new_one if {
	count(rule.deny) == 1 with input as _input([], [], "ns", {})
}

test_other_names if {
	every dns in [["svc.other.svc"], ["svc", "svc.ns", "svc.ns.svc.cluster.local"], ["*.svc"], ["*.other.svc"]] {
		some fault in rule.deny with input as _input(dns, [], "ns", {"kubernetes": "1.18.20"})
		fault.message == "other"
	}
}

test_an_address_is_no_name if {
	some fault in rule.deny with input as _input([], ["10.0.0.1"], "ns", {})
	fault.message == "other"
}

test_the_name_and_a_wildcard if {
	every dns in [["x", "svc.ns.svc"], ["*.ns.svc"]] {
		count(rule.deny) == 0 with input as _input(dns, [], "ns", {})
	}
}

test_no_namespace_and_a_template if {
	every namespace in ["", "{{ .Release.Namespace }}"] {
		count(rule.deny) == 0 with input as _input([], [], namespace, {})
	}
}

test_no_certificate_and_an_unreadable_one if {
	secrets := [{"document": 0, "name": "x", "namespace": "ns", "service": "svc"}]
	bare := {"certificates": [], "webhooks": {"secrets": secrets}}
	count(rule.deny) == 0 with input as {"set": [{"versions": {}}], "facts": bare}
	unreadable := {
		"certificates": [{"certs": [{"document": 0, "path": [], "unreadable": true}]}],
		"webhooks": {"secrets": [object.union(secrets[0], {"server": 0})]},
	}
	count(rule.deny) == 0 with input as {"set": [{"versions": {}}], "facts": unreadable}
}

_input(dns, ips, namespace, versions) := {"set": [{"versions": versions}], "facts": {
	"certificates": [{"certs": [{"document": 0, "path": ["data", "tls.crt"], "dns": dns, "ips": ips}]}],
	"webhooks": {"secrets": [{"document": 0, "name": "x", "namespace": namespace, "service": "svc", "server": 0}]},
}}
