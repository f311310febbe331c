# METADATA
# title: KubeKey v4 files
# description: >-
#   What KubeKey v4 reads in a Config and an Inventory of kubekey.kubesphere.io/v1. Functions take the values of
#   such documents; where one of the two is missing, give null.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/blob/main/pkg/variable/helper.go
# - ref: https://github.com/kubesphere/kubekey/tree/main/builtin/core/roles/defaults/defaults/main
package policies.lib.kubekey4

import data.policies.lib.value
import future.keywords.not

# METADATA
# title: The value of a setting, with its path and the document that it stands in
# description: >-
#   Config.spec wins over Inventory.spec.vars, null too. in is config or inventory. Undefined where it is absent,
#   null or a template. Variables of hosts and groups are not looked at.
setting(config, _, path) := {"path": array.concat(["spec"], path), "value": x, "in": "config"} if {
	x := value.at(config, array.concat(["spec"], path)).value
	not value.is_template(x)
}

setting(config, inventory, path) := {"path": array.concat(["spec", "vars"], path), "value": x, "in": "inventory"} if {
	not _written(config, path)
	x := value.at(inventory, array.concat(["spec", "vars"], path)).value
	not value.is_template(x)
}

# METADATA
# title: The value that KubeKey works with
# description: >-
#   As setting, or the default of table kubekey_defaults, with path and in = default. Undefined for a template and
#   for an absent setting without default.
effective(config, inventory, path) := found if {
	found := setting(config, inventory, path)
} else := {"path": array.concat(["spec"], path), "value": x, "in": "default"} if {
	not value.is_template(value.at(config, array.concat(["spec"], path)).value)
	not value.is_template(value.at(inventory, array.concat(["spec", "vars"], path)).value)
	x := data.tables.kubekey_defaults.v4[concat(".", [sprintf("%v", [step]) | some step in path])]
}

# METADATA
# title: The hosts of an Inventory
# description: >-
#   Each with path, value ({} for null), name, and what is known of internal_ipv4 and internal_ipv6 (of the host,
#   else of a group that lists it), address (connector.host), type (connector.type) and port (22 when absent).
#   Texts are "" where they are absent; a key is missing where the field holds a template or another type.
hosts(inventory) := [object.union({"path": ["spec", "hosts", name], "value": _map(host), "name": name}, facts) |
	is_object(inventory.spec.hosts)
	some name, host in inventory.spec.hosts
	facts := {key: fact |
		some key in ["internal_ipv4", "internal_ipv6", "address", "type", "port"]
		fact := _fact(key, name, _map(host), inventory)
	}
]

# METADATA
# title: The groups of an Inventory
# description: Each with path and value ({} for null), by name.
groups(inventory) := {name: {"path": ["spec", "groups", name], "value": _map(group)} |
	is_object(inventory.spec.groups)
	some name, group in inventory.spec.groups
}

# METADATA
# title: The names of a group's hosts, child groups included
# description: >-
#   Each once, its own hosts first, as they are written. [] for a group that does not exist; child groups that do
#   not exist are dropped. Undefined where a cycle or a template is in the way.
group_hosts(inventory, name) := [] if not groups(inventory)[name]

group_hosts(inventory, name) := value.distinct([host |
	some group in array.concat([name], [g | some g in below; g != name])
	some host in all[group].value.hosts
]) if {
	all := groups(inventory)
	all[name]
	children := _children(inventory)
	below := graph.reachable(children, {name})
	every group in below {
		not group in graph.reachable(children, children[group])
		_plain(all[group].value)
	}
}

# METADATA
# title: The groups that contain themselves
# description: A group that reaches itself through child groups; KubeKey takes such a group for empty.
cycles(inventory) := {group |
	children := _children(inventory)
	some group, _ in children
	group in graph.reachable(children, children[group])
}

# METADATA
# title: The Configs and Inventories of a set that KubeKey reads together
# description: >-
#   Each with the values config and inventory, null where there is none, and with documents, which says where in the
#   set each stands. One Config goes with every Inventory, one Inventory with every Config; where there are several of
#   both, nobody knows which belong together, and each Config stands alone.
pairs(documents) := [_pair(config, inventory) |
	some config in configs
	some inventory in inventories
	[config.document, inventory.document] != [null, null]
] if {
	configs := _of(documents, "kubekey-config")
	inventories := _of(documents, "kubekey-inventory")
	min([count(configs), count(inventories)]) == 1
} else := [_pair(config, _nobody) | some config in _of(documents, "kubekey-config")]

# The path is written in the Config, if only as null, or something on the way to it is no mapping and hides the Inventory's.
_written(config, path) if {
	is_object(config)
	some n in numbers.range(1, count(path))
	x := object.get(config, array.concat(["spec"], array.slice(path, 0, n)), {})
	not is_object(x)
}

_written(config, path) if is_object(value.at(config, array.concat(["spec"], path)).value)

_pair(config, inventory) := {
	"config": config.value,
	"inventory": inventory.value,
	"documents": {"config": config.document, "inventory": inventory.document},
}

_nobody := {"document": null, "value": null}

_of(documents, target) := found if {
	found := [{"document": i, "value": d.value} | some i, d in documents; d.target == target]
	count(found) > 0
} else := [_nobody]

_children(inventory) := {name: {child | some child in group.value.groups; all[child]} |
	all := groups(inventory)
	some name, group in all
}

_plain(group) if {
	every list in [object.get(group, "hosts", []), object.get(group, "groups", [])] {
		every name in _array(list) {
			is_string(name)
			not value.is_template(name)
		}
	}
}

_array(x) := [] if x == null

_array(x) := x if is_array(x)

_map(x) := {} if x == null

_map(x) := x if is_object(x)

_fact("internal_ipv4", name, host, inventory) := _address("internal_ipv4", name, host, inventory)

_fact("internal_ipv6", name, host, inventory) := _address("internal_ipv6", name, host, inventory)

_fact("address", _, host, _) := _text(_connector(host), "host")

_fact("type", _, host, _) := _text(_connector(host), "type")

_fact("port", _, host, _) := port if {
	port := object.get(_connector(host), "port", data.tables.kubekey_defaults.ssh_port)
	is_number(port)
}

_connector(host) := _map(object.get(host, "connector", {}))

_address(key, _, host, _) := _text(host, key) if value.is_set(host, key)

_address(key, name, host, inventory) := address if {
	value.unset(host, key)
	addresses := {_text(group.value.vars, key) | some group in _listing(inventory, name, key)}
	count(addresses) == 1
	some address in addresses
}

_address(key, name, host, inventory) := "" if {
	value.unset(host, key)
	count(_listing(inventory, name, key)) == 0
}

# The groups that list the host themselves and have a variable for it: those of child groups do not hold for it.
_listing(inventory, name, key) := [group |
	some group in groups(inventory)
	name in group.value.hosts
	value.is_set(group.value.vars, key)
]

_text(mapping, key) := "" if value.unset(mapping, key)

_text(mapping, key) := mapping[key] if {
	is_string(mapping[key])
	not value.is_template(mapping[key])
	mapping[key] != ""
}
