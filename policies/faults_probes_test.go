package policies_test

import (
	"testing"

	"github.com/kslint/kslint/lint/facts/facttest"
)

// Faults in the static pods of a whole cluster that speak about how a pod stops.
var faultsProbes = []injected{
	{
		rule: "termination-grace-zero", kind: facttest.Stacked, masters: 1, file: "node1/etc/kubernetes/manifests/etcd.yaml", line: 32,
		change: func(l *facttest.Layout) {
			l.Replace("manifests/etcd.yaml", "  hostNetwork: true\n", "  hostNetwork: true\n  terminationGracePeriodSeconds: 0\n")
		},
	},
}

func TestLayouts_probes(t *testing.T) { inject(t, faultsProbes) }
