# METADATA
# title: PodDisruptionBudget lets no pod of KubeSphere be evicted
# description: >-
#   kubectl drain evicts the pods of a node and tries again for as long as a PodDisruptionBudget forbids it. A budget that keeps every
#   replica therefore makes every drain hang, by hand before maintenance or by an autoscaler. Percentages of minAvailable and maxUnavailable
#   are both rounded up.
# related_resources:
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/controller/disruption/disruption.go
# - ref: https://kubernetes.io/docs/tasks/run-application/configure-pdb/
# custom:
#   severity: warning
#   scope: set
#   targets: [pdb, hpa, kubesphere-workload]
#   message: "{field} \"{value}\" lets no pod of {name} be evicted: kubectl drain hangs"
#   remediation: "Write maxUnavailable: 1, and no minAvailable."
#   messages:
#     replicas:
#       message: "minAvailable \"{value}\" keeps every replica of {name} ({count}): kubectl drain hangs"
#       remediation: "Write maxUnavailable: 1 in place of minAvailable."
#   zh:
#     title: PodDisruptionBudget 不允许驱逐 KubeSphere 的任何 Pod
#     description: >-
#       kubectl drain 会逐个驱逐节点上的 Pod，只要 PodDisruptionBudget 不允许就一直重试。如果它要求保留全部副本，每次 drain（包括维护前手动执行和
#       自动缩容）都会卡住。minAvailable 和 maxUnavailable 的百分比都向上取整。
#     message: "{field} 为 \"{value}\"，{name} 的任何 Pod 都不能被驱逐：kubectl drain 会一直卡住"
#     remediation: "改写为 maxUnavailable: 1，并去掉 minAvailable。"
#     messages:
#       replicas:
#         message: "minAvailable 为 \"{value}\"，{name} 的全部副本（{count} 个）都必须保留：kubectl drain 会一直卡住"
#         remediation: "把 minAvailable 换成 maxUnavailable: 1。"
package policies.rules.rollout["pdb-blocks-drain"]

import data.policies.lib.scheduling
import data.policies.lib.value
import future.keywords.not

deny contains {"document": i, "path": ["spec", field], "args": {"field": field, "value": bound, "name": names}} if {
	some i, budget in _budgets
	[field, bound] := _none(budget.spec)
	names := concat(", ", sort({d.name | some d in _kept(budget); not scheduling.replicas(d.value) == 0}))
	names != ""
}

# A budget that is looked at by itself: whatever these labels select is a Deployment of KubeSphere, in every release.
deny contains {"document": i, "path": ["spec", field], "args": {"field": field, "value": bound, "name": name}} if {
	some i, budget in _budgets
	[field, bound] := _none(budget.spec)
	count(_everything(budget)) == 0
	name := _core(budget.spec.selector)
}

# A budget over several workloads counts the pods of all of them, and nobody knows whether the set has them all.
deny contains {"document": i, "path": ["spec", "minAvailable"], "message": "replicas", "args": args} if {
	some i, budget in _budgets
	not _none(budget.spec)
	[deployment] := _kept(budget)
	_asks_for(budget.spec.selector, deployment.name)
	count(_everything(budget)) == 1
	n := max([scheduling.replicas(deployment.value), scheduling.fewest(deployment.value, input.set)])
	n > 0
	scheduling.share(budget.spec.minAvailable, n, "up") >= n
	args := {"value": budget.spec.minAvailable, "count": n, "name": deployment.name}
}

unchecked contains {"needs": "the Deployment whose pods the budget keeps", "document": i} if {
	some i, budget in _budgets
	_may_block(budget.spec)
	count(_everything(budget)) == 0
	not _core_is_kept(budget.spec)
}

_core_is_kept(spec) if {
	_none(spec)
	_core(spec.selector)
}

_core(selector) := name if {
	value.unset(selector, "matchExpressions")
	name := selector.matchLabels.app
	tier := _tiers[name]
	object.union({"tier": tier}, selector.matchLabels) == {"app": name, "tier": tier}
}

# Of ks-installer v3.0.0 to v3.4.1, roles/ks-core, and the chart ks-core of KubeSphere 4.1.
_tiers := {"ks-apiserver": "backend", "ks-console": "frontend", "ks-controller-manager": "backend"}

# The API takes one of the two bounds.
_budgets[i] := d.value if {
	some i, d in input.set
	d.target == "pdb"
	count({f | some f in ["minAvailable", "maxUnavailable"]; value.is_set(d.value.spec, f)}) == 1
	not scheduling.is_above_all(d.value.spec.minAvailable)
	_at_home(d.value)
}

# A budget without a namespace that selects everything may be anybody's.
_at_home(budget) if budget.metadata.namespace == "kubesphere-system"

_at_home(budget) if {
	value.unset(budget.metadata, "namespace")
	not scheduling.is_empty(budget.spec.selector)
}

_none(spec) := ["maxUnavailable", spec.maxUnavailable] if spec.maxUnavailable in {0, "0%"}

_none(spec) := ["minAvailable", spec.minAvailable] if spec.minAvailable == "100%"

_may_block(spec) if _none(spec)

_may_block(spec) if value.is_set(spec, "minAvailable")

_kept(budget) := [d | some d in scheduling.deployments(input.set); _selects(budget, d.value)]

_everything(budget) := [d.value |
	some d in input.set
	d.target == "kubesphere-workload"
	_selects(budget, d.value)
]

_selects(budget, workload) if {
	scheduling.selects(budget.spec.selector, scheduling.pod_labels(workload))
	_means_all(budget)
}

_means_all(budget) if not scheduling.is_empty(budget.spec.selector)

_means_all(budget) if budget.apiVersion == "policy/v1"

# Labels such as tier: backend are those of several Deployments.
_asks_for(selector, name) if name in [text | some text in selector.matchLabels]

_asks_for(selector, name) if {
	some requirement in selector.matchExpressions
	requirement.operator == "In"
	requirement.values == [name]
}
