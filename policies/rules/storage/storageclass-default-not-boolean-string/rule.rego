# METADATA
# title: StorageClass that is meant to be the default and is not
# description: >-
#   A StorageClass is the default if its annotation is the text "true", in quotes and lower case. Anything else is no, without a word:
#   claims that name no class stay Pending, and ks-installer stops at "Default StorageClass was not found". A boolean or a number is no
#   text at all: the API server refuses the object. The annotation with beta in its name counts as much as the other.
# related_resources:
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/apis/storage/util/helpers.go
# - ref: https://kubernetes.io/docs/tasks/administer-cluster/change-default-storage-class/
# - ref: https://github.com/kubesphere/kubesphere/issues/5553
# custom:
#   severity: error
#   targets: [storageclass]
#   message: "\"{value}\" is not \"true\": {name} is not the default class"
#   remediation: "Write \"true\", or \"false\" if it is not to be the default."
#   messages:
#     refused:
#       message: "{value} is no text: the API server refuses the StorageClass"
#       remediation: "Write it in quotes: \"{value}\"."
#   zh:
#     title: StorageClass 本应是默认，实际却不是
#     description: >-
#       只有当注解的值是小写的字符串 "true"（带引号）时，StorageClass 才是默认的。其他任何值都等于否，且没有任何提示：没有写 storageClassName 的 PVC
#       一直 Pending，ks-installer 报 “Default StorageClass was not found” 后退出。布尔值或数字根本不是字符串，API server 会拒绝整个对象。
#       名字里带 beta 的注解同样有效。
#     message: "\"{value}\" 不等于 \"true\"：{name} 并不是默认存储类"
#     remediation: "改为 \"true\"；如果不想设为默认，写 \"false\"。"
#     messages:
#       refused:
#         message: "{value} 不是字符串：API server 会拒绝该 StorageClass"
#         remediation: "加上引号：\"{value}\"。"
package policies.rules.storage["storageclass-default-not-boolean-string"]

import data.policies.lib.workload
import future.keywords.not

deny contains {"path": ["metadata", "annotations", key], "args": {"value": text, "name": _name}} if {
	some key in _keys
	text := input.document.value.metadata.annotations[key]
	is_string(text)
	not text in {"true", "false", ""}
	not workload.skippable(text)
}

deny contains {"path": ["metadata", "annotations", key], "message": "refused", "args": {"value": value}} if {
	some key in _keys
	value := input.document.value.metadata.annotations[key]
	type_name(value) in {"boolean", "number"}
}

_keys := ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"]

_name := input.document.value.metadata.name if {
	is_string(input.document.value.metadata.name)
} else := "it"
