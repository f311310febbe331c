package policies.rules.certificates["registry-cert-expired_test"]

import data.policies.rules.certificates["registry-cert-expired"] as rule

test_the_certificate_has_ended if {
	rule.deny == {{
		"document": 1,
		"path": ["blocks", 0],
		"args": {"registry": "r.example.com", "date": "1970-01-01"},
	}} with input as _input(_kk("r.example.com/team", {}), [_server("r.example.com", 10, ["r.example.com"])])
}

test_copies_on_other_hosts_are_the_same if {
	files := [_server("r.example.com", 10, ["r.example.com"]), _server("r.example.com", 10, ["r.example.com"])]
	count(rule.deny) == 1 with input as _input(_kk("r.example.com", {}), files)
}

test_the_ca_has_ended if {
	some fault in rule.deny with input as _input(_kk("r.example.com", {}), [_ca("r.example.com", [10, 20])])
	fault.message == "ca"
	count(rule.deny) == 0 with input as _input(_kk("r.example.com", {}), [_ca("r.example.com", [10, 200])])
	count(rule.deny) == 0 with input as _input(_kk("r.example.com", {}), [_ca("other.example.com", [10])])
}

test_the_name_is_not_among_the_sans if {
	every dns in [[], ["r.example.com:5000"], ["other.example.com"]] {
		file := _server("R.example.com:5000", 200, dns)
		some fault in rule.deny with input as _input(_kk("r.example.com:5000", {}), [file])
		fault.message == "name"
	}
	wildcard := _server("r.example.com", 200, ["*.example.com"])
	count(rule.deny) == 0 with input as _input(_kk("r.example.com:5000", {}), [wildcard])
	unreadable := object.union(_server("r.example.com", 200, []), {"certs": [{"unreadable": true}]})
	count(rule.deny) == 0 with input as _input(_kk("r.example.com", {}), [unreadable])
}

test_files_without_a_name_are_kubekeys_own if {
	file := object.remove(_server("x", 10, ["dockerhub.kubekey.local"]), ["named_for"])
	count(rule.deny) == 1 with input as _input(_kk("dockerhub.kubekey.local", {}), [file])
	count(rule.deny) == 2 with input as _input(_kk("r.example.com", {"roleGroups": {"registry": ["a"]}}), [file])
	count(rule.deny) == 0 with input as _input(_kk("r.example.com", {}), [file])
	count(rule.deny) == 0 with input as _input(_kk("r.example.com", {"roleGroups": {"registry": "a"}}), [file])
}

test_no_registry_that_is_known if {
	file := _server("r.example.com", 10, [])
	every address in ["", null, 7, [], "{{ .registry }}", "https://r.example.com", "other.example.com"] {
		count(rule.deny) == 0 with input as _input(_kk(address, {}), [file])
	}
	count(rule.deny) == 0 with input as {"set": [], "facts": {"now": 100, "certificates": [file]}}
}

test_clients_that_do_not_verify if {
	file := _server("r.example.com", 10, [])
	every registry in [
		{"auths": {"r.example.com": {"skipTLSVerify": true}}},
		{"auths": {"R.example.com:5000": {"plainHTTP": "{{ .plain }}"}}},
		{"insecureRegistries": [7, "r.example.com:5000"]},
		{"insecureRegistries": ["10.0.0.0/8"]},
	] {
		count(rule.deny) == 0 with input as _input(_kk("r.example.com", {"registry": registry}), [file])
	}
	every registry in [
		{"auths": {"r.example.com": {"skipTLSVerify": false}}},
		{"auths": {"other.example.com": {"skipTLSVerify": true}}},
		{"auths": "r.example.com", "insecureRegistries": ["other.example.com"]},
		{"auths": {"r.example.com": null}, "insecureRegistries": "r.example.com"},
	] {
		count(rule.deny) == 2 with input as _input(_kk("r.example.com", {"registry": registry}), [file])
	}
}

test_v4 if {
	file := object.remove(_server("x", 10, ["r.example.com"]), ["named_for"])
	count(rule.deny) == 1 with input as _input(_v4({"type": "harbor", "auth": {"registry": "r.example.com"}}, {}), [file])
	every change in [{"skip_tls_verify": true}, {"plain_http": "{{ .plain }}"}, {"insecure": true}] {
		auth := object.union({"registry": "r.example.com"}, change)
		count(rule.deny) == 0 with input as _input(_v4({"type": "docker-registry", "auth": auth}, {}), [file])
	}
	every type in ["", "{{ .type }}", null] {
		registry := {"type": type, "auth": {"registry": "r.example.com"}}
		count(rule.deny) == 0 with input as _input(_v4(registry, {}), [file])
	}
	registry := {"type": "harbor", "auth": {"registry": "r.example.com"}}
	insecure := {"registry": {"insecure_registries": ["r.example.com"]}}
	count(rule.deny) == 0 with input as _input(_v4(registry, insecure), [file])
}

_server(registry, ends, dns) := {"role": "registry-server", "named_for": registry, "certs": [{
	"document": 1,
	"path": ["blocks", 0],
	"ends": ends,
	"not_after": "1970-01-01T00:00:00Z",
	"dns": dns,
	"ips": [],
	"sha256": concat(",", dns),
}]}

_ca(registry, ends) := {
	"role": "registry-client-ca",
	"named_for": registry,
	"document": 1,
	"path": ["blocks", 0],
	"certs": [{"ends": end, "not_after": "1970-01-01T00:00:00Z", "sha256": sprintf("%d", [end])} | some end in ends],
}

_kk(address, spec) := {"target": "kubekey-cluster", "value": {"spec": object.union(
	{"registry": {"privateRegistry": address}},
	spec,
)}}

_v4(registry, cri) := {"target": "kubekey-config", "value": {"spec": {"image_registry": registry, "cri": cri}}}

_input(document, files) := {"set": [document], "facts": {
	"now": 100,
	"certificates": [object.union(file, {"id": i}) | some i, file in files],
}}
