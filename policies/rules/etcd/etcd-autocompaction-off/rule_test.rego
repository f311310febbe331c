package policies.rules.etcd["etcd-autocompaction-off_test"]

import data.policies.rules.etcd["etcd-autocompaction-off"] as rule

test_a_kubekey_file_that_switches_both_off if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "etcd", "autoCompactionRetention"],
		"args": {},
	}} with input as _input([_cluster({"autoCompactionRetention": 0}, ["v=2", "etcd-compaction-interval=0"])], [])
}

test_one_of_the_two_is_enough if {
	_found([_cluster({"autoCompactionRetention": 0}, [])], []) == set()
	_found([_cluster({"autoCompactionRetention": 0}, null)], []) == set()
	_found([_cluster({"autoCompactionRetention": 8}, ["etcd-compaction-interval=0"])], []) == set()
	_found([_cluster({}, ["etcd-compaction-interval=0"])], []) == set()
	_found([_cluster({"autoCompactionRetention": 0}, ["etcd-compaction-interval=5m"])], []) == set()
}

test_the_last_argument_counts if {
	args := ["etcd-compaction-interval=0", "etcd-compaction-interval=1m"]
	_found([_cluster({"autoCompactionRetention": 0}, args)], []) == set()
}

test_many_ways_to_write_nothing if {
	every interval in ["0", "0s", "0m0s", "0h"] {
		_found([_cluster({"autoCompactionRetention": 0}, [sprintf("etcd-compaction-interval=%s", [interval])])], []) == {""}
	}
	every retention in ["0", "0h", "0m"] {
		_found([_member(retention), _apiserver(["--etcd-compaction-interval=0"])], [0]) == {""}
	}
}

test_what_a_member_leaves_out_is_nothing if {
	rule.deny == {{
		"document": 1,
		"path": ["spec", "containers", 0, "command", 1],
		"args": {},
	}} with input as _input([_member(null), _apiserver(["--etcd-compaction-interval=0"])], [0])
	_found([_member("8"), _apiserver(["--etcd-compaction-interval=0"])], [0]) == set()
	_found([_member("{{ x }}"), _apiserver(["--etcd-compaction-interval=0"])], [0]) == set()
}

test_a_kube_apiserver_that_compacts_is_enough if {
	every flags in [[], ["--etcd-compaction-interval=5m"], ["--etcd-compaction-interval=$(INTERVAL)"]] {
		_found([_member(null), _apiserver(["--etcd-compaction-interval=0"]), _apiserver(flags)], [0]) == set()
	}
}

test_a_kube_apiserver_of_another_cluster if {
	far := object.union(_apiserver(["--etcd-compaction-interval=0"]), {"host": "b"})
	_found([_member(null), far], [0]) == set()
	linked := json.patch(_input([_member(null), far], [0]), [{
		"op": "add",
		"path": "/facts/etcd/clients/0",
		"value": {"document": 1, "servers": [{"host": "10.0.0.1"}]},
	}])
	count(rule.deny) == 1 with input as linked
	one := object.union(_input([_member(null), far], [0]), {"facts": {"etcd": {"one_cluster": true}}})
	count(rule.deny) == 1 with input as one
}

test_values_that_etcd_refuses if {
	every x in ["1d", "8 hours", "-1", "8x"] {
		_found([_member(x)], [0]) == {"etcd"}
	}
	every x in ["8", "8h", "1h30m", "1.5h", "-1h", "500ms", "{{ x }}"] {
		_found([_member(x)], [0]) == set()
	}
	_found([_cluster({"autoCompactionRetention": -1}, [])], []) == {"etcd"}
	_found([_cluster({"type": "kubeadm", "autoCompactionRetention": -1}, [])], []) == set()
	_found([_cluster({"extraArgs": ["ETCD_AUTO_COMPACTION_RETENTION=1d"]}, [])], []) == {"etcd"}
}

test_values_that_kk_cannot_read if {
	every x in ["8h", 1.5, true] {
		_found([_cluster({"autoCompactionRetention": x}, [])], []) == {"unreadable"}
		_found([_cluster({"type": "external", "autoCompactionRetention": x}, [])], []) == {"unreadable"}
	}
	every x in ["8", null, "", "{{ x }}", []] {
		_found([_cluster({"autoCompactionRetention": x}, [])], []) == set()
	}
}

test_an_older_kk_has_no_field if {
	every x in ["8h", -1] {
		document := object.union(_cluster({"autoCompactionRetention": x}, []), {"versions": {"kubekey": "3.0.7"}})
		_found([document], []) == set()
	}
}

test_v4 if {
	every x in ["1d", 1.5, -1, true] {
		_found([_config(x)], []) == {"etcd"}
	}
	every x in ["8h", 8, "8", 0] {
		_found([_config(x)], []) == set()
	}
	_found([_config(0), _apiserver(["--etcd-compaction-interval=0"])], []) == {""}
}

_found(set, members) := messages if {
	documents := _input(set, members)
	messages := {m | some f in rule.deny; m := object.get(f, "message", "")} with input as documents
}

_cluster(etcd, args) := {
	"target": "kubekey-cluster",
	"host": "",
	"value": {"spec": {"etcd": etcd, "kubernetes": {"apiserverArgs": args}}},
}

_config(x) := {
	"target": "kubekey-config",
	"host": "",
	"value": {"spec": {"etcd": {"env": {"compaction_retention": x}}}},
}

_member(x) := {"target": "etcd-env", "host": "", "value": {"variables": {"ETCD_AUTO_COMPACTION_RETENTION": x}}}

_apiserver(flags) := {"target": "static-pod", "host": "", "value": {
	"apiVersion": "v1",
	"kind": "Pod",
	"spec": {"containers": [{
		"name": "kube-apiserver",
		"command": array.concat(["kube-apiserver"], flags),
	}]},
}}

_input(set, members) := {"set": set, "facts": {"etcd": {
	"one_cluster": false,
	"clients": [],
	"members": [{"document": i, "config_file": false, "settings": settings} |
		some i in members
		settings := object.union(
			_setting(set[i].value.variables.ETCD_AUTO_COMPACTION_RETENTION),
			{"ETCD_ADVERTISE_CLIENT_URLS": {"path": [], "value": "…", "urls": [{"host": "10.0.0.1"}]}},
		)
	],
}}}

_setting(null) := {}

_setting(x) := {"ETCD_AUTO_COMPACTION_RETENTION": {
	"path": ["variables", "ETCD_AUTO_COMPACTION_RETENTION"],
	"value": object.get({"{{ x }}": null}, x, x),
}} if {
	x != null
}
