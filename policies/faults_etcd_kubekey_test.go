package policies_test

import (
	"testing"

	"github.com/kslint/kslint/lint/facts/facttest"
)

// Faults in the KubeKey file of a whole cluster that speak about etcd.
var faultsEtcdKubeKey = []injected{
	{
		rule: "etcd-single-member-ha", kind: facttest.WorkFolder, masters: 3, file: "config.yaml", line: 11,
		change: func(l *facttest.Layout) {
			l.Replace("config.yaml", "etcd: [node1, node2, node3]", "etcd: [node1]")
			for name := range l.Files {
				if name != "config.yaml" {
					delete(l.Files, name) // the members that run are another matter
				}
			}
		},
	},
	{
		rule: "etcd-external-incomplete", kind: facttest.External, masters: 3, file: "config.yaml", line: 26,
		change: func(l *facttest.Layout) { l.Replace("config.yaml", "https://10.0.0.1:2379,", "https://10.0.0.1,") },
	},
	{
		rule: "etcd-kubeadm-on-k3s", kind: facttest.K3s, masters: 3, file: "config.yaml", line: 23,
		change: func(l *facttest.Layout) {
			l.Replace("config.yaml", "v1.28.15-k3s", "v1.28.15-k8e")
			l.Replace("config.yaml", "type: kubekey", "type: kubeadm")
		},
	},
}

func TestLayouts_etcdKubeKey(t *testing.T) { inject(t, faultsEtcdKubeKey) }
