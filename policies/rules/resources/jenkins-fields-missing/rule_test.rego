package policies.rules.resources["jenkins-fields-missing_test"]

import data.policies.rules.resources["jenkins-fields-missing"] as rule

test_nothing_but_the_switch if {
	rule.deny == {{
		"path": ["spec", "devops"],
		"args": {"fields": "jenkinsMemoryLim, jenkinsMemoryReq, jenkinsVolumeSize"},
	}} with input as _cc({"enabled": true})
}

test_each_field_alone[field] if {
	some field, _ in _fields
	{field} == {fault.args.fields |
		some fault in rule.deny with input as _cc(object.union({"enabled": true}, object.remove(_fields, [field])))
	}
	{field} == {fault.args.fields |
		some fault in rule.deny with input as _cc(object.union({"enabled": true}, object.union(_fields, {field: null})))
	}
}

test_an_empty_text_is_another_fault if {
	count(rule.deny) == 0 with input as _cc({
		"enabled": true, "jenkinsMemoryLim": "", "jenkinsMemoryReq": "", "jenkinsVolumeSize": "",
	})
}

test_what_is_there_is_enough if {
	count(rule.deny) == 0 with input as _cc(object.union({"enabled": true}, _fields))
}

test_the_size_of_the_volume_may_stand_at_the_first_level if {
	devops := object.union({"enabled": true}, object.remove(_fields, ["jenkinsVolumeSize"]))
	count(rule.deny) == 0 with input as _spec(object.union(_sections(devops), {"jenkins_pv_size": "8Gi"}))
}

test_what_jinja_takes_for_true[note] if {
	some note, enabled in {"true": true, "1": 1, "a text": "true", "even": "false"}
	count(rule.deny) == 1 with input as _cc({"enabled": enabled})
}

test_devops_is_off[note] if {
	some note, devops in {
		"false": {"enabled": false}, "0": {"enabled": 0}, "empty": {"enabled": ""}, "null": {"enabled": null},
		"absent": {}, "no mapping": "devops", "nothing": null, "a list": [{"enabled": true}],
	}
	count(rule.deny) == 0 with input as _cc(devops)
}

test_a_patch_is_left_alone if {
	count(rule.deny) == 0 with input as _spec({"devops": {"enabled": true}})
	count(rule.deny) == 0 with input as _spec(object.remove(_sections({"enabled": true}), ["persistence"]))
	count(rule.deny) == 0 with input as _spec("devops")
	count(rule.deny) == 0 with input as _spec(null)
}

test_what_a_cluster_gave_out_is_no_patch if {
	count(rule.deny) == 1 with input as object.union(
		_spec({"devops": {"enabled": true}}),
		{"document": {"value": {"status": {}}}},
	)
}

_fields := {"jenkinsMemoryLim": "4Gi", "jenkinsMemoryReq": "4Gi", "jenkinsVolumeSize": "16Gi"}

_cc(devops) := _spec(_sections(devops))

_sections(devops) := {
	"persistence": {"storageClass": ""},
	"authentication": null,
	"etcd": {},
	"common": {},
	"devops": devops,
}

_spec(spec) := {"document": {"target": "cluster-configuration", "value": {"spec": spec}, "versions": {}}}
