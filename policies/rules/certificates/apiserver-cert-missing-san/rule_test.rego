package policies.rules.certificates["apiserver-cert-missing-san_test"]

import data.policies.rules.certificates["apiserver-cert-missing-san"] as rule

test_domain_service_and_extra_sans if {
	spec := {
		"controlPlaneEndpoint": {"domain": "K8s.example.com"},
		"network": {"kubeServiceCIDR": "10.96.200.7/12, fd00::/112"},
		"kubernetes": {"apiserverCertExtraSans": ["203.0.113.7", "fd00::7", "lb.kubesphere.local"]},
	}
	{[f.args.name, f.path] | some f in rule.deny} == {
		["k8s.example.com", ["spec", "controlPlaneEndpoint", "domain"]],
		["10.96.0.1", ["spec", "network", "kubeServiceCIDR"]],
		["203.0.113.7", ["spec", "kubernetes", "apiserverCertExtraSans", 0]],
		["fd00::7", ["spec", "kubernetes", "apiserverCertExtraSans", 1]],
	} with input as _input([_kk(spec)], [_file("node1", [], [])], [])
}

test_defaults_count if {
	bare := object.union(_file("node1", [], []), {"certs": [{"dns": ["node1"], "ips": ["10.0.0.1"]}]})
	{[f.args.name, f.args.count] | some f in rule.deny} == {
		["lb.kubesphere.local", 2],
		["10.233.0.1", 2],
	} with input as _input([_kk({})], [bare, object.union(bare, {"id": 7, "host": "node2"})], [])
}

test_said_once_for_a_name if {
	spec := {
		"controlPlaneEndpoint": {"domain": "k8s.example.com"},
		"kubernetes": {"apiserverCertExtraSans": ["k8s.example.com"]},
	}
	count(rule.deny) == 1 with input as _input([_kk(spec)], [_file("node1", [], [])], [])
}

test_what_kubeadm_leaves_out if {
	every x in ["not_a_name", "https://k8s.example.com", "10.0.0.0/24", "{{ .name }}", "", null, 7, {}, []] {
		spec := {"kubernetes": {"apiserverCertExtraSans": [x]}}
		count(rule.deny) == 0 with input as _input([_kk(spec)], [_file("node1", [], [])], [])
	}
	every list in ["203.0.113.7", 7, {"a": "203.0.113.7"}] {
		spec := {"kubernetes": {"apiserverCertExtraSans": list}}
		count(rule.deny) == 0 with input as _input([_kk(spec)], [_file("node1", [], [])], [])
	}
}

test_ranges_that_are_none if {
	every range in ["fd00::/112", "10.96.0.0", "x", 7, [], "{{ .range }}"] {
		spec := {"network": {"kubeServiceCIDR": range}}
		count(rule.deny) == 0 with input as _input([_kk(spec)], [_file("node1", [], [])], [])
	}
}

test_certificates_of_other_clusters if {
	spec := {"kubernetes": {"apiserverCertExtraSans": ["203.0.113.7"]}}
	other := object.union(_file("node1", [], []), {"certs": [{"dns": ["node1"], "ips": ["10.1.0.1"]}]})
	count(rule.deny) == 0 with input as _input([_kk(spec)], [other], [])
	unreadable := object.union(_file("node1", [], []), {"certs": [{"unreadable": true}]})
	count(rule.deny) == 0 with input as _input([_kk(spec)], [unreadable], [])
}

test_k3s_and_other_files_of_the_api_server if {
	extra := {"apiserverCertExtraSans": ["203.0.113.7"]}
	every kubernetes in [{"type": "k3s"}, {"version": "v1.21.6-k3s"}, {"type": "k8e"}] {
		spec := {"kubernetes": object.union(extra, kubernetes)}
		count(rule.deny) == 0 with input as _input([_kk(spec)], [_file("node1", [], [])], [])
	}
	every flag in ["--tls-sni-cert-key=a,b", "--tls-cert-file=/etc/kubernetes/pki/x.crt"] {
		set := [_kk({"kubernetes": extra}), _pod(flag)]
		count(rule.deny) == 0 with input as _input(set, [_file("node1", [], [])], [])
	}
	set := [_kk({"kubernetes": extra}), _pod("--tls-cert-file=/etc/kubernetes/pki/apiserver.crt")]
	count(rule.deny) == 1 with input as _input(set, [_file("node1", [], [])], [])
}

test_v4 if {
	config := {"target": "kubekey-config", "value": {"spec": {
		"cni": {"service_cidr": "10.96.0.0/12"},
		"kubernetes": {"apiserver": {"certSANs": ["api.example.com"]}},
	}}}
	vars := {"kubernetes": {"control_plane_endpoint": {"host": "k8s.example.com"}}}
	inventory := {"target": "kubekey-inventory", "value": {"spec": {
		"hosts": {"node1": {"internal_ipv4": "10.0.0.1"}},
		"vars": vars,
	}}}
	{[f.document, f.args.name] | some f in rule.deny} == {
		[0, "10.96.0.1"],
		[0, "api.example.com"],
		[1, "k8s.example.com"],
	} with input as _input([config, inventory], [_file("node1", [], [])], [])
}

test_v4_defaults_stand_in_what_there_is if {
	inventory := {"target": "kubekey-inventory", "value": {"spec": {"hosts": {"node1": {"internal_ipv4": "10.0.0.1"}}}}}
	bare := object.union(_file("node1", [], []), {"certs": [{"dns": ["node1"], "ips": ["10.0.0.1"]}]})
	{[f.document, f.args.name] | some f in rule.deny} == {
		[1, "lb.kubesphere.local"],
		[1, "10.233.0.1"],
	} with input as _input([null, inventory], [bare], [])
}

test_a_kubeconfig_that_dials_another_name if {
	rule.deny == {{
		"document": 5,
		"path": ["clusters", 0, "cluster", "server"],
		"message": "kubeconfig",
		"args": {"name": "203.0.113.7"},
	}} with input as _input([], [_file("node1", [], []), _ca(["ca"])], [_config({}), _config({"host": "node2"})])
}

test_the_kubekey_file_speaks_first if {
	spec := {"kubernetes": {"apiserverCertExtraSans": ["203.0.113.7"]}}
	files := [_file("node1", [], []), _ca(["ca"])]
	{f.document | some f in rule.deny} == {0} with input as _input([_kk(spec)], files, [_config({})])
}

test_kubeconfigs_that_are_sound if {
	files := [_file("node1", [], ["203.0.113.7"]), _ca(["ca"])]
	count(rule.deny) == 0 with input as _input([], files, [_config({})])
	one := [_file("node1", [], []), _ca(["ca"])]
	cluster := _config({}).cluster
	every change in [{"insecure": true}, {"tls_server_name": "node1"}, {"verifies": []}, {"server": null}] {
		count(rule.deny) == 0 with input as _input([], one, [_config({"cluster": object.union(cluster, change)})])
	}
	count(rule.deny) == 0 with input as _input([], [one[0], _ca(["ca", "balancer"])], [_config({})])
	proxy := [{"target": "kubesphere-cluster", "value": {"spec": {"connection": {"type": "proxy"}}}}]
	count(rule.deny) == 0 with input as _input(proxy, one, [_config({"carrier": {"document": 0}})])
	count(rule.deny) == 0 with input as _input([_pod("--tls-sni-cert-key=a,b")], one, [_config({})])
}

test_controller_manager_and_scheduler_dial_their_own_host if {
	files := [_file("node1", [], ["203.0.113.7"]), _ca(["ca"])]
	scheduler := _config({"role": "scheduler", "host": "node1"})
	count(rule.deny) == 0 with input as _input([], files, [scheduler])
	bare := [_file("node2", [], []), _ca(["ca"])]
	count(rule.deny) == 0 with input as _input([], bare, [scheduler])
	count(rule.deny) == 1 with input as _input([], [_file("node1", [], []), _ca(["ca"])], [scheduler])
}

_kk(spec) := {"target": "kubekey-cluster", "value": {"spec": object.union(spec, {"hosts": [{
	"name": "Node1",
	"internalAddress": "10.0.0.1",
}]})}}

_file(host, dns, ips) := {"id": 0, "role": "apiserver", "host": host, "certs": [{
	"dns": array.concat(["node1", "lb.kubesphere.local"], dns),
	"ips": array.concat(["10.0.0.1", "10.233.0.1"], ips),
}]}

_ca(subjects) := {"id": 1, "role": "kubeconfig-ca", "certs": [{"subject": s} | some s in subjects]}

_pod(flag) := {"target": "static-pod", "host": "node1", "value": {
	"apiVersion": "v1",
	"kind": "Pod",
	"spec": {"containers": [{"name": "kube-apiserver", "image": "x", "command": ["kube-apiserver", flag]}]},
}}

_config(change) := object.union(
	{"document": 5, "path": [], "kind": "file", "host": "", "cluster": {
		"insecure": false,
		"certificate": 1,
		"verifies": [0],
		"server": {
			"path": ["clusters", 0, "cluster", "server"],
			"url": {"scheme": "https", "host": "203.0.113.7", "port": "6443"},
		},
	}},
	change,
)

_input(set, files, configs) := {"set": set, "facts": {"certificates": files, "kubeconfigs": configs}}
