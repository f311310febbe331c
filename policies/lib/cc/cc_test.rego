package policies.lib.cc_test

import data.policies.lib.cc
import future.keywords.not

_spec := {
	"devops": {"enabled": true, "jenkinsMemoryLim": "4Gi"},
	"logging": {"enabled": "false"},
	"events": {"enabled": 1},
	"auditing": {"enabled": false},
	"alerting": {"enabled": null},
}

_document(versions, labels) := {
	"target": "cluster-configuration",
	"file": "a.yaml",
	"versions": versions,
	"value": {"metadata": {"labels": labels}, "spec": _spec},
}

_new := _document({}, {"version": "v3.4.1"})

_old := {"target": "ks-installer-config", "file": "a.yaml", "versions": {"kubesphere": "2.1.1"}, "value": _spec}

test_a_setting_of_three_stands_below_spec if {
	cc.at(_new, ["devops", "jenkinsMemoryLim"]) == {"path": ["spec", "devops", "jenkinsMemoryLim"], "value": "4Gi"}
	cc.root(_new) == {"path": ["spec"], "value": _spec}
}

test_a_setting_of_two_stands_in_the_payload if {
	cc.at(_old, ["devops", "jenkinsMemoryLim"]) == {"path": ["devops", "jenkinsMemoryLim"], "value": "4Gi"}
	cc.root(_old) == {"path": [], "value": _spec}
}

test_absent_and_null_settings_are_undefined if {
	not cc.at(_new, ["alerting", "enabled"])
	not cc.at(_new, ["devops", "jenkinsMemoryReq"])
	not cc.at(object.union(_new, {"value": {"spec": null}}), ["devops"])
}

test_a_place_needs_no_value if {
	cc.place(_new, ["common", "es"]) == ["spec", "common", "es"]
	cc.place(_old, ["common", "es"]) == ["common", "es"]
}

test_other_documents_have_no_settings if not cc.root({"target": "workload", "value": {"spec": {}}})

test_true_and_one_are_enabled if {
	cc.enabled(_new, ["devops", "enabled"])
	cc.enabled(_new, ["events", "enabled"])
}

test_other_values_are_not_enabled if {
	every section in ["logging", "auditing", "alerting", "metering"] {
		not cc.enabled(_new, [section, "enabled"])
	}
}

test_a_quoted_false_is_truthy if {
	every section in ["devops", "events", "logging"] {
		cc.truthy(_new, [section, "enabled"])
	}
}

test_false_null_and_absent_are_not_truthy if {
	every section in ["auditing", "alerting", "metering"] {
		not cc.truthy(_new, [section, "enabled"])
	}
}

test_the_version_that_go_knows_wins if {
	cc.version(_document({"kubesphere": "3.3.2"}, {"version": "v3.4.1"})) == "3.3.2"
	cc.version(_old) == "2.1.1"
}

test_else_the_label_is_the_version if {
	cc.version(_new) == "3.4.1"
	cc.version(_document({}, {"version": "3.4.1-rc.1"})) == "3.4.1"
}

test_other_labels_are_no_version if {
	every label in ["v3.4", "latest", "nightly-20230101", 3.4, null] {
		not cc.version(_document({}, {"version": label}))
	}
	not cc.version(_document({}, {}))
}

_kk(file) := {"target": "kubekey-cluster", "file": file, "value": {"kind": "Cluster"}}

test_the_cluster_of_the_same_file_belongs_to_it if {
	set := [_kk("b.yaml"), _new, _kk("a.yaml")]
	cc.in_kk_file(_new, set)
	cc.kk_file(_new, set) == {"document": 2, "file": "a.yaml", "value": {"kind": "Cluster"}}
}

test_else_the_only_one_of_the_set_does if {
	set := [_new, _kk("b.yaml")]
	cc.in_kk_file(_new, set)
	cc.kk_file(_new, set).document == 1
}

test_several_elsewhere_do_not if {
	set := [_new, _kk("b.yaml"), _kk("c.yaml")]
	not cc.in_kk_file(_new, set)
	not cc.kk_file(_new, set)
}

test_without_a_cluster_there_is_no_kk_file if {
	not cc.in_kk_file(_new, [_new])
	not cc.kk_file(_new, [_new])
}

test_several_in_the_same_file_leave_it_open_which_one if {
	set := [_new, _kk("a.yaml"), _kk("a.yaml")]
	cc.in_kk_file(_new, set)
	not cc.kk_file(_new, set)
}
