# METADATA
# title: One replica of KubeSphere on several control-plane nodes
# description: >-
#   The cluster survives the reboot of a node, the console and the API of KubeSphere do not. ks-installer 3.x takes as many replicas as nodes
#   show the role master. Kubernetes 1.24 and later have no such role, so without enableHA it installs one replica and no redis. KubeSphere
#   4.x has one replica unless ha.enabled says otherwise.
# related_resources:
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/ks-core/ks-core/tasks/main.yaml
# - ref: https://github.com/kubesphere/kubekey/blob/release-3.1/cmd/kk/pkg/kubernetes/tasks.go
# - ref: https://github.com/kubesphere/kubesphere/blob/v4.1.3/config/ks-core/templates/ks-apiserver.yaml
# custom:
#   severity: warning
#   scope: set
#   targets: [cluster-configuration, kubesphere-workload, node, hpa, kubekey-cluster, kubekey-inventory]
#   parameters:
#     nodes: {type: number, default: 3, description: control-plane nodes from which on a cluster counts as highly available, zh: 控制平面节点达到多少个才算高可用集群}
#   message: "KubeSphere gets 1 replica on {count} control-plane nodes: when its node reboots, the console is gone"
#   remediation: "Write enableHA: true at the first level of spec, which needs 3 schedulable nodes and storage for redis."
#   messages:
#     deployment:
#       message: "{name} has 1 replica on {count} control-plane nodes: when its node reboots, the console is gone"
#       remediation: Set enableHA to true at the first level of spec of the ClusterConfiguration (3.3, 3.4), or ha.enabled in the values of ks-core (4.x).
#   zh:
#     title: 多控制平面节点的集群上 KubeSphere 只有一个副本
#     description: >-
#       节点重启时集群不受影响，KubeSphere 的控制台和 API 却会中断。ks-installer 3.x 的副本数取决于有多少节点显示 master 角色，而 Kubernetes 1.24 及以后
#       不再有这个角色，所以不写 enableHA 时只装一个副本，也不装 redis。KubeSphere 4.x 在没有 ha.enabled 时就是一个副本。
#     message: "有 {count} 个控制平面节点，KubeSphere 却只会有 1 个副本：它所在的节点一重启，控制台就不可用"
#     remediation: "在 spec 第一层写上 enableHA: true，这需要 3 个可调度的节点和 redis 的存储。"
#     messages:
#       deployment:
#         message: "有 {count} 个控制平面节点，{name} 却只有 1 个副本：它所在的节点一重启，控制台就不可用"
#         remediation: 3.3、3.4 在 ClusterConfiguration 的 spec 第一层把 enableHA 设为 true；4.x 在 ks-core 的 values 里设置 ha.enabled。
package policies.rules.rollout["ks-single-replica-on-ha"]

import data.policies.lib.cc
import data.policies.lib.installation
import data.policies.lib.kubekey
import data.policies.lib.scheduling
import data.policies.lib.version
import future.keywords.not

deny contains _installed[0]

# One message a set: the Deployments are what the configuration makes.
deny contains _running[0] if count(_installed) == 0

unchecked contains {"needs": "the KubeKey Cluster", "document": i} if {
	some i in installation.alone(input.set)
	_asks_for_one(input.set[i])
}

unchecked contains {"needs": "the version of KubeSphere", "document": pair.document} if {
	some pair in installation.pairs(input.set)
	_is_off(pair.configuration)
	not cc.version(pair.configuration)
}

unchecked contains {"needs": "the Node objects of the whole cluster", "document": d.document} if {
	some d in _single
	not scheduling.nodes(input.set)
}

_installed := [{"document": pair.document, "path": ["spec", "enableHA"], "args": {"count": n}} |
	some pair in installation.pairs(input.set)
	_asks_for_one(pair.configuration)
	installation.masterless(pair.cluster)
	n := count(kubekey.control_plane(pair.cluster))
	n >= _enough
]

_running := [{"document": d.document, "path": ["spec", "replicas"], "message": "deployment", "args": args} |
	n := count([node | some node in scheduling.nodes(input.set); _is_master(node)])
	n >= _enough
	some d in _single
	args := {"name": d.name, "count": n}
]

_single := [d |
	some name in ["ks-apiserver", "ks-console"]
	d := scheduling.deployments(input.set)[name]
	scheduling.replicas(d.value) == 1
	scheduling.fewest(d.value, input.set) == 1
]

_enough := input.parameters["ks-single-replica-on-ha"].nodes

_asks_for_one(configuration) if {
	version.between(cc.version(configuration), "3.3", "3.4")
	_is_off(configuration)
}

_is_off(configuration) if {
	is_object(configuration.value.spec)
	object.get(configuration.value.spec, "enableHA", null) in {null, false, 0, ""}
}

_is_master(node) if {
	some role in ["control-plane", "master"]
	is_string(node.metadata.labels[concat("", ["node-role.kubernetes.io/", role])])
}
