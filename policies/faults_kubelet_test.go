package policies_test

import (
	"testing"

	"github.com/kslint/kslint/lint/facts/facttest"
)

// kubelet gives the first host the file that its kubelet reads.
func kubelet(settings string) func(*facttest.Layout) {
	return func(l *facttest.Layout) {
		l.Files["node1/var/lib/kubelet/config.yaml"] = []byte("apiVersion: kubelet.config.k8s.io/v1beta1\n" +
			"kind: KubeletConfiguration\nrotateCertificates: true\n" + settings)
	}
}

// kubeletConfiguration writes the block into KubeKey's file.
func kubeletConfiguration(settings string) func(*facttest.Layout) {
	return func(l *facttest.Layout) {
		edit(l, "config.yaml", "    autoRenewCerts: true\n", "    kubeletConfiguration:\n"+settings+"    autoRenewCerts: true\n")
	}
}

var faultsKubelet = []injected{
	{
		rule: "kubelet-reserved-missing", kind: facttest.Stacked, masters: 3,
		change: kubelet("kubeReserved:\n  cpu: 500m\n"),
		file:   "node1/var/lib/kubelet/config.yaml", line: 4,
	},
	{
		rule: "kubelet-reserved-missing", kind: facttest.KubeKey, masters: 1,
		change: kubeletConfiguration("      kubeReserved: {}\n      systemReserved: {}\n"),
		file:   "config.yaml", line: 20,
	},
	{
		rule: "kubelet-eviction-soft-no-grace", kind: facttest.KubeKey4, masters: 3,
		change: kubelet("evictionSoft:\n  memory.available: 10%\n"),
		file:   "node1/var/lib/kubelet/config.yaml", line: 5,
	},
	{
		rule: "kubelet-eviction-soft-no-grace", kind: facttest.KubeKey, masters: 1,
		change: kubeletConfiguration("      evictionSoft:\n        nodefs.available: 15%\n"),
		file:   "config.yaml", line: 21,
	},
}

func TestLayouts_kubelet(t *testing.T) { inject(t, faultsKubelet) }
