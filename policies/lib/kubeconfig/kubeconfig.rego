# METADATA
# title: Kubeconfigs
# description: >-
#   Which of the kubeconfigs of input.facts somebody works with, and which are left behind or rewritten by a program, so that
#   no rule judges them. Functions take an element of facts.kubeconfigs; documents is input.set, where a rule that asks names
#   the targets kubesphere-cluster, kubekey-config, kubekey-inventory and any-object.
# related_resources:
# - ref: https://kubernetes.io/docs/reference/setup-tools/kubeadm/implementation-details/
# - ref: https://github.com/kubesphere/kubekey/blob/v3.1.12/cmd/kk/pkg/kubernetes/tasks.go
package policies.lib.kubeconfig

import future.keywords.not

# METADATA
# title: A kubeconfig of the control plane or of a kubelet
# description: /etc/kubernetes/admin.conf, controller-manager.conf, scheduler.conf or kubelet.conf of a host folder.
is_system(kubeconfig) if kubeconfig.role in {"admin", "controller-manager", "scheduler", "kubelet"}

# METADATA
# title: A kubeconfig that is to be judged
# description: >-
#   Not super-admin.conf and bootstrap-kubelet.conf, backups, copies in KubeKey's work folder, nor the kubeconfig of a Cluster
#   that tower renews or that KubeSphere takes from the cluster which it runs in.
is_used(kubeconfig, documents) if not _set_aside(kubeconfig, documents)

_set_aside(kubeconfig, _) if kubeconfig.role in {"super-admin", "bootstrap-kubelet"}

_set_aside(kubeconfig, _) if {
	kubeconfig.kind == "file"
	regex.match(`(?i)(^|[/._~-])(bak|backups?|old|orig|save)([/._~-]|[0-9]|$)`, kubeconfig.file)
}

_set_aside(kubeconfig, _) if {
	kubeconfig.kind == "file"
	regex.match(`(^|/)kubekey/(config-[^/]+|kubeconfig|[^/]+/admin\.conf)$`, kubeconfig.file)
}

# KubeKey v4 writes it into work_dir, wherever that is.
_set_aside(kubeconfig, documents) if {
	kubeconfig.kind == "file"
	regex.match(`(^|/)kubeconfig$`, kubeconfig.file)
	some document in documents
	document.target in {"kubekey-config", "kubekey-inventory"}
}

_set_aside(kubeconfig, documents) if {
	kubeconfig.kind == "cluster"
	_carrier(kubeconfig, documents).spec.connection.type == "proxy"
}

_set_aside(kubeconfig, documents) if {
	kubeconfig.kind == "cluster"
	_carrier(kubeconfig, documents).metadata.labels["cluster-role.kubesphere.io/host"] != null
}

# Others may call their ConfigMaps kubeconfig-… too.
_set_aside(kubeconfig, documents) if {
	kubeconfig.kind == "configmap"
	_carrier(kubeconfig, documents).metadata.namespace != "kubesphere-controls-system"
}

_carrier(kubeconfig, documents) := documents[kubeconfig.carrier.document].value
