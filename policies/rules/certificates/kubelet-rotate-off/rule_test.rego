package policies.rules.certificates["kubelet-rotate-off_test"]

import data.policies.rules.certificates["kubelet-rotate-off"] as rule

test_false_absent_and_null_are_off if {
	every value in [{"rotateCertificates": false}, {}, {"rotateCertificates": null}] {
		rule.deny == {{"document": 0, "path": ["rotateCertificates"], "args": {}}} with input as _input(value, [], {})
	}
}

test_true_is_on if {
	count(rule.deny) == 0 with input as _input({"rotateCertificates": true}, [], {})
}

test_another_file_is_not_the_kubelets_own if {
	every file in ["node1/etc/a/var/lib/kubelet/config.yaml", "node1/etc/config.yaml"] {
		count(rule.deny) == 0 with input as {
			"set": [{"target": "kubelet-config", "host": "node1", "file": file, "value": {}}],
			"parameters": {"kubelet-rotate-off": {"days": 400}},
			"facts": {"now": 0, "certificates": [], "kubeconfigs": []},
		}
	}
}

test_a_flag_switches_it_on if {
	every text in ["--rotate-certificates", "--v=2 --rotate-certificates=true", "A=--rotate-certificates=1 --v=2"] {
		count(rule.deny) == 0 with input as _input({}, [_env(text)], {})
		count(rule.deny) == 0 with input as _input({}, [_unit({"Environment": [text]})], {})
		count(rule.deny) == 0 with input as _input({}, [_unit({"ExecStart": ["/usr/local/bin/kubelet", text]})], {})
	}
}

test_a_flag_may_leave_it_off if {
	every text in ["--rotate-certificates=false", "--no-rotate-certificates", "--rotate-server-certificates", ""] {
		count(rule.deny) == 1 with input as _input({}, [_env(text)], {})
	}
}

test_a_drop_in_switches_it_on if {
	drop_in := {
		"target": "kubelet-config", "host": "node1", "file": "node1/etc/kubernetes/kubelet.conf.d/1.conf",
		"value": {"rotateCertificates": true},
	}
	count(rule.deny) == 0 with input as _input({}, [drop_in], {})
	count(rule.deny) == 1 with input as _input({}, [object.union(drop_in, {"host": "node2"})], {})
}

test_a_kubelet_without_client_certificate if {
	kubeconfig := {"host": "node1", "role": "kubelet", "user": {"other_auth": true}}
	count(rule.deny) == 0 with input as _input({}, [null], {"kubeconfigs": [kubeconfig]})
}

test_a_certificate_that_lasts if {
	holder := {"host": "node1", "role": "kubelet-client", "certs": [{"ends": 401 * 86400}]}
	count(rule.deny) == 0 with input as _input({}, [], {"certificates": [holder]})
}

_input(value, others, facts) := {
	"set": array.concat(
		[{"target": "kubelet-config", "host": "node1", "file": "node1/var/lib/kubelet/config.yaml", "value": value}],
		others,
	),
	"parameters": {"kubelet-rotate-off": {"days": 400}},
	"facts": object.union({"now": 0, "certificates": [], "kubeconfigs": []}, facts),
}

_env(text) := {
	"target": "kubelet-env", "host": "node1", "file": "node1/etc/default/kubelet",
	"value": {"variables": {"KUBELET_EXTRA_ARGS": text}},
}

_unit(service) := {
	"target": "systemd-unit", "host": "node1", "file": "node1/etc/systemd/system/kubelet.service.d/10-kubeadm.conf",
	"value": {"Service": service},
}
