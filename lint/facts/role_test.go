package facts

import (
	"testing"

	"github.com/kslint/kslint/lint"
)

func TestRoleOf(t *testing.T) {
	for file, want := range map[string]string{
		"n/etc/ssl/etcd/ssl/member-node1.pem":                 "etcd-member node1",
		"n/etc/ssl/etcd/ssl/admin-a.b.pem":                    "etcd-admin a.b",
		"etc/ssl/etcd/ssl/node-x.pem":                         "etcd-node x",
		"/etc/ssl/etcd/ssl/ca.pem":                            "etcd-ca ",
		"n/etc/ssl/other/member-node1.pem":                    " ",
		"kubekey/pki/etcd/member-node1.pem":                   "etcd-member node1",
		"member-node1.pem":                                    "etcd-member node1",
		"member-.pem":                                         "etcd-member ",
		"kubekey/pki/etcd/ca.pem":                             "etcd-ca ",
		"ca.pem":                                              " ",
		"n/etc/ssl/etcd/ssl/server.crt":                       "etcd-server ",
		"n/etc/kubernetes/pki/etcd/client.crt":                "etcd-client ",
		"n/etc/kubernetes/pki/etcd/ca.crt":                    "etcd-ca ",
		"n/etc/kubernetes/pki/etcd/server.crt":                "kubeadm-etcd-server ",
		"n/pki/etcd/peer.crt":                                 "kubeadm-etcd-peer ",
		"n/pki/apiserver-etcd-client.crt":                     "kubeadm-apiserver-etcd-client ",
		"n/etc/kubernetes/pki.bak/etcd/server.crt":            " ",
		"n/etc/kubernetes/pki/apiserver.crt":                  "apiserver ",
		"n/pki/apiserver.crt":                                 " ",
		"n/etc/kubernetes/pki/apiserver.crt.bak":              " ",
		"n/etc/kubernetes/backup/pki/ca.crt":                  " ",
		"n/etc/kubernetes/pki/front-proxy-ca.crt":             "front-proxy-ca ",
		"n/var/lib/kubelet/pki/kubelet-client-current.pem":    "kubelet-client ",
		"n/var/lib/kubelet/pki/kubelet-client-2026-01-01.pem": " ",
		"n/var/lib/kubelet/pki/kubelet.crt":                   " ",
		"n/var/lib/rancher/k3s/server/tls/server-ca.crt":      " ",
		"n/etc/ssl/registry/ssl/hub.local.pem":                "registry-server hub.local",
		"n/etc/ssl/registry/ssl/hub.local.cert":               "registry-server hub.local",
		"n/etc/ssl/registry/ssl/ca.pem":                       "registry-ca ",
		"kubekey/pki/registry/hub.local:5000.pem":             "registry-server hub.local:5000",
		"n/opt/registry/certs/domain.crt":                     "registry-server ",
		"n/opt/harbor/v2.5.3/ssl/server.crt":                  "registry-server ",
		"work/pki/image_registry.crt":                         "registry-server ",
		"n/etc/docker/certs.d/hub.local/ca.crt":               "registry-client-ca hub.local",
		"n/etc/docker/certs.d/hub.local/hub.local.cert":       "registry-client hub.local",
		"n/etc/docker/certs.d/hub.local/client.cert":          " ",
		"n/etc/containerd/certs.d/hub.local/ca.crt":           "registry-client-ca hub.local",
	} {
		d := &lint.Document{Source: &lint.Source{Name: file}, File: file}
		lint.Sets([]*lint.File{{Source: d.Source, Documents: []*lint.Document{d}}})
		role, carried := roleOf(d)
		if got := string(role) + " " + carried; got != want {
			t.Errorf("%s: got %q, want %q", file, got, want)
		}
	}
}
