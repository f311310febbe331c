# METADATA
# title: The folder of etcd's backups holds other data
# description: >-
#   The backup script of KubeKey v1 to v3 lists everything in its folder and runs rm -rf on all but the newest entries, as
#   many as keepBackupNumber says. Whatever else lies there is destroyed: data of applications, of etcd itself, or the
#   script, after which there are no more backups. KubeKey v4 only clears folders of its own.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/etcd/templates/backup_script.go
# - ref: https://github.com/kubesphere/kubekey/blob/v2.0.1/pkg/etcd/templates/backup_script.go
# - ref: https://github.com/kubesphere/kubekey/blob/v1.2.1/pkg/etcd/tmpl/etcdbackup.go
# custom:
#   severity: error
#   targets: [kubekey-cluster]
#   message: "etcd's backup deletes all but the newest entries of \"{dir}\", a folder of the system"
#   remediation: >-
#     Use a folder of its own such as /var/backups/kube_etcd, and correct BACKUP_DIR in the etcd-backup.sh of every etcd
#     host before its next run.
#   messages:
#     holds:
#       severity: error
#       message: "etcd's backup deletes all but the newest entries of \"{dir}\", {folders} included"
#     shared:
#       severity: warning
#       message: "etcd's backup deletes all but the newest entries of \"{dir}\", whatever else lies there"
#   zh:
#     title: etcd 备份目录中还有其他数据
#     description: >-
#       KubeKey v1 到 v3 的备份脚本会列出备份目录中的所有条目，只保留最新的若干个（个数由 keepBackupNumber 决定），其余一律 rm -rf。
#       放在里面的其他东西都会被删除：应用的数据、etcd 自己的数据，或者备份脚本本身（此后不再有备份）。KubeKey v4 只清理自己的子目录。
#     message: "etcd 备份会删除系统目录 \"{dir}\" 中除最新几个条目以外的所有内容"
#     remediation: 换用独立的目录，例如 /var/backups/kube_etcd，并在下次执行之前修改每台 etcd 主机上 etcd-backup.sh 的 BACKUP_DIR。
#     messages:
#       holds:
#         message: "etcd 备份会删除 \"{dir}\" 中除最新几个条目以外的所有内容，包括 {folders}"
#       shared:
#         message: "etcd 备份会删除 \"{dir}\" 中除最新几个条目以外的所有内容，不管里面还放着什么"
package policies.rules.etcd["etcd-backup-dir-shared"]

import data.policies.lib.cluster
import data.policies.lib.value
import data.policies.lib.version
import future.keywords.not

deny contains {"path": dir.path, "args": {"dir": dir.value}} if {
	some dir in _dirs
	_is_system(dir.clean)
}

deny contains {"path": dir.path, "message": "holds", "args": {"dir": dir.value, "folders": folders}} if {
	some dir in _dirs
	not _is_system(dir.clean)
	folders := _inside(dir)
	count(folders) > 0
}

deny contains {"path": dir.path, "message": "shared", "args": {"dir": dir.value}} if {
	some dir in _dirs
	dir.clean in {"/data", "/mnt", "/media", "/srv"}
	count(_inside(dir)) == 0
}

_dirs contains object.union(at, {"clean": _clean(at.value)}) if {
	cluster.own_etcd
	some keys in _keys
	at := cluster.at(keys.dir)
}

# KubeKey v2.1 moved the fields. Where its version is not known, the old ones count in files of the old kind alone.
_keys contains {"dir": ["spec", "etcd", "backupDir"], "script": ["spec", "etcd", "backupScript"]} if {
	not version.below(input.document.versions.kubekey, "2.1")
}

_keys contains {"dir": array.concat(old, ["etcdBackupDir"]), "script": array.concat(old, ["etcdBackupScript"])} if {
	old := ["spec", "kubernetes"]
	not version.at_least(input.document.versions.kubekey, "2.1")
	not _is_new
}

_is_new if {
	not input.document.versions.kubekey
	input.document.value.apiVersion == "kubekey.kubesphere.io/v1alpha2"
}

_is_system(dir) if dir in {
	"", "/boot", "/dev", "/etc", "/home", "/lib", "/opt", "/proc", "/root", "/run", "/sys", "/tmp", "/usr", "/usr/local",
	"/usr/local/bin", "/var", "/var/backups", "/var/lib", "/var/log", "/var/run", "/var/spool",
}

_is_system(dir) if regex.match(`^/home/[^/]+$`, dir)

_inside(dir) := sort([folder | some folder in _folders; startswith(_slash(folder), _slash(dir.clean))])

_slash(folder) := concat("", [folder, "/"])

_folders contains folder if some folder in ["/var/lib/kubelet", "/etc/kubernetes", "/var/openebs"]

_folders contains _folder(["spec", "etcd", "dataDir"], "/var/lib/etcd")

_folders contains _folder(keys.script, "/usr/local/bin/kube-scripts") if some keys in _keys

_folders contains _clean(cluster.at(path).value) if {
	some path in [
		["spec", "registry", "dockerDataDir"],
		["spec", "registry", "containerdDataDir"],
		["spec", "registry", "registryDataDir"],
		["spec", "storage", "openebs", "basePath"],
	]
}

_folder(path, _) := _clean(cluster.at(path).value)

_folder(path, standard) := standard if not _says(path)

_says(path) if cluster.at(path).value != ""

# A path as the system reads it, "" for the root. Undefined where it is relative or a template.
_clean(path) := concat("", [sprintf("/%s", [step]) | some i, step in steps; step != ".."; not _left(steps, i)]) if {
	is_string(path)
	startswith(path, "/")
	not value.is_template(path)
	steps := [step | some step in split(path, "/"); not step in {"", "."}]
}

# Behind a step there are somewhere more ".." than steps.
_left(steps, i) if {
	some end in numbers.range(i + 1, count(steps))
	behind := array.slice(steps, i + 1, end)
	ups := [step | some step in behind; step == ".."]
	2 * count(ups) > count(behind)
}
