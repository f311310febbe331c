# METADATA
# title: Webhooks of KubeSphere
# description: What is left of them when KubeSphere 3.x has become 4.x. The functions take input.set.
# related_resources:
# - ref: https://github.com/kubesphere/kubesphere/blob/v4.1.3/config/ks-core/templates/webhook.yaml
# - ref: https://github.com/kubesphere/ks-installer/blob/v3.4.1/roles/ks-core/ks-core/files/ks-core/templates/webhook.yaml
package policies.lib.webhook

import data.policies.lib.core
import data.policies.lib.version
import future.keywords.not

# METADATA
# title: Webhooks of KubeSphere 3.x in a set that shows 4.x
# description: >-
#   By the place of their configuration in the set, the positions in its webhooks. 3.0 to 3.4 know admission reviews of
#   v1beta1 alone, 4.1 those of v1; names prove nothing, 4.1 ships some of the old ones.
stale(documents) := {i: places |
	some i, places in _old(documents)
	_is_4(documents, documents[i])
}

# The candidates: few sets have any, so that nobody asks for versions in the others.
_old(documents) := {i: places |
	some i, document in documents
	is_array(document.value.webhooks)
	places := {n |
		some n, webhook in document.value.webhooks
		webhook.clientConfig.service.name == "ks-controller-manager"
		webhook.admissionReviewVersions == ["v1beta1"]
	}
	count(places) > 0
}

# What is known of the document: the set's versions, or what the user said.
_is_4(_, document) if version.at_least(document.versions.kubesphere, "4.0")

_is_4(documents, _) if {
	some document in documents
	_shows_4(document.value)
	not _shows_3(documents)
}

_shows_4(object) if version.at_least(core.version_of(object), "4.0")

_shows_4(object) if {
	object.apiVersion == "kubesphere.io/v1alpha1"
	object.kind in {"Extension", "ExtensionVersion", "InstallPlan"}
}

# Manifests of both in one folder say nothing about what the cluster runs.
_shows_3(documents) if {
	some document in documents
	version.below(core.version_of(document.value), "4.0")
}
