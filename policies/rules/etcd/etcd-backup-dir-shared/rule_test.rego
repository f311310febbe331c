package policies.rules.etcd["etcd-backup-dir-shared_test"]

import data.policies.rules.etcd["etcd-backup-dir-shared"] as rule

test_a_folder_that_holds_etcd if {
	rule.deny == {{
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
	v1 := object.union(_input(spec, {}), {"document": {"value": {"apiVersion": "kubekey.kubesphere.io/v1alpha1"}}})
	{f.message | some f in rule.deny} == {"holds"} with input as v1
}

test_the_new_field_is_dead_before_v2_1 if {
	count(rule.deny) == 0 with input as _input({"etcd": {"backupDir": "/data"}}, {"kubekey": "2.0.1"})
}

_found(spec) := messages if {
	messages := {m | some f in rule.deny; m := object.get(f, "message", "")} with input as _input(spec, {})
}

_input(spec, versions) := {"document": {
	"target": "kubekey-cluster",
	"versions": versions,
	"value": {"apiVersion": "kubekey.kubesphere.io/v1alpha2", "spec": spec},
}}
