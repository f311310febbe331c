# METADATA
# title: The KubeKey Cluster of input.document
# description: >-
#   The answers of library kubekey for the document at hand, computed once however many rules ask. Rules that see a
#   set call kubekey's functions.
package policies.lib.cluster

import data.policies.lib.kubekey

# METADATA
# title: The value at a path of the Cluster
# description: As kubekey.at.
at(path) := kubekey.at(input.document.value, path)

# METADATA
# title: The value that KubeKey works with
# description: As kubekey.effective.
effective(path) := kubekey.effective(input.document.value, path)

# METADATA
# title: The path of a field, whether it is there or not
# description: As kubekey.place.
place(path) := kubekey.place(input.document.value, path)

# METADATA
# title: The hosts
# description: As kubekey.hosts.
hosts := kubekey.hosts(input.document.value)

# METADATA
# title: The hosts that some role group names
# description: As kubekey.grouped_hosts.
grouped_hosts := [host |
	used := {member.value | some list in members; some member in list}
	some host in hosts
	host.name in used
]

# METADATA
# title: Every host is known by its name
# description: As kubekey.hosts_known.
hosts_known if kubekey.hosts_known(input.document.value)

# METADATA
# title: The role groups by name
# description: As kubekey.groups.
groups := kubekey.groups(input.document.value)

# METADATA
# title: Every role group can be expanded
# description: As kubekey.groups_known.
groups_known if kubekey.groups_known(input.document.value)

# METADATA
# title: The hosts that each role group names, one by one
# description: By group, as kubekey.members; a group that cannot be expanded is missing.
members[group] := kubekey.members(input.document.value, group) if some group, _ in groups

# METADATA
# title: The names of the control-plane hosts
# description: As kubekey.control_plane.
control_plane := kubekey.control_plane(input.document.value)

# METADATA
# title: The names of the worker hosts
# description: As kubekey.workers.
workers := kubekey.workers(input.document.value)

# METADATA
# title: The names of the Kubernetes nodes
# description: As kubekey.nodes.
nodes := kubekey.nodes(input.document.value)

# METADATA
# title: The hosts of the control plane
# description: Elements of hosts, in the order of control_plane. Undefined as control_plane.
control_plane_hosts := [_host(name) | some name in control_plane] if control_plane

# METADATA
# title: The hosts of the Kubernetes nodes
# description: Elements of hosts, in the order of nodes. Undefined as nodes.
node_hosts := [_host(name) | some name in nodes] if nodes

# METADATA
# title: KubeKey runs etcd itself
# description: As kubekey.own_etcd.
own_etcd if kubekey.own_etcd(input.document.value)

# METADATA
# title: The kind of Kubernetes
# description: As kubekey.kubernetes_type.
kubernetes_type := kubekey.kubernetes_type(input.document.value)

# METADATA
# title: The Kubernetes version
# description: As kubekey.kubernetes_version.
kubernetes_version := kubekey.kubernetes_version(input.document.value)

# The last host of a name, as kubekey.host.
_host(name) := hosts[max(_places[name])]

_places[name] contains i if {
	some i, host in hosts
	name := host.name
}
