package policies.rules.security["sec-cc-cleartext-secret_test"]

import data.policies.rules.security["sec-cc-cleartext-secret"] as rule

test_secrets_of_providers if {
	provider := {"managerPassword": "one", "clientSecret": "two"}
	path := ["spec", "authentication", "oauthOptions", "identityProviders", 1, "provider", "managerPassword"]
	rule.deny == {{"path": path, "args": {"fields": "managerPassword, clientSecret"}}} with input as _cc({
		"authentication": {"oauthOptions": {"identityProviders": [{"name": "a"}, {"name": "b", "provider": provider}]}},
	})
}

test_each_other_secret if {
	every path, spec in {
		["common", "s3", "secretAccessKey"]: {"common": {"s3": {"secretAccessKey": "one"}}},
		["devops", "sonarqube", "externalSonarToken"]: {"devops": {"sonarqube": {"externalSonarToken": 12345}}},
		["common", "es", "basicAuth", "password"]: {"common": {"es": {"basicAuth": {"enabled": true, "password": "one"}}}},
		["common", "opensearch", "basicAuth", "password"]: {"common": {"opensearch": {"basicAuth": {
			"enabled": 1,
			"password": "one",
		}}}},
	} {
		rule.deny == {{
			"path": array.concat(["spec"], path),
			"args": {"fields": path[count(path) - 1]},
		}} with input as _cc(spec)
	}
}

test_a_store_without_login_needs_no_password if {
	every enabled in [false, "true", null, 0] {
		basic := {"enabled": enabled, "password": "one"}
		count(rule.deny) == 0 with input as _cc({"common": {"es": {"basicAuth": basic}, "opensearch": {"basicAuth": basic}}})
	}
}

test_shipped_and_empty_values_and_references if {
	every x in [
		"admin", "openpitrixminiosecretkey", "", null, "${TOKEN}", "{{ token }}", "<token>", "xxx", [], {}, false,
	] {
		count(rule.deny) == 0 with input as _cc({
			"common": {"s3": {"secretAccessKey": x}, "es": {"basicAuth": {"enabled": true, "password": x}}},
			"devops": {"sonarqube": {"externalSonarToken": x}},
			"authentication": {"oauthOptions": {"identityProviders": [{"provider": {"clientSecret": x}}]}},
		})
	}
}

test_odd_documents_are_no_failure if {
	every x in [null, "x", 5, [], ["x"], {"provider": "x"}] {
		count(rule.deny) == 0 with input as _cc(x)
		count(rule.deny) == 0 with input as _cc({"authentication": x, "common": x, "devops": {"sonarqube": x}})
		count(rule.deny) == 0 with input as _cc({"authentication": {"oauthOptions": {"identityProviders": x}}})
	}
}

_cc(spec) := {"document": {"target": "cluster-configuration", "value": {"spec": spec}}}
