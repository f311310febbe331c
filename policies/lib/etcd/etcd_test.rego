package policies.lib.etcd_test

import data.policies.lib.etcd
import future.keywords.not

_cluster(etcd, groups) := {
	"target": "kubekey-cluster",
	"value": {"spec": {"Etcd": etcd, "roleGroups": groups}},
}

_inventory(groups) := {"target": "kubekey-inventory", "value": {"spec": {"groups": groups}}}

test_members_are_the_distinct_hosts_of_the_group if {
	etcd.members == {
		"path": ["spec", "roleGroups", "etcd"],
		"value": ["n1", "n2"],
	} with input as {"document": _cluster({}, {"etcd": ["n1", "n[1:2]"]})}
}

test_no_group_is_no_member if {
	etcd.members_of(_cluster({}, {})) == {"path": ["spec", "roleGroups", "etcd"], "value": []}
	etcd.members_of(_inventory({})) == {"path": ["spec", "groups", "etcd"], "value": []}
}

test_etcd_that_kk_does_not_run_has_no_members if {
	every type in ["external", "kubeadm", "Kubekey"] {
		not etcd.members_of(_cluster({"type": type}, {"etcd": ["n1"]}))
	}
}

test_four_reads_child_groups if {
	document := _inventory({"etcd": {"groups": ["masters"]}, "masters": {"hosts": ["n1", "n2"]}})
	etcd.members_of(document) == {"path": ["spec", "groups", "etcd"], "value": ["n1", "n2"]}
}

test_a_template_hides_the_members if {
	not etcd.members_of(_cluster({}, {"etcd": ["{{ n }}"]}))
	not etcd.members_of(_inventory({"etcd": {"hosts": ["{{ n }}"]}}))
}

test_other_documents_have_no_members if not etcd.members_of({"target": "workload", "value": {"spec": {}}})

test_settings_of_a_cluster if {
	documents := [{"target": "workload"}, _cluster({"heartbeatInterval": 100, "QuotaBackendBytes": 8e9}, {})]
	etcd.settings(documents) == [{
		"heartbeat": {
			"name": "heartbeatInterval",
			"value": 100,
			"path": ["spec", "Etcd", "heartbeatInterval"],
			"document": 1,
			"written": true,
		},
		"election": {
			"name": "electionTimeout",
			"value": 5000,
			"path": ["spec", "Etcd", "electionTimeout"],
			"document": 1,
			"written": false,
		},
		"quota": {
			"name": "quotaBackendBytes",
			"value": 8000000000,
			"path": ["spec", "Etcd", "QuotaBackendBytes"],
			"document": 1,
			"written": true,
		},
	}]
}

test_the_last_extra_arg_wins_over_the_field if {
	args := ["ETCD_QUOTA_BACKEND_BYTES=1", " ETCD_QUOTA_BACKEND_BYTES = '2' ", "ETCD_QUOTA=3", {"ETCD_QUOTA": 4}, "--x"]
	_quota({"extraArgs": args, "quotaBackendBytes": 5}) == {
		"name": "ETCD_QUOTA_BACKEND_BYTES",
		"value": "2",
		"path": ["spec", "Etcd", "extraArgs", 1],
		"document": 0,
		"written": true,
	}
	_quota({"extraArgs": ["ETCD_QUOTA_BACKEND_BYTES="], "quotaBackendBytes": 5}).value == ""
	_quota({"extraArgs": "ETCD_QUOTA_BACKEND_BYTES=1", "quotaBackendBytes": 5}).value == 5
	_quota({"extraArgs": ["ETCD_WAL_DIR=/w"], "quotaBackendBytes": 5}).value == 5
	not _quota({"extraArgs": ["ETCD_QUOTA_BACKEND_BYTES={{ x }}"], "quotaBackendBytes": 5})
}

test_an_old_kk_has_no_extra_args if {
	every kk, quota in {"3.1.2": 5, "3.1.3": "1"} {
		args := {"extraArgs": ["ETCD_QUOTA_BACKEND_BYTES=1"], "quotaBackendBytes": 5}
		document := object.union(_cluster(args, {}), {"versions": {"kubekey": kk}})
		etcd.settings([document])[0].quota.value == quota
	}
}

test_an_older_kk_has_no_fields if {
	document := object.union(_cluster({"quotaBackendBytes": 5}, {}), {"versions": {"kubekey": "3.0.7"}})
	not etcd.has_fields(document)
	etcd.settings([document]) == []
	etcd.has_fields(object.union(document, {"versions": {"kubekey": "3.0.8"}}))
	etcd.has_fields({"target": "kubekey-cluster"})
}

test_settings_of_members if {
	env := {"document": 1, "config_file": false, "settings": {
		"ETCD_HEARTBEAT_INTERVAL": {"path": ["variables", "ETCD_HEARTBEAT_INTERVAL"], "value": "250"},
		"ETCD_ELECTION_TIMEOUT": {"path": ["variables", "ETCD_ELECTION_TIMEOUT"], "value": null},
	}}
	etcd.member_settings([env, {"document": 2, "config_file": true, "settings": {}}]) == [{
		"heartbeat": {
			"name": "ETCD_HEARTBEAT_INTERVAL",
			"value": "250",
			"path": ["variables", "ETCD_HEARTBEAT_INTERVAL"],
			"document": 1,
			"written": true,
		},
		"retention": {
			"name": "ETCD_AUTO_COMPACTION_RETENTION",
			"value": 0,
			"path": [],
			"document": 1,
			"written": false,
		},
	}]
}

test_flags_have_their_own_names if {
	etcd.name_at("ETCD_PEER_CERT_FILE", ["spec", "containers", 0, "command", 3]) == "--peer-cert-file"
	etcd.name_at("ETCD_NAME", ["spec", "containers", 0, "env", 0, "value"]) == "ETCD_NAME"
	etcd.name_at("ETCD_NAME", ["variables", "ETCD_NAME"]) == "ETCD_NAME"
}

test_what_kk_cannot_read_is_no_setting if {
	every x in ["8G", "8", 1.5, true, [], {}, "{{ x }}", null] {
		not _quota({"quotaBackendBytes": x})
	}
}

test_etcd_that_kk_does_not_run_has_no_settings if {
	etcd.settings([_cluster({"type": "external"}, {})]) == []
}

test_settings_of_four_stand_in_config_or_inventory if {
	documents := [
		{"target": "kubekey-config", "value": {"spec": {"etcd": {"env": {"quota_backend_bytes": "8"}}}}},
		{"target": "kubekey-inventory", "value": {"spec": {"vars": {"etcd": {"env": {"heartbeat_interval": 100}}}}}},
	]
	[settings] := etcd.settings(documents)
	settings.quota == {
		"name": "quota_backend_bytes",
		"value": "8",
		"path": ["spec", "etcd", "env", "quota_backend_bytes"],
		"in": "config",
		"document": 0,
		"written": true,
	}
	settings.heartbeat.document == 1
	settings.election.written == false
	settings.election.document == null
	not settings.retention
}

test_stacked_etcd_of_four_has_no_settings if {
	config := {"target": "kubekey-config", "value": {"spec": {"etcd": {"deployment_type": "internal"}}}}
	etcd.settings([config]) == []
}

test_no_integers if {
	every x in ["8G", "8e9", "5s", "x", 1.5, true] {
		etcd.no_integer(x)
	}
	every x in [0, -1, 8e9, 2147483648.0, "8", " -8 ", "", "{{ x }}", null, [], {}] {
		not etcd.no_integer(x)
	}
}

_quota(settings) := etcd.settings([_cluster(settings, {})])[0].quota
