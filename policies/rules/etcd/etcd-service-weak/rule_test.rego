package policies.rules.etcd["etcd-service-weak_test"]

import data.policies.rules.etcd["etcd-service-weak"] as rule

_sound := {
	"Type": ["notify"],
	"EnvironmentFile": ["/etc/etcd.env"],
	"ExecStart": ["/usr/local/bin/etcd"],
	"RestartSec": ["10s"],
	"LimitNOFILE": ["40000"],
	"Restart": ["always"],
}

test_units_as_shipped if _found({}) == set()

test_a_unit_without_settings if {
	rule.deny == {{
		"document": 0,
		"path": ["Service", "ExecStart", 0],
		"args": {},
	}} with input as _input([_unit("n/etc/systemd/system/etcd.service", object.remove(_sound, ["EnvironmentFile"]))])
	_found({"EnvironmentFile": []}) == {""}
	_found({"EnvironmentFile": [], "Environment": ["GOMAXPROCS=4"]}) == {""}
}

test_settings_come_in_many_ways if {
	_found({"EnvironmentFile": ["-/etc/default/etcd", "/etc/etcd.env"]}) == set()
	_found({"EnvironmentFile": [], "Environment": ["GOMAXPROCS=4", "ETCD_NAME=a"]}) == set()
	_found({"EnvironmentFile": [], "PassEnvironment": ["ETCD_NAME"]}) == set()
	_found({"EnvironmentFile": [], "ExecStart": ["/usr/bin/etcd  --config-file /etc/etcd.yml"]}) == set()
	_found({"EnvironmentFile": [], "ExecStart": ["/usr/bin/etcd $DAEMON_ARGS"]}) == set()
}

test_a_unit_that_stays_down if {
	rule.deny == {{
		"document": 0,
		"path": ["Service", "Restart", 1],
		"message": "restart",
		"args": {"value": "no"},
	}} with input as _input([_unit("etcd.service", object.union(_sound, {"Restart": ["always", "no"]}))])
	_found({"Restart": []}) == {"restart"}
	_found({"Restart": ["on-success"]}) == {"restart"}
	{fault.path | some fault in rule.deny} == {["Service", "Restart", 0]} with input as _input([_unit(
		"etcd.service",
		object.remove(_sound, ["Restart"]),
	)])
}

test_sound_ways_to_restart if {
	every value in ["always", "on-failure", "on-abnormal", "on-abort", "on-watchdog"] {
		_found({"Restart": [value]}) == set()
	}
}

test_few_files if {
	every value in ["1024", "0", "4095:40000"] {
		_found({"LimitNOFILE": [value]}) == {"files"}
	}
	every value in ["infinity", "4096", "65536:131072", "1024x", ""] {
		_found({"LimitNOFILE": [value]}) == set()
	}
	_found({"LimitNOFILE": []}) == set()
}

test_only_what_runs_etcd_is_judged if {
	every command in ["/usr/bin/docker run etcd", "/usr/local/bin/etcd-wrapper", "/bin/sh -c etcd", "@/usr/bin/etcd x"] {
		_found({"ExecStart": [command], "Restart": ["no"]}) == set()
	}
	every command in ["etcd", "-/usr/local/bin/etcd"] {
		_found({"ExecStart": [command], "Restart": ["no"]}) == {"restart"}
	}
	_found({"ExecStart": [], "Restart": ["no"]}) == set()
	count(rule.deny) == 0 with input as _input([
		_unit("backup.service", {"ExecStart": ["etcd"]}),
		{"target": "systemd-unit", "file": "etcd.service", "value": {"Unit": {"After": ["network.target"]}}},
	])
}

test_drop_ins_may_say_the_rest if {
	every file in ["etcd.service.d/restart.conf", "n/etc/systemd/system/etcd.service.d/10.conf"] {
		count(rule.deny) == 0 with input as _input([
			_unit("etcd.service", {"ExecStart": ["etcd"]}),
			_unit(file, {"Restart": ["always"]}),
		])
	}
}

test_the_docker_wrapper_is_left_alone if {
	_found({"Restart": ["no"], "ExecStartPre": ["-/usr/bin/docker rm -f etcd1"]}) == set()
	_found({"Restart": ["no"], "ExecStop": ["/usr/bin/docker stop etcd1"]}) == set()
}

test_templates_are_left_alone if _found({"Restart": ["{{ restart }}"], "EnvironmentFile": []}) == set()

_found(change) := messages if {
	units := _input([_unit("etcd.service", object.union(_sound, change))])
	messages := {m | some f in rule.deny; m := object.get(f, "message", "")} with input as units
}

_unit(file, service) := {"target": "systemd-unit", "file": file, "value": {"Service": service}}

_input(set) := {"set": set, "parameters": {"etcd-service-weak": {"least_files": 4096}}}
