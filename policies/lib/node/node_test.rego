package policies.lib.node_test

import data.policies.lib.node
import future.keywords.not

test_a_path_on_the_host if {
	node.path({"file": "node1/etc/etcd.env", "host": "node1"}) == "/etc/etcd.env"
	node.path({"file": "etc/etcd.env", "host": ""}) == "/etc/etcd.env"
	node.path({"file": "/var/lib/kubelet/config.yaml", "host": ""}) == "/var/lib/kubelet/config.yaml"
}

test_no_path_in_the_work_folder if not node.path({"file": "kubekey/node1/etcd.env", "host": ""})

_kubeadm(text) := {
	"target": "kubelet-env",
	"file": "a/var/lib/kubelet/kubeadm-flags.env",
	"host": "a",
	"value": {"variables": {"KUBELET_KUBEADM_ARGS": text}},
}

_default(text) := {
	"target": "kubelet-env",
	"file": "a/etc/default/kubelet",
	"host": "a",
	"value": {"variables": {"KUBELET_EXTRA_ARGS": text}},
}

_unit(service) := {
	"target": "systemd-unit",
	"file": "a/etc/systemd/system/kubelet.service.d/10-kubeadm.conf",
	"host": "a",
	"value": {"Service": service},
}

_drop_in := _unit({
	"Environment": [
		`"KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"`,
		`"KUBELET_EXTRA_ARGS=--node-ip=10.0.0.1 --hostname-override=node1  "`,
	],
	"ExecStart": ["/usr/local/bin/kubelet $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS --v 2"],
})

_values(set) := values if {
	flags := node.flags with input as {"set": set}
	values := {name: flag.value | some name, flag in flags.a}
}

test_flags_of_a_drop_in if {
	_values([_drop_in]) == {
		"config": "/var/lib/kubelet/config.yaml",
		"hostname-override": "node1",
		"node-ip": "10.0.0.1",
		"v": "2",
	}
}

test_a_flag_has_its_place if {
	place := {"value": "node1", "document": 1, "path": ["Service", "Environment", 1]}
	node.flags.a["hostname-override"] == place with input as {"set": [null, _drop_in]}
}

test_extra_args_win if {
	_values([_kubeadm("--hostname-override=a --node-ip=10.0.0.2 --x=1"), _drop_in])["hostname-override"] == "node1"
	_values([_kubeadm("--x=1"), _drop_in]).x == "1"
}

test_an_environment_file_replaces_the_variable_of_a_unit if {
	values := _values([_default("--node-ip 10.0.0.9 --rotate-certificates --y=1"), _drop_in])
	values["node-ip"] == "10.0.0.9"
	not values["hostname-override"]
	not values["rotate-certificates"]
	values.config == "/var/lib/kubelet/config.yaml"
}

test_the_last_of_a_text_counts if {
	_values([_default("--node-ip=10.0.0.1 --node-ip=10.0.0.2")]) == {"node-ip": "10.0.0.2"}
}

test_what_nobody_can_tell if {
	_values([_default("--a={{ x }} --b=$B --c=%H --d=1")]) == {"d": "1"}
	not _values([_drop_in, _unit({"Environment": ["KUBELET_EXTRA_ARGS=--node-ip=10.0.0.2"]})])["node-ip"]
}

test_other_units_are_no_kubelets if {
	other := object.union(_drop_in, {"file": "a/etc/systemd/system/etcd.service"})
	loose := object.union(_drop_in, {"file": "kubekey/a/10-kubeadm.conf", "host": ""})
	node.flags == {} with input as {"set": [other, loose]}
}

_pod(file) := {
	"target": "static-pod",
	"file": file,
	"host": "a",
	"index": 0,
	"value": {"kind": "Pod", "spec": {"containers": [{"name": "x"}]}},
}

_files(set) := files if {
	pods := node.pods with input as {"set": set}
	files := [pod.file | some pod in pods]
}

_config(folder) := {
	"target": "kubelet-config",
	"file": "a/var/lib/kubelet/config.yaml",
	"host": "a",
	"value": {"staticPodPath": folder},
}

test_pods_of_the_usual_folders if {
	_files([
		_pod("a/etc/kubernetes/manifests/x.yaml"),
		_pod("a/etc/kubernetes/manifests/x.yaml.bak"),
		_pod("a/var/lib/rancher/k3s/agent/pod-manifests/y"),
	]) == ["x.yaml", "x.yaml.bak", "y"]
}

test_pods_that_no_kubelet_runs if {
	second := object.union(_pod("a/etc/kubernetes/manifests/z.yaml"), {"index": 1})
	empty := object.union(_pod("a/etc/kubernetes/manifests/e.yaml"), {"value": {"spec": {"containers": []}}})
	_files([
		_pod("a/etc/kubernetes/manifests/.x.yaml"),
		_pod("a/etc/kubernetes/manifests/old/x.yaml"),
		_pod("a/etc/kubernetes/tmp/x.yaml"),
		_pod("x.yaml"),
		second,
		empty,
	]) == []
}

test_a_folder_of_its_own if {
	pods := [_pod("a/etc/kubernetes/manifests/x.yaml"), _pod("a/etc/kubelet.d/y.yaml")]
	_files(array.concat(pods, [_config("/etc/kubelet.d/")])) == ["y.yaml"]
	_files(array.concat(pods, [_config("")])) == ["x.yaml"]
	_files(array.concat(pods, [_config("/x"), _default("--pod-manifest-path=/etc/kubelet.d")])) == ["y.yaml"]
}

test_proper_pods if {
	set := [_pod("a/etc/kubernetes/manifests/x.yaml"), _pod("a/etc/kubernetes/manifests/x.bak")]
	pods := node.proper_pods with input as {"set": set}
	[pod.file | some pod in pods] == ["x.yaml"]
}
