package policies.rules.etcd["etcd-env-plain-http_test"]

import data.policies.rules.etcd["etcd-env-plain-http"] as rule

_certificate := {"ETCD_CERT_FILE": {"path": ["variables", "ETCD_CERT_FILE"], "value": "/c.pem"}}

_peer_certificate := {"ETCD_PEER_CERT_FILE": {"path": ["variables", "ETCD_PEER_CERT_FILE"], "value": null}}

test_http_beside_a_certificate if {
	rule.deny == {{
		"document": 0,
		"path": ["variables", "ETCD_LISTEN_CLIENT_URLS"],
		"args": {"name": "ETCD_LISTEN_CLIENT_URLS", "url": "http://10.0.0.1:2379"},
	}} with input as _input(object.union(_certificate, _urls("ETCD_LISTEN_CLIENT_URLS", ["https", "http"])))
}

test_each_side_has_its_own_certificate if {
	every variable in ["ETCD_LISTEN_CLIENT_URLS", "ETCD_ADVERTISE_CLIENT_URLS"] {
		_found(object.union(_certificate, _urls(variable, ["http"]))) == {""}
		_found(object.union(_peer_certificate, _urls(variable, ["http"]))) == {"open"}
	}
	_found(object.union(_peer_certificate, _urls("ETCD_LISTEN_PEER_URLS", ["http"]))) == {""}
	_found(object.union(_certificate, _urls("ETCD_LISTEN_PEER_URLS", ["http"]))) == {"open"}
}

test_https_loopback_and_sockets_are_fine if {
	_found(_urls("ETCD_LISTEN_CLIENT_URLS", ["https", "unix", "unixs"])) == set()
	loopback := {"url": "http://127.0.0.1:2379", "scheme": "http", "loopback": true}
	_found({"ETCD_LISTEN_CLIENT_URLS": {"path": [], "urls": [loopback]}}) == set()
}

test_other_variables_are_not_judged if {
	every variable in [
		"ETCD_LISTEN_METRICS_URLS", "ETCD_LISTEN_CLIENT_HTTP_URLS", "ETCD_INITIAL_ADVERTISE_PEER_URLS",
		"ETCD_INITIAL_CLUSTER",
	] {
		_found(_urls(variable, ["http"])) == set()
	}
}

test_a_template_and_nothing_at_all if {
	_found({"ETCD_LISTEN_CLIENT_URLS": {"path": [], "value": null}}) == set()
	_found({}) == set()
}

_found(settings) := messages if {
	member := _input(settings)
	messages := {m | some f in rule.deny; m := object.get(f, "message", "")} with input as member
}

_urls(variable, schemes) := {variable: {
	"path": ["variables", variable],
	"urls": [{"url": sprintf("%s://10.0.0.1:2379", [scheme]), "scheme": scheme, "loopback": false} |
		some scheme in schemes
	],
}}

_input(settings) := {"facts": {"etcd": {"members": [{"document": 0, "settings": settings}]}}}
