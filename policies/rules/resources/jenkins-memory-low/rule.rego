# METADATA
# title: Jenkins may use too little memory
# description: >-
#   Below 2Gi, the smallest limit that ks-installer ever shipped, Jenkins is OOMKilled while it loads its plugins, and restarted for
#   ever: DevOps projects and pipelines stay unusable. Shipped are 2Gi in 3.0 to 3.3.0, 8Gi in 3.3.1 and 4Gi since.
# related_resources:
# - ref: https://github.com/kubesphere/ks-installer/issues/201
# - ref: https://github.com/kubesphere/ks-devops/issues/957
# - ref: https://github.com/kubesphere/ks-devops/issues/685
# - ref: https://github.com/kubesphere/ks-devops/issues/848
# - ref: https://github.com/kubesphere/ks-devops/issues/715
# - ref: https://github.com/kubesphere/kubesphere/issues/5014
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.3.0/deploy/cluster-configuration.yaml
# custom:
#   severity: warning
#   targets: [cluster-configuration]
#   versions: {kubesphere: ">=3.0 <3.5"}
#   unknown: run
#   parameters:
#     memory:
#       type: string
#       default: 2G
#       description: A smaller memory limit is too small for Jenkins. The default lets the decimal 2G pass for the shipped 2Gi.
#       zh: 内存限制低于该值时，对 Jenkins 来说太小。默认值让十进制的 2G 也算作出厂的 2Gi。
#   message: "Jenkins may use only \"{value}\" of memory: it is OOMKilled and restarted for ever"
#   remediation: Set jenkinsMemoryReq and jenkinsMemoryLim to 4Gi, if a node has that much free.
#   zh:
#     title: Jenkins 内存限制过低
#     description: >-
#       ks-installer 出厂的最小限制是 2Gi，低于该值时 Jenkins 在加载插件阶段就会被 OOMKilled，不断重启，DevOps 项目和流水线无法使用。
#       出厂值：3.0 到 3.3.0 为 2Gi，3.3.1 为 8Gi，之后为 4Gi。
#     message: "Jenkins 的内存限制只有 \"{value}\"：会被 OOMKilled 并不断重启"
#     remediation: 如果节点有足够的空闲内存，把 jenkinsMemoryReq 和 jenkinsMemoryLim 都设为 4Gi。
package policies.rules.resources["jenkins-memory-low"]

import data.policies.lib.cc
import data.policies.lib.jenkins
import data.policies.lib.quantity
import future.keywords.not

# A limit of 0 is none.
deny contains {"path": jenkins.limit.path, "args": {"value": jenkins.limit.value}} if {
	not jenkins.unit
	bytes := quantity.amount(jenkins.limit.value)
	bytes > 0
	bytes < quantity.amount(input.parameters["jenkins-memory-low"].memory)
	not _exceeded(bytes)
}

# Of a request above the limit resource-request-gt-limit speaks, but not where the limit's unit is plainly wrong.
_exceeded(bytes) if {
	bytes >= 1048576
	quantity.amount(cc.at(input.document, ["devops", "jenkinsMemoryReq"]).value) > bytes
}
