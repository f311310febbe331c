package policies.rules.etcd["etcd-backup-script-unsafe_test"]

import data.policies.rules.etcd["etcd-backup-script-unsafe"] as rule

_list := `ls -lt |awk '{if(NR > '$KEEPBACKUPNUMBER'){print "rm -rf "$9}}'|sh`

test_a_failing_cd_is_passed_over if {
	cd := "cd $BACKUP_DIR/../;"
	lines := ["#!/bin/bash", concat("", [cd, _list])]
	rule.deny == {{"path": ["lines", 1], "args": {"cd": cd}}} with input as _script(lines)
}

test_spellings_of_the_cd if {
	every cd in [
		`cd $BACKUP_DIR/.. ;`, `cd "$BACKUP_DIR/../";`, `cd "${BACKUP_DIR}"/..;`, `{ cd ${BACKUP_DIR}/../ ; `,
		"sleep 3; cd $BACKUP_DIR/..;",
	] {
		_found([concat("", [cd, _list])]) == {""}
	}
}

test_the_listing_may_stand_below if {
	_found(["cd $BACKUP_DIR/..", "", "# the newest stay", _list]) == {""}
	_found(["cd $BACKUP_DIR/..\r", _list]) == {""}
	_found(["cd $BACKUP_DIR/.. && \\", _list]) == {"goes-on"}
}

test_a_guarded_cd_still_rotates if {
	every end in [" && ", "&&", " || exit 1; "] {
		_found([concat("", ["cd $BACKUP_DIR/../", end, _list])]) == {"goes-on"}
	}
}

test_scripts_that_stop_at_an_error if {
	every stop in [
		"set -e",
		"set -o errexit",
		"set -euo pipefail",
		"set -u -e",
		"set -o pipefail -o errexit",
		"sleep 1; set -eu; sleep 1",
		"#!/bin/bash -e",
		"#!/bin/sh -eu",
		"etcdctl snapshot save x || exit 1",
		"etcdctl snapshot save x || { exit 1; }",
	] {
		_found([stop, concat("", ["cd $BACKUP_DIR/../;", _list])]) == set()
		_found([stop, concat("", ["cd $BACKUP_DIR/../ && ", _list])]) == set()
	}
}

test_what_does_not_stop_it if {
	every line in [
		"#!/bin/bash",
		"# set -e",
		"set -o pipefail",
		"set -u",
		"set +e",
		"set -x; ls -le",
		"echo x # || exit",
		"offset -e",
	] {
		_found([line, concat("", ["cd $BACKUP_DIR/../;", _list])]) == {""}
	}
	_found([concat("", ["cd $BACKUP_DIR/../;", _list]), "set -e"]) == {""}
}

test_other_scripts if {
	every lines in [
		[],
		["cd $BACKUP_DIR/..; find . -mtime +7 -delete"],
		["cd $BACKUP_DIR/.."],
		[concat("", ["# cd $BACKUP_DIR/../;", _list])],
		[concat("", ["cd /var/backups;", _list])],
		[concat("", ["cd $BACKUP_DIR;", _list])],
		["cd $BACKUP_DIR/..; ls -t | xargs rm -rf"],
	] {
		_found(lines) == set()
	}
}

test_a_listing_of_nothing_but_backups_spares_the_rest if {
	_found([`cd $BACKUP_DIR/..; ls -dt etcd-* | awk '{print "rm -rf "$1}' | sh`]) == set()
	_found([`cd $BACKUP_DIR/.. && ls -dt etcd-* | awk '{print "rm -rf "$1}' | sh`]) == {"goes-on"}
}

test_the_script_of_v4_is_another if {
	count(rule.deny) == 0 with input as {"document": {
		"file": "node1/usr/local/bin/kube-scripts/backup_etcd.sh",
		"value": {"lines": [concat("", ["cd $BACKUP_DIR/../;", _list])]},
	}}
}

_found(lines) := messages if {
	messages := {m | some f in rule.deny; m := object.get(f, "message", "")} with input as _script(lines)
}

_script(lines) := {"document": {
	"file": "node1/usr/local/bin/kube-scripts/etcd-backup.sh",
	"target": "script",
	"value": {"lines": lines},
}}
