package policies.lib.kubelet_test

import data.policies.lib.kubelet
import future.keywords.not

_own := "node1/var/lib/kubelet/config.yaml"

_file(file, value) := {"target": "kubelet-config", "host": "node1", "file": file, "value": value}

_kubeadm(file, value) := {"target": "kubeadm-config", "host": "node1", "file": file, "value": value}

_flat(document) := object.union(document, {"host": ""})

_cluster(kubernetes) := {
	"target": "kubekey-cluster",
	"host": "",
	"file": "config.yaml",
	"value": {"kind": "Cluster", "spec": {"kubernetes": kubernetes}},
}

_config(spec) := {"target": "kubekey-config", "host": "", "file": "config.yaml", "value": {"spec": spec}}

_inventory(vars) := {"target": "kubekey-inventory", "host": "", "file": "i.yaml", "value": {"spec": {"vars": vars}}}

_extra(x) := {"kubernetes": {"kubelet": {"extra_config": x}}}

test_a_file_is_taken_as_written if {
	found := kubelet.settings with input.set as [_file(_own, {"evictionSoft": {"a": "1"}, "kubeReserved": null})]
	found == [{
		"source": "kubelet",
		"document": 0,
		"path": [],
		"fields": {"evictionSoft": {"document": 0, "path": ["evictionSoft"], "value": {"a": "1"}}},
		"maps": {
			"kubeReserved": {},
			"systemReserved": {},
			"evictionHard": {},
			"evictionSoft": {"a": "1"},
			"evictionSoftGracePeriod": {},
		},
		"flags": set(),
		"drop_ins": set(),
		"kubernetes": "",
	}]
}

test_kubekey_fills_in_what_a_cluster_does_not_write if {
	written := {"evictionSoft": {}, "kubeReserved": null}
	some found in kubelet.settings with input.set as [_cluster({"KubeletConfiguration": written})]
	found.source == "kubekey"
	found.path == ["spec", "kubernetes", "KubeletConfiguration"]
	found.fields.kubeReserved == {"document": 0, "path": array.concat(found.path, ["kubeReserved"]), "value": null}
	found.maps.kubeReserved == {}
	found.maps.systemReserved == {"cpu": "200m", "memory": "250Mi"}
	found.maps.evictionSoft == {}
	found.maps.evictionSoftGracePeriod == {"memory.available": "2m"}
}

test_a_map_of_anything_else_is_missing if {
	every x in [[], "text", 1, {"memory": 1}, {"memory": null}, {"{{ k }}": "1"}] {
		some found in kubelet.settings with input.set as [_file(_own, {"kubeReserved": x})]
		not found.maps.kubeReserved
		found.fields.kubeReserved.value == x
	}
}

test_some_clusters_have_no_kubelet_to_set if {
	reserved := {"kubeReserved": {}}
	_nothing([_cluster({"kubeletConfiguration": reserved, "type": "k3s"})])
	_nothing([_cluster({"kubeletConfiguration": reserved, "version": "v1.26.5-k3s"})])
	_nothing([_cluster({"kubeletConfiguration": {}})])
	_nothing([_cluster({"kubeletConfiguration": null})])
	_nothing([_cluster({"kubeletConfiguration": "{{ k }}"})])
	old := object.union(_cluster({"kubeletConfiguration": reserved}), {"versions": {"kubekey": "1.0.1"}})
	_nothing([old])
}

_nothing(set) if kubelet.settings == [] with input.set as set

test_a_config_adds_to_the_template if {
	some found in kubelet.settings with input.set as [_config(_extra({"evictionHard": {"a": "1"}}))]
	found.source == "kubekey4"
	found.document == 0
	found.fields.evictionHard.path == ["spec", "kubernetes", "kubelet", "extra_config", "evictionHard"]
	found.maps.evictionSoft == {"memory.available": "10%"}
}

test_config_and_inventory_are_merged if {
	config := _config(_extra({"evictionSoft": {"a": "1", "b": "1"}}))
	inventory := _inventory(_extra({"evictionSoft": {"a": "2", "c": "2"}, "kubeReserved": {}}))
	some found in kubelet.settings with input.set as [inventory, config]
	found.document == 1
	found.maps.evictionSoft == {"a": "1", "b": "1", "c": "2"}
	found.fields.evictionSoft.document == 1
	found.fields.kubeReserved.document == 0
	found.fields.kubeReserved.path == ["spec", "vars", "kubernetes", "kubelet", "extra_config", "kubeReserved"]
}

test_an_inventory_alone_counts if {
	some found in kubelet.settings with input.set as [_inventory(_extra({"kubeReserved": {}}))]
	found.fields.kubeReserved.path == ["spec", "vars", "kubernetes", "kubelet", "extra_config", "kubeReserved"]
}

test_a_config_that_no_release_reads_yet if {
	config := _config(_extra({"kubeReserved": {}}))
	_nothing([object.union(config, {"versions": {"kubekey": "4.0.6"}})])
	count(kubelet.settings) == 1 with input.set as [object.union(config, {"versions": {"kubekey": "4.0.7-alpha.1"}})]
	_nothing([_config(_extra("{{ x }}"))])
	_nothing([_config(_extra([]))])
}

test_patches_of_a_config_may_say_otherwise if {
	config := _config(_extra({"kubeReserved": {}}))
	every name in ["kubeletconfiguration+merge.yaml", null, "{{ name }}"] {
		_nothing([config, _inventory({"kubernetes": {"patches": [{"name": name}]}})])
	}
	set := [config, _inventory({"kubernetes": {"patches": [{"name": "kube-apiserver0+merge.yaml"}]}})]
	count(kubelet.settings) == 1 with input.set as set
}

test_kubekeys_files_come_first if {
	set := [_file(_own, {}), _config(_extra({"a": 1})), _cluster({"kubeletConfiguration": {"a": 1}})]
	[found.source | some found in kubelet.settings] == ["kubekey", "kubekey4", "kubelet"] with input.set as set
}

test_parts_of_a_configuration_are_nobodys if {
	every file in [
		"node1/etc/kubernetes/kubelet.conf.d/10-a.conf", "kubelet.conf.d/a/b.conf",
		"node1/etc/kubernetes/patches/kubeletconfiguration+merge.yaml",
	] {
		_nothing([_file(file, {"kubeReserved": {}})])
	}
	every file in ["etc/kubelet.conf.d/README.yaml", "kubelet.conf", "kubelet-config.yaml"] {
		count(kubelet.settings) == 1 with input.set as [_file(file, {})]
	}
}

_further := "node1/etc/kubernetes/kubeadm-config.yaml"

test_a_further_document_of_kubeadms_file if {
	set := [_kubeadm(_further, {"kubernetesVersion": "v1.20.4"}), _file(_further, {})]
	some found in kubelet.settings with input.set as set
	found.source == "kubeadm"
	found.kubernetes == "v1.20.4"
}

test_the_kubelets_own_file_speaks_for_its_host if {
	set := [_kubeadm(_further, {}), _file(_further, {}), _file(_own, {})]
	[found.document | some found in kubelet.settings] == [2] with input.set as set
	other := object.union(_file(_own, {}), {"host": "node2", "file": "node2/var/lib/kubelet/config.yaml"})
	[found.document | some found in kubelet.settings] == [1, 2] with input.set as [set[0], set[1], other]
}

test_kubeadm_patches_what_stands_beside if {
	_nothing([_kubeadm(_further, {"patches": {"directory": "/etc/kubernetes/patches"}}), _file(_further, {})])
}

test_the_version_is_that_of_the_file_or_else_of_the_document if {
	versions := {"versions": {"kubernetes": "1.28.9"}}
	every kubeadm in [{}, {"kubernetesVersion": "stable-1"}, {"kubernetesVersion": null}] {
		set := [_kubeadm(_further, kubeadm), object.union(_file(_further, {}), versions)]
		some found in kubelet.settings with input.set as set
		found.kubernetes == "1.28.9"
	}
	set := [
		_kubeadm(_further, {"kubernetesVersion": "v1.20.4"}), _kubeadm(_further, {"kubernetesVersion": "v1.21.0"}),
		_file(_further, {}),
	]
	some found in kubelet.settings with input.set as set
	found.kubernetes == ""
}

_drop_in := _file("node1/etc/kubernetes/kubelet.conf.d/1.conf", {"evictionHard": null})

test_drop_ins_are_those_of_the_host if {
	_elsewhere(_file(_own, {}), [_drop_in])
	_elsewhere(_file(_own, {}), [_flat(_drop_in)])
	_elsewhere(_flat(_file("kubelet.yaml", {})), [_drop_in])
	_elsewhere(_cluster({"kubeletConfiguration": {"a": 1}}), [_drop_in])
	not _elsewhere(object.union(_file("node2/a.yaml", {}), {"host": "node2"}), [_drop_in])
	not _elsewhere(_file(_own, {}), [_file(_drop_in.file, {"kubeReserved": {}})])
}

_elsewhere(document, others) if {
	some found in kubelet.settings with input.set as array.concat([document], others)
	kubelet.is_set_elsewhere(found, ["evictionHard"], ["eviction-hard"])
}

_told(other) if _elsewhere(_file(_own, {}), [other])

_env(text) := {
	"target": "kubelet-env",
	"host": "node1",
	"file": "node1/etc/default/kubelet",
	"value": {"variables": {"KUBELET_EXTRA_ARGS": text}},
}

_unit(file, service) := {"target": "systemd-unit", "host": "node1", "file": file, "value": {"Service": service}}

test_flags_of_environment_files if {
	every text in ["--eviction-hard=a<1", "--v=2 --eviction_hard a<1", "'-eviction-hard=x'", "--config-dir=/etc/k"] {
		_told(_env(text))
	}
	every text in ["", "--eviction-hardly=1", "--no-eviction-hard", null, 1] {
		not _told(_env(text))
	}
	not _told(object.union(_env("--eviction-hard=a<1"), {"host": "node2"}))
}

test_flags_of_units if {
	every file in [
		"node1/etc/systemd/system/kubelet.service", "kubelet.service.d/20-a.conf", "10-kubeadm.conf",
	] {
		_told(_unit(file, {"Environment": ["KUBELET_EXTRA_ARGS=--eviction-hard=a<1"]}))
		_told(_unit(file, {"ExecStart": ["", "/usr/local/bin/kubelet --eviction-hard=a<1"]}))
	}
	not _told(_unit("etcd.service", {"ExecStart": ["x --eviction-hard=a<1"]}))
	not _told(_unit("kubelet.service", {"ExecStart": [null], "Environment": "x"}))
}

test_flags_of_kubeadm if {
	every flags in [{"eviction-hard": "a<1"}, [{"name": "eviction-hard", "value": "a<1"}]] {
		_told(_kubeadm("node1/kubeadm.yaml", {"nodeRegistration": {"kubeletExtraArgs": flags}}))
	}
	every flags in [null, "eviction-hard", [null, "eviction-hard"], {"v": "2"}] {
		not _told(_kubeadm("node1/kubeadm.yaml", {"nodeRegistration": {"kubeletExtraArgs": flags}}))
	}
}

test_flags_of_kubekey if {
	_told(_cluster({"kubeletArgs": ["--v=2", "--eviction-hard=a<1"]}))
	_told(_cluster({"kubeletArgs": ["eviction-hard=a<1"]}))
	not _told(_cluster({"kubeletArgs": "--eviction-hard=a<1"}))
	_told(_config({"kubernetes": {"kubelet": {"extra_args": {"eviction-hard": "a<1"}}}}))
	_told(_inventory({"kubernetes": {"kubelet": {"extra_args": {"eviction-hard": "a<1"}}}}))
	not _told(_inventory({"kubernetes": {"kubelet": {"extra_args": "eviction-hard"}}}))
}
