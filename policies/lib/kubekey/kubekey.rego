# METADATA
# title: KubeKey Cluster files of v1 to v3
# description: >-
#   What KubeKey v1.2 to v3 reads in a Cluster of kubekey.kubesphere.io/v1alpha1 and v1alpha2. Functions take the
#   value of such a document. Field names match without regard to letter case, as encoding/json does; paths hold
#   the keys as they are written. For the Cluster of input.document library cluster has the same answers, computed
#   once for all rules.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/blob/release-3.1/cmd/kk/apis/kubekey/v1alpha2/cluster_types.go
# - ref: https://github.com/kubesphere/kubekey/blob/release-3.1/cmd/kk/apis/kubekey/v1alpha2/default.go
package policies.lib.kubekey

import data.policies.lib.value
import future.keywords.not

# METADATA
# title: A field of a mapping, with the key as it is written
# description: >-
#   The exact key is preferred, then the last in order of those that differ by letter case. Undefined where it is
#   absent or null.
field(mapping, name) := {"key": name, "value": x} if {
	x := mapping[name]
	x != null
} else := {"key": key, "value": mapping[key]} if {
	is_object(mapping)
	wanted := lower(name)
	key := max([k | some k, x in mapping; x != null; lower(k) == wanted])
}

# METADATA
# title: The value at a path, with the path as it is written
# description: >-
#   At most six levels. Undefined where the value is absent or null. Keys of maps (roleGroups, labels, auths …) and
#   what is below kubeletConfiguration and kubeProxyConfiguration are no fields: their case counts.
at(cluster, path) := {"path": path, "value": x} if {
	is_object(cluster)
	x := object.get(cluster, path, null)
	x != null
} else := _descend(cluster, path)

# METADATA
# title: The path of a field, whether it is there or not
# description: >-
#   With keys as they are written as far as they exist, for findings on what is missing; they stand at the nearest
#   parent.
place(cluster, path) := array.concat(parent, array.slice(path, count(parent), count(path))) if {
	n := max([n | some n in numbers.range(1, count(path)); at(cluster, array.slice(path, 0, n))])
	parent := at(cluster, array.slice(path, 0, n)).path
} else := path

# METADATA
# title: The value that KubeKey works with, with its path
# description: >-
#   As written, or the default of table kubekey_defaults where it is absent, null, "" or, where that means the same
#   to KubeKey, 0. Undefined for a template, and for an absent field without default.
effective(cluster, path) := written if {
	written := at(cluster, path)
	not value.is_template(written.value)
	not _means_default(path, written.value)
} else := {"path": place(cluster, path), "value": x} if {
	not value.is_template(at(cluster, path).value)
	x := data.tables.kubekey_defaults.v1alpha2[_dotted(path)]
}

# METADATA
# title: The hosts
# description: >-
#   Each with path and value, and what is known of name, address, internal (internalAddress), port, node_ipv4 (the
#   first comma part of internalAddress, or of address when that is empty; not checked to be an IP) and node_ipv6
#   (the second of two parts). name, address and internal are "" where they are absent; a key is missing where the
#   field holds a template or is no string.
hosts(cluster) := [_host(array.concat(list.path, [i]), host) |
	list := at(cluster, ["spec", "hosts"])
	is_array(list.value)
	some i, host in list.value
	is_object(host)
]

# METADATA
# title: Every host is known by its name
# description: >-
#   False where some name is missing, a template or no string: a name that no host seems to have may be one of
#   those.
hosts_known(cluster) if {
	every host in at(cluster, ["spec", "hosts"]).value {
		is_object(host)
		_plain(_fields(host), "name") != ""
	}
}

# METADATA
# title: The host of a name
# description: The last one of that name, as in KubeKey's map of hosts.
host(cluster, name) := last if {
	named := [h | some h in hosts(cluster); h.name == name]
	last := named[count(named) - 1]
}

# METADATA
# title: The role groups by name
# description: Each with path and value; an empty group (null) has the value [].
groups(cluster) := {name: {"path": array.concat(all.path, [name]), "value": _list(list)} |
	all := at(cluster, ["spec", "roleGroups"])
	is_object(all.value)
	some name, list in all.value
}

# METADATA
# title: The hosts that a role group names, one by one
# description: >-
#   Each with the path of its item, its name as value and the item. Ranges are expanded, repetitions stay, names
#   need not be hosts. A malformed range names nobody. Undefined where some item is a template or no string, or the
#   group is no list.
members(cluster, group) := [] if not groups(cluster)[group]

members(cluster, group) := [{"path": array.concat(list.path, [i]), "value": name, "item": item} |
	some i, item in list.value
	some name in names(item)
] if {
	list := groups(cluster)[group]
	is_array(list.value)
	every item in list.value {
		is_string(item)
		not value.is_template(item)
	}
}

# METADATA
# title: The names of a role group's hosts
# description: In KubeKey's order, each once; [] for a group that does not exist. Undefined as members.
expand(cluster, group) := value.distinct([m.value | some m in all]) if all := members(cluster, group)

# METADATA
# title: An item of a role group that KubeKey takes for a range
# description: It contains [, ] and a colon.
is_range(item) if {
	contains(item, "[")
	contains(item, "]")
	contains(item, ":")
}

# METADATA
# title: The parts of a range such as node[1:3]
# description: >-
#   prefix, from, to and rest, the text behind the bracket, which KubeKey throws away. Undefined where KubeKey
#   finds no range and panics.
range(item) := {
	"prefix": substring(item, 0, start),
	"from": _integer(found[1]),
	"to": _integer(found[2]),
	"rest": substring(item, start + count(found[0]), -1),
} if {
	is_range(item)
	some found in regex.find_all_string_submatch_n(`\[([0-9]+):([0-9]+)\]`, item, 1)
	start := indexof(item, found[0])
}

# METADATA
# title: The names that an item of a role group stands for
# description: >-
#   The item itself, or all of a range, both ends included and without leading zeros; nothing for a range that is
#   empty or malformed. A range beyond 5000 names is cut there.
names(item) := [item] if not is_range(item)

names(item) := [sprintf("%s%d", [found.prefix, n]) | some n in numbers.range(found.from, last)] if {
	found := range(item)
	found.from <= found.to
	last := min([found.to, (found.from + _most) - 1])
}

names(item) := [] if {
	is_range(item)
	not _spans(item)
}

# METADATA
# title: The names of the control-plane hosts
# description: Of group master, then of control-plane, each once. Undefined as members.
control_plane(cluster) := value.distinct(array.concat(expand(cluster, "master"), expand(cluster, "control-plane")))

# METADATA
# title: The names of the worker hosts
# description: Each once. Undefined as members.
workers(cluster) := expand(cluster, "worker")

# METADATA
# title: The names of the Kubernetes nodes
# description: Control-plane hosts, then workers, each once. Undefined as members.
nodes(cluster) := value.distinct(array.concat(control_plane(cluster), workers(cluster)))

# METADATA
# title: The hosts that some role group names
# description: Elements of hosts. Groups that cannot be expanded count for none, see groups_known.
grouped_hosts(cluster) := [h |
	used := {m.value | some group, _ in groups(cluster); some m in members(cluster, group)}
	some h in hosts(cluster)
	h.name in used
]

# METADATA
# title: Every role group can be expanded
# description: False where some item is a template or no string.
groups_known(cluster) if {
	every group, _ in groups(cluster) {
		members(cluster, group)
	}
}

# METADATA
# title: KubeKey runs etcd itself, as a service on the hosts of group etcd
# description: etcd.type is absent, "" or kubekey, or it is kubeadm on k3s, where KubeKey takes kubekey.
own_etcd(cluster) if _string(cluster, ["spec", "etcd", "type"]) in {"", "kubekey"}

own_etcd(cluster) if {
	_string(cluster, ["spec", "etcd", "type"]) == "kubeadm"
	_on_k3s(cluster)
}

# METADATA
# title: The kind of Kubernetes, such as kubernetes, k3s or k8e
# description: >-
#   The part of kubernetes.version behind the first dash wins over kubernetes.type; without either it is
#   kubernetes. Undefined for a template.
kubernetes_type(cluster) := _suffix(cluster) if _suffix(cluster) != ""

kubernetes_type(cluster) := type if {
	_suffix(cluster) == ""
	type := _string(cluster, ["spec", "kubernetes", "type"])
	type != ""
}

kubernetes_type(cluster) := "kubernetes" if {
	_suffix(cluster) == ""
	_string(cluster, ["spec", "kubernetes", "type"]) == ""
}

# METADATA
# title: The Kubernetes version
# description: >-
#   With path, value as written and version: the text in front of the first dash, with a v in front. Undefined
#   where it is absent, empty, a template or no string. It need not be well-formed.
kubernetes_version(cluster) := {"path": found.path, "value": found.value, "version": concat("", ["v", bare])} if {
	found := at(cluster, ["spec", "kubernetes", "version"])
	_string(cluster, ["spec", "kubernetes", "version"]) != ""
	bare := trim_prefix(split(found.value, "-")[0], "v")
}

# Of names in one range: Kubernetes itself ends at 5000 nodes.
_most := 5000

_descend(cluster, [a]) := _step(_root(cluster), a)

_descend(cluster, [a, b]) := _step(_step(_root(cluster), a), b)

_descend(cluster, [a, b, c]) := _step(_step(_step(_root(cluster), a), b), c)

_descend(cluster, [a, b, c, d]) := _step(_step(_step(_step(_root(cluster), a), b), c), d)

_descend(cluster, [a, b, c, d, e]) := _step(_step(_step(_step(_step(_root(cluster), a), b), c), d), e)

_descend(cluster, [a, b, c, d, e, f]) := _step(_step(_step(_step(_step(_step(_root(cluster), a), b), c), d), e), f)

_root(cluster) := {"path": [], "value": cluster}

_step(at, name) := {"path": array.concat(at.path, [found.key]), "value": found.value} if {
	not _exact(at.path, name)
	found := field(at.value, name)
}

_step(at, name) := {"path": array.concat(at.path, [name]), "value": x} if {
	_exact(at.path, name)
	x := at.value[name]
	x != null
}

# Steps into lists and keys of maps.
_exact(_, step) if is_number(step)

_exact(path, _) if lower(_text_of(path[count(path) - 1])) in {
	"rolegroups", "labels", "featuregates", "auths", "remotemirrors", "nodeselector",
}

_exact(path, _) if lower(_text_of(path[2])) in {"kubeletconfiguration", "kubeproxyconfiguration"}

_text_of(step) := step if is_string(step)

_means_default(_, "")

_means_default(path, 0) if _dotted(path) in data.tables.kubekey_defaults.zero_means_default

# A path below spec as table kubekey_defaults writes it.
_dotted(path) := concat(".", [sprintf("%v", [step]) | some step in array.slice(path, 1, count(path))])

# A string: "" where it is absent or null, undefined where it is a template or something else.
_string(cluster, path) := "" if not at(cluster, path)

_string(cluster, path) := text if {
	text := at(cluster, path).value
	is_string(text)
	not value.is_template(text)
}

_host_fields := {
	"name", "address", "internalAddress", "port", "user", "password", "privateKey", "privateKeyPath", "arch", "labels",
	"id", "timeout",
}

# Nearly every host is written plainly: right names, one address, nothing to fill in. That costs a fifth of looking
# closely.
_host(path, host) := {
	"path": path,
	"value": host,
	"name": host.name,
	"address": address,
	"internal": internal,
	"port": port,
	"node_ipv4": node,
} if {
	count(object.keys(host) - _host_fields) == 0
	address := object.get(host, "address", "")
	internal := object.get(host, "internalAddress", "")
	port := object.get(host, "port", data.tables.kubekey_defaults.ssh_port)
	is_string(host.name)
	is_string(address)
	is_string(internal)
	is_number(port)
	port != 0
	not regex.match(`,|\{\{`, concat(" ", [host.name, address, internal]))
	node := split(trim_left(concat(",", [internal, address]), ","), ",")[0]
	node != ""
} else := object.union({"path": path, "value": host}, _facts(_fields(host)))

# The fields of a host by their right names.
_fields(host) := host if {
	count(object.keys(host) - _host_fields) == 0
} else := {name: field(host, name).value | some name in _host_fields}

_facts(fields) := {key: fact |
	some key in ["name", "address", "internal", "port", "node_ipv4", "node_ipv6"]
	fact := _fact(key, fields)
}

_fact("name", fields) := _plain(fields, "name")

_fact("address", fields) := _plain(fields, "address")

_fact("internal", fields) := _plain(fields, "internalAddress")

_fact("port", fields) := data.tables.kubekey_defaults.ssh_port if object.get(fields, "port", null) in {null, 0}

_fact("port", fields) := fields.port if {
	is_number(fields.port)
	fields.port != 0
}

_fact("node_ipv4", fields) := ip if {
	ip := split(_node(fields), ",")[0]
	ip != ""
}

_fact("node_ipv6", fields) := parts[1] if {
	parts := split(_node(fields), ",")
	count(parts) == 2
}

_plain(fields, key) := "" if object.get(fields, key, null) == null

_plain(fields, key) := text if {
	text := fields[key]
	is_string(text)
	not value.is_template(text)
}

_node(fields) := _plain(fields, "internalAddress") if value.is_set(fields, "internalAddress")

_node(fields) := _plain(fields, "address") if value.unset(fields, "internalAddress")

_list(list) := [] if list == null

_list(list) := list if list != null

_spans(item) if {
	found := range(item)
	found.from <= found.to
}

_integer(digits) := 0 if trim_left(digits, "0") == ""

_integer(digits) := to_number(significant) if {
	significant := trim_left(digits, "0")
	significant != ""
}

_suffix(cluster) := parts[1] if {
	parts := split(_string(cluster, ["spec", "kubernetes", "version"]), "-")
	count(parts) > 1
}

_suffix(cluster) := "" if {
	version := _string(cluster, ["spec", "kubernetes", "version"])
	not contains(version, "-")
}

_on_k3s(cluster) if _suffix(cluster) == "k3s"

_on_k3s(cluster) if _string(cluster, ["spec", "kubernetes", "type"]) == "k3s"
