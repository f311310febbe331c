# METADATA
# title: Where pods may run
# description: >-
#   What the scheduler and the Deployment controller make of selectors, taints, anti-affinity and percentages. What the
#   API would refuse selects nothing and amounts to nothing; where a node may or may not take a pod, it takes it.
# related_resources:
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.34.0/staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/helpers.go
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.34.0/staging/src/k8s.io/component-helpers/scheduling/corev1/helpers.go
# - ref: https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/controller/deployment/util/deployment_util.go
package policies.lib.scheduling

import data.policies.lib.core
import data.policies.lib.kubekey
import data.policies.lib.kubekey4
import data.policies.lib.value
import data.policies.lib.workload
import future.keywords.not

# METADATA
# title: A label selector matches labels
# description: >-
#   By matchLabels and matchExpressions. One that is null matches nothing, an empty one everything. Never for what the
#   API would refuse, nor where a template stands in either.
selects(selector, labels) if {
	is_object(selector)
	count(object.keys(selector) - {"matchLabels", "matchExpressions"}) == 0
	_are_plain(labels)
	wanted := _map(selector, "matchLabels")
	_are_plain(wanted)
	count({key | some key, text in wanted; labels[key] != text}) == 0
	count(object.keys(wanted) - object.keys(labels)) == 0
	every requirement in _list(selector, "matchExpressions") {
		_meets(requirement, labels)
	}
}

# METADATA
# title: A label selector that asks for nothing
# description: In policy/v1 and in an affinity it selects everything, in policy/v1beta1 nothing.
is_empty(selector) if {
	is_object(selector)
	count(_map(selector, "matchLabels")) + count(_list(selector, "matchExpressions")) == 0
}

# METADATA
# title: The labels of a workload's pods
# description: Undefined where they are no mapping.
pod_labels(resource) := labels if {
	labels := object.get(resource, ["spec", "template", "metadata", "labels"], {})
	is_object(labels)
}

# METADATA
# title: The part of a number that a field asks for
# description: >-
#   A number is itself, "25%" a part of the total; way (up or down) is where a fraction goes. Undefined for what is
#   neither.
share(x, _, _) := x if _is_count(x)

share(x, total, "up") := ceil((total * _percent(x)) / 100)

share(x, total, "down") := floor((total * _percent(x)) / 100)

# METADATA
# title: A percentage above 100
# description: Such as 150%, which the API refuses for what may be unavailable.
is_above_all(x) if _percent(x) > 100

# METADATA
# title: How many pods a rolling update adds and takes away
# description: >-
#   surge and unavailable of a Deployment with so many replicas: 25% each where nothing is written, surge rounded up,
#   unavailable rounded down, and where both come to 0, one is unavailable. Undefined for Recreate.
fenceposts(resource, replicas) := {"surge": surge, "unavailable": unavailable} if {
	strategy := _map(resource.spec, "strategy")
	object.get(strategy, "type", null) in {null, "", "RollingUpdate"}
	bounds := object.union({"maxSurge": "25%", "maxUnavailable": "25%"}, _written(_map(strategy, "rollingUpdate")))
	surge := share(bounds.maxSurge, replicas, "up")
	unavailable := _at_least_one(surge, share(bounds.maxUnavailable, replicas, "down"))
}

# METADATA
# title: The replicas that a workload asks for
# description: 1 where nothing is written. Undefined for what is no count.
replicas(resource) := 1 if object.get(resource, ["spec", "replicas"], null) == null

replicas(resource) := n if {
	n := resource.spec.replicas
	_is_count(n)
}

# METADATA
# title: The fewest replicas that an autoscaler leaves a workload
# description: >-
#   minReplicas (1 when absent) of the HorizontalPodAutoscaler of the set that scales it; without one, replicas. Undefined
#   where that cannot be known.
fewest(resource, documents) := replicas(resource) if count(_scalers(resource, documents)) == 0

fewest(resource, documents) := n if {
	[scaler] := _scalers(resource, documents)
	n := object.union({"minReplicas": 1}, _written(scaler.spec)).minReplicas
	_is_count(n)
}

# METADATA
# title: Workloads of namespace kubesphere-system by these names
# description: >-
#   By name, each with document (its place in the set), name, value and pod (as workload.pod_of). Without patches, and
#   without those that the set has several of: base and overlay, or two clusters.
workloads(documents, names) := {name: all[0] |
	named := [{"document": i, "name": d.value.metadata.name, "value": d.value} |
		some i, d in documents
		d.target == "kubesphere-workload"
		d.value.metadata.name in names
	]
	some name in {w.name | some w in named}
	all := [object.union(w, {"pod": workload.pod_of(w.value)}) | some w in named; w.name == name]
	count(all) == 1
	all[0].value.kind in {"Deployment", "StatefulSet"}
	_home(object.get(all[0].value, ["metadata", "namespace"], "")) == "kubesphere-system"
	not workload.is_patch_of(all[0].value)
}

# METADATA
# title: KubeSphere's Deployments of a set
# description: As workloads, and as core.deployment_of.
deployments(documents) := {name: found |
	some name, found in workloads(documents, {"ks-apiserver", "ks-controller-manager", "ks-console", "ks-agent"})
	core.deployment_of(found.value)
}

# METADATA
# title: The Nodes of the cluster
# description: >-
#   The objects. Undefined where the set has none, has a name twice, or lacks a node that KubeKey's files name: then
#   nobody knows whether these are all.
nodes(documents) := all if {
	all := [d.value | some d in documents; d.target == "node"]
	names := {lower(name) | some node in all; name := node.metadata.name; is_string(name)}
	count(all) > 0
	count(names) == count(all)
	named := {lower(name) | some d in documents; some name in members(d)}
	count(named - names) == 0
}

# METADATA
# title: The names of the nodes that a file of KubeKey makes
# description: Of a Cluster or an Inventory, as rules see it, each once. Undefined where a name cannot be known.
members(document) := kubekey.nodes(document.value) if document.target == "kubekey-cluster"

members(document) := value.distinct([name | some list in lists; some name in list]) if {
	document.target == "kubekey-inventory"
	lists := [kubekey4.group_hosts(document.value, group) | some group in _groups]
	count(lists) == count(_groups)
}

# METADATA
# title: A node that may take a pod
# description: >-
#   Its labels fit the pod's nodeSelector, and the pod tolerates its taints NoSchedule and NoExecute, being unschedulable
#   among them. Affinity and resources are not looked at.
takes(node, pod) if {
	not _keeps_off(node, pod)
	not _misses(node, pod)
}

# METADATA
# title: A pod that tolerates a taint
# description: Also where a toleration says something that nobody knows.
tolerates(pod, taint) if {
	some toleration in pod.tolerations
	_covers(toleration, taint)
}

tolerates(pod, _) if not _list(pod, "tolerations")

# METADATA
# title: The taints of a node
# description: With the one that an unschedulable node has even where it is not written.
taints(node) := array.concat([t | some t in node.spec.taints; is_object(t)], cordon) if {
	cordon := [_cordon | node.spec.unschedulable == true]
}

# METADATA
# title: Why no two pods of a workload share a node
# description: >-
#   The terms of the required anti-affinity by host name that match its own pods, with their paths; empty where none
#   does.
apart(resource) := [{"path": array.concat(pod.path, array.concat(_required, [i])), "value": term} |
	pod := workload.pod_of(resource)
	some i, term in object.get(pod.value, _required, [])
	term.topologyKey == "kubernetes.io/hostname"
	selects(term.labelSelector, pod_labels(resource))
	_looks_at(term, object.get(resource, ["metadata", "namespace"], ""))
	count(_list(term, "mismatchLabelKeys")) == 0
]

_groups := ["kube_control_plane", "kube_worker", "k8s_cluster"]

_required := ["affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution"]

_cordon := {"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}

_meets({"key": key, "operator": "In", "values": values}, labels) if labels[key] in _texts(values)

_meets({"key": key, "operator": "NotIn", "values": values}, labels) if {
	is_string(key)
	count(_texts(values)) > 0
	not labels[key] in values
}

_meets(requirement, labels) if {
	requirement.operator == "Exists"
	count(_list(requirement, "values")) == 0
	requirement.key in object.keys(labels)
}

_meets(requirement, labels) if {
	requirement.operator == "DoesNotExist"
	count(_list(requirement, "values")) == 0
	is_string(requirement.key)
	not requirement.key in object.keys(labels)
}

# Strings of a mapping or a list that nobody still fills in.
_are_plain(texts) if {
	is_object(texts)
	every text in texts {
		_is_plain(text)
	}
}

_texts(values) := values if {
	is_array(values)
	every text in values {
		_is_plain(text)
	}
}

_is_plain(text) if {
	is_string(text)
	not value.is_template(text)
}

_map(mapping, key) := {} if object.get(mapping, key, null) == null

_map(mapping, key) := mapping[key] if is_object(mapping[key])

_list(mapping, key) := [] if object.get(mapping, key, null) == null

_list(mapping, key) := mapping[key] if is_array(mapping[key])

# A mapping without its fields that are null.
_written(mapping) := {key: x | some key, x in mapping; x != null}

_is_count(x) if {
	is_number(x)
	x >= 0
	x == floor(x)
}

_percent(x) := to_number(trim_suffix(x, "%")) if {
	is_string(x)
	regex.match(`^(0|[1-9][0-9]{0,5})%$`, x)
}

_at_least_one(surge, unavailable) := 1 if surge + unavailable == 0

_at_least_one(surge, unavailable) := unavailable if surge + unavailable > 0

_scalers(resource, documents) := [d.value |
	some d in documents
	d.target == "hpa"
	d.value.spec.scaleTargetRef.kind == resource.kind
	d.value.spec.scaleTargetRef.name == resource.metadata.name
	_are_neighbours(d.value.metadata, resource.metadata)
]

_are_neighbours(a, b) if {
	namespaces := {x.namespace | some x in [a, b]; value.is_set(x, "namespace")}
	count(namespaces) < 2
}

_misses(node, pod) if {
	some key, text in pod.nodeSelector
	_is_plain(text)
	not node.metadata.labels[key] == text
}

_keeps_off(node, pod) if {
	some taint in taints(node)
	taint.effect in {"NoSchedule", "NoExecute"}
	not tolerates(pod, taint)
}

_covers(toleration, taint) if {
	value.unset(toleration, "operator")
	_fits(toleration, taint)
}

_covers(toleration, taint) if {
	toleration.operator == "Equal"
	_fits(toleration, taint)
}

_covers(toleration, taint) if {
	toleration.operator == "Exists"
	_names(toleration, "key", taint)
	_names(toleration, "effect", taint)
}

_covers(toleration, _) if not _is_known(toleration)

_fits(toleration, taint) if {
	toleration.key == taint.key
	_names(toleration, "effect", taint)
	_text(toleration, "value") == _text(taint, "value")
}

_names(toleration, field, _) if value.unset(toleration, field)

_names(toleration, field, taint) if toleration[field] == taint[field]

_text(mapping, key) := "" if value.unset(mapping, key)

_text(mapping, key) := mapping[key] if value.is_set(mapping, key)

_is_known(toleration) if {
	is_object(toleration)
	object.get(toleration, "operator", "") in {null, "", "Equal", "Exists"}
	every field in ["key", "effect", "value"] {
		_is_plain(_text(toleration, field))
	}
}

# Without a namespace and a selector of namespaces, a term looks at the pod's own.
_looks_at(term, _) if {
	count(_list(term, "namespaces")) == 0
	object.get(term, "namespaceSelector", null) == null
}

_looks_at(term, namespace) if _home(namespace) in _list(term, "namespaces")

_looks_at(term, _) if is_empty(term.namespaceSelector)

# KubeSphere's Deployments are written without a namespace for one only.
_home(namespace) := namespace if not namespace in {null, ""}

_home(namespace) := "kubesphere-system" if namespace in {null, ""}
