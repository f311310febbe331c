package policies.rules.etcd["etcd-cert-wrong-usage_test"]

import data.policies.rules.etcd["etcd-cert-wrong-usage"] as rule

test_a_server_needs_server_auth if {
	rule.deny == {{
		"document": 7,
		"path": ["blocks", 0],
		"message": "",
		"args": {"name": "a.pem", "usage": "serverAuth"},
	}} with input as _input(["clientAuth"], _both, 2)
}

test_peers_need_both if {
	server := rule.deny with input as _input(["serverAuth"], _both, 2)
	{[f.message, f.args.usage] | some f in server} == {["peer", "clientAuth"]}
	found := rule.deny with input as _input(["codeSigning"], _peer, 2)
	{[f.message, f.args.usage] | some f in found} == {["peer", "serverAuth, clientAuth"]}
}

test_a_member_alone_has_no_peers if {
	count(rule.deny) == 0 with input as _input(["serverAuth"], _both, 1)
	count(rule.deny) == 0 with input as _input(["clientAuth"], _peer, 1)
}

test_peers_that_show_another_certificate_or_demand_none if {
	another := object.union(_both, {"ETCD_PEER_CLIENT_CERT_FILE": {"value": "/x"}})
	count(rule.deny) == 0 with input as _input(["serverAuth"], another, 2)
	count(rule.deny) == 0 with input as _input(["serverAuth"], object.remove(_both, ["ETCD_PEER_TRUSTED_CA_FILE"]), 2)
	count(rule.deny) == 1 with input as _input(
		["serverAuth"],
		object.union(
			object.remove(_both, ["ETCD_PEER_TRUSTED_CA_FILE"]),
			{"ETCD_PEER_CLIENT_CERT_AUTH": {"value": "1", "bool": true}},
		),
		2,
	)
}

test_any_usage_and_no_extension_are_fine if {
	count(rule.deny) == 0 with input as _input(["anyExtendedKeyUsage"], _both, 2)
	count(rule.deny) == 0 with input as _input(null, _both, 2)
}

test_clients_need_client_auth_where_etcd_demands_it if {
	demanding := {"ETCD_TRUSTED_CA_FILE": {"value": "/ca"}}
	{f.message | some f in rule.deny} == {"client"} with input as _client("apiserver", demanding)
	count(rule.deny) == 1 with input as _client("secret", {"ETCD_CLIENT_CERT_AUTH": {"value": "true", "bool": true}})
	count(rule.deny) == 0 with input as _client("k3s", {"ETCD_CLIENT_CERT_AUTH": {"value": "false", "bool": false}})
	count(rule.deny) == 0 with input as _client("k3s", {"ETCD_TRUSTED_CA_FILE": {"value": null}})
	count(rule.deny) == 0 with input as _client("external", {"ETCD_TRUSTED_CA_FILE": {"value": "/ca"}})
}

test_no_etcd_settings_no_finding if {
	count(rule.deny) == 0 with input as object.union(_client("apiserver", {}), {"facts": {"etcd": {"members": []}}})
}

_both := object.union(_peer, {"ETCD_CERT_FILE": {"value": "/a.pem", "certificate": 0}})

_peer := {
	"ETCD_PEER_CERT_FILE": {"value": "/a.pem", "certificate": 0},
	"ETCD_PEER_TRUSTED_CA_FILE": {"value": "/ca.pem"},
}

_input(usages, settings, members) := {"facts": {
	"certificates": _files(usages),
	"etcd": {"in_use": [{"certificate": 0}], "clients": [], "members": [{"settings": object.union(
		settings,
		{"ETCD_INITIAL_CLUSTER": {"entries": [{"name": n} | some n in numbers.range(1, members)]}},
	)}]},
}}

_client(kind, settings) := {"facts": {
	"certificates": _files(["serverAuth"]),
	"etcd": {
		"in_use": [{"certificate": 0}],
		"clients": [{"kind": kind, "cert": {"value": "/a.pem", "certificate": 0}}],
		"members": [{"settings": settings}],
	},
}}

_files(null) := [{"name": "a.pem", "certs": [{"sha256": "a", "document": 7, "path": ["blocks", 0]}]}]

_files(usages) := [{"name": "a.pem", "certs": [{
	"sha256": "a",
	"document": 7,
	"path": ["blocks", 0],
	"usages": usages,
}]}] if {
	is_array(usages)
}
