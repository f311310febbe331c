package policies.rules.etcd["etcd-cert-san-mismatch_test"]

import data.policies.rules.etcd["etcd-cert-san-mismatch"] as rule

test_clients_and_peers_are_refused if {
	good := _url("10.0.0.1")
	bad := _url("10.0.2.4")
	{f.message: f.path | some f in rule.deny} == {"": ["advertise"]} with input as _member(bad, bad, 2)
	{f.message: f.path | some f in rule.deny} == {"peer": ["peer"]} with input as _member(good, bad, 2)
}

test_a_member_alone_has_no_peers if {
	count(rule.deny) == 0 with input as _member(_url("10.0.0.1"), _url("10.0.2.4"), 1)
}

test_nobody_dials_these if {
	every change in [{"scheme": "http"}, {"loopback": true}, {"unspecified": true}] {
		url := object.union(_url("10.0.2.4"), change)
		count(rule.deny) == 0 with input as _member(url, url, 2)
	}
}

test_names_are_covered_as_go_does if {
	every name in ["node1", "etcd.example.com"] {
		count(rule.deny) == 0 with input as _member(_url(name), _url(name), 2)
	}
	every name in ["node2", "example.com", "a.etcd.example.com", "etcd-cn"] {
		count(rule.deny) == 1 with input as _member(_url(name), _url(name), 2)
	}
}

test_a_certificate_that_cannot_be_read_is_not_judged if {
	damaged := {"certs": [{"unreadable": true}], "name": "a.pem"}
	count(rule.deny) == 0 with input as _member(_url("10.0.2.4"), _url("10.0.2.4"), 2)
		with input.facts.certificates as [damaged]
}

test_a_file_that_is_not_there_is_named if {
	bare := {"set": [], "facts": {"hosts": [], "certificates": [], "etcd": {"in_use": [], "members": [{
		"document": 3,
		"settings": {"ETCD_CERT_FILE": {"path": [], "value": "/a.pem"}, "ETCD_PEER_CERT_FILE": {"path": [], "value": null}},
	}]}}}
	count(rule.deny) == 0 with input as bare
	rule.unchecked == {{"needs": "/a.pem", "document": 3}} with input as bare
}

test_the_address_of_the_host if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "hosts", 0, "internalAddress"],
		"message": "host",
		"args": {"name": "member-n1.pem", "host": "10.0.2.4"},
	}} with input as _cluster({"name": "n1", "internalAddress": "10.0.2.4"}, {"node_ipv4": "10.0.2.4"}, [])
	{f.path[3] | some f in rule.deny} == {"address"} with input as _cluster(
		{"name": "n1", "internalAddress": "", "Address": "10.0.2.4"},
		{"node_ipv4": "10.0.2.4"}, [],
	)
		with input.set as [{"target": "kubekey-cluster", "value": {"spec": {"hosts": [{"address": "10.0.2.4"}]}}}]
}

test_hosts_that_are_not_judged if {
	addresses := [{"node_ipv4": x} | some x in ["10.0.0.1", "n1.example.com", "fd00::1"]]
	every change in array.concat(addresses, [{"roles": []}, {"name": "n2"}]) {
		host := object.union({"node_ipv4": "10.0.2.4"}, change)
		count(rule.deny) == 0 with input as _cluster({"name": "n1", "address": "x"}, host, [])
	}
}

test_external_etcd_has_no_members_here if {
	count(rule.deny) == 0 with input as _cluster({"name": "n1", "address": "10.0.2.4"}, {"node_ipv4": "10.0.2.4"}, [])
		with input.set as [{"target": "kubekey-cluster", "value": {"spec": {"etcd": {"type": "external"}}}}]
}

test_several_clusters_say_nothing_about_hosts if {
	count(rule.deny) == 0 with input as _cluster({"name": "n1", "address": "10.0.2.4"}, {"node_ipv4": "10.0.2.4"}, [])
		with input.set as [{"target": "kubekey-cluster", "value": {}}, {"target": "kubekey-cluster", "value": {}}]
}

test_the_file_of_the_hosts_own_folder_counts if {
	host := {"node_ipv4": "10.0.2.4", "folder": "h/n1"}
	own := object.union(_file, {"host": "h/n1", "id": 1, "certs": [{"sha256": "own", "dns": [], "ips": ["10.0.2.4"]}]})
	count(rule.deny) == 0 with input as _cluster({"name": "n1", "address": "10.0.2.4"}, host, [own])
	count(rule.deny) == 0 with input as _cluster({"name": "n1", "address": "10.0.2.4"}, {"node_ipv4": "10.0.2.4"}, [own])
}

_url(host) := {"scheme": "https", "host": host, "loopback": false, "unspecified": false}

_cert := {"sha256": "a", "cn": "etcd-cn", "dns": ["node1", "*.example.com"], "ips": ["10.0.0.1"]}

_file := {"id": 0, "name": "member-n1.pem", "role": "etcd-member", "named_for": "n1", "host": "", "certs": [_cert]}

_member(client, peer, members) := {"set": [], "facts": {
	"hosts": [],
	"certificates": [_file],
	"etcd": {"in_use": [], "members": [{"document": 0, "settings": {
		"ETCD_CERT_FILE": {"path": [], "value": "x", "certificate": 0},
		"ETCD_PEER_CERT_FILE": {"path": [], "value": "x", "certificate": 0},
		"ETCD_ADVERTISE_CLIENT_URLS": {"path": ["advertise"], "urls": [client]},
		"ETCD_INITIAL_ADVERTISE_PEER_URLS": {"path": ["peer"], "urls": [peer]},
		"ETCD_INITIAL_CLUSTER": {"path": [], "entries": [{"name": n} | some n in numbers.range(1, members)]},
	}}]},
}}

_cluster(entry, host, files) := {
	"set": [{"target": "kubekey-cluster", "value": {"spec": {"hosts": [entry]}}}],
	"facts": {
		"hosts": [object.union({"name": "n1", "document": 0, "path": ["spec", "hosts", 0], "roles": ["etcd"]}, host)],
		"certificates": array.concat([_file], files),
		"etcd": {
			"members": [],
			"in_use": array.concat([{"certificate": 0}], [{"certificate": f.id} | some f in files]),
		},
	},
}
