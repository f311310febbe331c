package policies.rules.etcd["etcd-timing-ratio_test"]

import data.policies.rules.etcd["etcd-timing-ratio"] as rule

test_a_slow_heartbeat_outruns_the_default_timeout if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "etcd", "heartbeatInterval"],
		"args": {"heartbeat": 1500, "election": 5000},
	}} with input as _input([_cluster({"heartbeatInterval": 1500})])
}

test_a_written_timeout_bears_the_finding if {
	_at(rule.deny) == {["spec", "etcd", "electionTimeout"]} with input as _input([_cluster({
		"heartbeatInterval": 250,
		"electionTimeout": 1000,
	})])
}

test_a_timeout_alone_meets_the_default_heartbeat if {
	_found({"electionTimeout": 1249}) == {""}
	_found({"electionTimeout": 1250}) == set()
}

test_sound_settings if {
	every etcd in [
		{},
		{"heartbeatInterval": 5},
		{"heartbeatInterval": 1000},
		{"heartbeatInterval": 250, "electionTimeout": 50000},
		{"heartbeatInterval": 100, "electionTimeout": 1000},
		{"heartbeatInterval": "{{ x }}", "electionTimeout": 1},
		{"heartbeatInterval": null, "electionTimeout": null},
		{"heartbeatInterval": {}, "electionTimeout": []},
	] {
		_found(etcd) == set()
	}
}

test_a_long_timeout if {
	_found({"electionTimeout": 50001}) == {"long"}
	_found({"electionTimeout": 60000, "heartbeatInterval": 20000}) == {"long"}
}

test_numbers_that_etcd_refuses if {
	_found({"heartbeatInterval": 0}) == {"number"}
	_found({"electionTimeout": -1}) == {"number"}
	_found({"type": "external", "heartbeatInterval": 0}) == set()
}

test_values_that_kk_cannot_read if {
	every x in ["5s", "1.5", 1.5, true, "250ms"] {
		_found({"heartbeatInterval": x}) == {"unreadable"}
		_found({"type": "kubeadm", "electionTimeout": x}) == {"unreadable"}
	}
}

test_digits_in_quotes_are_the_fault_of_another_rule if {
	_found({"heartbeatInterval": "1500"}) == set()
	_found({"heartbeatInterval": "1500", "electionTimeout": 60000}) == {"long"}
}

test_etcd_that_kk_does_not_run if {
	every type in ["external", "kubeadm", "Kubekey"] {
		_found({"type": type, "heartbeatInterval": 1500}) == set()
	}
}

test_extra_args_win if {
	args := ["ETCD_HEARTBEAT_INTERVAL=1500"]
	rule.deny == {{
		"document": 0,
		"path": ["spec", "etcd", "electionTimeout"],
		"args": {"heartbeat": 1500, "election": 5000},
	}} with input as _input([_cluster({"extraArgs": args, "heartbeatInterval": 10, "electionTimeout": 5000})])
	_found({"extraArgs": ["ETCD_HEARTBEAT_INTERVAL=100"], "heartbeatInterval": 1500}) == set()
	_found({"extraArgs": ["ETCD_HEARTBEAT_INTERVAL="], "heartbeatInterval": 1500}) == set()
	_found({"extraArgs": ["ETCD_HEARTBEAT_INTERVAL={{ x }}"], "heartbeatInterval": 1500}) == set()
	_found({"extraArgs": ["ETCD_ELECTION_TIMEOUT=60000"]}) == {"long"}
	_found({"extraArgs": ["ETCD_ELECTION_TIMEOUT=5s"]}) == {"number"}
	_found({"extraArgs": ["ETCD_ELECTION_TIMEOUT='0'"]}) == {"number"}
}

test_an_old_kk_has_no_extra_args if {
	document := object.union(
		_cluster({"extraArgs": ["ETCD_HEARTBEAT_INTERVAL=1500"]}),
		{"versions": {"kubekey": "3.1.2"}},
	)
	count(rule.deny) == 0 with input as _input([document])
}

test_an_older_kk_has_no_fields if {
	document := object.union(
		_cluster({"heartbeatInterval": 1500, "electionTimeout": "5s"}),
		{"versions": {"kubekey": "3.0.7"}},
	)
	count(rule.deny) == 0 with input as _input([document])
}

test_settings_of_a_member if {
	rule.deny == {{
		"document": 0,
		"path": ["variables", "ETCD_HEARTBEAT_INTERVAL"],
		"args": {"heartbeat": 250, "election": 1000},
	}} with input as _member("env", {"ETCD_HEARTBEAT_INTERVAL": "250"})
	_of_member("env", {"ETCD_HEARTBEAT_INTERVAL": "250", "ETCD_ELECTION_TIMEOUT": "1250"}) == set()
	_of_member("env", {"ETCD_HEARTBEAT_INTERVAL": "200"}) == set()
	_of_member("env", {"ETCD_ELECTION_TIMEOUT": "499"}) == {""}
	_of_member("env", {"ETCD_ELECTION_TIMEOUT": "50001"}) == {"long"}
	_of_member("env", {"ETCD_ELECTION_TIMEOUT": "5s"}) == {"number"}
	_of_member("env", {"ETCD_ELECTION_TIMEOUT": null, "ETCD_HEARTBEAT_INTERVAL": "9999"}) == set()
	_of_member("env", {}) == set()
}

test_flags_of_a_member if {
	some fault in rule.deny with input as _member("static-pod", {"ETCD_HEARTBEAT_INTERVAL": "0"})
	fault.args == {"name": "--heartbeat-interval", "value": "0"}
}

test_a_configuration_file_hides_all_else if {
	count(rule.deny) == 0 with input as {"set": [null], "facts": {"etcd": {"members": [{
		"document": 0,
		"config_file": true,
		"settings": {},
	}]}}}
}

test_v4_takes_what_the_config_leaves_out_from_the_inventory if {
	rule.deny == {{
		"document": 1,
		"path": ["spec", "vars", "etcd", "env", "election_timeout"],
		"args": {"heartbeat": 250, "election": 1000},
	}} with input as _input([
		_config({"env": {"heartbeat_interval": "250"}}),
		_inventory({"env": {"election_timeout": 1000}}),
	])
}

test_v4_config_wins if {
	set := [_inventory({"env": {"heartbeat_interval": 1500}}), _config({"env": {"heartbeat_interval": 100}})]
	count(rule.deny) == 0 with input as _input(set)
}

test_v4_values if {
	_found4({"env": {"heartbeat_interval": 1500}}) == {""}
	_found4({"env": {"heartbeat_interval": "5s"}}) == {"number"}
	_found4({"env": {"heartbeat_interval": 1.5}}) == {"number"}
	_found4({"env": {"heartbeat_interval": ""}}) == set()
	_found4({"env": {"heartbeat_interval": "{{ x }}"}}) == set()
	_found4({"env": {"election_timeout": 100000}}) == {"long"}
	_found4({"env": {}}) == set()
	_found4(null) == set()
}

test_v4_internal_etcd_has_no_env if {
	_found4({"deployment_type": "internal", "env": {"heartbeat_interval": 1500}}) == set()
	_found4({"deployment_type": "kubekey", "env": {"heartbeat_interval": 0}}) == set()
}

_at(faults) := {fault.path | some fault in faults}

_found(etcd) := messages if {
	messages := {m | some f in rule.deny; m := object.get(f, "message", "")} with input as _input([_cluster(etcd)])
}

_found4(etcd) := messages if {
	messages := {m | some f in rule.deny; m := object.get(f, "message", "")} with input as _input([_config(etcd)])
}

_of_member(source, variables) := messages if {
	input_of_member := _member(source, variables)
	messages := {m | some f in rule.deny; m := object.get(f, "message", "")} with input as input_of_member
}

_member(source, variables) := {"set": [null], "facts": {"etcd": {"members": [{
	"source": source,
	"document": 0,
	"config_file": false,
	"settings": {name: {"path": _place(source, name), "value": x} | some name, x in variables},
}]}}}

_place("env", name) := ["variables", name]

_place("static-pod", _) := ["spec", "containers", 0, "command", 1]

_input(set) := {"set": set, "facts": {"etcd": {"members": []}}}

_cluster(etcd) := {"target": "kubekey-cluster", "value": {"spec": {"etcd": etcd}}}

_config(etcd) := {"target": "kubekey-config", "value": {"spec": {"etcd": etcd}}}

_inventory(etcd) := {"target": "kubekey-inventory", "value": {"spec": {"vars": {"etcd": etcd}}}}
