package policies.lib.registry_test

import data.policies.lib.registry
import future.keywords.not

test_plain_names if {
	registry.plain("Reg.Local:5000") == "reg.local:5000"
	registry.plain("10.0.0.9") == "10.0.0.9"
	registry.plain("[fd00::1]:5000") == "[fd00::1]:5000"
	registry.plain("xxy.example.com") == "xxy.example.com"
}

test_nothing_else_is_plain if {
	every text in [
		"http://a", "a/b", "a/", "10.0.0.0/8", "a,b", "a b", "", "{{ x }}", "${X}", "xxx.example.com",
		"XXXX", "your-registry",
		"*.mirror.local", "fd00::1", "replace_me", null, 5, [], {},
	] {
		not registry.plain(text)
	}
}

test_hosts if {
	registry.host("Reg.Local:5000") == "reg.local"
	registry.host("[fd00::1]:5000") == "fd00::1"
	not registry.host("http://a")
}

test_loopback if {
	every text in [
		"localhost", "LOCALHOST:5000", "127.0.0.1:5000", "127.9.9.9", "[::1]:5000", "127.0.0.0/8", "127.1.0.0/16",
		"::1/128",
	] {
		registry.is_loopback(text)
	}
	every text in ["10.0.0.1:5000", "localhost.local", "0.0.0.0/0", "10.0.0.0/8", "[fd00::1]", "::/0", null, 1] {
		not registry.is_loopback(text)
	}
}

test_ranges if {
	ranges := ["10.0.0.0/8", "reg.local", 5, null]
	registry.may_lie_in(ranges, "10.0.0.9:5000")
	registry.may_lie_in(ranges, "name.local:5000")
	not registry.may_lie_in(ranges, "11.0.0.9:5000")
	not registry.may_lie_in(["reg.local"], "name.local")
	not registry.may_lie_in(ranges, "http://name.local")
	not registry.may_lie_in([], "name.local")
}

test_a_cluster if {
	[setup] := registry.setups([null, {"target": "kubekey-cluster", "value": {"spec": {
		"kubernetes": {"containerManager": "containerd"},
		"registry": {
			"privateRegistry": "Reg.local/ks",
			"insecureregistries": ["reg.local"],
			"registryMirrors": ["http://m"],
			"auths": {"reg.local": {"plainHTTP": true, "skipTLSVerify": false}, "b": null, "http://c": {"plainHTTP": true}},
		},
	}}}])
	setup == {
		"manager": "containerd",
		"private": {"reg.local"},
		"insecure": [{"document": 1, "path": ["spec", "registry", "insecureregistries", 0], "value": "reg.local"}],
		"mirrors": [{"document": 1, "path": ["spec", "registry", "registryMirrors", 0], "value": "http://m"}],
		"switches": [{
			"document": 1,
			"path": ["spec", "registry", "auths", "reg.local", "plainHTTP"],
			"switch": "plain_http",
			"registry": "reg.local",
		}],
		"lists_private": false,
	}
}

test_container_managers if {
	every expected, kubernetes in {
		"docker": {},
		"containerd": {"containerManager": "containerd"},
		"k3s": {"type": "k3s", "containerManager": "containerd"},
		"": {"containerManager": "{{ x }}"},
	} {
		[setup] := registry.setups([{"target": "kubekey-cluster", "value": {"spec": {"kubernetes": kubernetes}}}])
		setup.manager == expected
		setup.private == set()
	}
	[v4] := registry.setups([{"target": "kubekey-config", "value": {"spec": {"cri": {"container_manager": "{{ x }}"}}}}])
	v4.manager == ""
}

test_config_and_inventory if {
	[setup] := registry.setups([
		{"target": "kubekey-inventory", "value": {"spec": {"vars": {"image_registry": {"auth": {"plain_http": "true"}}}}}},
		{"target": "kubekey-config", "value": {"spec": {
			"image_registry": {"auth": {"registry": "reg.local/ks", "skip_tls_verify": false}},
			"cri": {"registry": {"insecure_registries": ["a"], "mirrors": ["http://b"]}},
		}}},
	])
	setup == {
		"manager": "containerd",
		"private": {"reg.local"},
		"insecure": [{"document": 1, "path": ["spec", "cri", "registry", "insecure_registries", 0], "value": "a"}],
		"mirrors": [{"document": 1, "path": ["spec", "cri", "registry", "mirrors", 0], "value": "http://b"}],
		"switches": [{
			"document": 0,
			"path": ["spec", "vars", "image_registry", "auth", "plain_http"],
			"switch": "plain_http",
			"registry": "reg.local",
		}],
		"lists_private": false,
	}
}

test_a_registry_that_kubekey_installs if {
	[setup] := registry.setups([{"target": "kubekey-config", "value": {"spec": {"image_registry": {"type": "harbor"}}}}])
	setup.private == {"harbor"}
}

test_what_kubekey_lists_by_itself if {
	every image_registry, expected in {
		{"auth": {"skip_tls_verify": true}, "type": "harbor"}: true,
		{"auth": {}}: true,
		{"auth": {"skip_tls_verify": ""}, "type": ""}: true,
		{"auth": {"skip_tls_verify": false}}: false,
		{"auth": {}, "type": "harbor"}: false,
	} {
		config := {"cri": {"container_manager": "docker"}, "image_registry": image_registry}
		[setup] := registry.setups([{"target": "kubekey-config", "value": {"spec": config}}])
		setup.lists_private == expected
	}
}

test_odd_documents_are_no_failure if {
	every x in [null, "x", 5, [], ["x"]] {
		[setup] := registry.setups([{"target": "kubekey-cluster", "value": {"spec": {"registry": x}}}])
		[setup.insecure, setup.switches] == [[], []]
		[v4] := registry.setups([{"target": "kubekey-config", "value": {"spec": {"image_registry": x, "cri": x}}}])
		[v4.insecure, v4.switches, v4.private] == [[], [], set()]
	}
	registry.setups([]) == []
}
