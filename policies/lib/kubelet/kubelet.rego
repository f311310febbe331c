# METADATA
# title: Kubelets
# description: >-
#   What the kubelets of input.set are told: in a KubeletConfiguration, in kubernetes.kubeletConfiguration of a KubeKey
#   Cluster, in kubernetes.kubelet.extra_config of KubeKey v4, and beside these in drop-ins and by flags.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/kubernetes/templates/kubeadm_config.go
# - ref: https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/
package policies.lib.kubelet

import data.policies.lib.kubekey
import data.policies.lib.kubekey4
import data.policies.lib.value
import data.policies.lib.version
import future.keywords.not

# METADATA
# title: What is set, one object for each place that sets it
# description: >-
#   KubeKey's files first. source is kubelet, kubeadm (a further document of kubeadm's file), kubekey or kubekey4.
#   document and path lead to the settings, fields holds what is written, each with document, path and value. maps holds
#   kubeReserved, systemReserved, evictionHard, evictionSoft and evictionSoftGracePeriod as the kubelet gets them, with
#   KubeKey's own where its file does not write the key, {} for none; a map that is no mapping of texts, or has a template
#   for a key, is missing. flags are the names of what command lines set, drop_ins the values of the same kubelet's
#   drop-ins. kubernetes is the version, "" where it is unknown. Parts of a configuration are nobody's settings:
#   drop-ins, patches, what kubeadm patches, and kubeadm's file beside the one that the kubelet of the host reads.
settings := array.concat(_of_clusters, array.concat(_of_configs, _of_files))

# METADATA
# title: A key is set elsewhere too
# description: >-
#   By a flag of the kubelet, or in a drop-in, which both win. Where --config-dir leads is not known.
is_set_elsewhere(settings, _, flags) if {
	some flag in array.concat(flags, ["config-dir"])
	flag in settings.flags
}

is_set_elsewhere(settings, keys, _) if {
	some drop_in in settings.drop_ins
	some key in keys
	key in object.keys(drop_in)
}

_of_clusters := [_settings("kubekey", i, at.path, _fields(i, at.path, at.value), document) |
	some i, document in input.set
	document.target == "kubekey-cluster"
	not version.below(document.versions.kubekey, data.tables.kubelet_defaults.reads_since.kubekey)
	kubekey.kubernetes_type(document.value) == "kubernetes"
	at := kubekey.at(document.value, ["spec", "kubernetes", "kubeletConfiguration"])
	is_object(at.value)
	count(at.value) > 0
]

_of_configs := [_settings("kubekey4", i, at.path, fields, document) |
	some pair in kubekey4.pairs(input.set)
	not _patches_kubelets(pair)
	at := kubekey4.setting(pair.config, pair.inventory, _extra_config)
	is_object(at.value)
	i := pair.documents[at["in"]]
	document := input.set[i]
	not version.below(document.versions.kubekey, data.tables.kubelet_defaults.reads_since.kubekey4)
	fields := object.union(_underneath(pair, at), _fields(i, at.path, at.value))
]

_of_files := [_settings(_source(document), i, [], _fields(i, [], written), document) |
	some i, document in input.set
	document.target == "kubelet-config"
	not _is_drop_in(document)
	not _is_overruled(document)
	written := {key: x | some key, x in document.value; x != null}
]

_settings(source, i, path, fields, document) := {
	"source": source,
	"document": i,
	"path": path,
	"fields": fields,
	"maps": {key: map |
		some key, own in data.tables.kubelet_defaults.kubekey
		map := _map(source, object.get(fields, key, null), own)
	},
	"flags": {flag | some host in hosts; some flag in _flags_by_host[host]},
	"drop_ins": {drop_in | some host in hosts; some drop_in in _drop_ins_by_host[host]},
	"kubernetes": _kubernetes(document),
} if {
	hosts := _seen(source, document.host)
}

_fields(i, path, mapping) := {key: {"document": i, "path": array.concat(path, [key]), "value": x} |
	some key, x in mapping
}

_map(source, null, own) := own if startswith(source, "kubekey")

_map(source, null, _) := {} if not startswith(source, "kubekey")

_map(_, field, _) := {} if field.value == null

_map(_, field, _) := field.value if {
	is_object(field.value)
	every key, x in field.value {
		is_string(x)
		not value.is_template(key)
	}
}

# The host folders whose flags and drop-ins count: its own and none in particular, or, of a file for all hosts, all.
_seen(source, _) := _all_hosts if startswith(source, "kubekey")

_seen(source, "") := _all_hosts if not startswith(source, "kubekey")

_seen(source, host) := {host, ""} if {
	not startswith(source, "kubekey")
	host != ""
}

_all_hosts := object.keys(_flags_by_host) | object.keys(_drop_ins_by_host)

# Collected once: asked for one host at a time, the rules below would read the whole set for each.
_flags_by_host := {host: flags | some host, flags in _flags}

_drop_ins_by_host := {host: drop_ins | some host, drop_ins in _drop_ins}

_versions_by_file := {file: versions | some file, versions in _versions_of_files}

_extra_config := ["kubernetes", "kubelet", "extra_config"]

# KubeKey merges the mappings of Config and Inventory, key by key.
_underneath(pair, at) := fields if {
	at["in"] == "config"
	path := array.concat(["spec", "vars"], _extra_config)
	fields := _fields(pair.documents.inventory, path, value.at(pair.inventory, path).value)
} else := {}

_patches_kubelets(pair) if {
	some patch in kubekey4.setting(pair.config, pair.inventory, ["kubernetes", "patches"]).value
	not _is_for_others(patch.name)
}

_is_for_others(name) if {
	is_string(name)
	regex.match(`^(kube-|etcd|coredns)`, name)
}

_source(document) := "kubeadm" if document.file in _kubeadm_files

_source(document) := "kubelet" if not document.file in _kubeadm_files

# A part of a configuration: of a folder that --config-dir names, or a patch of kubeadm's.
_is_drop_in(document) if regex.match(`(^|/)(kubelet\.conf\.d/.+\.conf|kubeletconfiguration[^/]*)$`, document.file)

# kubeadm's file, beside what the kubelet of the host reads or with patches that may say otherwise.
_is_overruled(document) if {
	document.file in _kubeadm_files
	document.host in _hosts_with_own
}

_is_overruled(document) if document.file in _patched_files

_hosts_with_own contains document.host if {
	some document in input.set
	document.target == "kubelet-config"
	trim_left(trim_prefix(document.file, document.host), "/") == "var/lib/kubelet/config.yaml"
}

_kubeadm_files contains document.file if {
	some document in input.set
	document.target == "kubeadm-config"
}

_patched_files contains document.file if {
	some document in input.set
	document.target == "kubeadm-config"
	value.is_set(document.value.patches, "directory")
}

_kubernetes(document) := found if {
	versions := _versions_by_file[document.file]
	count(versions) == 1
	some found in versions
} else := object.get(document, ["versions", "kubernetes"], "")

_versions_of_files[document.file] contains found if {
	some document in input.set
	document.target == "kubeadm-config"
	found := document.value.kubernetesVersion
	version.parse(found)
}

_drop_ins[document.host] contains document.value if {
	some document in input.set
	document.target == "kubelet-config"
	_is_drop_in(document)
}

_flags[document.host] contains flag if {
	some document in input.set
	document.target == "kubelet-env"
	some text in document.value.variables
	some flag in _names(text)
}

_flags[document.host] contains flag if {
	some document in input.set
	document.target == "systemd-unit"
	regex.match(`(^|/)(kubelet\.service(\.d/[^/]+\.conf)?|10-kubeadm\.conf)$`, document.file)
	some key in ["Environment", "ExecStart"]
	some text in document.value.Service[key]
	some flag in _names(text)
}

_flags[document.host] contains flag if {
	some document in input.set
	document.target == "kubeadm-config"
	some flag in _keys(document.value.nodeRegistration.kubeletExtraArgs)
}

# KubeKey hands its flags to every host.
_flags[""] contains flag if {
	some document in input.set
	document.target == "kubekey-cluster"
	some text in kubekey.at(document.value, ["spec", "kubernetes", "kubeletArgs"]).value
	some flag in _names(text)
}

_flags[""] contains flag if {
	some document in input.set
	some target, above in {"kubekey-config": ["spec"], "kubekey-inventory": ["spec", "vars"]}
	document.target == target
	some flag in _keys(value.at(document.value, array.concat(above, ["kubernetes", "kubelet", "extra_args"])).value)
}

# Every word of a command line that may be the name of a flag; some underscores are for dashes.
_names(text) := {replace(found[1], "_", "-") |
	is_string(text)
	some found in regex.find_all_string_submatch_n(`(?:^|[\s"'=])-{0,2}([a-z][a-z_-]*)`, text, -1)
}

# Flags as a mapping, or as the list of kubeadm.k8s.io/v1beta4.
_keys(flags) := object.keys(flags) if is_object(flags)

_keys(flags) := {flag.name | some flag in flags} if is_array(flags)
