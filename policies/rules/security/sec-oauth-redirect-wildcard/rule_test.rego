package policies.rules.security["sec-oauth-redirect-wildcard_test"]

import data.policies.rules.security["sec-oauth-redirect-wildcard"] as rule

test_a_client_of_ones_own if {
	clients := [{"name": "a", "redirectURIs": ["https://a"]}, {"name": "b", "redirectURIs": ["https://b", "*"]}]
	path := ["authentication", "oauthOptions", "clients", 1, "redirectURIs", 1]
	rule.deny == {{"path": path, "args": {"client": "b"}}} with input as _config(clients)
	rule.deny == {{"path": array.concat(["spec"], path), "args": {"client": "b"}}} with input as _cc(clients)
}

test_the_shipped_client if {
	clients := [{"name": "kubesphere", "secret": "kubesphere", "redirectURIs": ["*"]}]
	path := ["authentication", "oauthOptions", "clients", 0, "redirectURIs", 0]
	rule.deny == {{"path": path, "args": {}, "message": "shipped"}} with input as _config(clients)
}

test_another_secret_makes_it_ones_own if {
	clients := [{"name": "kubesphere", "secret": "other", "redirectURIs": ["*"]}]
	{fault.args | some fault in rule.deny} == {{"client": "kubesphere"}} with input as _config(clients)
}

test_explicit_uris_are_sound if {
	every uris in [["https://a", "https://*.example.com"], [], null, "*", 5] {
		count(rule.deny) == 0 with input as _config([{"name": "a", "redirectURIs": uris}])
	}
}

test_odd_clients_are_no_failure if {
	every clients in [null, "x", {}, [null, "x", 5, [], {"redirectURIs": ["*"]}, {"name": 5, "redirectURIs": ["*"]}]] {
		count(rule.deny) == 0 with input as _config(clients)
		count(rule.deny) == 0 with input as _cc(clients)
	}
}

_config(clients) := {"document": {
	"target": "kubesphere-config",
	"value": {"authentication": {"oauthOptions": {"clients": clients}}},
}}

_cc(clients) := {"document": {
	"target": "cluster-configuration",
	"value": {"spec": {"authentication": {"oauthOptions": {"clients": clients}}}},
}}
