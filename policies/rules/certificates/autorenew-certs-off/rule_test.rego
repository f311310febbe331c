package policies.rules.certificates["autorenew-certs-off_test"]

import data.policies.rules.certificates["autorenew-certs-off"] as rule

test_false_absent_null_and_empty_are_off if {
	every kubernetes in [{"autoRenewCerts": false}, {}, {"autoRenewCerts": null}, {"autoRenewCerts": ""}, {"type": ""}] {
		rule.deny == {{
			"document": 0,
			"path": ["spec", "kubernetes", "autoRenewCerts"],
			"args": {},
		}} with input as _cluster(kubernetes, {}, {})
	}
}

test_true_and_templates_are_not_off if {
	every kubernetes in [{"autoRenewCerts": true}, {"autorenewcerts": true}, {"autoRenewCerts": "{{ .renew }}"}] {
		count(rule.deny) == 0 with input as _cluster(kubernetes, {}, {})
	}
}

test_k3s_and_k8e_renew_themselves if {
	every kubernetes in [{"type": "k3s"}, {"type": "k8e"}, {"version": "v1.21.6-k3s"}, {"version": "{{ .v }}"}] {
		count(rule.deny) == 0 with input as _cluster(kubernetes, {}, {})
	}
}

test_etcd_of_kubeadm_is_for_another_rule if {
	count(rule.deny) == 0 with input as _cluster({}, {"type": "kubeadm"}, {})
	count(rule.deny) == 1 with input as _cluster({}, {"type": "kubekey"}, {})
}

test_what_the_audit_log_does_is_for_another_rule if {
	every kubernetes in [{"audit": {"enabled": false}}, {"audit": {"enabled": true}, "autoRenewCerts": false}] {
		count(rule.deny) == 0 with input as _cluster(kubernetes, {}, {})
		count(rule.deny) == 0 with input as _cluster(kubernetes, {}, {"kubekey": "3.0.8"})
		count(rule.deny) == 1 with input as _cluster(kubernetes, {}, {"kubekey": "3.0.7"})
	}
	count(rule.deny) == 1 with input as _cluster({"audit": {"enabled": false}, "autoRenewCerts": false}, {}, {})
	count(rule.deny) == 1 with input as _cluster({"audit": {"enabled": null}}, {}, {})
}

test_a_timer_is_there_already if {
	timer := {"target": "systemd-unit", "host": "node1", "file": "node1/etc/systemd/system/k8s-certs-renew.timer"}
	count(rule.deny) == 0 with input as {"set": array.concat(_cluster({}, {}, {}).set, [timer])}
}

test_v4_says_false if {
	faults := rule.deny with input as _config({"kubernetes": {"certs": {"renew": false}}})
	{[fault.message, fault.path] | some fault in faults} == {["v4", ["spec", "kubernetes", "certs", "renew"]]}
	every spec in [{}, {"kubernetes": {"certs": {"renew": true}}}, {"kubernetes": {"certs": {"renew": null}}}] {
		count(rule.deny) == 0 with input as _config(spec)
	}
	internal := {"kubernetes": {"certs": {"renew": false}}, "etcd": {"deployment_type": "internal"}}
	count(rule.deny) == 0 with input as _config(internal)
}

test_a_service_whose_script_has_another_name if {
	faults := rule.deny with input as {"set": [_service, _script("renew_script.sh", "#!/bin/bash")]}
	{[fault.message, fault.path, fault.args.script] | some fault in faults} == {[
		"service",
		["Service", "ExecStart", 0],
		"/usr/local/bin/kube-scripts/k8s-certs-renew.sh",
	]}
	count(rule.deny) == 0 with input as {"set": [_service, _script("k8s-certs-renew.sh", "#!/bin/bash")]}
	count(rule.deny) == 0 with input as {"set": [_service]}
}

test_kubekey_v4_beside_the_service if {
	config := _config({}).set[0]
	count(rule.deny) == 1 with input as {"set": [_service, config]}
	newer := object.union(_service, {"versions": {"kubekey": "4.0.8"}})
	count(rule.deny) == 0 with input as {"set": [newer, config]}
}

test_a_script_without_its_first_line if {
	faults := rule.deny with input as {"set": [_script("k8s-certs-renew.sh", "#!/bin/bashkubeadmCerts=")]}
	{fault.message | some fault in faults} == {"script"}
	both := rule.deny with input as {"set": [_service, _script("renew_script.sh", "#!/bin/bashkubeadmCerts=")]}
	{fault.message | some fault in both} == {"service"}
}

_cluster(kubernetes, etcd, versions) := {"set": [{
	"target": "kubekey-cluster",
	"file": "config.yaml",
	"versions": versions,
	"value": {"apiVersion": "kubekey.kubesphere.io/v1alpha2", "spec": {"kubernetes": kubernetes, "etcd": etcd}},
}]}

_config(spec) := {"set": [{"target": "kubekey-config", "file": "config.yaml", "value": {"spec": spec}}]}

_service := {
	"target": "systemd-unit", "host": "node1", "file": "node1/etc/systemd/system/k8s-certs-renew.service",
	"versions": {},
	"value": {"Service": {"ExecStart": ["/usr/local/bin/kube-scripts/k8s-certs-renew.sh"]}},
}

_script(name, line) := {
	"target": "script", "host": "node1", "file": sprintf("node1/usr/local/bin/kube-scripts/%s", [name]),
	"value": {"lines": [line]},
}
