package policies.rules.etcd["etcd-client-auth-disabled_test"]

import data.policies.rules.etcd["etcd-client-auth-disabled"] as rule

_clients := {"ETCD_LISTEN_CLIENT_URLS": {
	"path": ["variables", "ETCD_LISTEN_CLIENT_URLS"],
	"urls": [_url("https", true), _url("https", false)],
}}

_peers := {"ETCD_LISTEN_PEER_URLS": {
	"path": ["spec", "containers", 0, "command", 2],
	"urls": [_url("https", false)],
}}

test_neither_switch_nor_authority if {
	rule.deny == {{
		"document": 0,
		"path": ["variables", "ETCD_LISTEN_CLIENT_URLS"],
		"args": {"url": "https://x:1", "ca": "ETCD_TRUSTED_CA_FILE", "switch": "ETCD_CLIENT_CERT_AUTH"},
	}} with input as _input(_clients)
}

test_a_switch_that_says_no_bears_the_finding if {
	switch := {"ETCD_CLIENT_CERT_AUTH": {"path": ["variables", "ETCD_CLIENT_CERT_AUTH"], "value": "false", "bool": false}}
	some fault in rule.deny with input as _input(object.union(_clients, switch))
	fault.path == ["variables", "ETCD_CLIENT_CERT_AUTH"]
}

test_peers_likewise if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "containers", 0, "command", 2],
		"message": "peer",
		"args": {"url": "https://x:1", "ca": "--peer-trusted-ca-file", "switch": "--peer-client-cert-auth"},
	}} with input as _input(_peers)
}

test_switch_or_authority_is_enough if {
	_silent(object.union(_clients, {"ETCD_CLIENT_CERT_AUTH": {"value": "True", "bool": true}}))
	_silent(object.union(_clients, {"ETCD_TRUSTED_CA_FILE": {"value": "/ca.pem"}}))
	_silent(object.union(_peers, {"ETCD_PEER_CLIENT_CERT_AUTH": {"value": "1", "bool": true}}))
	_silent(object.union_n([
		_peers,
		{"ETCD_PEER_TRUSTED_CA_FILE": {"value": "/ca.pem"}},
		{"ETCD_PEER_CLIENT_CERT_AUTH": {"value": "false", "bool": false}},
	]))
}

test_templates_may_say_it if {
	_silent(object.union(_clients, {"ETCD_CLIENT_CERT_AUTH": {"value": null}}))
	_silent(object.union(_clients, {"ETCD_TRUSTED_CA_FILE": {"value": null}}))
	_silent({"ETCD_LISTEN_CLIENT_URLS": {"path": [], "value": null}})
}

test_what_is_no_boolean_stops_etcd if {
	_silent(object.union(_clients, {"ETCD_CLIENT_CERT_AUTH": {"value": "yes"}}))
}

test_http_and_loopback_are_no_business_of_this_rule if {
	_silent({"ETCD_LISTEN_CLIENT_URLS": {"path": [], "urls": [_url("http", false), _url("https", true)]}})
	_silent({})
}

_silent(settings) if {
	member := _input(settings)
	count(rule.deny) == 0 with input as member
}

_url(scheme, loopback) := {"url": sprintf("%s://x:1", [scheme]), "scheme": scheme, "loopback": loopback}

_input(settings) := {"facts": {"etcd": {"members": [{"document": 0, "settings": settings}]}}}
