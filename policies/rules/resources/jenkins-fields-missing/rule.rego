# METADATA
# title: DevOps is enabled without the settings of Jenkins
# description: >-
#   The playbook of DevOps reads jenkinsMemoryLim, jenkinsMemoryReq and jenkinsVolumeSize without a default and stops with "'dict
#   object' has no attribute 'jenkinsMemoryReq'". The defaults of its role do not help: devops of the ClusterConfiguration takes the
#   place of all of them. ks-installer 3.0 to 3.4.
# related_resources:
# - ref: https://github.com/kubesphere/kubesphere/issues/6058
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/ks-devops/templates/ks-devops-values.yaml.j2
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.0.0/roles/ks-devops/jenkins/templates/custom-values-jenkins.yaml.j2
# custom:
#   severity: error
#   targets: [cluster-configuration]
#   versions: {kubesphere: ">=3.0 <3.5"}
#   unknown: run
#   message: "spec.devops is enabled and lacks {fields}: the DevOps playbook fails"
#   remediation: Copy the whole devops section from the sample ClusterConfiguration of your version, and change what you need.
#   zh:
#     title: 启用了 DevOps，却缺少 Jenkins 的配置
#     description: >-
#       DevOps 的 playbook 读取 jenkinsMemoryLim、jenkinsMemoryReq 和 jenkinsVolumeSize 时没有默认值，缺少时会报 "'dict object' has no
#       attribute 'jenkinsMemoryReq'" 并中止。role 自带的默认值不起作用：ClusterConfiguration 的 devops 会整体覆盖它们。ks-installer 3.0
#       到 3.4 均如此。
#     message: "spec.devops 已启用，但缺少 {fields}：DevOps 的 playbook 会失败"
#     remediation: 从对应版本的 ClusterConfiguration 样例中复制整个 devops 段，再按需修改。
package policies.rules.resources["jenkins-fields-missing"]

import data.policies.lib.cc
import future.keywords.not

deny contains {"path": cc.place(input.document, ["devops"]), "args": {"fields": concat(", ", missing)}} if {
	cc.truthy(input.document, ["devops", "enabled"])
	_is_complete
	missing := [field |
		some field in ["jenkinsMemoryLim", "jenkinsMemoryReq", "jenkinsVolumeSize"]
		not cc.at(input.document, ["devops", field])
		not _set_elsewhere(field)
	]
	count(missing) > 0
}

_set_elsewhere("jenkinsVolumeSize") if _has("jenkins_pv_size")

# Sections that every sample has and nobody leaves out. What lacks one may be a patch of a kustomization, whose rest
# stands elsewhere; what an installed cluster gave out is none.
_is_complete if {
	every section in ["authentication", "common", "etcd", "persistence"] {
		_has(section)
	}
}

_is_complete if is_object(input.document.value.status)

_has(section) if {
	some key, _ in cc.root(input.document).value
	key == section
}
