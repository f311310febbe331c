package policies.rules.security["sec-control-plane-bind-all_test"]

import data.policies.rules.security["sec-control-plane-bind-all"] as rule

test_static_pods if {
	every name in ["kube-controller-manager", "kube-scheduler"] {
		every address in ["0.0.0.0", "::"] {
			rule.deny == {{
				"path": ["spec", "containers", 0, "command", 1],
				"args": {"components": name, "address": address},
			}} with input as _pod(name, concat("=", ["--bind-address", address]))
		}
	}
}

test_the_apiserver_and_others_are_not_judged if {
	every name in ["kube-apiserver", "etcd", "kube-vip"] {
		count(rule.deny) == 0 with input as _pod(name, "--bind-address=0.0.0.0")
	}
}

test_another_address_or_none if {
	every flag in ["--bind-address=127.0.0.1", "--bind-address=::1", "--leader-elect=true", "--bind-address=$(HOST)"] {
		count(rule.deny) == 0 with input as _pod("kube-scheduler", flag)
	}
}

test_kubeadm_with_a_mapping if {
	rule.deny == {{
		"path": ["controllerManager", "extraArgs", "bind-address"],
		"args": {"components": "kube-controller-manager, kube-scheduler", "address": "0.0.0.0"},
	}} with input as _kubeadm({"bind-address": "0.0.0.0"})
	count(rule.deny) == 0 with input as _kubeadm({"bind-address": "127.0.0.1"})
}

test_kubeadm_with_a_list if {
	rule.deny == {{
		"path": ["controllerManager", "extraArgs", 1, "value"],
		"args": {"components": "kube-controller-manager, kube-scheduler", "address": "::"},
	}} with input as _kubeadm([{"name": "v", "value": "4"}, {"name": "bind-address", "value": "::"}])
}

test_kubekey if {
	rule.deny == {{
		"path": ["spec", "kubernetes", "schedulerArgs", 1],
		"args": {"components": "kube-scheduler", "address": "0.0.0.0"},
	}} with input as _kubekey({"controllerManagerArgs": ["v=4"], "schedulerArgs": ["v=4", "bind-address=0.0.0.0"]})
}

test_the_last_of_several_counts if {
	args := ["bind-address=0.0.0.0", "bind-address=127.0.0.1"]
	count(rule.deny) == 0 with input as _kubekey({"schedulerArgs": args})
}

test_odd_values_are_no_failure if {
	every x in [
		null, "bind-address=0.0.0.0", 5, [], {}, [null, 5, "x"], [{"name": "bind-address"}],
		{"bind-address": null},
	] {
		count(rule.deny) == 0 with input as _kubeadm(x)
		count(rule.deny) == 0 with input as _kubekey({"schedulerArgs": x})
	}
}

_pod(name, flag) := {"document": {"target": "static-pod", "value": {
	"apiVersion": "v1",
	"kind": "Pod",
	"spec": {"containers": [{"name": name, "command": [name, flag]}]},
}}}

_kubeadm(args) := {"document": {"target": "kubeadm-config", "value": {
	"apiServer": {"extraArgs": {"bind-address": "0.0.0.0"}},
	"controllerManager": {"extraArgs": args},
	"scheduler": {"extraArgs": args},
}}}

_kubekey(kubernetes) := {"document": {"target": "kubekey-cluster", "value": {"spec": {"kubernetes": kubernetes}}}}
