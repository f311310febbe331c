package certs_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kslint/kslint/lint/certs"
	"github.com/kslint/kslint/lint/facts/facttest"
)

const (
	timerFile = "node1/etc/systemd/system/k8s-certs-renew.timer"
	scripts   = "node1/usr/local/bin/kube-scripts/"
	apiserver = "node1/etc/kubernetes/pki/apiserver.crt"
)

func TestFind_kubeadmsLeavesAreRenewedBy(t *testing.T) {
	timer := "[Timer]\nOnCalendar=Mon *-*-* 03:00:00\n"
	script := "#!/bin/bash\nkubeadmCerts='/usr/local/bin/kubeadm certs'\n"
	for name, test := range map[string]struct {
		layout  facttest.Kind
		replace [2]string // in config.yaml
		files   map[string]string
		want    certs.Renewer
	}{
		"autoRenewCerts":                 {facttest.KubeKey, [2]string{}, nil, certs.Timer},
		"autoRenewCerts in another case": {facttest.KubeKey, [2]string{"autoRenewCerts", "autorenewcerts"}, nil, certs.Timer},
		"autoRenewCerts false":           {facttest.KubeKey, [2]string{"autoRenewCerts: true", "autoRenewCerts: false"}, nil, certs.Nobody},
		"autoRenewCerts absent":          {facttest.KubeKey, [2]string{"    autoRenewCerts: true\n", ""}, nil, certs.Unknown},
		"v1alpha1":                       {facttest.KubeKey, [2]string{"v1alpha2", "v1alpha1"}, nil, certs.Unknown},
		"off, but the host has it":       {facttest.KubeKey, [2]string{"true", "false"}, map[string]string{timerFile: timer}, certs.Timer},
		"off, and another host has it":   {facttest.KubeKey, [2]string{"true", "false"}, map[string]string{strings.Replace(timerFile, "node1", "node2", 1): timer}, certs.Nobody},
		"no KubeKey":                     {facttest.Stacked, [2]string{}, nil, certs.Unknown},
		"no KubeKey, a timer":            {facttest.Stacked, [2]string{}, map[string]string{timerFile: timer, scripts + "k8s-certs-renew.sh": script}, certs.Timer},
		"v4's script under its name":     {facttest.Stacked, [2]string{}, map[string]string{timerFile: timer, scripts + "renew_script.sh": script}, certs.Nobody},
		"v4's script without line break": {facttest.Stacked, [2]string{}, map[string]string{timerFile: timer, scripts + "k8s-certs-renew.sh": "#!/bin/bashkubeadmCerts='x'\n"}, certs.Nobody},
		"v4":                             {facttest.KubeKey4, [2]string{}, map[string]string{timerFile: timer}, certs.Nobody},
		"v4, mended":                     {facttest.KubeKey4, [2]string{}, map[string]string{timerFile: timer, scripts + "k8s-certs-renew.sh": script}, certs.Timer},
	} {
		l := facttest.Write(test.layout, 2)
		if test.replace[0] != "" {
			l.Replace("config.yaml", test.replace[0], test.replace[1])
		}
		for file, text := range test.files {
			l.Files[file] = []byte(text)
		}
		found := find(l.Files)
		for _, file := range []string{apiserver, "node1/etc/kubernetes/pki/front-proxy-client.crt"} {
			if got := rowAt(t, found, file, 0).RenewedBy; got != test.want {
				t.Errorf("%s: %s is renewed by %s, want %s", name, file, got, test.want)
			}
		}
		if got := rowAt(t, found, "node1/etc/kubernetes/admin.conf", 1).RenewedBy; got != test.want {
			t.Errorf("%s: admin.conf is renewed by %s, want %s", name, got, test.want)
		}
	}
}

func TestFind_othersAreRenewedBy(t *testing.T) {
	l := facttest.Write(facttest.KubeKey, 2)
	l.Files["node2/var/lib/kubelet/config.yaml"] = []byte("apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nrotateCertificates: false\n")
	l.Files["node1/var/lib/kubelet/config.yaml"] = []byte("apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nrotateCertificates: true\n")
	l.Files["node1/var/lib/kubelet/pki/kubelet.crt"] = facttest.NewCA("node1").PEM()
	l.Files["node1/srv/other.pem"] = facttest.NewCA("x").PEM()
	found := find(l.Files)
	for file, want := range map[string]certs.Renewer{
		"node1/etc/ssl/etcd/ssl/member-node1.pem":              certs.Nobody,
		"node1/etc/ssl/etcd/ssl/node-node1.pem":                certs.Nobody,
		"node1/etc/ssl/etcd/ssl/ca.pem":                        certs.Nobody,
		"node1/etc/kubernetes/pki/ca.crt":                      certs.Nobody,
		"node1/etc/kubernetes/kubelet.conf":                    certs.Nobody, // its CA
		"kube-etcd-client-certs.yaml":                          certs.Nobody,
		"node1/var/lib/kubelet/pki/kubelet-client-current.pem": certs.Kubelet,
		"node2/var/lib/kubelet/pki/kubelet-client-current.pem": certs.Unknown,
		"node1/var/lib/kubelet/pki/kubelet.crt":                certs.Nobody,
		"node1/srv/other.pem":                                  certs.Unknown,
	} {
		if got := rowAt(t, found, file, 0).RenewedBy; got != want {
			t.Errorf("%s is renewed by %s, want %s", file, got, want)
		}
	}
}

func TestFind_ofTheAPIAreRenewedBy(t *testing.T) {
	ca := facttest.NewCA("ca")
	config := facttest.Kubeconfig("https://a:6443", ca, facttest.NewCA("user"))
	encoded := base64.StdEncoding.EncodeToString(config)
	inline := strings.ReplaceAll(string(config), "\n", "\n    ")
	cluster := func(kind string) string {
		return "apiVersion: cluster.kubesphere.io/v1alpha1\nkind: Cluster\nmetadata: {name: m}\nspec: {connection: {type: " + kind + ", kubeconfig: " + encoded + "}}\n"
	}
	user := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kubeconfig-u, namespace: kubesphere-controls-system}\ndata:\n  config: |\n    " + inline + "\n"
	secret := "apiVersion: v1\nkind: Secret\ntype: config.kubesphere.io/kubeconfig\nmetadata: {name: kubeconfig-u}\ndata: {config: " + encoded + "}\n"
	hook := string(facttest.Webhook("w", "webhook-server-service", "n", ca.PEM()))
	other := strings.Replace(hook, "webhook-server-service", "mine", 1)
	annotated := func(text, annotation string) string {
		return strings.Replace(text, "metadata:\n", "metadata:\n  annotations: {"+annotation+": x}\n", 1)
	}
	site := string(facttest.Secret("web", "site", map[string][]byte{"tls.crt": ca.PEM()}))
	for i, test := range []struct {
		text, version string
		want          certs.Renewer
	}{
		{cluster("direct"), "", certs.Unknown},
		{cluster("direct"), "v3.4.1", certs.Nobody},
		{cluster("direct"), "v4.1.3", certs.Controller},
		{cluster("proxy"), "v3.4.1", certs.Tower},
		{user, "", certs.Unknown},
		{user, "v3.0.0", certs.Nobody},
		{user, "v3.4.1", certs.Controller},
		{secret, "", certs.Controller},
		{hook, "", certs.Nobody},
		{annotated(hook, "cert-manager.io/inject-ca-from"), "", certs.CertManager},
		{annotated(hook, "service.beta.openshift.io/inject-cabundle"), "", certs.Unknown},
		{other, "", certs.Unknown},
		{site, "", certs.Unknown},
		{annotated(site, "cert-manager.io/certificate-name"), "", certs.CertManager},
	} {
		files := map[string][]byte{"a.yaml": []byte(test.text)}
		if test.version != "" {
			files["cc.yaml"] = fmt.Appendf(nil, "apiVersion: installer.kubesphere.io/v1alpha1\nkind: ClusterConfiguration\nmetadata: {name: ks-installer, labels: {version: %s}}\n", test.version)
		}
		rows := find(files).Rows
		n := slices.IndexFunc(rows, func(r certs.Row) bool { return r.Kind != certs.KubeconfigCA })
		if n < 0 || rows[n].RenewedBy != test.want {
			t.Errorf("%d of KubeSphere %q: got %+v, want %s", i, test.version, rows, test.want)
		}
	}
}
