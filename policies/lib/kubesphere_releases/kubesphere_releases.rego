# METADATA
# title: Releases of KubeSphere
# description: Which Kubernetes they run on and what they are upgraded from, of table kubesphere_kubernetes.
# related_resources:
# - ref: https://github.com/kubesphere/kubekey/blob/release-3.1/cmd/kk/pkg/version/kubesphere/ks_installer.go
package policies.lib.kubesphere_releases

import data.policies.lib.version
import future.keywords.not

# METADATA
# title: The row of a release
# description: >-
#   With min, max, upgrade_from and what else the table holds. Undefined for a release that is no row: one that is
#   newer than the table is never a fault.
row(kubesphere) := data.tables.kubesphere_kubernetes.releases[trim_prefix(kubesphere, "v")]

# METADATA
# title: How bad a pair of KubeSphere and Kubernetes is
# description: >-
#   error where a hard stop was read in the source, warning for another minor version outside the row. Undefined
#   for a sound pair, and where one of the versions is not known. Patch and suffix of the Kubernetes version do not
#   count.
severity(kubesphere, kubernetes) := "error" if _stops(row(kubesphere), version.minor(kubernetes))

severity(kubesphere, kubernetes) := "warning" if {
	release := row(kubesphere)
	release.outside == "warning"
	minor := version.minor(kubernetes)
	not version.between(minor, release.min, release.max)
	not _stops(release, minor)
}

# METADATA
# title: KubeSphere can be upgraded from one release to another in one step
# description: Both must be rows of the table, else this is undefined and says nothing; see row.
upgrades(old, new) if trim_prefix(old, "v") in row(new).upgrade_from

_stops(release, minor) if version.at_least(minor, release.error_from)

_stops(release, minor) if version.below(minor, release.installer_min)
