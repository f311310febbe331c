package policies.rules.security["sec-default-admin-password_test"]

import data.policies.rules.security["sec-default-admin-password"] as rule

test_the_key_is_missing if {
	every spec in [{}, {"authentication": null}, {"authentication": {}}, {"authentication": {"adminPassword": null}}] {
		rule.deny == {{"path": _path, "args": {}}} with input as _cc({"spec": spec})
	}
}

test_the_default_is_written_out if {
	rule.deny == {{"path": _path, "args": {}, "message": "written"}} with input as _with("P@88w0rd")
}

test_another_password_is_sound if {
	every password in ["", "Tr0ub4dor", "{{ x }}", 5, [], {}] {
		count(rule.deny) == 0 with input as _with(password)
	}
}

test_a_document_from_a_cluster_is_not_judged if {
	every export in [{"metadata": {"uid": "x"}}, {"status": {}}, {"status": {"core": {"status": "enabled"}}}] {
		count(rule.deny) == 0 with input as _cc(object.union({"spec": {}}, export))
		written := {"spec": {"authentication": {"adminPassword": "P@88w0rd"}}}
		count(rule.deny) == 0 with input as _cc(object.union(written, export))
	}
}

test_what_is_no_configuration_is_not_judged if {
	every document in [
		{}, {"spec": null}, {"spec": "x"}, {"spec": {"authentication": "x"}}, {"spec": {"authentication": []}},
	] {
		count(rule.deny) == 0 with input as _cc(document)
	}
}

_path := ["spec", "authentication", "adminPassword"]

_with(password) := _cc({"spec": {"authentication": {"adminPassword": password}}})

_cc(document) := {"document": {"target": "cluster-configuration", "value": document}}
