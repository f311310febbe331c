# METADATA
# title: Image registries
# description: >-
#   Registries as KubeKey's files name them. Functions take texts or any other value, for which they are undefined.
# related_resources:
# - ref: https://docs.docker.com/reference/cli/dockerd/#insecure-registries
# - ref: https://github.com/kubesphere/kubekey/blob/3.x/cmd/kk/pkg/registry/docker_registry_config.go
# - ref: https://github.com/kubesphere/kubekey/blob/main/builtin/core/roles/defaults/defaults/main/02-image_registry.yaml
package policies.lib.registry

import data.policies.lib.cidr
import data.policies.lib.kubekey
import data.policies.lib.kubekey4
import data.policies.lib.value
import future.keywords.not

# METADATA
# title: What KubeKey is told of registries
# description: >-
#   One for each Cluster of a set, and for each Config and Inventory that go together. insecure and mirrors: the
#   elements of those lists, each with document, path and value. switches: plain_http and skip_tls_verify where they
#   are on, each with document, path, switch and registry. private: the private registry, in a set of one or none.
#   manager: the container manager, k3s for k3s, "" where it is a template. lists_private: KubeKey v4 puts the private
#   registry on docker's list by itself.
setups(documents) := array.concat(clusters, pairs) if {
	clusters := [_of_cluster(i, document.value) | some i, document in documents; document.target == "kubekey-cluster"]
	pairs := [_of_pair(pair) | some pair in kubekey4.pairs(documents)]
}

# METADATA
# title: A registry in small letters
# description: >-
#   Host or host:port. Undefined for anything else, such as a scheme, a path, a range, a blank, a template or a
#   placeholder (xxx.example.com, your-registry).
plain(text) := lower(text) if {
	is_string(text)
	regex.match(`^([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$`, text)
	not regex.match(`(?i)^(x{3,}($|[.:])|your[-_]|(change|replace)_?me$|todo$|tbd$|fixme$|replace_with)`, text)
}

# METADATA
# title: The host of a registry, without port and brackets
# description: Of a text that is plain.
host(text) := trim(regex.replace(plain(text), `:[0-9]+$`, ""), "[]")

# METADATA
# title: A registry, or a range of them, on the machine itself
# description: localhost, 127.0.0.0/8 and ::1.
is_loopback(text) if host(text) in {"localhost", "::1"}

is_loopback(text) if cidr.includes("127.0.0.0/8", host(text))

is_loopback(text) if {
	cidr.valid(text)
	cidr.prefix(text) >= 8
	cidr.overlaps("127.0.0.0/8", text)
}

is_loopback(text) if text == "::1/128"

# METADATA
# title: A registry that a list of ranges may hold
# description: >-
#   Its address lies in one of them; of a name nobody knows the address, so any range may. Elements that are no ranges
#   count for nothing.
may_lie_in(ranges, text) if {
	some range in ranges
	cidr.includes(range, host(text))
}

may_lie_in(ranges, text) if {
	not cidr.is_ip(host(text))
	host(text)
	some range in ranges
	cidr.valid(range)
}

_of_cluster(i, cluster) := {
	"manager": _manager(cluster),
	"private": {name | name := _address(kubekey.at(cluster, ["spec", "registry", "privateRegistry"]).value)},
	"insecure": _elements(i, cluster, "insecureRegistries"),
	"mirrors": _elements(i, cluster, "registryMirrors"),
	"switches": _switches(i, cluster),
	"lists_private": false,
}

_manager(cluster) := "k3s" if {
	kubekey.kubernetes_type(cluster) == "k3s"
} else := manager if {
	manager := kubekey.effective(cluster, ["spec", "kubernetes", "containerManager"]).value
} else := ""

_elements(i, cluster, field) := [{"document": i, "path": array.concat(list.path, [n]), "value": x} |
	list := kubekey.at(cluster, ["spec", "registry", field])
	is_array(list.value)
	some n, x in list.value
]

_switches(i, cluster) := [{"document": i, "path": path, "switch": switch, "registry": plain(key)} |
	auths := kubekey.at(cluster, ["spec", "registry", "auths"])
	is_object(auths.value)
	some key, entry in auths.value
	some switch, field in {"plain_http": "plainHTTP", "skip_tls_verify": "skipTLSVerify"}
	flag := kubekey.field(entry, field)
	flag.value == true
	path := array.concat(auths.path, [key, flag.key])
]

_of_pair(pair) := {
	"manager": _manager4(pair),
	"private": {name | name := _private4(pair)},
	"insecure": _elements4(pair, ["cri", "registry", "insecure_registries"]),
	"mirrors": _elements4(pair, ["cri", "registry", "mirrors"]),
	"switches": _switches4(pair),
	"lists_private": _lists_private(pair),
}

_setting(pair, path) := kubekey4.setting(pair.config, pair.inventory, path)

_manager4(pair) := manager if {
	manager := kubekey4.effective(pair.config, pair.inventory, ["cri", "container_manager"]).value
} else := ""

# Without a name it is one that KubeKey installs, known by its type.
_private4(pair) := _address(_setting(pair, ["image_registry", "auth", "registry"]).value)

_private4(pair) := type if {
	not value.at(pair.config, ["spec", "image_registry", "auth", "registry"])
	not value.at(pair.inventory, ["spec", "vars", "image_registry", "auth", "registry"])
	type := _setting(pair, ["image_registry", "type"]).value
	type in {"harbor", "docker-registry"}
}

_elements4(pair, path) := [{"document": document, "path": array.concat(list.path, [n]), "value": x} |
	list := _setting(pair, path)
	document := pair.documents[list["in"]]
	is_array(list.value)
	some n, x in list.value
]

_switches4(pair) := [{"document": document, "path": at.path, "switch": switch, "registry": _private4(pair)} |
	some switch in ["plain_http", "skip_tls_verify"]
	at := _setting(pair, ["image_registry", "auth", switch])
	at.value in _true
	document := pair.documents[at["in"]]
]

_lists_private(pair) if {
	_manager4(pair) == "docker"
	_skips(pair)
} else := false

_skips(pair) if _setting(pair, ["image_registry", "auth", "skip_tls_verify"]).value in _true

# The default while no registry is installed.
_skips(pair) if {
	not _says(pair, ["image_registry", "auth", "skip_tls_verify"])
	not _says(pair, ["image_registry", "type"])
}

_says(pair, path) if _setting(pair, path).value != ""

_true := {true, "true", "True", "TRUE", "t", "T", "1"}

_address(text) := plain(split(text, "/")[0]) if is_string(text)
