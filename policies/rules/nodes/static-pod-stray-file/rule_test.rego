package policies.rules.nodes["static-pod-stray-file_test"]

import data.policies.rules.nodes["static-pod-stray-file"] as rule

_pod(file, metadata) := {
	"target": "static-pod",
	"file": file,
	"host": "node1",
	"index": 0,
	"value": {"kind": "Pod", "metadata": metadata, "spec": {"containers": [{"name": "x"}]}},
}

_in(file, metadata) := _pod(concat("/", ["node1/etc/kubernetes/manifests", file]), metadata)

_etcd := {"name": "etcd", "namespace": "kube-system"}

_files(set) := {f.args.file | some f in deny} if deny := rule.deny with input as {"set": set}

test_a_backup_is_a_second_pod if {
	rule.deny == {{
		"document": 0,
		"path": ["metadata", "name"],
		"args": {"file": "etcd.yaml.bak", "other": "etcd.yaml", "name": "etcd"},
	}} with input as {"set": [_in("etcd.yaml.bak", _etcd), _in("etcd.yaml", _etcd)]}
}

test_the_file_called_as_the_pod_is_the_manifest if {
	_files([_in("a.yaml", _etcd), _in("etcd.yml", _etcd), _in("0", _etcd)]) == {"a.yaml", "0"}
	_files([_in("a.yaml", _etcd), _in("0", _etcd)]) == {"0"}
}

test_another_name_or_namespace_is_another_pod if {
	_files([_in("etcd.yaml", _etcd), _in("b.yaml", {"name": "etcd"})]) == set()
	_files([_in("etcd.yaml", _etcd), _in("b.yaml", {"name": "etcd-events", "namespace": "kube-system"})]) == set()
}

test_no_namespace_is_default if {
	_files([_in("a.yaml", {"name": "a"}), _in("b.yaml", {"name": "a", "namespace": "default"})]) == {"b.yaml"}
	_files([_in("a.yaml", {"name": "a", "namespace": null}), _in("b.yaml", {"name": "a", "namespace": ""})]) == {"b.yaml"}
}

test_other_folders_and_hosts if {
	other := object.union(_pod("node2/etc/kubernetes/manifests/etcd.yaml", _etcd), {"host": "node2"})
	_files([_in("etcd.yaml", _etcd), other, _pod("node1/etc/kubernetes/tmp/etcd.yaml", _etcd)]) == set()
}

test_names_that_are_none if {
	every name in [null, "", 7, "{{ .Name }}"] {
		_files([_in("a.yaml", {"name": name}), _in("b.yaml", {"name": name})]) == set()
	}
}
