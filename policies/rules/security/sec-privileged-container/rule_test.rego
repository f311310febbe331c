package policies.rules.security["sec-privileged-container_test"]

import data.policies.rules.security["sec-privileged-container"] as rule

test_privileged_containers if {
	pod := {
		"initContainers": [{"name": "init-ca", "image": "i", "securityContext": {"privileged": true}}],
		"containers": [{"name": "ks-apiserver", "image": "i:v3.4.1", "securityContext": {"privileged": true}}],
	}
	rule.deny == {
		_privileged("initContainers", "init-ca"),
		_privileged("containers", "ks-apiserver"),
	} with input as _deployment("ks-apiserver", pod)
}

test_not_privileged if {
	every x in [false, null, "true", 1] {
		pod := {"containers": [{"name": "ks-console", "image": "i", "securityContext": {"privileged": x}}]}
		count(rule.deny) == 0 with input as _deployment("ks-console", pod)
	}
}

test_namespaces_of_the_host if {
	every field in ["hostNetwork", "hostPID", "hostIPC"] {
		rule.deny == {{
			"path": ["spec", "template", "spec", field],
			"message": "host",
			"args": {"name": "minio", "field": field},
		}} with input as _deployment("minio", _with({field: true}))
		count(rule.deny) == 0 with input as _deployment("minio", _with({field: false}))
	}
}

test_folders_of_the_host if {
	every folder in [
		"/", "/etc", "/etc/", "/root", "/var/lib/kubelet/", "/run/containerd/containerd.sock",
		"/var/run/crio/crio.sock",
	] {
		rule.deny == {{
			"path": ["spec", "template", "spec", "volumes", 1, "hostPath", "path"],
			"message": "path",
			"args": {"name": "redis", "path": folder},
		}} with input as _deployment("redis", _mounting(folder))
	}
}

test_other_folders if {
	every folder in ["/etc/localtime", "/var/lib/kubelet/plugins/", "/data", "/tmp/docker.sock", "", null, 5] {
		count(rule.deny) == 0 with input as _deployment("ks-controller-manager", _mounting(folder))
	}
}

test_the_docker_socket_of_old_releases if {
	every image in ["ks-apiserver:v3.0.0", "ks-apiserver:v3.1.1", "ks-apiserver:latest"] {
		pod := object.union(_mounting("/var/run/docker.sock"), {"containers": [{"name": "ks-apiserver", "image": image}]})
		count(rule.deny) == 0 with input as _deployment("ks-apiserver", pod)
	}
	pod := object.union(_mounting("/var/run/docker.sock"), {"containers": [{"name": "ks-apiserver", "image": "x:v3.2.0"}]})
	count(rule.deny) == 1 with input as _deployment("ks-apiserver", pod)
	count(rule.deny) == 1 with input as _deployment("redis", _mounting("/var/run/docker.sock"))
}

test_only_components_are_looked_at if {
	count(rule.deny) == 0 with input as _deployment("node-exporter", _with({"hostPID": true}))
	count(rule.deny) == 0 with input as _in("mine", "redis", _with({"hostPID": true}))
	count(rule.deny) == 0 with input as _in(null, "redis", _with({"hostPID": true}))
}

test_a_patch_is_not_judged if {
	every name in ["redis", "ks-apiserver"] {
		pod := {"hostPID": true, "containers": [{"name": name, "securityContext": {"privileged": true}}]}
		count(rule.deny) == 0 with input as _deployment(name, pod)
	}
}

_privileged(list, name) := {
	"path": ["spec", "template", "spec", list, 0, "securityContext", "privileged"],
	"args": {"name": "ks-apiserver", "container": name},
}

_with(fields) := object.union({"containers": [{"name": "c", "image": "i"}]}, fields)

_mounting(folder) := _with({"volumes": [
	{"name": "a", "emptyDir": {}},
	{"name": "b", "hostPath": {"path": folder}},
	null,
	"x",
]})

_deployment(name, pod) := _in("kubesphere-system", name, pod)

_in(namespace, name, pod) := {
	"document": {"target": "kubesphere-workload", "versions": {}, "value": {
		"apiVersion": "apps/v1",
		"kind": "Deployment",
		"metadata": {"name": name, "namespace": namespace},
		"spec": {"template": {"spec": pod}},
	}},
	"parameters": {"sec-privileged-container": {
		"hostPaths": ["/", "/etc", "/root", "/var/lib/kubelet"],
		"sockets": ["docker.sock", "containerd.sock", "crio.sock"],
	}},
}
