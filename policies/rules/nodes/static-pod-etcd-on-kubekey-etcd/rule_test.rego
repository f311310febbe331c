package policies.rules.nodes["static-pod-etcd-on-kubekey-etcd_test"]

import data.policies.rules.nodes["static-pod-etcd-on-kubekey-etcd"] as rule
import future.keywords.not

_urls(list) := {"path": ["x"], "urls": [
{"port": port, "host": host, "loopback": host == "127.0.0.1", "unspecified": host == "0.0.0.0"} |
	some [host, port] in list
]}

_settings(client, peer) := {"ETCD_LISTEN_CLIENT_URLS": _urls(client), "ETCD_LISTEN_PEER_URLS": _urls(peer)}

_env := {
	"source": "env",
	"host": "n",
	"document": 0,
	"config_file": false,
	"settings": _settings([["10.0.0.1", "2379"], ["127.0.0.1", "2379"]], [["10.0.0.1", "2380"]]),
}

_pod(settings) := {"source": "static-pod", "host": "n", "document": 1, "config_file": false, "settings": settings}

_documents(network) := [
	{"target": "etcd-env", "file": "n/etc/etcd.env", "host": "n"},
	{
		"target": "static-pod",
		"file": "n/etc/kubernetes/manifests/etcd.yaml",
		"host": "n",
		"index": 0,
		"value": {"spec": {"hostNetwork": network, "containers": [{"name": "etcd"}]}},
	},
]

_told(members, documents) := {[f.document, f.path, f.args.ports] | some f in deny} if {
	deny := rule.deny with input as {"set": documents, "facts": {"etcd": {"members": members}}}
}

_with(settings) := _told([_env, _pod(settings)], _documents(true))

test_the_same_ports if {
	_with(_settings([["10.0.0.1", "2379"]], [["10.0.0.1", "2380"]])) == {[1, ["x"], "2379, 2380"]}
	_with(_settings([["0.0.0.0", "2379"]], [["10.0.0.1", "12380"]])) == {[1, ["x"], "2379"]}
	_with(_settings([["127.0.0.1", "2379"]], [["10.0.0.1", "12380"]])) == {[1, ["x"], "2379"]}
}

test_defaults if {
	_with({"ETCD_NAME": {"path": ["y"]}}) == {[1, ["spec", "containers"], "2379"]}
	env := object.union(object.remove(_env, {"settings"}), {"settings": {"ETCD_NAME": {"path": ["y"]}}})
	pod := _pod(_settings([["127.0.0.1", "2379"]], [["10.0.0.1", "12380"]]))
	_told([env, pod], _documents(true)) == {[1, ["x"], "2379"]}
}

test_other_ports_and_addresses if {
	_with(_settings([["10.0.0.1", "12379"]], [["10.0.0.1", "12380"]])) == set()
	_with(_settings([["10.0.0.2", "2379"]], [["10.0.0.2", "2380"]])) == set()
	_with(_settings([["10.0.0.1", ""]], [["10.0.0.1", ""]])) == set()
}

test_templates if {
	unknown := {"path": ["x"], "value": null}
	_with({"ETCD_LISTEN_CLIENT_URLS": unknown, "ETCD_LISTEN_PEER_URLS": unknown}) == set()
}

test_a_pod_with_a_network_of_its_own if {
	pod := _pod(_settings([["10.0.0.1", "2379"]], [["10.0.0.1", "2380"]]))
	_told([_env, pod], _documents(false)) == set()
}

test_other_hosts_and_folders if {
	pod := _pod(_settings([["10.0.0.1", "2379"]], [["10.0.0.1", "2380"]]))
	_told([object.union(_env, {"host": "m"}), pod], _documents(true)) == set()
	_told([_env, pod], [{"target": "etcd-env", "file": "etcd.env", "host": ""}, _documents(true)[1]]) == set()
	_told([_env, pod], [_documents(true)[0], object.union(_documents(true)[1], {"file": "n/etc/old/etcd.yaml"})]) == set()
}

test_settings_of_a_file_of_their_own if {
	_told([object.union(_env, {"config_file": true}), _pod({})], _documents(true)) == set()
}
