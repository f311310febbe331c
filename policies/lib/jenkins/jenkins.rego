# METADATA
# title: The memory of Jenkins
# description: >-
#   What several rules ask about jenkinsMemoryLim of a ClusterConfiguration, input.document, while DevOps is enabled.
# related_resources:
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/ks-devops/templates/ks-devops-values.yaml.j2
package policies.lib.jenkins

import data.policies.lib.cc
import data.policies.lib.quantity
import data.policies.lib.version
import future.keywords.not

# METADATA
# title: The limit, with its path
# description: Undefined while DevOps is off, where the limit is absent, and for what is no quantity.
limit := at if {
	cc.enabled(input.document, ["devops", "enabled"])
	at := cc.at(input.document, ["devops", "jenkinsMemoryLim"])
	quantity.valid(at.value)
}

# METADATA
# title: What is wrong with the unit of the limit
# description: >-
#   In 3.4, which makes an option of Java of it: bytes for a bare number that is too small to be meant, unreadable for
#   what Java does not take. Undefined for a sound one.
unit := "bytes" if {
	_in_java
	_is_bare(limit.value)
	quantity.amount(limit.value) < 1073741824
}

unit := "unreadable" if {
	_in_java
	x := limit.value
	not _is_bare(x)
	not regex.match(`^[0-9]+(Mi|Gi|k|M|G|T)$`, sprintf("%v", [x]))
}

_in_java if version.minor(input.document.versions.kubesphere) == "3.4"

_is_bare(x) if {
	is_number(x)
	x == floor(x)
}

_is_bare(x) if {
	is_string(x)
	regex.match(`^[0-9]+$`, x)
}
