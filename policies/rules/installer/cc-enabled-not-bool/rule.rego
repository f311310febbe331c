# METADATA
# title: A switch of ClusterConfiguration is a text, not a boolean
# description: >-
#   In quotes, "false" is a text that is not empty, and ks-installer takes that for true: it installs what was meant to be off.
#   A quoted "true" is no better, because many conditions compare with a boolean: the component is installed without its
#   section in kubesphere-config, or stays off. Plain yes, no, on and off are booleans for kubectl and no fault. In 3.0 a text
#   never switches anything on.
# related_resources:
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/controller/installRunner.py
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/ks-core/config/templates/kubesphere-config.yaml.j2
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.0.0/controller/installRunner.py
# custom:
#   severity: error
#   targets: [cluster-configuration]
#   message: "{field} is the text \"{value}\", which counts as true: what is meant to be off gets installed"
#   remediation: Write {field} without quotes, as true or false.
#   messages:
#     half:
#       message: "{field} is the text \"{value}\": it gets installed, but kubesphere-config does not know about it"
#     unused:
#       message: "{field} is the text \"{value}\", which does not count as true: it stays off"
#   zh:
#     title: ClusterConfiguration 的开关是字符串，不是布尔值
#     description: >-
#       加了引号的 "false" 是非空字符串，ks-installer 会当作 true，本来要关闭的组件反而会被安装。加引号的 "true" 也不行：很多条件是和布尔值比较，
#       结果要么组件装了，kubesphere-config 里却没有对应的配置段，要么组件根本不启用。不加引号的 yes、no、on、off 对 kubectl 来说就是布尔值，没有
#       问题。3.0 中字符串不会启用任何东西。
#     message: "{field} 是字符串 \"{value}\"，会被当作 true：本来要关闭的组件会被安装"
#     remediation: 去掉 {field} 的引号，写成 true 或 false。
#     messages:
#       half:
#         message: "{field} 是字符串 \"{value}\"：组件会安装，但 kubesphere-config 里没有它的配置"
#       unused:
#         message: "{field} 是字符串 \"{value}\"，不会被当作 true：不会启用"
package policies.rules.installer["cc-enabled-not-bool"]

import data.policies.lib.cc
import data.policies.lib.value
import data.policies.lib.version
import future.keywords.not

deny contains _fault(path, text) if {
	some path in (((_components | _asked) | _asked_and_compared) - _only_compared)
	text := _text(path)
	_means_false(text)
}

deny contains object.union(_fault(path, text), {"message": "half"}) if {
	some path in ((_components | _asked_and_compared) - _only_compared)
	text := _text(path)
	not _means_false(text)
}

deny contains object.union(_fault(path, text), {"message": "unused"}) if {
	some path in _only_compared
	text := _text(path)
	not _means_false(text)
}

_fault(path, text) := {"path": cc.place(input.document, path), "args": {"field": concat(".", path), "value": text}}

_text(path) := text if {
	text := cc.at(input.document, path).value
	is_string(text)
	text != ""
	not value.is_template(text)
}

_means_false(text) if lower(trim_space(text)) in {"false", "no", "off", "n", "0", "disabled"}

# The runner asks these for their truth, their roles compare them with true.
_components := {[name, "enabled"] | some name, _ in cc.root(input.document).value}

_asked := {split(path, ".") | some path in [
	"common.es.enabled", "common.openldap.enabled", "common.opensearch.dashboard.enabled", "common.opensearch.enabled",
	"common.redis.enabled", "logging.logsidecar.enabled", "network.networkpolicy.enabled", "notification.history.enabled",
	"openpitrix.store.enabled",
]}

_asked_and_compared := {split(path, ".") | some path in [
	"common.es.basicAuth.enabled", "common.opensearch.basicAuth.enabled", "edgeruntime.kubeedge.enabled",
]}

_only_compared contains split(path, ".") if some path in [
	"common.monitoring.GPUMonitoring.enabled", "etcd.monitoring", "etcd.tlsEnable", "gatekeeper.enabled",
	"kubeedge.enabled", "metrics_server.enabled", "monitoring.grafana.enabled",
	"monitoring.gpu.nvidia_dcgm_exporter.enabled",
]

# The runner of 3.0 compares too.
_only_compared contains path if {
	version.below(cc.version(input.document), "3.1")
	some path in _components
}
