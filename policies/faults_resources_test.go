package policies_test

import (
	"testing"

	"github.com/kslint/kslint/lint/facts/facttest"
)

var faultsResources = []injected{
	{
		rule: "resource-quantity-suspicious", kind: facttest.Stacked, masters: 3,
		change: kubelet("kubeReserved:\n  cpu: 500m\n  memory: 1gi\n"),
		file:   "node1/var/lib/kubelet/config.yaml", line: 6,
	},
	{
		rule: "resource-quantity-suspicious", kind: facttest.KubeKey, masters: 1,
		change: kubeletConfiguration("      systemReserved:\n        cpu: 500Mi\n        memory: 1Gi\n"),
		file:   "config.yaml", line: 21,
	},
}

func TestLayouts_resources(t *testing.T) { inject(t, faultsResources) }
