package policies.rules.etcd["etcd-env-self-missing_test"]

import data.policies.rules.etcd["etcd-env-self-missing"] as rule

_one := "https://10.0.0.1:2380"

_two := "https://10.0.0.2:2380"

test_a_name_that_the_list_lacks if {
	rule.deny == {{
		"document": 0,
		"path": ["variables", "ETCD_INITIAL_CLUSTER"],
		"args": {"name": "b"},
	}} with input as _input("b", [["a", _one]], {})
}

test_names_are_compared_exactly if {
	_found("b", [["B", _two], [" b", _two]], {}) == {""}
	_found("b", [], {}) == {""}
}

test_other_urls_than_those_announced if {
	rule.deny == {{
		"document": 0,
		"path": ["variables", "ETCD_INITIAL_CLUSTER"],
		"message": "url",
		"args": {"name": "b", "own": "https://10.0.0.2:2380"},
	}} with input as _input("b", [["b", _one]], _advertised([_two]))
	_found("b", [["b", _one], ["b", _two]], _advertised([_two])) == {"url"}
	_found("b", [["b", _two]], _advertised([_one, _two])) == {"url"}
}

test_order_means_nothing if {
	_found("b", [["a", "https://10.0.0.3:2380"], ["b", _one], ["b", _two]], _advertised([_two, _one])) == set()
}

test_a_member_that_joined_is_not_compared if {
	every state, message in {"new": {"url"}, "existing": set(), "{{ x }}": set()} {
		settings := object.union(_advertised([_one]), {"ETCD_INITIAL_CLUSTER_STATE": {"value": state}})
		_found("b", [["b", _two]], settings) == message
	}
}

test_names_in_urls_are_resolved_first if {
	_found("b", [["b", "https://b:2380"]], _advertised([_two])) == set()
	_found("b", [["b", _two]], _advertised(["https://b:2380"])) == set()
}

test_urls_that_nobody_can_read_or_that_are_absent if {
	_found("b", [["b", ""]], _advertised([_two])) == set()
	unread := {"ETCD_INITIAL_ADVERTISE_PEER_URLS": {"value": "https://10.0.0.2:2380,x", "urls": [_url(_one)]}}
	_found("b", [["b", _two]], unread) == set()
	_found("b", [["b", _two]], {}) == set()
}

test_discovery_knows_the_members_otherwise if {
	every variable in ["ETCD_DISCOVERY", "ETCD_DISCOVERY_SRV"] {
		_found("b", [["a", _one]], {variable: {"value": "x"}}) == set()
	}
}

test_no_list_or_a_template if {
	every list in [{}, {"ETCD_INITIAL_CLUSTER": {"path": [], "value": null}}] {
		members := [{"source": "env", "document": 0, "name": "b", "settings": list}]
		count(rule.deny) == 0 with input as {"facts": {"etcd": {"members": members}}}
	}
}

test_static_pods_and_unknown_names_are_not_judged if {
	member := _input("b", [["a", _one]], {}).facts.etcd.members[0]
	every other in [object.union(member, {"source": "static-pod"}), object.remove(member, ["name"])] {
		count(rule.deny) == 0 with input as {"facts": {"etcd": {"members": [other]}}}
	}
}

_found(name, list, settings) := messages if {
	member := _input(name, list, settings)
	messages := {m | some f in rule.deny; m := object.get(f, "message", "")} with input as member
}

_advertised(urls) := {"ETCD_INITIAL_ADVERTISE_PEER_URLS": {
	"value": concat(",", urls),
	"urls": [_url(url) | some url in urls],
}}

_input(name, list, settings) := {"facts": {"etcd": {"members": [{
	"source": "env",
	"document": 0,
	"name": name,
	"settings": object.union(settings, {"ETCD_INITIAL_CLUSTER": {
		"path": ["variables", "ETCD_INITIAL_CLUSTER"],
		"value": "…",
		"entries": [_entry(pair) | some pair in list],
	}}),
}]}}}

_entry([name, ""]) := {"name": name}

_entry([name, text]) := {"name": name, "url": _url(text)} if text != ""

_url(text) := {"url": text, "is_ip": regex.match(`//[0-9]`, text)}
