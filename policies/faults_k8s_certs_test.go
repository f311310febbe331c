package policies_test

import (
	"strings"
	"testing"
	"time"

	"github.com/kslint/kslint/lint/facts/facttest"
)

const oneDay = 24 * time.Hour

// clusterCA changes the CA of the cluster, not that of etcd.
func clusterCA(change func(*facttest.Spec)) facttest.Edit {
	return func(name string, s *facttest.Spec) {
		if strings.HasSuffix(name, "/etc/kubernetes/pki/ca") {
			change(s)
		}
	}
}

var faultsK8sCerts = []injected{
	{
		rule: "k8s-cert-expired", kind: facttest.KubeKey, masters: 1,
		edits: []facttest.Edit{facttest.Ends("apiserver", -oneDay)},
		file:  "node1/etc/kubernetes/pki/apiserver.crt", line: 1,
	},
	{
		rule: "k8s-cert-expired", kind: facttest.Stacked, masters: 1,
		edits: []facttest.Edit{facttest.Ends("scheduler", -oneDay)},
		file:  "node1/etc/kubernetes/scheduler.conf", line: 15,
	},
	{
		rule: "k8s-cert-expired", kind: facttest.KubeKey4, masters: 1,
		edits: []facttest.Edit{facttest.Ends("kubelet-client-current", -oneDay)},
		file:  "node1/var/lib/kubelet/pki/kubelet-client-current.pem", line: 1,
	},
	{
		rule: "k8s-cert-expired", kind: facttest.KubeKey, masters: 3,
		edits: []facttest.Edit{clusterCA(func(s *facttest.Spec) { s.To = facttest.Now.Add(-oneDay) })},
		file:  "node1/etc/kubernetes/pki/ca.crt", line: 1,
	},
	{
		rule: "k8s-cert-expires-soon", kind: facttest.KubeKey, masters: 1,
		edits: []facttest.Edit{facttest.Ends("apiserver", 12*oneDay), facttest.Ends("apiserver-kubelet-client", 13*oneDay)},
		file:  "node1/etc/kubernetes/pki/apiserver.crt", line: 1,
	},
	{
		rule: "k8s-cert-expires-soon", kind: facttest.Stacked, masters: 1,
		edits: []facttest.Edit{facttest.Ends("controller-manager", 29*oneDay)},
		file:  "node1/etc/kubernetes/controller-manager.conf", line: 15,
	},
	{
		rule: "k8s-ca-expires", kind: facttest.External, masters: 3,
		edits: []facttest.Edit{facttest.On("front-proxy-ca", func(s *facttest.Spec) {
			s.From, s.To = facttest.Now.AddDate(-9, 0, 0), facttest.Now.AddDate(0, 9, 0)
		})},
		file: "node1/etc/kubernetes/pki/front-proxy-ca.crt", line: 1,
	},
	{
		rule: "kubeconfig-cert-expired", kind: facttest.KubeKey, masters: 3,
		change: func(l *facttest.Layout) {
			old := facttest.Make(facttest.Spec{CN: "kubernetes-admin", Usages: facttest.Client, To: facttest.Now.Add(-oneDay)})
			l.Files["node1/root/.kube/config"] = facttest.Kubeconfig("https://lb.kubesphere.local:6443",
				l.Pairs["node1/etc/kubernetes/pki/ca"], old)
		},
		file: "node1/root/.kube/config", line: 15,
	},
	{
		rule: "cert-not-yet-valid", kind: facttest.Stacked, masters: 3,
		edits: []facttest.Edit{func(name string, s *facttest.Spec) {
			if strings.HasPrefix(name, "node2/") && strings.HasSuffix(name, "/apiserver") {
				s.From = facttest.Now.Add(5 * time.Hour)
			}
		}},
		file: "node2/etc/kubernetes/pki/apiserver.crt", line: 1,
	},
	{
		rule: "cert-not-yet-valid", kind: facttest.KubeKey, masters: 3,
		edits: []facttest.Edit{clusterCA(func(s *facttest.Spec) { s.From = facttest.Now.Add(5 * time.Hour) })},
		file:  "node1/etc/kubernetes/pki/ca.crt", line: 1,
	},
	{
		rule: "kubelet-rotate-off", kind: facttest.KubeKey, masters: 1,
		edits: []facttest.Edit{facttest.Ends("kubelet-client-current", 200*oneDay)},
		change: func(l *facttest.Layout) {
			l.Files["node1/var/lib/kubelet/config.yaml"] = []byte(
				"apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nrotateCertificates: false\n")
		},
		file: "node1/var/lib/kubelet/config.yaml", line: 3,
	},
	{
		rule: "autorenew-certs-off", kind: facttest.KubeKey, masters: 3,
		change: func(l *facttest.Layout) { l.Replace("config.yaml", "autoRenewCerts: true", "autoRenewCerts: false") },
		file:   "config.yaml", line: 21,
	},
	{
		rule: "autorenew-certs-off", kind: facttest.KubeKey4, masters: 1,
		change: func(l *facttest.Layout) {
			l.Files["node1/etc/systemd/system/k8s-certs-renew.service"] = []byte(
				"[Service]\nType=oneshot\nExecStart=/usr/local/bin/kube-scripts/k8s-certs-renew.sh\n")
		},
		file: "node1/etc/systemd/system/k8s-certs-renew.service", line: 3,
	},
}

func TestLayouts_k8sCerts(t *testing.T) { inject(t, faultsK8sCerts) }
