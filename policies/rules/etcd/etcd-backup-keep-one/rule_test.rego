package policies.rules.etcd["etcd-backup-keep-one_test"]

import data.policies.rules.etcd["etcd-backup-keep-one"] as rule

_list := `cd $BACKUP_DIR/../ && ls -lt |awk '{if(NR > '$KEEPBACKUPNUMBER'){print "rm -rf "$9}}'|sh`

test_the_head_line_is_no_backup if {
	rule.deny == {{"document": 0, "path": ["lines", 1], "args": {"number": 1}}} with input as _script([
		"#!/bin/bash",
		"KEEPBACKUPNUMBER='1'",
		_list,
	])
}

test_how_many_a_script_keeps if {
	every number, messages in {
		"'0'": {""},
		"-1": {""},
		`"1" # one`: {""},
		"1;": {""},
		"2": {"script-single"},
		"'3'": set(),
		"6": set(),
		"'01'": set(),
		"'x'": set(),
		"$N": set(),
		"": set(),
		"'1": {""},
		"1.5": set(),
	} {
		_found(_script([concat("", ["KEEPBACKUPNUMBER=", number]), _list])) == messages
	}
	_found(_script(["export KEEPBACKUPNUMBER=1", _list])) == {""}
}

test_other_ways_to_count if {
	every line in [
		`cd $BACKUP_DIR/.. && ls -lt | grep etcd- | awk '{if(NR > '$KEEPBACKUPNUMBER'){print "rm -rf "$9}}'|sh`,
		`cd $BACKUP_DIR/.. && ls -ldt etcd-* | awk '{if(NR > '$KEEPBACKUPNUMBER'){print "rm -rf "$9}}'|sh`,
		`cd $BACKUP_DIR/.. && ls -ldt | awk '{if(NR > '$KEEPBACKUPNUMBER'){print "rm -rf "$9}}'|sh`,
		`cd $BACKUP_DIR/.. && ls -1t | awk '{if(NR > '$KEEPBACKUPNUMBER'){print "rm -rf "$1}}'|sh`,
		`cd $BACKUP_DIR/.. && ls -lt | awk '{if(NR > '$KEEPBACKUPNUMBER' + 1){print "rm -rf "$9}}'|sh`,
		`# cd $BACKUP_DIR/.. && ls -lt | awk '{if(NR > '$KEEPBACKUPNUMBER'){print "rm -rf "$9}}'|sh`,
		"find . -mtime +7 -delete",
	] {
		_found(_script(["KEEPBACKUPNUMBER=1", line])) == set()
	}
	_found(_script(["KEEPBACKUPNUMBER=1", "((KEEPBACKUPNUMBER+=1))", _list])) == set()
	_found(_script(["KEEPBACKUPNUMBER=1", "KEEPBACKUPNUMBER=5", _list])) == set()
	_found(_script([_list])) == set()
}

test_a_script_of_v4_adds_one if {
	every number, messages in {"0": {"script-v4"}, "'-2'": {"script-v4"}, "1": set(), "2": set(), "5": set()} {
		_found(_script([concat("", ["KEEPBACKUPNUMBER=", number]), "((KEEPBACKUPNUMBER++))", "ls -1r"])) == messages
	}
}

test_the_field if {
	rule.deny == {{
		"document": 1,
		"path": ["spec", "etcd", "keepBackupNumber"],
		"message": "field",
		"args": {"field": "keepBackupNumber", "number": -1},
	}} with input as {"set": [null, _cluster({"etcd": {"keepBackupNumber": -1}}, {})]}
	every x, messages in {1: {"single"}, 0: set(), 2: set(), 5: set(), null: set(), "1": set(), "{{ n }}": set()} {
		_found({"set": [_cluster({"etcd": {"keepBackupNumber": x}}, {})]}) == messages
	}
}

test_etcd_that_kk_does_not_run if {
	every type in ["external", "kubeadm", "Kubekey"] {
		_found({"set": [_cluster({"etcd": {"type": type, "keepBackupNumber": -1}}, {})]}) == set()
	}
}

test_the_old_field if {
	spec := {"kubernetes": {"keepBackupNumber": -1}}
	every kk, n in {"1.2.1": 1, "2.0.1": 1, "2.1.0": 0} {
		count(rule.deny) == n with input as {"set": [_cluster(spec, {"kubekey": kk})]}
	}
	_found({"set": [_cluster(spec, {})]}) == set()
	old := object.union(_cluster(spec, {}), {"value": {"apiVersion": "kubekey.kubesphere.io/v1alpha1"}})
	_found({"set": [old]}) == {"field"}
	_found({"set": [_cluster({"etcd": {"keepBackupNumber": -1}}, {"kubekey": "2.0.1"})]}) == set()
}

test_the_setting_of_v4 if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "vars", "etcd", "backup", "keep_backup_number"],
		"message": "field",
		"args": {"field": "keep_backup_number", "number": 0},
	}} with input as {"set": [{
		"target": "kubekey-inventory",
		"value": {"spec": {"vars": {"etcd": {"backup": {"keep_backup_number": 0}}}}},
	}]}
	every x, messages in {-3: {"field"}, "0": {"field"}, 1: set(), 5: set(), "{{ n }}": set(), "": set()} {
		_found({"set": [_config({"backup": {"keep_backup_number": x}})]}) == messages
	}
	_found({"set": [_config({"backup": {"keep_backup_number": 0}, "deployment_type": "internal"})]}) == set()
	_found({"set": [_config({})]}) == set()
}

_found(set) := messages if {
	messages := {m | some f in rule.deny; m := object.get(f, "message", "")} with input as set
}

_script(lines) := {"set": [{"target": "script", "file": "etcd-backup.sh", "value": {"lines": lines}}]}

_cluster(spec, versions) := {
	"target": "kubekey-cluster",
	"versions": versions,
	"value": {"apiVersion": "kubekey.kubesphere.io/v1alpha2", "spec": spec},
}

_config(etcd) := {"target": "kubekey-config", "value": {"spec": {"etcd": etcd}}}
