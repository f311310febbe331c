package policies.rules.etcd["etcd-backup-dir-shared_test"]

import data.policies.rules.etcd["etcd-backup-dir-shared"] as rule

test_a_folder_that_holds_etcd if {
	rule.deny == {{
		"document": 0,
		"path": ["spec", "etcd", "backupDir"],
		"message": "holds",
		"args": {"dir": "/data", "folders": ["/data/etcd"]},
	}} with input as _input({"etcd": {"dataDir": "/data/etcd/", "backupDir": "/data"}}, {})
}

test_folders_of_the_system if {
	every dir in ["/", "//", "/etc", "/var/backups/", "/home/ops", "/opt", "/tmp/.", "/var/lib/x/..", "/../usr"] {
		_found({"etcd": {"backupDir": dir}}) == {""}
	}
}

test_folders_that_hold_something if {
	every dir in [
		"/var/lib/etcd",
		"/usr/local/bin/kube-scripts",
		"/var/lib/kubelet",
		"/etc/kubernetes",
		"/var/openebs/./",
		"/srv//docker/x/../../docker",
	] {
		_found({"etcd": {"backupDir": dir}, "registry": {"dockerDataDir": "/srv/docker"}}) == {"holds"}
	}
	_found({"etcd": {"backupDir": "/srv"}, "registry": {"dockerDataDir": "/srv/docker"}}) == {"holds"}
	_found({"etcd": {"backupDir": "/s", "backupScript": "/s"}}) == {"holds"}
	_found({"etcd": {"backupDir": "/s"}, "storage": {"openebs": {"basePath": "/s/local"}}}) == {"holds"}
}

test_folders_that_people_share if {
	every dir in ["/data", "/mnt/", "/media", "/srv"] {
		_found({"etcd": {"backupDir": dir}}) == {"shared"}
	}
}

test_sound_folders if {
	every dir in [
		null,
		"",
		"/var/backups/kube_etcd",
		"/backup",
		"/data/etcd-backup",
		"/data/etcd/backup",
		"/home/ops/etcd",
		"/opt/etcd",
		"/var/lib/etcd-backup",
		"/etc/../backup",
		"backup",
		"{{ dir }}",
		"/{{ dir }}",
		5,
		["/"],
	] {
		_found({"etcd": {"backupDir": dir, "dataDir": "/data/etcd"}}) == set()
	}
}

test_other_fields_may_be_anything if {
	every x in [null, "", 5, [], {}, "x", "{{ x }}"] {
		_found({
			"etcd": {"backupDir": "/data", "dataDir": x, "backupScript": x},
			"registry": {"dockerDataDir": x, "containerdDataDir": x},
			"storage": {"openebs": x},
		}) == {"shared"}
	}
}

test_etcd_that_kk_does_not_run if {
	every type in ["external", "kubeadm", "Kubekey"] {
		_found({"etcd": {"type": type, "backupDir": "/data"}}) == set()
	}
	_found({"etcd": {"type": "kubeadm", "backupDir": "/data"}, "kubernetes": {"type": "k3s"}}) == {"shared"}
}

test_the_old_field if {
	spec := {"kubernetes": {"etcdBackupDir": "/data", "etcdBackupScript": "/data/scripts"}}
	every kk, n in {"1.2.1": 1, "2.0.1": 1, "2.1.0": 0, "3.1.12": 0} {
		count(rule.deny) == n with input as _input(spec, {"kubekey": kk})
	}
	_found(spec) == set()
	[v2] := _input(spec, {}).set
	v1 := object.union(v2, {"value": {"apiVersion": "kubekey.kubesphere.io/v1alpha1"}})
	{f.message | some f in rule.deny} == {"holds"} with input as {"set": [v1]}
}

test_the_new_field_is_dead_before_v2_1 if {
	count(rule.deny) == 0 with input as _input({"etcd": {"backupDir": "/data"}}, {"kubekey": "2.0.1"})
}

_list := `cd $BACKUP_DIR/../ && ls -lt |awk '{if(NR > '$KEEPBACKUPNUMBER'){print "rm -rf "$9}}'|sh`

test_the_folder_of_a_script if {
	rule.deny == {{
		"document": 1,
		"path": ["lines", 0],
		"message": "shared",
		"args": {"dir": "/data"},
	}} with input as {"set": [null, _script([`BACKUP_DIR="/data/etcd-$(date +%Y)"`, _list])]}
	every dir, messages in {
		"": {""},
		"/tmp": {""},
		"/usr/local/bin/kube-scripts/": {"holds"},
		"/var/lib/etcd": {"holds"},
		"/var/backups/kube_etcd": set(),
		"/data/backup": set(),
		"$BASE": set(),
		"backup": set(),
	} {
		_of_scripts([sprintf(`BACKUP_DIR="%s/etcd-$(date +%%Y)"`, [dir]), _list]) == messages
	}
}

test_what_a_script_says_of_folders if {
	dir := `BACKUP_DIR="/data/etcd-$(date +%Y)"`
	_of_scripts([dir, "ETCDBACKUPSCIPT='/data/scripts'", _list]) == {"holds"}
	_of_scripts([dir, `ETCD_DATA_DIR="/data/etcd"`, _list]) == {"holds"}
	_of_scripts([dir, "ETCD_DATA_DIR=$X/data", _list]) == {"shared"}
}

test_the_only_cluster_knows_more_folders if {
	script := _script([`BACKUP_DIR="/data/etcd-$(date +%Y)"`, _list])
	[cluster] := _input({"registry": {"containerdDataDir": "/data/containerd"}}, {}).set
	{f.message | some f in rule.deny} == {"holds"} with input as {"set": [script, cluster]}
	{f.message | some f in rule.deny} == {"shared"} with input as {"set": [script, cluster, cluster]}
}

test_scripts_that_delete_only_their_own if {
	every line in [
		`cd $BACKUP_DIR/../ && ls -dt etcd-* |awk '{if(NR > 5){print "rm -rf "$1}}'|sh`,
		`cd $BACKUP_DIR/../ && ls -lt |grep etcd- |awk '{if(NR > 5){print "rm -rf "$9}}'|sh`,
		"find /data -mtime +7 -delete",
		concat("", ["# ", _list]),
	] {
		_of_scripts([`BACKUP_DIR="/data/etcd-$(date +%Y)"`, line]) == set()
	}
}

test_the_script_of_v4_is_another if {
	script := object.union(_script([`BACKUP_DIR="/data/etcd-$(date +%Y)"`, _list]), {"file": "backup_etcd.sh"})
	count(rule.deny) == 0 with input as {"set": [script]}
}

_of_scripts(lines) := messages if {
	messages := {m | some f in rule.deny; m := object.get(f, "message", "")} with input as {"set": [_script(lines)]}
}

_script(lines) := {"target": "script", "file": "n/etcd-backup.sh", "value": {"lines": lines}}

_found(spec) := messages if {
	messages := {m | some f in rule.deny; m := object.get(f, "message", "")} with input as _input(spec, {})
}

_input(spec, versions) := {"set": [{
	"target": "kubekey-cluster",
	"versions": versions,
	"value": {"apiVersion": "kubekey.kubesphere.io/v1alpha2", "spec": spec},
}]}
