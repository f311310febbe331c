package certs_test

import (
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/certs"
	"github.com/kslint/kslint/lint/facts/facttest"
)

func find(files map[string][]byte) certs.List {
	sets := facttest.Open(files)
	lint.FindVersions(sets, nil)
	return certs.Find(sets, facttest.Now)
}

// rowAt is the only row of a file; n picks one of several.
func rowAt(t *testing.T, l certs.List, file string, n int) certs.Row {
	t.Helper()
	var all []certs.Row
	for _, r := range l.Rows {
		if r.File == file {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b certs.Row) int { return a.Line - b.Line })
	if n >= len(all) {
		t.Fatalf("%s has %d rows", file, len(all))
	}
	return all[n]
}

func TestFind_saysWhatEachIs(t *testing.T) {
	for _, test := range []struct {
		layout facttest.Kind
		file   string
		kind   certs.Kind
		name   string
		used   string
	}{
		{facttest.KubeKey, "node1/etc/ssl/etcd/ssl/member-node1.pem", certs.EtcdServerPeer, "node1", "etcd ETCD_CERT_FILE node1/etc/etcd.env:17, etcd ETCD_PEER_CERT_FILE node1/etc/etcd.env:22"},
		{facttest.KubeKey, "node2/etc/ssl/etcd/ssl/member-node1.pem", certs.EtcdServerPeer, "node1", ""},
		{facttest.KubeKey, "node1/etc/ssl/etcd/ssl/admin-node1.pem", certs.EtcdctlClient, "node1", "etcdctl ETCDCTL_CERT node1/etc/etcd.env:30"},
		{facttest.KubeKey, "node1/etc/ssl/etcd/ssl/node-node1.pem", certs.EtcdAPIServer, "node1", "kube-apiserver --etcd-certfile node1/etc/kubernetes/manifests/kube-apiserver.yaml:14"},
		{facttest.KubeKey, "node1/etc/ssl/etcd/ssl/node-node2.pem", certs.EtcdAPIServer, "node2", ""},
		{facttest.KubeKey, "node1/etc/kubernetes/pki/apiserver.crt", certs.APIServer, "", "kube-apiserver --tls-cert-file node1/etc/kubernetes/manifests/kube-apiserver.yaml:17"},
		{facttest.KubeKey, "node1/etc/kubernetes/pki/ca.crt", certs.ClusterCA, "", ""},
		{facttest.KubeKey, "node1/var/lib/kubelet/pki/kubelet-client-current.pem", certs.KubeletClient, "", " client-certificate node1/etc/kubernetes/kubelet.conf:15"},
		{facttest.KubeKey, "kube-etcd-client-certs.yaml", certs.EtcdMonitoringCA, "", ""},
		{facttest.KubeKey, "node1/etc/kubernetes/admin.conf", certs.KubeconfigCA, "", ""},
		{facttest.KubeKey4, "node1/etc/ssl/etcd/ssl/server.crt", certs.EtcdServerPeer, "", "etcd ETCD_CERT_FILE node1/etc/etcd.env:17, etcd ETCD_PEER_CERT_FILE node1/etc/etcd.env:22, etcdctl ETCDCTL_CERT node1/etc/etcd.env:30"},
		{facttest.KubeKey4, "node1/etc/kubernetes/pki/etcd/client.crt", certs.EtcdAPIServer, "", "kube-apiserver --etcd-certfile node1/etc/kubernetes/manifests/kube-apiserver.yaml:14"},
		{facttest.Stacked, "node1/etc/kubernetes/pki/etcd/peer.crt", certs.EtcdPeer, "", "etcd --peer-cert-file node1/etc/kubernetes/manifests/etcd.yaml:23"},
		{facttest.Stacked, "node1/etc/kubernetes/pki/etcd/healthcheck-client.crt", certs.EtcdHealthcheck, "", ""},
		{facttest.External, "etcd1/etc/etcd/pki/server.crt", certs.EtcdServerPeer, "", "etcd ETCD_CERT_FILE etcd1/etc/etcd.env:17, etcd ETCD_PEER_CERT_FILE etcd1/etc/etcd.env:22"},
		{facttest.External, "etcd1/etc/etcd/pki/client-ca.crt", certs.EtcdCA, "", "etcd ETCD_TRUSTED_CA_FILE etcd1/etc/etcd.env:16"},
		{facttest.External, "node1/etc/ssl/etcd/ssl/client.crt", certs.EtcdAPIServer, "", "kube-apiserver --etcd-certfile node1/etc/kubernetes/manifests/kube-apiserver.yaml:14"},
		{facttest.External, "pki/etcd/ca.crt", certs.EtcdCA, "", "kubekey etcd.external.caFile config.yaml:26"},
		{facttest.Pile, "ca.pem", certs.OtherCA, "", ""},
	} {
		r := rowAt(t, find(facttest.Write(test.layout, 2).Files), test.file, 0)
		var used []string
		for _, u := range r.UsedBy {
			used = append(used, fmt.Sprintf("%s %s %s:%d", u.Program, u.Setting, u.File, u.Line))
		}
		if got := strings.Join(used, ", "); r.Kind != test.kind || r.Name != test.name || got != test.used {
			t.Errorf("%s: %s is %s of %q, used by %q", test.layout, test.file, r.Kind, r.Name, got)
		}
	}
}

func TestFind_placesWithoutHostFolder(t *testing.T) {
	ca := facttest.NewCA("ca")
	leaf := facttest.Make(facttest.Spec{CN: "leaf", Issuer: ca})
	encoded := base64.StdEncoding.EncodeToString(ca.PEM())
	l := find(map[string][]byte{
		"kubelet/var/lib/kubelet/pki/kubelet.crt":                            leaf.PEM(),
		"kubelet/var/lib/kubelet/pki/kubelet-client-2026-01-01-00-00-00.pem": leaf.PEM(),
		"r1/etc/docker/certs.d/dockerhub.kubekey.local/ca.crt":               ca.PEM(),
		"r1/etc/ssl/registry/ssl/dockerhub.kubekey.local.pem":                leaf.PEM(),
		"hook.yaml":   facttest.Webhook("w", "ks-controller-manager", "kubesphere-system", ca.PEM()),
		"server.yaml": facttest.Secret("kubesphere-system", "ks-controller-manager-webhook-cert", map[string][]byte{"tls.crt": leaf.PEM()}),
		"api.yaml":    []byte("apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata: {name: v1.a}\nspec: {caBundle: " + encoded + "}\n"),
		"tls.yaml":    facttest.Secret("web", "site", map[string][]byte{"tls.crt": leaf.PEM(), "tls.key": leaf.KeyPEM()}),
		"user.conf":   facttest.Kubeconfig("https://a:6443", ca, leaf),
		"plain.pem":   leaf.PEM(),
	})
	for file, want := range map[string]string{
		"kubelet/var/lib/kubelet/pki/kubelet.crt":                            "kubelet-server-self-signed ",
		"kubelet/var/lib/kubelet/pki/kubelet-client-2026-01-01-00-00-00.pem": "kubelet-client-dated ",
		"r1/etc/docker/certs.d/dockerhub.kubekey.local/ca.crt":               "registry-client-ca dockerhub.kubekey.local",
		"r1/etc/ssl/registry/ssl/dockerhub.kubekey.local.pem":                "registry-server dockerhub.kubekey.local",
		"hook.yaml":   "webhook-ca ks-controller-manager.kubesphere-system",
		"server.yaml": "webhook-server ks-controller-manager.kubesphere-system",
		"api.yaml":    "apiservice-ca v1.a",
		"tls.yaml":    "secret web/site",
		"plain.pem":   "certificate ",
	} {
		if r := rowAt(t, l, file, 0); string(r.Kind)+" "+r.Name != want {
			t.Errorf("%s is %s %s, want %s", file, r.Kind, r.Name, want)
		}
	}
	if r := rowAt(t, l, "user.conf", 1); r.Kind != certs.KubeconfigUser || r.Name != "admin" || r.Line != 15 {
		t.Errorf("got %+v", r)
	}
	if r := rowAt(t, l, "tls.yaml", 0); r.Object.Kind != "Secret" || r.Path != `data["tls.crt"]` {
		t.Errorf("got %+v", r)
	}
}

func TestFind_secretsAreUsedByName(t *testing.T) {
	pair := facttest.NewCA("site")
	l := find(map[string][]byte{
		"tls.yaml":     facttest.Secret("web", "site", map[string][]byte{"tls.crt": pair.PEM()}),
		"ingress.yaml": []byte("apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: front, namespace: web}\nspec:\n  tls:\n  - secretName: site\n"),
		"deploy.yaml": []byte("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: back, namespace: web}\nspec:\n  template:\n    spec:\n" +
			"      containers: [{name: a}]\n      volumes:\n      - {name: x, emptyDir: {}}\n      - name: y\n        secret:\n          secretName: site\n"),
		"elsewhere.yaml": []byte("apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: front, namespace: other}\nspec: {tls: [{secretName: site}]}\n"),
	})
	want := []certs.Use{{"deploy.yaml", 12, "Deployment back", "secretName"}, {"ingress.yaml", 6, "Ingress front", "secretName"}}
	if got := rowAt(t, l, "tls.yaml", 0).UsedBy; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestFind_listsEveryBlock(t *testing.T) {
	ca := facttest.NewCA("root")
	link := facttest.Make(facttest.Spec{CN: "link", IsCA: true, Issuer: ca})
	leaf := facttest.Make(facttest.Spec{CN: "kube-apiserver", Issuer: link})
	file := "node1/etc/kubernetes/pki/apiserver.crt"
	bad := "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
	l := find(map[string][]byte{
		file: append(leaf.PEM(), link.PEM()...), "node1/etc/kubernetes/pki/ca.crt": append(append(ca.PEM(), bad...), link.PEM()...),
		"bundle.yaml": facttest.Webhook("w", "s", "n", append(ca.PEM(), ca.PEM()...)),
	})
	if len(l.Rows) != 6 {
		t.Errorf("got %d rows", len(l.Rows))
	}
	if r := rowAt(t, l, file, 1); !r.Chain || r.Kind != certs.APIServer || r.RenewedBy != certs.Unknown || r.Subject != "CN=link" || r.Issuer != "CN=root" {
		t.Errorf("got %+v", r)
	}
	if r := rowAt(t, l, "node1/etc/kubernetes/pki/ca.crt", 1); r.Chain || r.Kind != certs.ClusterCA {
		t.Errorf("got %+v", r)
	}
	if len(l.Unreadable) != 1 || l.Unreadable[0].Range.Line != 1+strings.Count(string(ca.PEM()), "\n") {
		t.Errorf("got %+v", l.Unreadable)
	}
}

func TestFind_describes(t *testing.T) {
	where, _ := url.Parse("spiffe://a/b")
	leaf := facttest.Make(facttest.Spec{
		CN: "a", DNS: []string{"B.example"}, IPs: []string{"10.0.0.1", "::1"}, To: facttest.Now.Add(90 * time.Minute),
		Change: func(c *x509.Certificate) { c.URIs, c.EmailAddresses = []*url.URL{where}, []string{"x@y"} },
	})
	r := rowAt(t, find(map[string][]byte{"a.pem": append([]byte("\n\n"), leaf.PEM()...)}), "a.pem", 0)
	if got := strings.Join(r.SANs, " "); got != "B.example 10.0.0.1 ::1 x@y spiffe://a/b" || r.Line != 3 || len(r.SHA256) != 64 {
		t.Errorf("got %s, %+v", got, r)
	}
	for after, want := range map[time.Duration]int{0: 0, 90 * time.Minute: 0, 91 * time.Minute: -1, 26 * time.Hour: -2, -23 * time.Hour: 1} {
		if got := r.DaysLeft(facttest.Now.Add(after)); got != want {
			t.Errorf("%s later %d days are left, want %d", after, got, want)
		}
	}
	if r.Ended(r.NotAfter) || !r.Ended(r.NotAfter.Add(time.Second)) {
		t.Error("the last second counts")
	}
}

func TestFind_isSortedAndRepeats(t *testing.T) {
	files := facttest.Write(facttest.KubeKey, 3, facttest.Ends("admin-*", time.Hour), facttest.Ends("member-node2", -time.Hour)).Files
	first := find(files)
	if !slices.IsSortedFunc(first.Rows, func(a, b certs.Row) int { return a.NotAfter.Compare(b.NotAfter) }) || first.Rows[0].Name != "node2" {
		t.Errorf("begins with %+v", first.Rows[0])
	}
	for range 3 {
		if !reflect.DeepEqual(first, find(files)) {
			t.Fatal("another list")
		}
	}
}
