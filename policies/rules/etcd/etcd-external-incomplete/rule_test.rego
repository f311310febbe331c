package policies.rules.etcd["etcd-external-incomplete_test"]

import data.policies.rules.etcd["etcd-external-incomplete"] as rule

test_an_endpoint_without_scheme if {
	rule.deny == {{
		"path": ["spec", "etcd", "external", "endpoints", 0],
		"message": "scheme",
		"args": {"endpoint": "192.168.6.6:2379"},
	}} with input as _input({"type": "external", "external": {"endpoints": ["192.168.6.6:2379"]}}, {})
}

test_no_endpoints if {
	every endpoints in [null, "", [], [""], [null]] {
		_found(object.union(_files, {"endpoints": endpoints})) == {""}
	}
	_found(null) == {""}
	_found("x") == {""}
}

test_endpoints_that_cannot_be_judged if {
	every endpoints in ["{{ all }}", ["{{ one }}"], "https://10.0.0.1:2379", [5], {}] {
		_found(object.union(_files, {"endpoints": endpoints})) == set()
	}
}

test_sound_sections if {
	_found(object.union(_files, {"endpoints": ["https://10.0.0.1:2379", "HTTPS://[fd00::1]:2379/"]})) == set()
	_found({"endpoints": ["http://10.0.0.1:2379"]}) == set()
	_found({"endpoints": ["http://10.0.0.1:2379"], "caFile": "", "certFile": null}) == set()
}

test_a_file_too_few if {
	rule.deny == {{
		"path": ["spec", "etcd", "external", "certFile"],
		"message": "files",
		"args": {"missing": ["certFile", "keyFile"]},
	}} with input as _input({"type": "external", "external": {"endpoints": _https, "caFile": "/ca.crt"}}, {})
	_found({"endpoints": _https, "certFile": "/a.crt", "keyFile": "/a.key"}) == {"files"}
	_found({"endpoints": _http, "caFile": "/ca.crt"}) == {"http"}
	_found({"endpoints": _http, "certFile": "/a.crt", "keyFile": "/a.key"}) == set()
}

test_files_of_one_name if {
	files := {"caFile": "ca/tls.crt", "certFile": "client/tls.crt", "keyFile": "client/tls.key"}
	rule.deny == {{
		"path": ["spec", "etcd", "external", "certFile"],
		"message": "same-name",
		"args": {"files": ["caFile", "certFile"], "name": "tls.crt"},
	}} with input as _input({"type": "external", "external": object.union(files, {"endpoints": _https})}, {})
	same := {"caFile": "/ca.crt", "certFile": "/client.pem", "keyFile": "/client.pem"}
	_found(object.union(same, {"endpoints": _https})) == set()
	odd := {"caFile": "/{{ a }}/x", "certFile": "/{{ b }}/x", "keyFile": 5}
	_found(object.union(odd, {"endpoints": _https})) == set()
}

test_an_endpoint_without_port if {
	every endpoint in ["https://etcd1", "https://[fd00::1]", "https://etcd1/x:1", "https://", "https://etcd1:"] {
		_found(object.union(_files, {"endpoints": [endpoint]})) == {"port"}
	}
}

test_plain_http_with_files if {
	_found(object.union(_files, {"endpoints": ["https://10.0.0.2:2379", "http://10.0.0.1:2379"]})) == {"http"}
	k3s := _input({"type": "external", "external": object.union(_files, {"endpoints": _http})}, {"type": "k3s"})
	count(rule.deny) == 0 with input as k3s
}

test_https_without_files if {
	rule.deny == {{
		"path": ["spec", "etcd", "external", "caFile"],
		"message": "no-files",
		"args": {},
	}} with input as _input({"type": "external", "external": {"endpoints": _https}}, {})
}

test_a_section_that_kk_ignores if {
	every type in [null, "", "kubekey", "kubeadm"] {
		{f.message | some f in rule.deny} == {"ignored"} with input as _input(
			{
				"type": type,
				"external": {"endpoints": ["10.0.0.1"]},
			},
			{},
		)
	}
	every type in ["External", "{{ type }}"] {
		count(rule.deny) == 0 with input as _input({"type": type, "external": {"endpoints": _https}}, {})
	}
	count(rule.deny) == 0 with input as _input({"external": {"endpoints": []}}, {})
}

test_other_stores_of_k3s if {
	external := {"endpoints": ["mysql://u:p@tcp(10.0.0.1:3306)/k3s"]}
	count(rule.deny) == 0 with input as _input({"type": "external", "external": external}, {"version": "v1.24.7-k3s"})
	count(rule.deny) == 0 with input as _input({"type": "external", "external": external}, {"version": "{{ v }}"})
	_found(external) == {"scheme"}
}

test_no_password_is_shown if {
	some fault in rule.deny with input as _input({"type": "external", "external": {"endpoints": ["u:p@h:1"]}}, {})
	fault.args == {"endpoint": "h:1"}
}

_https := ["https://10.0.0.1:2379"]

_http := ["http://10.0.0.1:2379"]

_files := {"caFile": "/pki/ca.crt", "certFile": "/pki/etcd.crt", "keyFile": "/pki/etcd.key"}

_found(external) := messages if {
	messages := {m | some f in rule.deny; m := object.get(f, "message", "")} with input as _input(
		{"type": "external", "external": external},
		{},
	)
}

_input(etcd, kubernetes) := {"document": {
	"target": "kubekey-cluster",
	"value": {"spec": {"etcd": etcd, "kubernetes": kubernetes}},
}}
