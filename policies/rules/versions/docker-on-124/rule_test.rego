package policies.rules.versions["docker-on-124_test"]

import data.policies.rules.versions["docker-on-124"] as rule
import future.keywords.not

test_the_default_is_docker if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "kubernetes", "containerManager"],
		"args": {"version": "v1.26.4", "kubekey": "3.0.13"},
	}} with input as _kk("3.0.13", {"version": "v1.26.4"})
}

test_docker_as_it_is_written if {
	every manager in ["docker", "", null] {
		count(rule.deny) == 1 with input as _kk("2.1.0", {"version": "1.24.0", "containerManager": manager})
	}
}

test_versions_that_the_old_kk_does_not_know_stop_it_as_well if {
	count(rule.deny) == 1 with input as _kk("3.0.13", {"version": "v1.28.8"})
}

test_an_unknown_kk_may_be_old if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "kubernetes", "containerManager"],
		"args": {"version": "v1.27.2"},
		"message": "unknown",
	}} with input as _unknown({"version": "v1.27.2", "containerManager": "docker"})
}

test_what_only_a_new_kk_can_install_is_fine if {
	every text in ["v1.24.15", "v1.25.11", "v1.26.6", "v1.27.3", "v1.28.0", "v1.33.0", "v1.26.4+k3s1"] {
		count(rule.deny) == 0 with input as _unknown({"version": text})
	}
}

test_cri_dockerd_comes_with_newer_releases if {
	every kk in ["3.1.0", "3.1.12", "4.0.0", "2.0.1"] {
		count(rule.deny) == 0 with input as _kk(kk, {"version": "v1.26.4"})
	}
}

test_other_runtimes_are_fine if {
	every manager in ["containerd", "crio", "Docker", "{{ .cri }}", 1, ["docker"]] {
		count(rule.deny) == 0 with input as _kk("3.0.13", {"version": "v1.26.4", "containerManager": manager})
	}
}

test_k3s_has_its_own_runtime if {
	every kubernetes in [
		{"version": "v1.24.7-k3s"},
		{"version": "v1.24.7", "type": "k3s"},
		{"version": "v1.24.7", "type": "k8e"},
		{"version": "v1.24.7", "type": "{{ .type }}"},
	] {
		count(rule.deny) == 0 with input as _kk("3.0.13", kubernetes)
	}
}

test_1_23_still_talks_to_docker if {
	count(rule.deny) == 0 with input as _kk("3.0.13", {"version": "v1.23.10"})
}

test_what_is_no_version_is_another_fault if {
	every text in ["v1.26", "V1.26.4", "latest", "", null, 1.26, ["v1.26.4"], "{{ .version }}", "v1.26.x"] {
		count(rule.deny) == 0 with input as _kk("3.0.13", {"version": text})
		count(rule.deny) == 0 with input as _unknown({"version": text})
	}
}

_kk(version, kubernetes) := {"set": [{
	"target": "kubekey-cluster",
	"versions": {"kubekey": version},
	"value": {"spec": {"kubernetes": kubernetes}},
}]}

_unknown(kubernetes) := {"set": [{
	"target": "kubekey-cluster",
	"versions": {},
	"value": {"spec": {"kubernetes": kubernetes}},
}]}

test_a_kubeadm_file_that_names_the_old_socket if {
	some fault in rule.deny with input as {"set": _kubeadm("v1.24.3", "/var/run/dockershim.sock")}
	fault.message == "socket"
	fault.document == 1
}

test_a_kubeadm_file_that_is_sound if {
	count(rule.deny) == 0 with input as {"set": _kubeadm("v1.23.10", "/var/run/dockershim.sock")}
	count(rule.deny) == 0 with input as {"set": _kubeadm("v1.28.8", "unix:///run/containerd/containerd.sock")}
	count(rule.deny) == 0 with input as {"set": array.slice(_kubeadm("v1.28.8", "/var/run/dockershim.sock"), 1, 2)}
}

test_cri_dockerd_on_the_old_socket if {
	unit := {"target": "systemd-unit", "value": {"Service": {"ExecStart": [
		"/usr/bin/cri-dockerd --container-runtime-endpoint unix:///var/run/dockershim.sock",
	]}}}
	count(rule.deny) == 0 with input as {"set": array.concat(_kubeadm("v1.24.3", "/var/run/dockershim.sock"), [unit])}
}

test_flags_of_a_kubelet if {
	some fault in rule.deny with input as {"set": _node("v1.26.5")}
	fault.path == ["variables", "KUBELET_KUBEADM_ARGS"]
	count(rule.deny) == 0 with input as {"set": _node("v1.23.17")}
}

_kubeadm(release, socket) := [
	{"target": "kubeadm-config", "file": "a.yaml", "versions": {}, "value": {"kubernetesVersion": release}},
	{"target": "kubeadm-config", "file": "a.yaml", "versions": {}, "value": {"nodeRegistration": {"criSocket": socket}}},
]

_node(release) := [
	{"target": "kubelet-env", "host": "n", "versions": {}, "value": {"variables": {
		"KUBELET_KUBEADM_ARGS": "--container-runtime-endpoint=unix:///var/run/dockershim.sock --pod-infra-container-image=p",
	}}},
	{"target": "static-pod", "host": "n", "versions": {}, "value": {
		"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "kube-apiserver"},
		"spec": {"containers": [{
			"name": "kube-apiserver",
			"image": sprintf("registry:5000/kube-apiserver:%s", [release]),
		}]},
	}},
]
