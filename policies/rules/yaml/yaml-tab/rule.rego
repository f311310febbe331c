# METADATA
# title: A tab stands where YAML allows only spaces
# description: >-
#   YAML is never indented with tabs. Whoever reads such a document, kubectl, KubeKey, Helm or ks-installer, refuses it as a
#   whole. Tabs behind a colon, in front of a comment, in quotes and in flow collections are allowed.
# related_resources:
# - ref: https://github.com/kubesphere/kubesphere/issues/5003
# - ref: https://yaml.org/spec/1.2.2/#61-indentation-spaces
# custom:
#   severity: error
#   targets: [any-yaml]
#   yaml: true
#   when: parse-error
#   message: "a tab stands where only spaces may: the document is refused, nothing in it takes effect"
#   remediation: Replace the tab by two spaces; grep -nP '^\s*\t' FILE lists all such lines.
#   zh:
#     title: YAML 中只能用空格的位置出现了制表符
#     description: >-
#       YAML 不允许用制表符缩进，kubectl、KubeKey、Helm、ks-installer 读到这样的文档都会整个拒绝。冒号之后、注释之前、引号内以及
#       {}、[] 内的制表符不受影响。
#     message: "只能用空格的位置出现了制表符：整个文档会被拒绝，其中的配置全部不生效"
#     remediation: 把制表符换成两个空格；执行 grep -nP '^\s*\t' FILE 可列出所有这样的行。
package policies.rules.yaml["yaml-tab"]

import future.keywords.not

deny contains {"path": [], "args": {}} if {
	input.document.yaml.error.kind == "tab"
	not "kubesphere-config" in input.document.targets
}
