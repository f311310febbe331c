# METADATA
# title: Releases of KubeKey
# description: >-
#   Which Kubernetes they install, of table kubekey_kubernetes. KubeKey v1 to v3 go by the patch release, v4 by the
#   minor version. Patch releases stand here without a leading v.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/blob/release-3.1/version/components.json
package policies.lib.kubekey_releases

import data.policies.lib.version

# METADATA
# title: The patch releases that a release of KubeKey v1 to v3 installs
# description: >-
#   A set; kind is kubernetes or k3s. A release that the table does not name has the list of the one before it.
#   Undefined where the release is newer than the table, older, of v4 or not known.
patches(kubekey, kind) := added - dropped if {
	version.between(kubekey, _table.kubernetes[0].tag, _table.newest.v3)
	rows := [row | some row in _table[kind]; version.at_least(kubekey, row.tag)]
	added := {patch | some row in rows; some patch in row.adds}
	dropped := {patch | some row in rows; some patch in row.drops}
}

# METADATA
# title: The patch releases that some release of KubeKey v1 to v3 installs
# description: Sets by kind, kubernetes and k3s. What only a branch has counts too.
ever[kind] := released | unreleased if {
	some kind in ["kubernetes", "k3s"]
	released := {patch | some row in _table[kind]; some patch in row.adds}
	unreleased := {patch | some patch in _table.unreleased[kind]}
}

# METADATA
# title: A version that a newer KubeKey v3 may install
# description: >-
#   Its minor version is newer than all that the table knows of the kind, or it is a later patch of a minor version
#   that still gets patches.
is_newer(kind, text) if {
	v := version.parse(text)
	[v.major, v.minor] > max([[p.major, p.minor] | some patch in ever[kind]; p := version.parse(patch)])
}

is_newer(kind, text) if {
	v := version.parse(text)
	version.at_least(text, _table.open_from)
	v.patch > max([p.patch |
		some patch in ever[kind]
		p := version.parse(patch)
		p.major == v.major
		p.minor == v.minor
	])
}

# METADATA
# title: The minor versions that a release of KubeKey v4 installs
# description: min and max. Undefined where the release is newer than the table, not of v4 or not known.
minors(kubekey) := last if {
	version.at_most(kubekey, _table.newest.v4)
	rows := [row | some row in _table.v4; version.at_least(kubekey, row.tag)]
	last := rows[count(rows) - 1]
}

# METADATA
# title: The minor versions that the newest KubeKey v4 of the table installs
# description: min and max, for a release that is not known.
newest_minors := _table.v4[count(_table.v4) - 1]

_table := data.tables.kubekey_kubernetes
