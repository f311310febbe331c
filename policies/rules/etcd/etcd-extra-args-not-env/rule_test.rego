package policies.rules.etcd["etcd-extra-args-not-env_test"]

import data.policies.rules.etcd["etcd-extra-args-not-env"] as rule

test_a_flag_is_no_variable if {
	rule.deny == {{
		"path": ["spec", "etcd", "extraArgs", 1],
		"args": {"item": "--max-txn-ops"},
	}} with input as _cluster({"extraArgs": ["ETCD_MAX_WALS=5", "--max-txn-ops=2048"]})
}

test_items if {
	every item, messages in {
		"ETCD_MAX_TXN_OPS=2048": set(),
		" ETCD_MAX_TXN_OPS = 2048": set(),
		"GODEBUG=madvdontneed=1": set(),
		"ETCDCTL_API=3": set(),
		"x_1=2": set(),
		"": set(),
		"  ": set(),
		"# ETCD_MAX_TXN_OPS 2048": set(),
		" ; x": set(),
		"--x={{ x }}": set(),
		"max-txn-ops=2048": {""},
		"export ETCD_X=1": {""},
		"ETCD_MAX_TXN_OPS 2048": {""},
		"ETCD_max-txn-ops=1": {""},
		"ETCD_max_txn_ops=1": {""},
		"1X=2": {""},
		"=2": {""},
		2048: {"no-text"},
		true: {"no-text"},
		null: set(),
	} {
		_found({"extraArgs": [item]}) == messages
	}
	_found({"extraArgs": [{"ETCD_MAX_TXN_OPS": 2048}]}) == {"no-text"}
	_found({"extraArgs": [["x"]]}) == {"no-text"}
}

test_the_value_is_not_shown if {
	{f.args.item | some f in rule.deny} == {"initial-cluster-token", "export A"} with input as _cluster({"extraArgs": [
		"initial-cluster-token=secret",
		"export A = secret",
	]})
}

test_a_list_that_is_none if {
	every list in [null, "--x", {"--x": 1}, 5] {
		_found({"extraArgs": list}) == set()
	}
}

test_etcd_that_kk_does_not_run if {
	every type in ["external", "kubeadm"] {
		_found({"type": type, "extraArgs": ["--x", 5]}) == set()
	}
}

_found(etcd) := messages if {
	messages := {m | some f in rule.deny; m := object.get(f, "message", "")} with input as _cluster(etcd)
}

_cluster(etcd) := {"document": {"target": "kubekey-cluster", "value": {"spec": {"etcd": etcd}}}}
