# METADATA
# title: A key stands more than once in a YAML mapping
# description: >-
#   KubeKey 3.1 and later 3.x refuse a file with a doubled key and install nothing. Older KubeKey, KubeKey v4, Helm and kubectl
#   keep the last value and drop the others without a word; the API server never sees that there were two.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/issues/2975
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.0/cmd/kk/pkg/common/loader.go
# - ref: https://github.com/kubernetes/cli-runtime/blob/v0.31.0/pkg/resource/visitor.go
# custom:
#   severity: error
#   targets: [any-yaml]
#   yaml: true
#   when: duplicate-keys
#   message: "\"{key}\" stands more than once in this mapping: KubeKey 3.1 and later refuse the file and install nothing"
#   remediation: Keep one "{key}" and delete the others.
#   messages:
#     differs:
#       severity: warning
#       message: "\"{key}\" stands more than once in this mapping: all values but the last are dropped without a word"
#   zh:
#     title: 同一个 YAML 映射中有重复的键
#     description: >-
#       KubeKey 3.1 及之后的 3.x 版本遇到重复的键会拒绝整个文件，什么都不安装。更早的 KubeKey、KubeKey v4、Helm 和
#       kubectl 只保留最后一个值，其余的会被悄悄丢弃，API Server 根本看不到曾经有两个值。
#     message: "\"{key}\" 在同一个映射中重复出现：KubeKey 3.1 及之后版本会拒绝整个文件，什么都不会安装"
#     remediation: 只保留一个 "{key}"，删除其余的。
#     messages:
#       differs:
#         message: "\"{key}\" 在同一个映射中重复出现：只有最后一个值生效，其余的会被悄悄丢弃"
package policies.rules.yaml["yaml-duplicate-key"]

import data.policies.lib.version
import future.keywords.not

deny contains {"path": found.path, "args": {"key": found.key}} if {
	_read_by_kk
	some found in _doubled
}

deny contains {"path": found.path, "args": {"key": found.key}, "message": "differs"} if {
	not _read_by_kk
	some found in _doubled
	not found.same
}

# Where another rule speaks, or where the installer itself writes a key twice, nothing is to be said.
_doubled contains found if {
	some found in input.document.yaml.doubled
	not _two_objects(found.mapping)
	not _excused(found.key)
}

# KubeKey 3.1 and later 3.x decode every object of a file strictly, but not what stands in strings.
_read_by_kk if {
	"any-object" in input.document.targets
	not version.below(input.document.versions.kubekey, "3.1")
	some object in array.concat([input.document.value], input.document.beside)
	object.kind == "Cluster"
	object.apiVersion == "kubekey.kubesphere.io/v1alpha2"
}

# yaml-missing-separator: a second object begins here.
_two_objects([]) if {
	keys := {found.key | some found in input.document.yaml.doubled; found.mapping == []}
	{"apiVersion", "kind"} - keys == set()
}

_excused(key) if {
	"kubesphere-config" in input.document.targets
	key in {"clients", "accessTokenMaxAge"}
}

# ksconfig-yaml-invalid.
_excused(_) if {
	"kubesphere-config" in input.document.targets
	_four
}

_four if input.document.value.authentication.issuer

_four if version.at_least(input.document.versions.kubesphere, "4.0")
