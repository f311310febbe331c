# METADATA
# title: etcd members and settings
# description: >-
#   The hosts that become members of an etcd which KubeKey runs as a service of its own, in a Cluster of v1 to v3
#   or an Inventory of v4.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/blob/release-3.1/cmd/kk/apis/kubekey/v1alpha2/default.go
package policies.lib.etcd

import data.policies.lib.kubekey
import data.policies.lib.kubekey4
import data.policies.lib.value
import data.policies.lib.version
import future.keywords.not

# METADATA
# title: The members of the document
# description: >-
#   With the path of group etcd and the distinct names of its hosts as value, [] where the group is absent or
#   empty. Undefined where KubeKey runs no etcd itself, and where a template hides who the members are.
members := members_of(input.document)

# METADATA
# title: The members of a document of a set
# description: As members. A v4 Inventory does not say etcd.deployment_type; its group etcd counts whatever that is.
members_of(document) := {
	"path": kubekey.place(document.value, ["spec", "roleGroups", "etcd"]),
	"value": kubekey.expand(document.value, "etcd"),
} if {
	document.target == "kubekey-cluster"
	kubekey.own_etcd(document.value)
}

members_of(document) := {
	"path": ["spec", "groups", "etcd"],
	"value": kubekey4.group_hosts(document.value, "etcd"),
} if {
	document.target == "kubekey-inventory"
}

# METADATA
# title: What each etcd that KubeKey runs is set to
# description: >-
#   One object for each Cluster of a set, and for each Config and Inventory that go together, with what is known of
#   heartbeat, election, quota and retention: name, value, path, document (null for a default of v4) and written, which
#   says whether it stands in the document. What extraArgs says wins over the field, as in etcd.env, and has the
#   variable for a name. Templates are left out, and of a Cluster's fields what KubeKey cannot read, see no_integer.
settings(documents) := array.concat(
	[{key: object.union(at, {"document": i}) |
		some key, names in _names
		at := _of_cluster(document, names)
	} |
		some i, document in documents
		document.target == "kubekey-cluster"
		kubekey.own_etcd(document.value)
		has_fields(document)
	],
	[{key: object.union(at, {"name": names.v4, "document": place, "written": place != null}) |
		some key, names in _names
		at := kubekey4.effective(pair.config, pair.inventory, ["etcd", "env", names.v4])
		place := object.get(pair.documents, at["in"], null)
	} |
		some pair in kubekey4.pairs(documents)
		kubekey4.effective(pair.config, pair.inventory, ["etcd", "deployment_type"]).value == "external"
	],
)

# METADATA
# title: KubeKey knows the fields of a Cluster for heartbeat, election, quota and retention
# description: They came with v3.0.8; a KubeKey before that leaves them aside. Whoever does not say which it is has them.
has_fields(document) if not version.below(document.versions.kubekey, "3.0.8")

# METADATA
# title: What each etcd member is set to
# description: >-
#   One object for each of input.facts.etcd.members, shaped as those of settings, with the variable or the flag for a
#   name. What a member leaves out is etcd's own default, written false, or absent where that is nothing. Templates are
#   left out.
member_settings(members) := [settings |
	some member in members
	not member.config_file
	settings := {key: at |
		some key, names in _names
		at := _of_member(member, key, names.variable)
	}
]

# METADATA
# title: The name of a setting where it is written
# description: The variable, such as ETCD_NAME, or --name in a static pod, whose path leads to the flag.
name_at(variable, path) := flag if {
	path[3] in {"command", "args"}
	flag := sprintf("--%s", [replace(lower(trim_prefix(variable, "ETCD_")), "_", "-")])
} else := variable

# METADATA
# title: A value that is no integer
# description: >-
#   KubeKey cannot read it in a field of a Cluster that is one, and etcd refuses it. Digits in quotes are left out, the
#   empty text, templates, lists and mappings too.
no_integer(x) if is_boolean(x)

no_integer(x) if {
	is_number(x)
	floor(x) != x
}

no_integer(x) if {
	is_string(x)
	x != ""
	not value.is_template(x)
	not regex.match(`^\s*[+-]?[0-9]+\s*$`, x)
}

_names := {
	"heartbeat": {"v3": "heartbeatInterval", "v4": "heartbeat_interval", "variable": "ETCD_HEARTBEAT_INTERVAL"},
	"election": {"v3": "electionTimeout", "v4": "election_timeout", "variable": "ETCD_ELECTION_TIMEOUT"},
	"quota": {"v3": "quotaBackendBytes", "v4": "quota_backend_bytes", "variable": "ETCD_QUOTA_BACKEND_BYTES"},
	"retention": {
		"v3": "autoCompactionRetention",
		"v4": "compaction_retention",
		"variable": "ETCD_AUTO_COMPACTION_RETENTION",
	},
}

_of_cluster(document, names) := object.union(arg, {"name": names.variable, "written": true}) if {
	arg := _extra_arg(document, names.variable)
	not value.is_template(arg.value)
}

_of_cluster(document, names) := object.union(field, {"name": names.v3, "written": written}) if {
	not _extra_arg(document, names.variable)
	path := ["spec", "etcd", names.v3]
	field := kubekey.effective(document.value, path)
	is_number(field.value)
	not no_integer(field.value)
	written := count([x | x := kubekey.at(document.value, path)]) > 0
}

# The last item that sets a variable. KubeKey v3.1.3 was the first to know the field.
_extra_arg(document, variable) := items[count(items) - 1] if {
	not version.below(document.versions.kubekey, "3.1.3")
	list := kubekey.at(document.value, ["spec", "etcd", "extraArgs"])
	is_array(list.value)
	items := [{"path": array.concat(list.path, [i]), "value": trim(found[1], "'\"")} |
		some i, item in list.value
		is_string(item)
		some found in regex.find_all_string_submatch_n(sprintf(`^\s*%s\s*=\s*(.*?)\s*$`, [variable]), item, 1)
	]
}

_of_member(member, _, variable) := {
	"name": name_at(variable, at.path),
	"value": at.value,
	"path": at.path,
	"document": member.document,
	"written": true,
} if {
	at := member.settings[variable]
	at.value != null
}

_of_member(member, key, variable) := {
	"name": variable,
	"value": _etcd_defaults[key],
	"path": [],
	"document": member.document,
	"written": false,
} if {
	not member.settings[variable]
}

_etcd_defaults := {"heartbeat": 100, "election": 1000, "retention": 0}
