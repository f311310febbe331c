# METADATA
# title: Several default StorageClasses in one cluster
# description: >-
#   Before Kubernetes 1.26 a claim that names no class is refused where two classes are the default. From 1.26 on it gets the newest of
#   them, which changes whenever a class is made anew. Only classes that were read from a cluster are compared: those of hand-written
#   files may be alternatives.
# related_resources:
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.25.0/pkg/volume/util/storageclass.go
# - ref: https://kubernetes.io/docs/concepts/storage/storage-classes/#default-storageclass
# custom:
#   severity: info
#   scope: set
#   targets: [storageclass]
#   message: "{names} are default classes: a claim that names none gets the newest of them"
#   remediation: "Leave one the default, and for each other one: kubectl annotate --overwrite storageclass NAME storageclass.kubernetes.io/is-default-class=false storageclass.beta.kubernetes.io/is-default-class=false"
#   messages:
#     refused:
#       severity: error
#       message: "{names} are default classes: Kubernetes {version} refuses every claim that names none"
#       remediation: "Leave one the default, and for each other one: kubectl annotate --overwrite storageclass NAME storageclass.kubernetes.io/is-default-class=false storageclass.beta.kubernetes.io/is-default-class=false"
#   zh:
#     title: 同一集群中有多个默认 StorageClass
#     description: >-
#       Kubernetes 1.26 之前，如果有两个默认存储类，没有写 storageClassName 的 PVC 会被拒绝。从 1.26 起会使用其中最新的一个，重建任何一个存储类都会改变结果。
#       这里只比较从集群导出的 StorageClass：手写的文件可能只是备选。
#     message: "{names} 都是默认存储类：没有写 storageClassName 的 PVC 会使用其中最新的一个"
#     remediation: "只保留一个默认，对其余每一个执行：kubectl annotate --overwrite storageclass NAME storageclass.kubernetes.io/is-default-class=false storageclass.beta.kubernetes.io/is-default-class=false"
#     messages:
#       refused:
#         message: "{names} 都是默认存储类：Kubernetes {version} 会拒绝所有没有写 storageClassName 的 PVC"
#         remediation: "只保留一个默认，对其余每一个执行：kubectl annotate --overwrite storageclass NAME storageclass.kubernetes.io/is-default-class=false storageclass.beta.kubernetes.io/is-default-class=false"
package policies.rules.storage["storageclass-several-defaults"]

import data.policies.lib.version
import future.keywords.not

deny contains {"document": first, "path": _path(input.set[first].value), "args": {"names": _names}, "message": ""} if {
	first := _first
	not version.below(input.versions.kubernetes, "1.26")
}

deny contains {"document": first, "path": _path(input.set[first].value), "args": args, "message": "refused"} if {
	first := _first
	version.below(input.versions.kubernetes, "1.26")
	args := {"names": _names, "version": input.versions.kubernetes}
}

_first := min(object.keys(_defaults)) if count(_names_of_all) > 1

_names := concat(", ", sort(_names_of_all))

_names_of_all := {class.metadata.name | some class in _defaults}

_defaults[i] := d.value if {
	some i, d in input.set
	d.target == "storageclass"
	is_string(d.value.metadata.uid) # it was read from a cluster
	is_string(d.value.metadata.name)
	_path(d.value)
}

_path(class) := ["metadata", "annotations", _stable] if {
	class.metadata.annotations[_stable] == "true"
} else := ["metadata", "annotations", _beta] if {
	class.metadata.annotations[_beta] == "true"
}

_stable := "storageclass.kubernetes.io/is-default-class"

_beta := "storageclass.beta.kubernetes.io/is-default-class"
