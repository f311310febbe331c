package policies.rules.etcd["etcd-backup-script-unbound_test"]

import data.policies.rules.etcd["etcd-backup-script-unbound"] as rule

_save := `etcdctl --endpoints="$ENDPOINTS" snapshot save $BACKUP_DIR/snapshot.db \`

test_what_nobody_sets_ends_the_script if {
	rule.deny == {{"document": 0, "path": ["lines", 2], "args": {}}} with input as _set("backup_etcd.sh", [
		"set -o nounset",
		`ETCD_ENDPOINTS="https://10.0.0.1:2379"`,
		_save,
	])
}

test_spellings_of_nounset_and_of_the_reading if {
	every on in ["set -u", "set -euo pipefail", "set -e -o nounset", "sleep 1; set -eu"] {
		_found("backup_etcd.sh", [on, _save]) == {""}
	}
	every reading in ["echo ${ENDPOINTS}", "x=$ENDPOINTS", "$ENDPOINTS"] {
		_found("backup_etcd.sh", ["set -u", reading]) == {""}
	}
}

test_it_may_be_set if {
	every line in [
		"ENDPOINTS=https://10.0.0.1:2379",
		"export ENDPOINTS=x",
		"true; ENDPOINTS=x",
		"read -r ENDPOINTS",
		"for ENDPOINTS in a b; do",
		"source /etc/etcd.env",
		". ./env",
		": ${ENDPOINTS:=https://10.0.0.1:2379}",
	] {
		_found("backup_etcd.sh", ["set -u", line, _save]) == set()
	}
}

test_these_do_not_set_it if {
	every line in [
		"# ENDPOINTS=x",
		"ETCD_ENDPOINTS=x",
		"export ETCDCTL_ENDPOINTS=x",
		`echo "no $ENDPOINTS_OF_ALL"`,
	] {
		_found("backup_etcd.sh", ["set -u", line, _save]) == {""}
	}
	_found("backup_etcd.sh", ["set -u", _save, "ENDPOINTS=x"]) == {""}
}

test_nothing_is_read if {
	every line in [
		"# $ENDPOINTS", "echo ${ENDPOINTS:-https://10.0.0.1:2379}", "echo \\$ENDPOINTS", "echo $ETCD_ENDPOINTS",
		"echo $ENDPOINTS2",
	] {
		_found("backup_etcd.sh", ["set -u", line]) == set()
	}
	_found("backup_etcd.sh", [_save]) == set()
	_found("backup_etcd.sh", ["# set -u", "set +u", "set -o pipefail", _save, "set -u"]) == set()
	_found("backup_etcd.sh", []) == set()
}

test_the_unit_may_set_it if {
	script := _set("backup_etcd.sh", ["set -u", _save]).set
	every service, n in {
		{"EnvironmentFile": ["/etc/etcd.env"]}: 0,
		{"Environment": ["A=1 ENDPOINTS=https://10.0.0.1:2379"]}: 0,
		{"Environment": [`"ENDPOINTS=x"`]}: 0,
		{"Environment": ["ETCDCTL_ENDPOINTS=x"]}: 1,
		{"ExecStart": ["/usr/local/bin/kube-scripts/backup_etcd.sh"]}: 1,
	} {
		unit := _unit("backup-etcd.service", {"Service": service})
		count(rule.deny) == n with input as {"set": array.concat(script, [null, unit])}
	}
	other := _unit("etcd.service", {"Service": {"EnvironmentFile": ["/etc/etcd.env"]}})
	bare := _unit("backup-etcd.service", {"Unit": {}})
	count(rule.deny) == 1 with input as {"set": array.concat(script, [other, bare])}
	drop_in := _unit("backup-etcd.service.d/env.conf", {"Service": {"Environment": ["ENDPOINTS=x"]}})
	count(rule.deny) == 0 with input as {"set": array.concat(script, [drop_in])}
}

_unit(name, sections) := {
	"target": "systemd-unit",
	"file": sprintf("n/etc/systemd/system/%s", [name]),
	"value": sections,
}

test_a_snapshot_of_several_members if {
	rule.deny == {{"document": 0, "path": ["lines", 1], "message": "several", "args": {"count": 2}}} with input as _set(
		"etcd-backup.sh",
		["KEEPBACKUPNUMBER='6'", "ENDPOINTS='https://10.0.0.1:2379,https://10.0.0.2:2379'", "#", _save, " --cert=x"],
	)
	every lines in [
		["etcdctl snapshot save x \\", " --cacert=ca \\", "  --endpoints=https://a:2379,https://b:2379"],
		["etcdctl --endpoints 'https://a:2379,https://b:2379' snapshot save x"],
		["ALL=a,b", "etcdctl --endpoints=${ALL} snapshot save x"],
	] {
		_found("etcd-backup.sh", array.concat(["KEEPBACKUPNUMBER='6'"], lines)) == {"several"}
		_found("backup_etcd.sh", array.concat(["KEEPBACKUPNUMBER='6'"], lines)) == {"several"}
		_found("etcd-backup.sh", lines) == set()
	}
}

test_one_member_or_nobody_knows if {
	every lines in [
		["ENDPOINTS='https://10.0.0.1:2379'", _save],
		["etcdctl --endpoints=a,b endpoint health; etcdctl --endpoints=a snapshot save x"],
		["etcdctl --endpoints=a,b endpoint health", "etcdctl snapshot save x"],
		["ENDPOINTS=a,b", "ENDPOINTS=a", _save],
		["ALL=a,b", "ENDPOINTS=${ALL%%,*}", _save],
		["ENDPOINTS=$(echo a,b | cut -d, -f1)", _save],
		["ENDPOINTS=`echo a,b`", _save],
		["ENDPOINTS=a,b", "etcdctl --endpoints=${ENDPOINTS%%,*} snapshot save x"],
		["# etcdctl --endpoints=a,b snapshot save x"],
		["# ENDPOINTS=a,b", "ENDPOINTS=a", _save],
		[_save],
	] {
		_found("etcd-backup.sh", array.concat(["KEEPBACKUPNUMBER='6'"], lines)) == set()
	}
}

test_one_finding_a_script if {
	_found("backup_etcd.sh", ["set -u", "KEEPBACKUPNUMBER='6'", `ETCD_ENDPOINTS="a,b"`, _save]) == {""}
	_found("etcd-backup.sh", ["set -u", "KEEPBACKUPNUMBER='6'", _save]) == set()
}

_found(name, lines) := messages if {
	messages := {m | some f in rule.deny; m := object.get(f, "message", "")} with input as _set(name, lines)
}

_set(name, lines) := {"set": [{
	"target": "script",
	"file": sprintf("node1/usr/local/bin/kube-scripts/%s", [name]),
	"value": {"lines": lines},
}]}
