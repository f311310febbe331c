package policies.rules.nodes["nodelocaldns-disabled-drift_test"]

import data.policies.rules.nodes["nodelocaldns-disabled-drift"] as rule
import future.keywords.not

_corefile(lines) := {"target": "corefile", "value": {"lines": array.concat([".:53 {"], array.concat(lines, ["}"]))}}

_forward(target) := concat(" ", ["  forward .", target])

_service(name, namespace, ip) := {
	"target": "service",
	"value": {"metadata": {"name": name, "namespace": namespace}, "spec": {"clusterIP": ip}},
}

_cluster(coredns) := {"target": "kubekey-cluster", "versions": {}, "value": {"spec": {"dns": {"coredns": coredns}}}}

_kubelet(file) := {
	"target": "kubelet-config",
	"file": "n/var/lib/kubelet/config.yaml",
	"host": "n",
	"value": {"resolvConf": file},
}

_resolv(lines) := {"target": "resolv-conf", "file": "n/etc/resolv.conf", "host": "n", "value": {"lines": lines}}

_told(set) := {[f.document, f.path, object.get(f, "message", ""), target] |
	some f in deny
	target := object.get(f.args, "target", "")
} if {
	deny := rule.deny with input as {"set": set}
}

test_coredns_asks_itself if {
	every target in ["127.0.0.53", "dns://127.0.0.1:53", "[::1]:53", "::1"] {
		_told([_corefile([_forward(target)])]) == {[0, ["lines", 1], "", target]}
	}
}

test_coredns_asks_others if {
	every target in ["/etc/resolv.conf", "127.0.0.1:5353", "169.254.25.10", "10.0.0.53", "tls://127.0.0.1"] {
		_told([_corefile([_forward(target)])]) == set()
	}
}

test_coredns_asks_its_service if {
	corefile := _corefile([_forward("10.233.0.3")])
	_told([corefile, _service("coredns", "kube-system", "10.233.0.3")]) == {[0, ["lines", 1], "", "10.233.0.3"]}
	_told([corefile, _service("coredns", "other", "10.233.0.3")]) == set()
	_told([corefile, _service("other", "kube-system", "10.233.0.3")]) == set()
	_told([corefile, _service("coredns", "kube-system", "None")]) == set()
}

test_nodelocaldns_asks_the_host_and_coredns if {
	bind := "  bind 169.254.25.10"
	service := _service("coredns", "kube-system", "10.233.0.3")
	_told([_corefile([bind, "  loop", _forward("127.0.0.53")]), service]) == set()
	_told([_corefile([bind, "  loop", _forward("10.233.0.3")]), service]) == set()
}

test_nodelocaldns_asks_itself if {
	bind := "  bind 169.254.25.10"
	_told([_corefile([bind, "  loop", _forward("169.254.25.10")])]) == {[0, ["lines", 3], "bind", "169.254.25.10"]}
	_told([_corefile([bind, _forward("169.254.25.10")])]) == set()
}

test_another_port_of_coredns if {
	corefile := {"target": "corefile", "value": {"lines": [".:5353 {", "  forward . 127.0.0.1", "}"]}}
	_told([corefile]) == set()
}

test_upstreams_of_kubekey if {
	servers := ["127.0.0.53", "10.0.0.1 127.0.0.1", 7]
	_told([_cluster({"upstreamDNSServers": servers})]) == {
		[0, ["spec", "dns", "coredns", "upstreamDNSServers", 0], "", "127.0.0.53"],
		[0, ["spec", "dns", "coredns", "upstreamDNSServers", 1], "", "127.0.0.1"],
	}
	zones := [{"nameservers": ["10.0.0.1"]}, {"nameservers": ["::1"]}, {"nameservers": null}]
	_told([_cluster({"externalZones": zones})]) == {[
		0,
		["spec", "dns", "coredns", "externalZones", 1, "nameservers", 0],
		"",
		"::1",
	]}
}

test_upstreams_that_nobody_reads if {
	_told([_cluster({"upstreamDNSServers": "127.0.0.53"})]) == set()
	old := object.union(_cluster({"upstreamDNSServers": ["127.0.0.53"]}), {"versions": {"kubekey": "v3.0.13"}})
	_told([old]) == set()
}

test_what_kubekey_writes_is_told_once if {
	_told([_cluster({"upstreamDNSServers": ["127.0.0.53"]}), _corefile([_forward("127.0.0.53")])]) == {[
		0,
		["spec", "dns", "coredns", "upstreamDNSServers", 0],
		"",
		"127.0.0.53",
	]}
}

_shipped := _corefile(["  loop", _forward("/etc/resolv.conf")])

test_a_stub_resolver if {
	stub := _resolv(["# systemd", "nameserver 127.0.0.53", "options edns0"])
	_told([_shipped, _kubelet("/etc/resolv.conf"), stub]) == {[1, ["resolvConf"], "resolv", ""]}
	_told([_shipped, _kubelet("/run/systemd/resolve/resolv.conf"), stub]) == set()
	_told([_corefile([_forward("/etc/resolv.conf")]), _kubelet("/etc/resolv.conf"), stub]) == set()
	_told([_kubelet("/etc/resolv.conf"), stub]) == set()
}

test_a_flag_for_another_file if {
	stub := _resolv(["nameserver 127.0.0.53"])
	flags := {
		"target": "kubelet-env",
		"file": "n/etc/default/kubelet",
		"host": "n",
		"value": {"variables": {"KUBELET_EXTRA_ARGS": "--resolv-conf=/run/systemd/resolve/resolv.conf"}},
	}
	_told([_shipped, _kubelet("/etc/resolv.conf"), stub, flags]) == set()
}

test_real_nameservers if {
	every lines in [["nameserver 10.0.0.2"], ["nameserver 127.0.0.53", "nameserver 10.0.0.2"], ["search x"]] {
		_told([_shipped, _kubelet("/etc/resolv.conf"), _resolv(lines)]) == set()
	}
}
