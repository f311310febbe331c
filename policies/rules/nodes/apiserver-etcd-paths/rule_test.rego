package policies.rules.nodes["apiserver-etcd-paths_test"]

import data.policies.rules.nodes["apiserver-etcd-paths"] as rule
import future.keywords.not

_ssl := "/etc/ssl/etcd/ssl"

_at(flag) := ["spec", "containers", 0, "command", flag]

_file(flag, name) := {"path": _at(flag), "value": concat("/", [_ssl, name]), "file": concat("/", [_ssl, name])}

_unmounted(flag, name) := object.remove(_file(flag, name), {"file"})

_client := {
	"kind": "apiserver",
	"document": 0,
	"path": _at(1),
	"servers": [{"scheme": "https", "host": "10.0.0.1"}],
	"ca": _file(2, "ca.pem"),
	"cert": _file(3, "node-node1.pem"),
	"key": _file(4, "node-node1-key.pem"),
}

_document := {
	"target": "static-pod",
	"file": "kube-apiserver.yaml",
	"host": "",
	"index": 0,
	"value": {
		"apiVersion": "v1",
		"kind": "Pod",
		"spec": {"containers": [{"name": "kube-apiserver", "image": "a:1"}], "volumes": [{"name": "x"}]},
	},
}

_input(client, change) := {
	"set": [object.union(_document, change)],
	"facts": {"etcd": {"clients": [client], "members": [], "keypairs": []}},
}

_told(client) := {object.remove(f, {"document"}) | some f in deny} if deny := rule.deny with input as _input(client, {})

_with(fields) := _told(object.union(_client, fields))

_without(kinds) := _told(object.remove(_client, kinds))

test_all_is_there if _told(_client) == set()

test_a_flag_is_missing if {
	_without({"key"}) == {{"path": _at(1), "message": "incomplete", "args": {"flags": "--etcd-keyfile"}}}
	_without({"cert"}) == {{"path": _at(1), "message": "incomplete", "args": {"flags": "--etcd-certfile"}}}
	_without({"ca"}) == {{"path": _at(1), "message": "incomplete", "args": {"flags": "--etcd-cafile"}}}
}

test_none_is_set if _without({"ca", "cert", "key"}) == set()

test_plain_http_needs_no_files if {
	client := object.union(object.remove(_client, {"key"}), {"servers": [{"scheme": "http", "host": "10.0.0.1"}]})
	_told(client) == set()
}

test_a_ca_alone if {
	client := object.remove(_client, {"cert", "key"})
	_told(client) == set()
	asked := _input(client, {})
	member := {"settings": {
		"ETCD_CLIENT_CERT_AUTH": {"bool": true},
		"ETCD_ADVERTISE_CLIENT_URLS": {"urls": [{"host": "10.0.0.1"}]},
	}}
	deny := rule.deny with input as object.union(asked, {"facts": {"etcd": {
		"clients": [client],
		"members": [member],
		"keypairs": [],
	}}})
	{f.args.flags | some f in deny} == {"--etcd-certfile, --etcd-keyfile"}
}

_half_mounted := object.union(
	object.remove(_client, {"cert", "key"}),
	{"cert": _unmounted(3, "node-node1.pem"), "key": _unmounted(4, "node-node1-key.pem")},
)

test_not_mounted if {
	_told(_half_mounted) == {{
		"path": _at(3),
		"args": {"files": `"/etc/ssl/etcd/ssl/node-node1.pem", "/etc/ssl/etcd/ssl/node-node1-key.pem"`},
	}}
}

_silent(client, value) if {
	deny := rule.deny with input as _input(client, {"value": value})
	deny == set()
}

test_what_may_come_from_elsewhere if {
	spec := _document.value.spec
	_silent(_half_mounted, {"spec": object.union(spec, {"initContainers": [{"name": "a", "image": "a:1"}]})})
	_silent(_half_mounted, {"spec": object.union(spec, {"volumes": null})})
	system := {"path": _at(2), "value": "/etc/ssl/certs/ca-certificates.crt"}
	_told(object.union(object.remove(_client, {"ca"}), {"ca": system})) == set()
	template := {"path": _at(3), "value": null}
	_told(object.union(object.remove(_client, {"cert"}), {"cert": template})) == set()
	relative := {"path": _at(3), "value": "pki/client.pem"}
	_told(object.union(object.remove(_client, {"cert"}), {"cert": relative})) == set()
}

test_a_patch if {
	spec := {"containers": [{"name": "kube-apiserver", "image": ""}]}
	_silent(object.remove(_client, {"key"}), {"spec": spec})
}

test_files_of_two_hosts if {
	client := _with({"key": _file(4, "node-node2-key.pem")})
	client == {{"path": _at(4), "message": "hosts", "args": {"cert": "node-node1.pem", "key": "node-node2-key.pem"}}}
	_with({"cert": _file(3, "client.pem"), "key": _file(4, "node-node2-key.pem")}) == set()
}

test_files_that_are_there_are_compared if {
	client := object.union(_client, {"key": _file(4, "node-node2-key.pem")})
	deny := rule.deny with input as object.union(_input(client, {}), {"facts": {"etcd": {
		"clients": [client],
		"members": [],
		"keypairs": [{"document": 0, "path": _at(4)}],
	}}})
	deny == set()
}

_in(folder) := _with({kind: {"folder": folder} | some kind in ["ca", "cert", "key"]})

test_not_in_the_folder if {
	_in(["ca.pem", "node-node2.pem", "node-node2-key.pem"]) == {{
		"path": _at(3),
		"message": "missing",
		"args": {"files": `"/etc/ssl/etcd/ssl/node-node1.pem", "/etc/ssl/etcd/ssl/node-node1-key.pem"`},
	}}
	own := ["node-node1.pem", "node-node1-key.pem"]
	all := array.concat(own, ["node-node2.pem", "node-node2-key.pem"])
	{f.args.files | some f in _in(all)} == {`"/etc/ssl/etcd/ssl/ca.pem"`}
	_in(own) == set()
}

test_a_choice_of_files if {
	_in(["ca.pem", "node-node2.pem"]) == set()
	_in(["ca.pem", "node-node2-key.pem"]) == set()
	_in(["ca.pem", "member-node1.pem", "member-node1-key.pem"]) == set()
	_in(["ca.pem", "ca-key.pem", "node-node1.pem", "node-node1-key.pem"]) == set()
}

test_pairs_of_other_endings if {
	client := {kind: {"file": concat("/", ["/pki", name]), "folder": ["ca.crt", "server.crt", "server.key"]} |
		some kind, name in {"ca": "ca.crt", "cert": "client.crt", "key": "client.key"}
	}
	{f.path | some f in _with(client)} == {_at(3)}
}

test_manifests_of_other_folders if {
	client := object.remove(_client, {"key"})
	told := {file |
		some file in ["manifests/kube-apiserver.yaml", "manifests/kube-apiserver.bak", "tmp/backup/kube-apiserver.yaml"]
		place := {"file": concat("/", ["node1/etc/kubernetes", file]), "host": "node1"}
		deny := rule.deny with input as _input(client, place)
		deny != set()
	}
	told == {"manifests/kube-apiserver.yaml"}
}
