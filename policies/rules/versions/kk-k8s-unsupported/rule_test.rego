package policies.rules.versions["kk-k8s-unsupported_test"]

import data.policies.rules.versions["kk-k8s-unsupported"] as rule
import future.keywords.not

test_a_patch_that_is_not_in_the_list_of_kk if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "kubernetes", "version"],
		"args": {"version": "v1.26.2", "kubekey": "3.0.7"},
	}} with input as _cluster({"kubekey": "3.0.7"}, {"version": "v1.26.2"})
}

test_every_release_has_its_own_list if {
	count(rule.deny) == 0 with input as _cluster({"kubekey": "3.0.8"}, {"version": "v1.26.2"})
	count(rule.deny) == 0 with input as _cluster({"kubekey": "2.2.3"}, {"version": "v1.18.8"})
	count(rule.deny) == 1 with input as _cluster({"kubekey": "2.3.0"}, {"version": "v1.18.8"})
	count(rule.deny) == 1 with input as _cluster({"kubekey": "3.1.12"}, {"version": "v1.34.0"})
}

test_the_v_may_be_missing if {
	count(rule.deny) == 0 with input as _cluster({"kubekey": "3.1.12"}, {"version": "1.26.15"})
}

test_a_suffix_is_the_type_and_not_the_version if {
	count(rule.deny) == 0 with input as _cluster({"kubekey": "3.1.12"}, {"version": "v1.22.12-eks-1"})
	count(rule.deny) == 1 with input as _cluster({"kubekey": "3.1.12"}, {"version": "v1.28.9+k3s1"})
}

test_no_kk_at_all_has_it if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "kubernetes", "version"],
		"args": {"version": "v1.19.16"},
		"message": "never",
	}} with input as _cluster({}, {"version": "v1.19.16"})
}

test_a_newer_kk_may_have_it if {
	every text in ["v1.30.99", "v1.33.99", "v1.34.99", "v1.35.0", "v2.0.0", "v1.25.0-k3s"] {
		some fault in rule.deny with input as _cluster({}, {"version": text})
		fault.message == "newer"
		fault.args == {"version": text, "date": data.tables.kubekey_kubernetes.as_of}
	}
}

test_old_minor_versions_get_no_patches_any_more if {
	every text in ["v1.29.13", "v1.29.16", "v1.26.16", "v1.14.0"] {
		some fault in rule.deny with input as _cluster({}, {"version": text})
		fault.message == "never"
	}
}

test_any_list_is_enough_where_kk_is_not_known if {
	every text in ["v1.15.12", "v1.18.8", "v1.26.15", "v1.33.4", "v1.34.0", "v1.24.7-k3s"] {
		count(rule.deny) == 0 with input as _cluster({}, {"version": text})
	}
}

test_k3s_has_its_own_list if {
	every kubernetes in [{"version": "v1.26.15-k3s"}, {"version": "v1.26.15", "type": "k3s"}] {
		some fault in rule.deny with input as _cluster({"kubekey": "3.1.12"}, kubernetes)
		fault.message == "k3s"
		fault.args == {"version": kubernetes.version, "list": "1.20.2, 1.20.4, 1.21.4, 1.21.6, 1.23.13, 1.24.7"}
	}
	some fault in rule.deny with input as _cluster({}, {"version": "v1.23.17-k3s"})
	fault.message == "k3s"
	count(rule.deny) == 0 with input as _cluster({"kubekey": "3.0.0"}, {"version": "v1.24.7-k3s"})
	count(rule.deny) == 0 with input as _cluster({"kubekey": "1.0.1"}, {"version": "v1.24.7-k3s"})
}

test_k8e_has_none if {
	count(rule.deny) == 0 with input as _cluster({"kubekey": "3.1.12"}, {"version": "v1.14.0-k8e"})
	count(rule.deny) == 0 with input as _cluster({}, {"version": "v1.14.0", "type": "k8e"})
}

test_a_kk_that_is_newer_than_the_table_is_not_judged if {
	every kk in ["3.1.99", "4.0.4"] {
		count(rule.deny) == 0 with input as _cluster({"kubekey": kk}, {"version": "v1.14.0"})
	}
}

test_what_is_no_version_is_another_fault if {
	every text in ["", null, "v1.26", "V1.26.5", "latest", "v1.22.x", 1.26, ["v1.14.0"], "{{ .version }}"] {
		count(rule.deny) == 0 with input as _cluster({}, {"version": text})
	}
	count(rule.deny) == 0 with input as _cluster({}, null)
}

test_v4_begins_with_1_23 if {
	every versions in [{}, {"kubekey": "4.0.0"}] {
		rule.deny == {{
			"document": 0,
			"path": ["spec", "kubernetes", "kube_version"],
			"args": {"version": "v1.22.17", "min": "1.23", "max": _max(versions)},
			"message": "v4-old",
		}} with input as _config(versions, "v1.22.17")
	}
}

test_v4_ends_with_what_the_release_has if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "kubernetes", "kube_version"],
		"args": {"version": "v1.34.0", "min": "1.23", "max": "1.33", "kubekey": "4.0.2"},
		"message": "v4-new",
	}} with input as _config({"kubekey": "4.0.2"}, "v1.34.0")
	count(rule.deny) == 0 with input as _config({"kubekey": "4.0.3"}, "v1.34.99")
}

test_a_newer_v4_may_have_more if {
	some fault in rule.deny with input as _config({}, "v1.35.0")
	fault.message == "v4-newer"
	fault.args == {"version": "v1.35.0", "min": "1.23", "max": "1.34", "date": data.tables.kubekey_kubernetes.as_of}
	count(rule.deny) == 0 with input as _config({"kubekey": "4.9.0"}, "v1.35.0")
}

test_v4_other_values_are_not_judged if {
	every x in ["v1.22", "1.22.0", "", null, 1.22, ["v1.22.0"], "{{ .v }}", "v1.30.14"] {
		count(rule.deny) == 0 with input as _config({}, x)
	}
}

test_v4_an_inventory_may_say_it if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "vars", "kubernetes", "kube_version"],
		"args": {"version": "v1.22.17", "min": "1.23", "max": "1.34"},
		"message": "v4-old",
	}} with input as {"versions": {}, "set": [_inventory]}
	count(rule.deny) == 1 with input as {"versions": {}, "set": [_inventory, _document("kubekey-config", {"spec": {}})]}
}

test_v4_a_config_wins_over_the_inventory if {
	every x in ["v1.30.14", null] {
		config := _document("kubekey-config", {"spec": {"kubernetes": {"kube_version": x}}})
		count(rule.deny) == 0 with input as {"versions": {}, "set": [_inventory, config]}
	}
}

_inventory := _document("kubekey-inventory", {"spec": {"vars": {"kubernetes": {"kube_version": "v1.22.17"}}}})

_max(versions) := "1.34" if not versions.kubekey

_max(versions) := "1.33" if versions.kubekey

_cluster(versions, kubernetes) := {
	"versions": versions,
	"set": [_document("kubekey-cluster", {"spec": {"kubernetes": kubernetes}})],
}

_config(versions, x) := {
	"versions": versions,
	"set": [_document("kubekey-config", {"spec": {"kubernetes": {"kube_version": x}}})],
}

_document(target, value) := {"target": target, "file": "config.yaml", "value": value}
