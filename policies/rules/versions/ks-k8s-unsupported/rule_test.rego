package policies.rules.versions["ks-k8s-unsupported_test"]

import data.policies.rules.versions["ks-k8s-unsupported"] as rule
import future.keywords.not

test_3_3_does_not_run_on_1_26 if {
	rule.deny == {{
		"document": 0,
		"path": ["metadata", "labels", "version"],
		"args": {"kubesphere": "3.3.2", "kubernetes": "1.26.15", "min": "1.19", "max": "1.24", "installer_min": "1.19"},
	}} with input as _label("v3.3.2", "1.26.15")
}

# KubeSphere, Kubernetes: the message.
_known := {
	["v2.1.1", "1.19.8"]: "",
	["v3.0.0", "1.22.1"]: "",
	["v3.1.0", "1.22.12"]: "",
	["v3.1.1", "1.26"]: "",
	["3.3.0", "1.25.0"]: "",
	["v3.3.1-rc.1", "1.25.16"]: "",
	["v3.2.0", "1.14.0"]: "too-old",
	["v3.2.1", "1.18.8"]: "too-old",
	["v3.4.1", "1.18.8"]: "too-old",
	["v3.2.1", "1.23.10"]: "newer",
	["v3.3.0", "1.24.7"]: "newer",
	["v3.4.0", "1.27.2"]: "newer",
	["v3.4.1", "1.28.8"]: "newer",
	["v3.4.1", "1.20.4"]: "older",
	["v3.2.0", "1.18.8"]: "older",
}

test_pairs_that_do_not_fit if {
	every pair, message in _known {
		some fault in rule.deny with input as _label(pair[0], pair[1])
		object.get(fault, "message", "") == message
	}
}

test_pairs_that_fit_or_are_not_known if {
	every pair in [
		["v3.4.1", "1.26.14"], ["v3.4.1", "1.21.0"], ["v3.4.0", "1.19.0"], ["v3.3.2", "1.24.17"], ["v3.2.0", "1.22"],
		["v2.1.1", "1.18.8"], ["v3.0.0", "1.21.5"],
		["v3.4.2", "1.30.0"], ["v3.5.0", "1.30.0"], ["v4.1.3", "1.10.0"],
		["v3.4", "1.30.0"], ["latest", "1.30.0"], ["nightly-20230101", "1.30.0"], ["release-3.4", "1.30.0"],
		["", "1.30.0"], [null, "1.30.0"], [3.4, "1.30.0"], [["v3.3.2"], "1.30.0"], ["{{ .v }}", "1.30.0"],
	] {
		count(rule.deny) == 0 with input as _label(pair[0], pair[1])
	}
}

test_without_a_version_of_kubernetes_nothing_is_said if {
	found := [rule.deny, rule.unchecked] with input as {"set": [_cc({"version": "v3.3.2"}, {"kubesphere": "3.3.2"})]}
	found == [set(), {{"document": 0, "needs": "the version of Kubernetes"}}]
}

test_what_is_not_in_the_table_needs_no_version_of_kubernetes if {
	count(rule.unchecked) == 0 with input as {"set": [_cc({"version": "v4.1.3"}, {"kubesphere": "4.1.3"})]}
	count(rule.unchecked) == 0 with input as _label("v3.4.1", "1.26.14")
}

test_images_speak_once_and_only_without_a_label if {
	versions := {"kubesphere": "3.3.2", "kubernetes": "1.26.15"}
	cores := [_core("ks-apiserver", versions), _core("ks-console", versions)]
	rule.deny == {{
		"document": 1,
		"path": ["spec", "template", "spec", "containers", 0, "image"],
		"args": {"kubesphere": "3.3.2", "kubernetes": "1.26.15", "min": "1.19", "max": "1.24", "installer_min": "1.19"},
	}} with input as {"set": array.concat([_cc(null, versions)], cores)}
	{fault.document | some fault in rule.deny} == {2} with input as {"set": array.concat(cores, [_cc(
		{"version": "v3.3.2"},
		versions,
	)])}
	count(rule.deny) == 0 with input as {"set": array.concat(cores, [_cc({"version": "latest"}, versions)])}
}

test_every_version_of_images_speaks if {
	{fault.args.kubesphere | some fault in rule.deny} == {"3.3.1", "3.3.2"} with input as {"set": [
		_core("ks-apiserver", {"kubesphere": "3.3.2", "kubernetes": "1.26.15"}),
		_core("ks-console", {"kubesphere": "3.3.1", "kubernetes": "1.26.15"}),
		_core("ks-controller-manager", {"kubesphere": "4.1.3", "kubernetes": "1.26.15"}),
	]}
}

test_other_workloads_say_nothing if {
	count(rule.deny) == 0 with input as {"set": [_core("nginx", {"kubesphere": "3.3.2", "kubernetes": "1.26.15"})]}
}

test_what_the_user_said_holds_for_a_file_without_label if {
	every labels in [null, {}, {"version": ""}, {"version": null}, "v3.3.2"] {
		some fault in rule.deny with input as {"set": [_cc(labels, {"kubesphere": "3.3.2", "kubernetes": "1.26.15"})]}
		fault.path == ["metadata", "labels", "version"]
	}
}

test_2_1_1_has_a_config_map if {
	some fault in rule.deny with input as {"set": [{
		"target": "ks-installer-config",
		"versions": {"kubesphere": "2.1.1", "kubernetes": "1.19.8"},
		"value": {"persistence": {"storageClass": ""}},
	}]}
	fault.path == []
}

_label(label, kubernetes) := {"set": [_cc({"version": label}, {"kubernetes": kubernetes})]}

_cc(labels, versions) := {
	"target": "cluster-configuration",
	"versions": versions,
	"value": {"kind": "ClusterConfiguration", "metadata": {"labels": labels}},
}

_core(name, versions) := {
	"target": "kubesphere-workload",
	"versions": versions,
	"value": {
		"apiVersion": "apps/v1",
		"kind": "Deployment",
		"metadata": {"name": name, "namespace": "kubesphere-system"},
		"spec": {"template": {"spec": {"containers": [{"name": name, "image": "kubesphere/x:v3.3.2"}]}}},
	},
}
