# METADATA
# title: KubeSphere's own Deployments
# description: >-
#   The Deployments ks-apiserver, ks-controller-manager, ks-console and ks-agent, and the containers of these names
#   in them. The rules speak about input.document, the functions (…_of) about any object. A patch is none of these:
#   what is missing in it may stand elsewhere.
# related_resources:
# - ref: https://github.com/kubesphere/kubesphere/tree/master/config/ks-core
package policies.lib.core

import data.policies.lib.value
import data.policies.lib.workload
import future.keywords.not

# METADATA
# title: The name of the Deployment
# description: With its path. Undefined for every other workload, and for a patch.
deployment := deployment_of(input.document.value)

# METADATA
# title: KubeSphere's containers in the Deployment
# description: >-
#   Elements of workload.containers, never init containers, sidecars or injected proxies. Empty for other
#   workloads.
containers := containers_of(input.document.value)

# METADATA
# title: The KubeSphere version of the Deployment
# description: >-
#   What Go knows of the document (the tag of its image, or what the user said), else the tag. The label version is
#   of no use: the chart of 3.4.1 writes v3.2.1 there.
version := input.document.versions.kubesphere

version := version_of(input.document.value) if not input.document.versions.kubesphere

# METADATA
# title: The name of an object that is one of the Deployments
# description: As deployment.
deployment_of(resource) := {"path": ["metadata", "name"], "value": resource.metadata.name} if {
	resource.kind == "Deployment"
	resource.metadata.name in {"ks-apiserver", "ks-controller-manager", "ks-console", "ks-agent"}
	_at_home(resource.metadata)
	not workload.is_patch_of(resource)
}

# METADATA
# title: KubeSphere's containers in an object
# description: As containers.
containers_of(resource) := [container |
	deployment_of(resource)
	some container in workload.containers_of(resource)
	container.kind == "container"
	container.name in {"ks-apiserver", "ks-controller-manager", "ks-console"}
]

# METADATA
# title: The KubeSphere version of an object
# description: The tag of its images where it begins with 3. or 4.; undefined where they differ.
version_of(resource) := version if {
	versions := {tag_of(container.value.image) | some container in containers_of(resource)}
	count(versions) == 1
	some version in versions
}

# METADATA
# title: The KubeSphere version that an image's tag names
# description: Without v and suffix. Undefined for other tags and for a digest alone.
tag_of(image) := found[1] if {
	is_string(image)
	some found in regex.find_all_string_submatch_n(`:v?([34]\.[0-9]+(?:\.[0-9]+)?)(?:-[^/:@]*)?(?:@.*)?$`, image, 1)
}

_at_home(metadata) if value.unset(metadata, "namespace")

_at_home(metadata) if metadata.namespace == "kubesphere-system"
