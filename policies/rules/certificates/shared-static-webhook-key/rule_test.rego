package policies.rules.certificates["shared-static-webhook-key_test"]

import data.policies.rules.certificates["shared-static-webhook-key"] as rule

test_every_published_leaf if {
	every row in data.tables.static_webhook_certificates.certificates {
		rule.deny == {{
			"document": 1,
			"path": ["data", "tls.crt"],
			"args": {"service": row.service, "releases": row.releases},
		}} with input as _input(row.leaf, 200, "own")
	}
}

test_every_published_ca if {
	every row in data.tables.static_webhook_certificates.certificates {
		rule.deny == {{
			"document": 0,
			"path": ["bundle"],
			"message": "ca",
			"args": {"service": row.service, "releases": row.releases},
		}} with input as _input("own", 200, row.ca)
	}
}

test_one_finding_for_a_service if {
	[old, new, _, _, _] := data.tables.static_webhook_certificates.certificates
	count(rule.deny) == 1 with input as _input(new.leaf, 200, new.ca)
	count(rule.deny) == 1 with input as _input(new.leaf, 200, old.ca)
}

test_a_ca_past_its_end_is_another_fault if {
	row := data.tables.static_webhook_certificates.certificates[2]
	count(rule.deny) == 0 with input as _input("own", 50, row.ca)
}

test_leaf_and_ca_are_not_taken_for_each_other if {
	row := data.tables.static_webhook_certificates.certificates[2]
	count(rule.deny) == 0 with input as _input(row.ca, 200, row.leaf)
}

test_own_certificates_and_injected_bundles if {
	count(rule.deny) == 0 with input as _input("own", 200, "own")
	row := data.tables.static_webhook_certificates.certificates[1]
	facts := _input("own", 200, row.ca).facts
	hooks := {"webhooks": {"client_configs": [{"injected": true, "certificate": 1}], "secrets": []}}
	count(rule.deny) == 0 with input as {"facts": object.union(facts, hooks)}
}

_input(leaf, ends, ca) := {"facts": {
	"now": 100,
	"certificates": [
		{"certs": [{"document": 1, "path": ["data", "tls.crt"], "sha256": leaf, "ends": 200}]},
		{"certs": [{"document": 0, "path": ["bundle"], "sha256": ca, "ends": ends}]},
	],
	"webhooks": {
		"client_configs": [{"document": 0, "ca_path": ["bundle"], "injected": false, "certificate": 1}],
		"secrets": [{"document": 1, "server": 0}],
	},
}}
