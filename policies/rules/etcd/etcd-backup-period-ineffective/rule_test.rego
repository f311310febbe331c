package policies.rules.etcd["etcd-backup-period-ineffective_test"]

import data.policies.rules.etcd["etcd-backup-period-ineffective"] as rule

test_an_hour_and_a_half if {
	rule.deny == {{
		"path": ["spec", "etcd", "backupPeriod"],
		"args": {"field": "backupPeriod", "minutes": 90},
	}} with input as _cluster({"etcd": {"backupPeriod": 90}}, {})
}

test_periods if {
	every minutes, messages in {
		0: set(),
		1: set(),
		30: set(),
		60: set(),
		120: set(),
		300: set(),
		1440: set(),
		7: {""},
		45: {""},
		61: {""},
		1439: {""},
		1441: {"daily"},
		2880: {"daily"},
		-5: {"negative"},
		1.5: set(),
		"90": set(),
		"{{ minutes }}": set(),
		null: set(),
	} {
		_found(_cluster({"etcd": {"backupPeriod": minutes}}, {})) == messages
	}
}

test_etcd_that_kk_does_not_run if {
	every type in ["external", "kubeadm", "Kubekey"] {
		_found(_cluster({"etcd": {"type": type, "backupPeriod": 90}}, {})) == set()
	}
}

test_the_old_field if {
	every kk, messages in {"1.2.1": {"empty"}, "2.0.1": {"daily"}, "2.1.0": set(), "3.1.12": set()} {
		_found(_cluster({"kubernetes": {"etcdBackupPeriod": 2880}}, {"kubekey": kk})) == messages
	}
	every kk, messages in {"1.2.1": set(), "2.0.1": {""}, "2.1.0": set()} {
		_found(_cluster({"kubernetes": {"etcdBackupPeriod": 90}}, {"kubekey": kk})) == messages
	}
	_found(_cluster({"kubernetes": {"etcdBackupPeriod": 2880}}, {})) == set()
	old := {"document": {"value": {"apiVersion": "kubekey.kubesphere.io/v1alpha1"}}}
	_found(object.union(_cluster({"kubernetes": {"etcdBackupPeriod": 2880}}, {}), old)) == {"empty"}
	_found(_cluster({"etcd": {"backupPeriod": 90}}, {"kubekey": "2.0.1"})) == set()
}

_cron := [
	"if [[ ! $ETCDBACKUPHOUR ]]; then",
	`  time="*/$ETCDBACKUPPERIOD * * * *"`,
	"else",
	`  time="* */$ETCDBACKUPHOUR * * *"`,
	"fi",
	"crontab /tmp/file",
]

test_every_minute_of_an_hour if {
	rule.deny == {{"path": ["lines", 0], "message": "minutely", "args": {}}} with input as _script(array.concat(
		["ETCDBACKUPPERIOD='0'", "ETCDBACKUPHOUR='12'"],
		_cron,
	))
}

test_a_line_that_crontab_refuses if {
	every hour in [[], ["ETCDBACKUPHOUR=''"], ["ETCDBACKUPHOUR="]] {
		_found(_script(array.concat(array.concat(["ETCDBACKUPPERIOD=0 # none"], hour), _cron))) == {"refused"}
	}
}

test_sound_scripts if {
	every lines in [
		[],
		array.concat(["ETCDBACKUPPERIOD='30'", "ETCDBACKUPHOUR='12'"], _cron),
		array.concat(["ETCDBACKUPPERIOD='30'"], _cron),
		array.concat(["# ETCDBACKUPPERIOD='0'"], _cron),
		["ETCDBACKUPPERIOD='0'", "ETCDBACKUPHOUR='12'", `time="* */$ETCDBACKUPHOUR * * *"`, "# crontab /tmp/file"],
		["ETCDBACKUPPERIOD='0'", "ETCDBACKUPHOUR='12'", `time="0 */$ETCDBACKUPHOUR * * *"`, "crontab /tmp/file"],
		["ETCDBACKUPPERIOD='0'", `time="0 2 * * *"`, "crontab /tmp/file"],
	] {
		_found(_script(lines)) == set()
	}
}

_found(document) := messages if {
	messages := {m | some f in rule.deny; m := object.get(f, "message", "")} with input as document
}

_cluster(spec, versions) := {"document": {
	"target": "kubekey-cluster",
	"versions": versions,
	"value": {"apiVersion": "kubekey.kubesphere.io/v1alpha2", "spec": spec},
}}

_script(lines) := {"document": {"target": "script", "file": "etcd-backup.sh", "value": {"lines": lines}}}
