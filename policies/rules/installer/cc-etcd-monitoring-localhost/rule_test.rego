package policies.rules.installer["cc-etcd-monitoring-localhost_test"]

import data.policies.rules.installer["cc-etcd-monitoring-localhost"] as rule

test_localhost_is_no_address if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "etcd", "endpointIps"],
		"args": {"value": "localhost"},
	}} with input as _cc({"endpointIps": "localhost"})
}

test_what_endpoints_refuse if {
	every text in [
		"", ",", "10.0.0.1,", "etcd1", "10.0.0.1:2379", "https://10.0.0.1", "[fd00::1]", "10.0.0 .1", "10.0.0.1;10.0.0.2",
		"127.0.0.1", "127.0.1.1", "0.0.0.0", "169.254.1.1", "::1", "::", "fe80::1", "10.0.0.0/24",
	] {
		count(rule.deny) == 1 with input as _cc({"endpointIps": text})
	}
}

test_what_endpoints_take if {
	every text in ["10.0.0.1", "10.0.0.1,10.0.0.2", " 10.0.0.1 ,\t10.0.0.2 ", "fd00::1", "10.0.0.1\n", "{{ ips }}"] {
		count(rule.deny) == 0 with input as _cc({"endpointIps": text})
	}
}

test_a_line_break_is_one_fault if {
	every text in ["10.0.0.1\n10.0.0.2", "10.0.0.1,\nlocalhost\n", "\n10.0.0.1"] {
		{fault.message | some fault in rule.deny} == {"break"} with input as _cc({"endpointIps": text})
	}
}

test_what_is_no_text_is_another_fault if {
	every x in [null, ["localhost"], {}, 10, true] {
		count(rule.deny) == 0 with input as _cc({"endpointIps": x})
	}
	every x in [null, "", "etcd", [], 3] {
		count(rule.deny) == 0 with input as _document({"spec": {"etcd": x}})
		count(rule.deny) == 0 with input as _document({"spec": x})
	}
}

test_ports if {
	every port in [0, 65536, -1, 2379.5, "https", "2379/tcp", true, [2379], {}] {
		{fault.message | some fault in rule.deny} == {"port"} with input as _cc({"port": port})
	}
	every port in [1, 2379, 65535, "2379", "", null, "{{ port }}"] {
		count(rule.deny) == 0 with input as _cc({"port": port})
	}
}

test_only_while_monitoring_is_on if {
	every monitoring in [false, null, "true", "", "yes"] {
		count(rule.deny) == 0 with input as _cc({"endpointIps": "localhost", "monitoring": monitoring})
	}
}

test_an_external_prometheus_needs_no_endpoints if {
	count(rule.deny) == 0 with input as _document({"spec": {
		"etcd": {"monitoring": true, "endpointIps": "localhost"},
		"common": {"monitoring": {"type": "external"}},
	}})
}

test_kubekey_fills_in_the_addresses if {
	[configuration] := _cc({"endpointIps": "localhost", "port": 0}).set
	kubekey := {"target": "kubekey-cluster", "file": "kk.yaml", "value": {}}
	count(rule.deny) == 0 with input as {"set": [configuration, kubekey]}
	count(rule.deny) == 2 with input as {"set": [configuration, kubekey, object.union(kubekey, {"file": "other.yaml"})]}
}

_cc(etcd) := _document({"spec": {"etcd": object.union({"monitoring": true}, etcd)}})

_document(value) := {"set": [{"target": "cluster-configuration", "file": "cc.yaml", "value": value}]}
