package policies.lib.installation_test

import data.policies.lib.installation
import future.keywords.not

test_a_configuration_and_its_cluster if {
	[pair] := installation.pairs([_cc("config.yaml"), _kubekey("config.yaml", {})])
	pair.document == 0
	pair.configuration.file == "config.yaml"
	pair.cluster.spec == {}
}

test_a_cluster_elsewhere if {
	[pair] := installation.pairs([null, _cc("cc.yaml"), _kubekey("config.yaml", {})])
	pair.document == 1
	installation.alone([null, _cc("cc.yaml"), _kubekey("config.yaml", {})]) == set()
}

test_copies_are_one_installation if {
	[own] := installation.pairs([_cc("node1/cc.yaml"), _cc("config.yaml"), _kubekey("config.yaml", {})])
	own.document == 1
	[first] := installation.pairs([_cc("a.yaml"), _cc("b.yaml"), _kubekey("config.yaml", {})])
	first.document == 0
}

test_no_cluster_or_several if {
	installation.pairs([_cc("cc.yaml")]) == []
	installation.pairs([_kubekey("a.yaml", {})]) == []
	installation.alone([_cc("cc.yaml")]) == {0}
	several := [_kubekey("a.yaml", {}), _kubekey("b.yaml", {}), _cc("cc.yaml")]
	installation.pairs(several) == []
	installation.alone(several) == {2}
}

test_the_label_master if {
	every version in ["v1.24.0", "1.26.15", "v1.30"] {
		installation.masterless({"spec": {"kubernetes": {"version": version}}})
	}
	every version in ["v1.23.17", null, "", "latest", "v1.26.1-k3s", "v1.26.1+k3s1", "v1.26.1-k8e", "{{ v }}"] {
		not installation.masterless({"spec": {"kubernetes": {"version": version}}})
	}
	not installation.masterless({"spec": {"kubernetes": {"version": "v1.26.1", "type": "k3s"}}})
	installation.masterless({"spec": {"kubernetes": {"version": "v1.26.1", "type": "kubernetes"}}})
}

_cc(file) := {"target": "cluster-configuration", "file": file, "value": {"spec": {}}}

_kubekey(file, spec) := {"target": "kubekey-cluster", "file": file, "value": {"spec": spec}}
