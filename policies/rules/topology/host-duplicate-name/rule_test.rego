package policies.rules.topology["host-duplicate-name_test"]

import data.policies.rules.topology["host-duplicate-name"] as rule

test_the_second_host_of_a_name_is_found if {
	rule.deny == {{"path": ["spec", "hosts", 2, "name"], "args": {"name": "b", "count": 2}}} with input as _hosts([
		{"name": "a", "address": "10.0.0.1"},
		{"name": "b", "address": "10.0.0.2"},
		{"name": "b", "address": "10.0.0.3"},
	])
}

test_a_name_is_one_finding_however_often_it_stands_there if {
	some fault in rule.deny with input as _hosts([{"name": "a"}, {"name": "a"}, {"name": "a"}])
	fault == {"path": ["spec", "hosts", 1, "name"], "args": {"name": "a", "count": 3}}
}

test_two_names_are_two_findings if {
	count(rule.deny) == 2 with input as _hosts([{"name": "a"}, {"name": "b"}, {"name": "a"}, {"name": "b"}])
}

test_the_key_is_the_one_that_is_written if {
	some fault in rule.deny with input as _hosts([{"name": "a"}, {"Name": "a"}])
	fault.path == ["spec", "hosts", 1, "Name"]
}

test_different_names_are_fine if {
	count(rule.deny) == 0 with input as _hosts([{"name": "a"}, {"name": "A"}, {"name": "a1"}])
}

test_hosts_without_a_name_are_another_fault if {
	count(rule.deny) == 0 with input as _hosts([{}, {"name": ""}, {"name": null}, {"address": "10.0.0.1"}])
}

test_what_is_no_name_is_not_judged if {
	count(rule.deny) == 0 with input as _hosts([
		{"name": 1}, {"name": 1},
		{"name": "{{ .n }}"}, {"name": "{{ .n }}"},
		{"name": ["a"]}, {"name": ["a"]},
		null, "a", "a",
	])
}

test_a_file_without_hosts_is_not_judged if {
	every value in [{}, {"spec": null}, {"spec": {"hosts": "a"}}, {"spec": {"hosts": {"a": {}}}}, null, "text"] {
		count(rule.deny) == 0 with input as {"document": {"target": "kubekey-cluster", "value": value}}
	}
}

_hosts(list) := {"document": {"target": "kubekey-cluster", "value": {"spec": {"hosts": list}}}}
