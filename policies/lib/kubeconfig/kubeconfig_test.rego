package policies.lib.kubeconfig_test

import data.policies.lib.kubeconfig
import future.keywords.not

test_the_four_of_a_control_plane_are_system_files if {
	every role in ["admin", "controller-manager", "scheduler", "kubelet"] {
		kubeconfig.is_system({"role": role})
	}
}

test_others_are_none if {
	not kubeconfig.is_system({"kind": "file"})
	not kubeconfig.is_system({"role": "super-admin"})
}

test_a_file_is_used if {
	every file in ["root/.kube/config", "bold/config", "kubekey/config.yaml", "etc/kubernetes/admin.conf"] {
		kubeconfig.is_used({"kind": "file", "file": file}, [])
	}
}

test_what_kubeadm_leaves_behind_is_not if {
	every role in ["super-admin", "bootstrap-kubelet"] {
		not kubeconfig.is_used({"kind": "file", "file": "a", "role": role}, [])
	}
}

test_backups_are_not if {
	every file in ["admin.conf.bak", "etc/kubernetes/backup/admin.conf", "config-old", "a.bak2024.yaml", "old/a"] {
		not kubeconfig.is_used({"kind": "file", "file": file}, [])
	}
}

test_kubekeys_work_folder_is_not if {
	every file in ["kubekey/config-sample", "a/kubekey/node1/admin.conf", "kubekey/kubeconfig"] {
		not kubeconfig.is_used({"kind": "file", "file": file}, [])
	}
}

test_a_file_kubeconfig_beside_kubekey_v4_is_not if {
	file := {"kind": "file", "file": "work/kubeconfig"}
	not kubeconfig.is_used(file, [null, {"target": "kubekey-inventory"}])
	kubeconfig.is_used(file, [null, {"target": "kubekey-cluster"}])
}

test_clusters_that_are_renewed_are_not if {
	not kubeconfig.is_used(_member, [{"value": {"spec": {"connection": {"type": "proxy"}}}}])
	not kubeconfig.is_used(_member, [{"value": {"metadata": {"labels": {"cluster-role.kubesphere.io/host": ""}}}}])
}

test_a_directly_connected_cluster_is if {
	kubeconfig.is_used(_member, [{"value": {"metadata": {"labels": null}, "spec": {"connection": {"type": "direct"}}}}])
}

test_a_config_map_of_kubesphere_is if {
	kubeconfig.is_used(_user, [{"value": {"metadata": {"namespace": "kubesphere-controls-system"}}}])
	kubeconfig.is_used(_user, [{"value": {"metadata": {}}}])
}

test_a_config_map_of_somebody_else_is_not if {
	not kubeconfig.is_used(_user, [{"value": {"metadata": {"namespace": "kube-system"}}}])
}

_member := {"kind": "cluster", "file": "a.yaml", "carrier": {"document": 0, "path": []}}

_user := {"kind": "configmap", "file": "a.yaml", "carrier": {"document": 0, "path": []}}
