package policies.rules.yaml["yaml-duplicate-key_test"]

import data.policies.rules.yaml["yaml-duplicate-key"] as rule

test_kubekey_refuses_even_the_same_value if {
	rule.deny == {{"path": ["spec", "etcd"], "args": {"key": "etcd"}}} with input as _input(_cluster, [], _same, {})
}

test_kubekey_refuses_the_documents_beside_a_cluster if {
	rule.deny == {{"path": ["spec", "etcd"], "args": {"key": "etcd"}}} with input as _input(
		{"apiVersion": "v1", "kind": "ConfigMap"},
		[_cluster],
		_same,
		{},
	)
}

test_older_kubekey_keeps_the_last if {
	count(rule.deny) == 0 with input as _input(_cluster, [], _same, {"kubekey": "3.0.13"})
	{"differs"} == {fault.message | some fault in rule.deny} with input as _input(
		_cluster,
		[],
		_differing,
		{"kubekey": "3.0.13"},
	)
}

test_elsewhere_only_another_value_counts if {
	object := {"apiVersion": "v1", "kind": "ConfigMap"}
	count(rule.deny) == 0 with input as _input(object, [], _same, {})
	rule.deny == {{
		"path": ["spec", "etcd"],
		"args": {"key": "etcd"},
		"message": "differs",
	}} with input as _input(object, [object], _differing, {})
}

test_another_cluster_is_not_kubekeys if {
	other := {"apiVersion": "cluster.kubesphere.io/v1alpha1", "kind": "Cluster"}
	count(rule.deny) == 0 with input as _input(other, [], _same, {})
}

test_what_stands_in_a_string_is_not_decoded_by_kubekey if {
	embedded := json.patch(
		_input({"kind": "x", "level": "info"}, [_cluster], _same, {}),
		[{"op": "replace", "path": "document/targets", "value": ["any-yaml"]}],
	)
	count(rule.deny) == 0 with input as embedded
}

test_a_list_is_no_object if {
	count(rule.deny) == 0 with input as _input([{"etcd": 1}], [], _same, {})
}

test_two_objects_without_separator_are_another_fault if {
	twice := [_found([], key, false) | some key in ["apiVersion", "kind", "spec"]]
	count(rule.deny) == 0 with input as _input(_cluster, [], twice, {})
	count(rule.deny) == 1 with input as _input(_cluster, [], array.concat(twice, _same), {})
}

test_the_installer_writes_two_keys_twice if {
	own := [_found(["authentication", "oauthOptions"], key, false) | some key in ["clients", "accessTokenMaxAge"]]
	count(rule.deny) == 0 with input as _payload({}, own, {})
	count(rule.deny) == 1 with input as _payload({}, _differing, {})
}

test_the_rule_on_kubesphere_config_speaks_in_4 if {
	count(rule.deny) == 0 with input as _payload({"authentication": {"issuer": {}}}, _differing, {})
	count(rule.deny) == 0 with input as _payload({}, _differing, {"kubesphere": "4.1.3"})
	count(rule.deny) == 1 with input as _payload({}, _differing, {"kubesphere": "3.4.1"})
}

_cluster := {"apiVersion": "kubekey.kubesphere.io/v1alpha2", "kind": "Cluster"}

_same := [_found(["spec"], "etcd", true)]

_differing := [_found(["spec"], "etcd", false)]

_found(mapping, key, same) := {"path": array.concat(mapping, [key]), "key": key, "same": same, "mapping": mapping}

_input(value, beside, doubled, versions) := {"document": {
	"target": "any-yaml",
	"targets": ["any-yaml", "any-object"],
	"value": value,
	"versions": versions,
	"yaml": {"nodes": {}, "doubled": doubled},
	"beside": beside,
}}

_payload(value, doubled, versions) := {"document": object.union(
	_input(value, [], doubled, versions).document,
	{"targets": ["kubesphere-config", "any-yaml"]},
)}
