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
#   scope: set
#   targets: [kubekey-cluster, script]
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

import data.policies.lib.kubekey
import data.policies.lib.value
import data.policies.lib.version
import future.keywords.not

deny contains {"document": dir.document, "path": dir.path, "args": {"dir": dir.value}} if {
	some dir in _dirs
	_is_system(dir.clean)
}

deny contains {"document": dir.document, "path": dir.path, "message": "holds", "args": args} if {
	some dir in _dirs
	not _is_system(dir.clean)
	args := {"dir": dir.value, "folders": _inside(dir)}
	count(args.folders) > 0
}

deny contains {"document": dir.document, "path": dir.path, "message": "shared", "args": {"dir": dir.value}} if {
	some dir in _dirs
	dir.clean in {"/data", "/mnt", "/media", "/srv"}
	count(_inside(dir)) == 0
}

_dirs contains object.union(at, {"document": i, "clean": _clean(at.value), "folders": _of_cluster(document)}) if {
	some i, document in input.set
	document.target == "kubekey-cluster"
	kubekey.own_etcd(document.value)
	some keys in _keys(document)
	at := kubekey.at(document.value, keys.dir)
}

_dirs contains {"document": i, "path": ["lines", j], "value": dir, "clean": _clean(dir), "folders": folders} if {
	some i, document in input.set
	document.target == "script"
	regex.match(`(^|/)etcd-backup\.sh$`, document.file)
	_deletes_all(document.value.lines)
	some j, line in document.value.lines
	some found in regex.find_all_string_submatch_n(`^\s*(?:export\s+)?BACKUP_DIR=["']?(.*)/etcd-\$\(date\b`, line, 1)
	dir := _root_too(found[1])
	not contains(dir, "$")
	folders := _of_script(document.value.lines) | _of_only_cluster
}

# KubeKey v2.1 moved the fields. Where its version is not known, the old ones count in files of the old kind alone.
_keys(document) := {{"dir": ["spec", "etcd", "backupDir"], "script": ["spec", "etcd", "backupScript"]} |
	not version.below(document.versions.kubekey, "2.1")
} | {{"dir": array.concat(old, ["etcdBackupDir"]), "script": array.concat(old, ["etcdBackupScript"])} |
	old := ["spec", "kubernetes"]
	not version.at_least(document.versions.kubekey, "2.1")
	not _is_new(document)
}

_is_new(document) if {
	not document.versions.kubekey
	document.value.apiVersion == "kubekey.kubesphere.io/v1alpha2"
}

_is_system(dir) if dir in {
	"", "/boot", "/dev", "/etc", "/home", "/lib", "/opt", "/proc", "/root", "/run", "/sys", "/tmp", "/usr", "/usr/local",
	"/usr/local/bin", "/var", "/var/backups", "/var/lib", "/var/log", "/var/run", "/var/spool",
}

_is_system(dir) if regex.match(`^/home/[^/]+$`, dir)

_inside(dir) := sort([folder |
	some folder in (dir.folders | {"/var/lib/kubelet", "/etc/kubernetes", "/var/openebs"})
	startswith(_slash(folder), _slash(dir.clean))
])

_slash(folder) := concat("", [folder, "/"])

_of_cluster(document) := {folder |
	some pair in ({[["spec", "etcd", "dataDir"], _data]} | {[keys.script, _scripts] | some keys in _keys(document)})
	folder := _folder(document, pair[0], pair[1])
} | {_clean(kubekey.at(document.value, path).value) |
	some path in [
		["spec", "registry", "dockerDataDir"],
		["spec", "registry", "containerdDataDir"],
		["spec", "registry", "registryDataDir"],
		["spec", "storage", "openebs", "basePath"],
	]
}

_data := "/var/lib/etcd"

_scripts := "/usr/local/bin/kube-scripts"

_folder(document, path, _) := _clean(kubekey.at(document.value, path).value)

_folder(document, path, standard) := standard if not _says(document, path)

_says(document, path) if kubekey.at(document.value, path).value != ""

# The script knows its own folder, and the only Cluster of a set the others.
_of_script(lines) := {_data, _scripts} | {_clean(trim(found[1], `"'`)) |
	some line in lines
	some found in regex.find_all_string_submatch_n(`^\s*(?:ETCD_DATA_DIR|ETCDBACKUPSCIPT)=(\S+)\s*$`, line, 1)
	not contains(found[1], "$")
}

_of_only_cluster := _of_cluster(clusters[0]) if {
	clusters := [document | some document in input.set; document.target == "kubekey-cluster"]
	count(clusters) == 1
} else := set()

# Everything but the newest entries, whatever they are called.
_deletes_all(lines) if {
	some line in lines
	regex.match(`^[^#]*\bcd\s+["']?\$\{?BACKUP_DIR\}?["']?/\.\..*\bls\s.*\brm\s+-rf\b.*\|\s*(/bin/)?(ba)?sh\b`, line)
	not contains(line, "etcd-")
}

_root_too("") := "/"

_root_too(dir) := dir if dir != ""

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
