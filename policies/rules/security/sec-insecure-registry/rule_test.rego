package policies.rules.security["sec-insecure-registry_test"]

import data.policies.rules.security["sec-insecure-registry"] as rule

test_listed_registries if {
	_found(_cluster({"insecureRegistries": ["reg.local:5000", "10.0.0.9"]})) == {
		[["spec", "registry", "insecureRegistries", 0], "reg.local:5000"],
		[["spec", "registry", "insecureRegistries", 1], "10.0.0.9"],
	}
}

test_docker_knows_schemes_and_ranges if {
	list := ["http://reg.local", "10.0.0.0/8", "https://b"]
	{name | some [_, name] in _found(_cluster({"insecureRegistries": list}))} == {"reg.local", "10.0.0.0/8", "b"}
	_found(_on("containerd", {"insecureRegistries": list})) == set()
}

test_malformed_elements_are_another_rules if {
	every list in [
		["a/b"], ["a,b"], ["a b"], [""], ["{{ x }}"], ["xxx.local"], [5, null, {}], "reg.local",
		{"a": "reg.local"}, null,
	] {
		_found(_cluster({"insecureRegistries": list})) == set()
	}
}

test_switches_of_a_registry if {
	_found(_cluster({"auths": {"reg.local": {"skipTLSVerify": true}}})) == {
		[["spec", "registry", "auths", "reg.local", "skipTLSVerify"], "reg.local"],
	}
	_found(_cluster({"auths": {"reg.local": {"plainhttp": true, "skipTLSVerify": true}}})) == {
		[["spec", "registry", "auths", "reg.local", "plainhttp"], "reg.local"],
	}
}

test_one_finding_a_registry if {
	settings := {"insecureRegistries": ["reg.local"], "auths": {"reg.local": {"plainHTTP": true}}}
	_found(_cluster(settings)) == {[["spec", "registry", "insecureRegistries", 0], "reg.local"]}
}

test_switches_that_are_off_or_odd if {
	every entry in [{"skipTLSVerify": false}, {"skipTLSVerify": "true"}, {"plainHTTP": 1}, {}, null, "x", []] {
		_found(_cluster({"auths": {"reg.local": entry}})) == set()
	}
	every auths in [null, "x", [], [{"plainHTTP": true}], {"http://reg.local": {"plainHTTP": true}}] {
		_found(_cluster({"auths": auths})) == set()
	}
}

test_the_machine_itself if {
	_found(_cluster({"insecureRegistries": ["localhost:5000", "127.0.0.1", "[::1]:5000", "127.0.0.0/8"]})) == set()
	_found(_cluster({"auths": {"localhost:5000": {"plainHTTP": true}}})) == set()
}

test_a_mirror_of_plain_http if {
	settings := {"insecureRegistries": ["10.0.0.9:5000"], "registryMirrors": ["https://a", "http://10.0.0.9:5000/", null]}
	_found(_cluster(settings)) == set()
}

test_a_private_registry_of_plain_http_is_another_rules if {
	settings := {"privateRegistry": "reg.local/ks", "auths": {"reg.local": {"plainHTTP": true}}}
	_found(_cluster(settings)) == set()
	_found(_on("containerd", settings)) == set()
	count(_found(_on("crio", settings))) == 1
	count(_found(_cluster(object.union(settings, {"insecureRegistries": ["reg.local"]})))) == 1
	some [_, "reg.local"] in _found(_cluster(object.union(settings, {"insecureRegistries": ["10.0.0.0/8"]})))
	_found(_on("containerd", object.union(settings, {"insecureRegistries": ["10.0.0.0/8"]}))) == set()
}

test_k3s_has_no_list if {
	set := [{"target": "kubekey-cluster", "value": {"spec": {
		"kubernetes": {"type": "k3s"},
		"registry": {"privateRegistry": "reg.local", "auths": {"reg.local": {"plainHTTP": true}}},
	}}}]
	count(_found(set)) == 1
}

test_v4 if {
	auth := {"registry": "reg.local/ks", "skip_tls_verify": true}
	path := ["spec", "image_registry", "auth", "skip_tls_verify"]
	_found(_config({"image_registry": {"auth": auth}})) == {[path, "reg.local"]}
	vars := {"image_registry": {"auth": {"skip_tls_verify": "true"}, "type": "harbor"}}
	_found([{"target": "kubekey-inventory", "value": {"spec": {"vars": vars}}}]) == {
		[["spec", "vars", "image_registry", "auth", "skip_tls_verify"], "harbor"],
	}
}

test_v4_off_absent_or_without_a_registry if {
	every auth in [
		{"registry": "reg.local", "skip_tls_verify": false, "plain_http": "false"},
		{"registry": "reg.local"},
		{"registry": "localhost:5000", "plain_http": true},
		{"registry": "{{ .registry }}", "skip_tls_verify": true},
		{"skip_tls_verify": true},
		null, "x", [],
	] {
		_found(_config({"image_registry": {"auth": auth}})) == set()
	}
}

test_v4_of_plain_http if {
	auth := {"registry": "reg.local", "plain_http": true}
	_found(_config({"image_registry": {"auth": auth}})) == set()
	listed := {"registry": {"insecure_registries": ["reg.local"]}}
	count(_found(_config({"image_registry": {"auth": auth}, "cri": listed}))) == 1
	docker := {"container_manager": "docker"}
	count(_found(_config({"image_registry": {"auth": auth}, "cri": docker}))) == 1
	_found(_config({"image_registry": {"type": "harbor", "auth": auth}, "cri": docker})) == set()
	skipped := object.union(auth, {"skip_tls_verify": true})
	count(_found(_config({"image_registry": {"type": "harbor", "auth": skipped}, "cri": docker}))) == 1
}

test_v4_mirror_of_plain_http if {
	auth := {"registry": "reg.local", "skip_tls_verify": true}
	_found(_config({"image_registry": {"auth": auth}, "cri": {"registry": {"mirrors": ["http://reg.local"]}}})) == set()
}

_found(set) := {[fault.path, fault.args.registry] | some fault in faults} if {
	faults := rule.deny with input as {"set": set}
}

_cluster(registry) := _on("docker", registry)

_on(manager, registry) := [{"target": "kubekey-cluster", "value": {"spec": {
	"kubernetes": {"containerManager": manager},
	"registry": registry,
}}}]

_config(spec) := [{"target": "kubekey-config", "value": {"spec": spec}}]
