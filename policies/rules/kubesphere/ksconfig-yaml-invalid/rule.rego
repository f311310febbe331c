# METADATA
# title: kubesphere.yaml in ConfigMap kubesphere-config cannot be read
# description: >-
#   The API server accepts any text in a ConfigMap, and a running ks-apiserver only logs that it cannot read its new configuration.
#   ks-apiserver and ks-controller-manager crash when they start the next time, at the latest when their node reboots. KubeSphere 4
#   also refuses a key that stands twice.
# related_resources:
# - ref: https://github.com/kubesphere/kubesphere/issues/4339
# - ref: https://github.com/kubesphere/kubesphere/issues/5003
# - ref: https://github.com/kubesphere/kubesphere/issues/4641
# - ref: https://github.com/kubesphere/kubesphere/issues/3086
# - ref: https://github.com/kubesphere/kubesphere/blob/v3.4.1/pkg/apiserver/config/config.go
# custom:
#   severity: error
#   targets: [kubesphere-config]
#   yaml: true
#   message: "kubesphere.yaml cannot be parsed: ks-apiserver and ks-controller-manager crash at their next restart"
#   remediation: Correct the YAML at this place and check the text with kslint before kubectl apply.
#   messages:
#     tab:
#       severity: error
#       message: "a tab stands where only spaces may: ks-apiserver and ks-controller-manager crash at their next restart"
#       remediation: Replace the tab by two spaces.
#     no_mapping:
#       severity: error
#       message: "kubesphere.yaml is no mapping: ks-apiserver and ks-controller-manager crash at their next restart"
#       remediation: Write sections such as authentication and monitoring, each key with a colon and a space behind it.
#     doubled:
#       severity: error
#       message: "\"{key}\" stands more than once: ks-apiserver and ks-controller-manager 4.x crash at their next restart"
#       remediation: Keep one "{key}" and delete the others.
#   zh:
#     title: ConfigMap kubesphere-config 中的 kubesphere.yaml 无法读取
#     description: >-
#       ConfigMap 里的文本写成什么 API Server 都接受；正在运行的 ks-apiserver 读不了新配置时也只是记一条日志。等到下一次启动（最迟是节点重启时），
#       ks-apiserver 和 ks-controller-manager 就会崩溃。KubeSphere 4.x 还会拒绝重复的键。
#     message: "kubesphere.yaml 无法解析：ks-apiserver 和 ks-controller-manager 下次重启时会崩溃"
#     remediation: 修正此处的 YAML，执行 kubectl apply 之前先用 kslint 检查。
#     messages:
#       tab:
#         message: "只能用空格的位置出现了制表符：ks-apiserver 和 ks-controller-manager 下次重启时会崩溃"
#         remediation: 把制表符换成两个空格。
#       no_mapping:
#         message: "kubesphere.yaml 不是映射（键值结构）：ks-apiserver 和 ks-controller-manager 下次重启时会崩溃"
#         remediation: 按 authentication、monitoring 等配置段书写，每个键后面加冒号和空格。
#       doubled:
#         message: "\"{key}\" 重复出现：4.x 的 ks-apiserver 和 ks-controller-manager 下次重启时会崩溃"
#         remediation: 只保留一个 "{key}"，删除其余的。
package policies.rules.kubesphere["ksconfig-yaml-invalid"]

import data.policies.lib.version
import future.keywords.not

deny contains {"path": [], "args": {}} if {
	not _parsed
	not _on_tab
}

deny contains {"path": [], "args": {}, "message": "tab"} if _on_tab

deny contains {"path": [], "args": {}, "message": "no_mapping"} if {
	_parsed
	not input.document.value == null
	not is_object(input.document.value)
}

deny contains {"path": found.path, "args": {"key": found.key}, "message": "doubled"} if {
	_four
	some found in input.document.yaml.doubled
}

_parsed if "value" in object.keys(input.document)

_on_tab if input.document.yaml.error.kind == "tab"

# 4.x reads with a parser that refuses doubled keys, 3.x takes the last of them.
_four if input.document.value.authentication.issuer

_four if version.at_least(input.document.versions.kubesphere, "4.0")
