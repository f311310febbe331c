package policies.rules.rollout["pdb-blocks-drain_test"]

import data.policies.rules.rollout["pdb-blocks-drain"] as rule
import future.keywords.not

test_nothing_may_be_unavailable if {
	every field, value in {"maxUnavailable": 0, "minAvailable": "100%"} {
		rule.deny == {{
			"document": 0,
			"path": ["spec", field],
			"args": {"field": field, "value": value, "name": "ks-apiserver"},
		}} with input as {"set": [_budget({field: value}), _deployment("ks-apiserver", 3)]}
	}
	count(rule.deny) == 1 with input as {"set": [_budget({"maxUnavailable": "0%"}), _deployment("ks-apiserver", null)]}
}

test_all_replicas_must_stay if {
	every pair in [[1, null], [1, 1], [2, 2], [3, 2], ["50%", 1], ["51%", 2], ["1%", 1]] {
		[value, replicas] := pair
		some fault in rule.deny with input as {"set": [
			_budget({"minAvailable": value}),
			_deployment("ks-apiserver", replicas),
		]}
		fault.message == "replicas"
		fault.path == ["spec", "minAvailable"]
		fault.args.name == "ks-apiserver"
		fault.args.count in {1, 2}
	}
}

test_one_may_go if {
	every pair in [
		[{"minAvailable": 1}, 2], [{"minAvailable": 0}, 1], [{"minAvailable": "50%"}, 2], [{"minAvailable": "0%"}, 1],
		[{"maxUnavailable": 1}, 1], [{"maxUnavailable": "1%"}, 1],
	] {
		[spec, replicas] := pair
		_silent([_budget(spec), _deployment("ks-apiserver", replicas)])
	}
}

test_nothing_runs if {
	_silent([_budget({"maxUnavailable": 0}), _deployment("ks-apiserver", 0)])
	_silent([_budget({"minAvailable": 1}), _deployment("ks-apiserver", 0)])
}

test_what_the_api_refuses if {
	every spec in [
		{"minAvailable": "1"}, {"minAvailable": "200%"}, {"minAvailable": -1}, {"minAvailable": 1, "maxUnavailable": 0},
		{"minAvailable": "{{ .Values.min }}"}, {"minAvailable": true}, {}, {"maxUnavailable": null},
	] {
		_silent([_budget(spec), _deployment("ks-apiserver", 1)])
	}
	_silent([object.union(_budget({}), {"value": {"spec": null}}), _deployment("ks-apiserver", 1)])
	_silent([_budget({"minAvailable": 1}), _deployment("ks-apiserver", "1")])
}

test_budgets_of_others if {
	redis := {"matchLabels": {"app": "redis"}}
	_silent([_budget({"maxUnavailable": 0, "selector": redis}), _deployment("ks-apiserver", 1)])
	_silent([
		object.union(_budget({"maxUnavailable": 0}), {"value": {"metadata": {"namespace": "default"}}}),
		_deployment("ks-apiserver", 1),
	])
}

test_a_selector_that_selects_all if {
	budget := _budget({"maxUnavailable": 0, "selector": {}})
	set := [budget, _deployment("ks-apiserver", 1), _deployment("ks-console", 1)]
	{f.args.name | some f in rule.deny} == {"ks-apiserver, ks-console"} with input as {"set": set}
	_silent(array.concat([_old(budget)], array.slice(set, 1, 3)))
	homeless := json.remove(budget, ["/value/metadata/namespace"])
	_silent(array.concat([homeless], array.slice(set, 1, 3)))
	_silent([_budget({"minAvailable": 1, "selector": {}}), _deployment("ks-apiserver", 1)])
}

test_a_budget_without_a_namespace if {
	budget := json.remove(_budget({"minAvailable": 1}), ["/value/metadata/namespace"])
	count(rule.deny) == 1 with input as {"set": [_old(budget), _deployment("ks-apiserver", 1)]}
}

test_a_selector_of_several_workloads if {
	shared := _budget({"minAvailable": 1, "selector": {"matchLabels": {"tier": "backend"}}})
	_silent([shared, _deployment("ks-apiserver", 1)])
	_silent([shared, _deployment("ks-apiserver", 1), _deployment("ks-controller-manager", 1)])
	canary := object.union(_deployment("ks-apiserver", 1), {"value": {"metadata": {"name": "ks-apiserver-canary"}}})
	_silent([_budget({"minAvailable": 1}), _deployment("ks-apiserver", 1), canary])
}

test_a_selector_by_expression if {
	set := [
		_budget({"minAvailable": 1, "selector": {"matchExpressions": [{
			"key": "app",
			"operator": "In",
			"values": ["ks-apiserver"],
		}]}}),
		_deployment("ks-apiserver", 1),
	]
	count(rule.deny) == 1 with input as {"set": set}
}

test_an_autoscaler_keeps_more if {
	set := [_budget({"minAvailable": 1}), _deployment("ks-apiserver", 1)]
	_silent(array.concat(set, [_scaler(2)]))
	_silent(array.concat(set, [_scaler("{{ .Values.min }}")]))
	count(rule.deny) == 1 with input as {"set": array.concat(set, [_scaler(1)])}
}

test_what_is_missing_is_not_checked if {
	rule.unchecked == {{"needs": "the Deployment whose pods the budget keeps", "document": 0}} with input as {"set": [
		_budget({"minAvailable": 1}),
	]}
	of_all := {"maxUnavailable": 0, "selector": {}}
	count(rule.unchecked) == 1 with input as {"set": [_budget(of_all)]}
	count(rule.deny) == 0 with input as {"set": [_budget(of_all)]}
	count(rule.unchecked) == 0 with input as {"set": [_budget({"maxUnavailable": 0})]}
	count(rule.unchecked) == 0 with input as {"set": [_budget({"maxUnavailable": 1})]}
	count(rule.unchecked) == 0 with input as {"set": [_budget({"minAvailable": 1}), _deployment("ks-apiserver", 2)]}
}

test_by_itself_a_budget_of_kubespheres_own_labels_is_found[note] if {
	some note, labels in {
		"app": {"app": "ks-controller-manager"}, "both": {"app": "ks-controller-manager", "tier": "backend"},
	}
	some spec in [{"maxUnavailable": "0%"}, {"minAvailable": "100%"}]
	some fault in rule.deny with input as {"set": [_budget(object.union(spec, {"selector": {"matchLabels": labels}}))]}
	fault.args.name == "ks-controller-manager"
}

test_by_itself_a_budget_of_other_labels_is_not_judged[note] if {
	some note, selector in {
		"another tier": {"matchLabels": {"app": "ks-console", "tier": "backend"}},
		"one more": {"matchLabels": {"app": "ks-apiserver", "track": "canary"}},
		"another app": {"matchLabels": {"app": "redis-ha"}},
		"no app": {"matchLabels": {"tier": "backend"}},
		"expressions": {
			"matchLabels": {"app": "ks-apiserver"},
			"matchExpressions": [{"key": "track", "operator": "Exists"}],
		},
		"all": {},
	}
	_silent([_budget({"maxUnavailable": 0, "selector": selector})])
}

test_by_itself_a_budget_that_lets_some_go_is_not_judged if {
	_silent([_budget({"maxUnavailable": 1})])
	_silent([_budget({"minAvailable": 1})])
}

test_the_deployment_says_more_than_the_labels if {
	_silent([_budget({"maxUnavailable": 0}), _deployment("ks-apiserver", 0)])
}

test_messy_files_are_no_failure if {
	every mess in [null, "", "x", -1, 1.5, true, [], {}, [null], ["x"], [{}], {"x": null}, [[1]]] {
		every path in [
			"/0/value/metadata",
			"/0/value/spec",
			"/0/value/spec/replicas",
			"/0/value/spec/template",
			"/0/value/spec/template/metadata",
			"/0/value/spec/template/metadata/labels",
			"/0/value/spec/template/spec",
			"/1/value/metadata",
			"/1/value/spec",
			"/1/value/spec/minAvailable",
			"/1/value/spec/maxUnavailable",
			"/1/value/spec/selector",
			"/1/value/spec/selector/matchLabels",
			"/1/value/spec/selector/matchExpressions",
			"/2/value/metadata",
			"/2/value/spec",
			"/2/value/spec/minReplicas",
			"/2/value/spec/scaleTargetRef",
		] {
			set := json.patch(
				[
					_deployment("ks-apiserver", 1), _budget({"minAvailable": 1}), _scaler(1),
				],
				[{"op": "add", "path": path, "value": mess}],
			)
			is_set(rule.deny) with input as {"set": set}
			is_set(rule.unchecked) with input as {"set": set}
		}
	}
}

_silent(set) if count(rule.deny) == 0 with input as {"set": set}

_old(budget) := object.union(budget, {"value": {"apiVersion": "policy/v1beta1"}})

_budget(spec) := {"target": "pdb", "value": {
	"apiVersion": "policy/v1",
	"kind": "PodDisruptionBudget",
	"metadata": {"name": "ks-apiserver", "namespace": "kubesphere-system"},
	"spec": object.union({"selector": object.get(spec, "selector", {"matchLabels": {"app": "ks-apiserver"}})}, spec),
}}

_deployment(name, replicas) := {"target": "kubesphere-workload", "value": {
	"kind": "Deployment",
	"metadata": {"name": name, "namespace": "kubesphere-system"},
	"spec": {"replicas": replicas, "template": {
		"metadata": {"labels": {"app": name, "tier": "backend"}},
		"spec": {"containers": [{"name": name, "image": "x"}]},
	}},
}}

_scaler(least) := {"target": "hpa", "value": {
	"metadata": {"name": "ks-apiserver", "namespace": "kubesphere-system"},
	"spec": {"scaleTargetRef": {"kind": "Deployment", "name": "ks-apiserver"}, "minReplicas": least},
}}
