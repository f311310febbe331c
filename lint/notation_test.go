package lint_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/document"
)

const (
	unitText    = "# c\n[Unit]\nDescription=x\n"
	pemText     = "Bag Attributes\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
	kubeconfig  = "apiVersion: v1\nkind: Config\nusers: []\n"
	kubeletText = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n"
)

// none stands for a source without a notation.
const none lint.Format = ""

func TestFormat(t *testing.T) {
	tests := []struct {
		name, text string
		named      bool
		want       lint.Format
	}{
		{"a.yaml", "", false, lint.YAML},
		{"a.yml", "ETCD_NAME=a", false, lint.YAML},
		{"a.json", "{}", false, lint.YAML},
		{"a.txt", "", true, lint.YAML},
		{"-", "", true, lint.YAML},
		{"node1/etc/etcd.env", "", false, lint.Env},
		{"k3s.service.env", "", false, lint.Env},
		{"kubeadm-flags.env", "", false, lint.Env},
		{"etc/default/kubelet", "", false, lint.Env},
		{"node1/etc/default/kubelet", "", false, lint.Env},
		{"node1/default/kubelet", "", true, lint.YAML},
		{"member1.env", "# c\n ETCD_NAME = a\n", false, lint.Env},
		{".env", "ETCD_NAME=a\r\n", false, lint.Env},
		{".env", "NODE_ENV=production\n# ETCD_NAME=a\n", true, none},
		{"etcd/etcd.conf", "ETCD_NAME=a\n", false, lint.Env},
		{"etcd/etcd.conf", "name: a\n", true, none},
		{"etcd.service", unitText, false, lint.Unit},
		{"etcd.service", "\uFEFF[Service]\r\n", false, lint.Unit},
		{"backup-etcd.timer", "[Timer]\n", false, lint.Unit},
		{"10-kubeadm.conf", "X=1\n\n  [Service] \n", false, lint.Unit},
		{"org.freedesktop.service", "[D-BUS Service]\n", true, none},
		{"my.conf", "[mysqld]\n", true, none},
		{"haproxy.conf", "", true, none},
		{"haproxy.cfg", "global\n", true, lint.YAML},
		{"admin.conf", kubeconfig, false, lint.YAML},
		{"kubelet.conf", `{"apiVersion":"v1","kind":"Config"}`, false, lint.YAML},
		{"90-memory.conf", kubeletText, false, lint.YAML},
		{"node1/etc/resolv.conf", "nameserver 10.0.0.1\n", false, lint.Lines},
		{"node1/run/systemd/resolve/stub-resolv.conf", "nameserver 127.0.0.53\n", false, lint.Lines},
		{"node1/etc/kubernetes/manifests/etcd.yaml.bak", "kind: Pod\n", false, lint.YAML},
		{"node1/etc/kubernetes/manifests/etcd", `{"kind": "Pod"}`, false, lint.YAML},
		{"node1/etc/kubernetes/manifests/notes.txt", "kind of\n", false, none},
		{"kubekey/config-sample", kubeconfig, false, lint.YAML},
		{"kubekey/config-sample", "kind: Cluster\n", false, none},
		{"kubekey/config-sample", "kind: Cluster\n", true, lint.YAML},
		{".kube/config", kubeconfig, false, lint.YAML},
		{"config", "[core]\n", false, none},
		{"member.kubeconfig", kubeconfig, false, lint.YAML},
		{"usr/local/bin/kube-scripts/etcd-backup.sh", "", false, lint.Lines},
		{"backup_etcd.sh", "x", false, lint.Lines},
		{"k8s-certs-renew.sh", "x", false, lint.Lines},
		{"renew_script.sh", "x", false, lint.Lines},
		{"install.sh", "#!/bin/sh\n", true, none},
		{"ca.pem", pemText, false, lint.PEM},
		{"ca.CRT", pemText, false, lint.PEM},
		{"ca.cert", pemText, false, lint.PEM},
		{"ca.cer", "0\x82\x03\x01", true, none},
		{"ca.key", "", true, none},
		{"anything", "\uFEFF\r\n  -----BEGIN CERTIFICATE-----\n", true, lint.PEM},
		{"a.yaml", "-----BEGIN CERTIFICATE-----\n", false, lint.PEM},
		{"anything", pemText, true, lint.YAML},
	}
	for _, test := range tests {
		s := lint.Source{Name: test.name, Data: []byte(test.text), Named: test.named}
		if got := s.Format(); got != test.want {
			t.Errorf("%s, named %t, %q is %q, want %q", test.name, test.named, test.text, got, test.want)
		}
	}
}

// TestFormat_goesByTheFullName holds for somebody who stands in /etc.
func TestFormat_goesByTheFullName(t *testing.T) {
	s := lint.Source{Name: "default/kubelet", Absolute: "/etc/default/kubelet"}
	if got := s.Format(); got != lint.Env {
		t.Errorf("got %q", got)
	}
}

// TestRead_walksForWhatIsKnown holds that a walk reads the known names, looks into what many programs use, and leaves the rest.
func TestRead_walksForWhatIsKnown(t *testing.T) {
	dir := t.TempDir()
	known := map[string]string{
		"a.yaml": "a: 1\n", "n/etc/etcd.env": "A=1\n", "n/etc/default/kubelet": "A=1\n", "n/x.service": unitText, "n/admin.conf": kubeconfig,
		"n/pki/ca.crt": pemText, "n/pki/ca.key": pemText, "n/etcd-backup.sh": "x\n", "kubekey/config-sample": kubeconfig, "n/e.env": "ETCD_A=1\n",
	}
	unknown := map[string]string{
		"n/my.conf": "[x]\n", "n/dbus.service": "[D-BUS Service]\n", "n/run.sh": "x\n", ".env": "A=1\n", "n/kubelet": "A=1\n", "a.txt": "a: 1\n",
		"n/der.cer": "0\x82", "n/config": "[x]\n", "n/broken.pem": "x\n", "package.json": "{}", "n/config-map": "a: 1\n",
	}
	for _, files := range []map[string]string{known, unknown} {
		for name, text := range files {
			full := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	reading := lint.Read(lint.Input{Dir: dir, Paths: []string{"."}})
	for _, s := range reading.Sources {
		if _, ok := known[s.Name]; !ok {
			t.Errorf("%s was read", s.Name)
		}
	}
	for name := range known {
		if !slices.ContainsFunc(reading.Sources, func(s *lint.Source) bool { return s.Name == name }) {
			t.Errorf("%s was not read", name)
		}
	}
}

// TestUnread_unknown holds that a named file of nothing that kslint knows is a note and no failure.
func TestUnread_unknown(t *testing.T) {
	for _, named := range []bool{true, false} {
		s := &lint.Source{Name: "my.conf", Data: []byte("[mysqld]\n"), Named: named}
		var r lint.Report
		for _, d := range document.Decode(s) {
			r.Unread(d, false)
		}
		if len(r.Failures) != 0 || len(r.Notes) != 1 || r.Notes[0].Always != named || !strings.Contains(r.Notes[0].Reason, "nothing that kslint knows") {
			t.Errorf("named %t: %+v", named, r)
		}
	}
}
