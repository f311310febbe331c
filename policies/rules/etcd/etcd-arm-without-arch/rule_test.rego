package policies.rules.etcd["etcd-arm-without-arch_test"]

import data.policies.rules.etcd["etcd-arm-without-arch"] as rule

_arm := {"hosts": [{"name": "node1", "Arch": "arm64"}, {"name": "node2", "arch": "amd64"}, {"name": "node3"}]}

test_another_name_for_arm if {
	rule.deny == {{
		"document": 0,
		"path": ["variables", "ETCD_UNSUPPORTED_ARCH"],
		"args": {"value": "aarch64"},
	}} with input as _env({}, {"ETCD_UNSUPPORTED_ARCH": "aarch64"}, {})
	every value in ["ARM64", "armv8", "arm64v8"] {
		_found(_env({}, {"ETCD_UNSUPPORTED_ARCH": value}, _arm)) == {""}
	}
}

test_an_arm_host_without_the_variable if {
	rule.deny == {{
		"document": 0,
		"path": ["variables", "ETCD_UNSUPPORTED_ARCH"],
		"message": "missing",
		"args": {"host": "node1"},
	}} with input as _env({}, {}, _arm)
	_found(_env({}, {"ETCD_UNSUPPORTED_ARCH": "amd64"}, _arm)) == {"missing"}
}

test_hosts_that_are_not_known_to_be_arm if {
	every host in ["node2", "node3", "node4"] {
		certificate := sprintf("/etc/ssl/etcd/ssl/member-%s.pem", [host])
		_found(_env({}, {"ETCD_CERT_FILE": certificate}, _arm)) == set()
	}
	_found(_env({}, {}, {})) == set()
}

test_the_right_name_or_a_template if {
	_found(_env({}, {"ETCD_UNSUPPORTED_ARCH": "arm64"}, _arm)) == set()
	_found(_env({}, {"ETCD_UNSUPPORTED_ARCH": null}, _arm)) == set()
}

test_files_that_do_not_show_an_old_etcd if {
	every variables in [
		{"ETCDCTL_CA_FILE": "/etc/ssl/etcd/ssl/ca.crt"},
		{"ETCDCTL_CACERT": "/etc/ssl/etcd/ssl/ca.pem"},
		{"ETCDCTL_CA_FILE": ""},
	] {
		_found(_env(variables, {"ETCD_UNSUPPORTED_ARCH": "aarch64"}, _arm)) == set()
	}
	_found(_env({}, {"ETCD_UNSUPPORTED_ARCH": "aarch64", "ETCD_CERT_FILE": "/etc/etcd/server.crt"}, _arm)) == set()
	_found(_env({}, {"ETCD_UNSUPPORTED_ARCH": "aarch64", "ETCD_CERT_FILE": null}, _arm)) == set()
}

test_several_clusters if {
	several := object.union(_env({}, {}, _arm), {"facts": {"etcd": {"one_cluster": false}}})
	_found(several) == set()
}

test_a_static_pod_without_the_variable if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "containers", 0, "env"],
		"message": "missing",
		"args": {"host": "node1"},
	}} with input as _pod({"image": "kubesphere/etcd:v3.4.13"}, {})
	_found(_pod({"image": "quay.io/coreos/etcd:v3.3.12-arm64@sha256:0"}, {})) == {"missing"}
	_found(_pod({"image": "kubesphere/etcd:v3.4.13"}, {"ETCD_UNSUPPORTED_ARCH": "aarch64"})) == {""}
}

test_images_that_need_no_variable if {
	every image in ["etcd:v3.5.13", "registry.k8s.io/etcd:3.4.13-0", "etcd:v3.4.13-0", "etcd", null, 3.4] {
		_found(_pod({"image": image}, {})) == set()
	}
}

test_a_variable_from_elsewhere if {
	image := {"image": "kubesphere/etcd:v3.4.13"}
	_found(_pod(object.union(image, {"envFrom": [{"configMapRef": {"name": "a"}}]}), {})) == set()
	from := {"name": "ETCD_UNSUPPORTED_ARCH", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels"}}}
	_found(_pod(object.union(image, {"env": [from]}), {})) == set()
	_found(_pod(object.union(image, {"env": null, "envFrom": []}), {})) == {"missing"}
}

_found(facts) := messages if {
	messages := {m | some f in rule.deny; m := object.get(f, "message", "")} with input as facts
}

_env(others, settings, spec) := _input(
	{"target": "etcd-env", "value": {"variables": object.union({"ETCDCTL_CA_FILE": "/etc/ssl/etcd/ssl/ca.pem"}, others)}},
	spec,
	{
		"source": "env",
		"settings": _placed(object.union({"ETCD_CERT_FILE": "/etc/ssl/etcd/ssl/member-node1.pem"}, settings)),
	},
)

_pod(fields, settings) := _input(
	{"target": "static-pod", "value": {
		"apiVersion": "v1",
		"kind": "Pod",
		"spec": {"containers": [object.union({"name": "etcd"}, fields)]},
	}},
	_arm,
	{"source": "static-pod", "name": "node1", "settings": _placed(settings)},
)

_placed(settings) := {name: {"path": ["variables", name], "value": x} | some name, x in settings}

_input(document, spec, member) := {
	"set": [document, {"target": "kubekey-cluster", "value": {"spec": spec}}],
	"facts": {"etcd": {"one_cluster": true, "members": [object.union({"document": 0}, member)]}},
}
