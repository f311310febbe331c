package facts_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/kslint/kslint/lint/facts/facttest"
)

// TestResolve holds which file a path in etcd.env leads to.
func TestResolve(t *testing.T) {
	ca := facttest.NewCA("etcd-ca")
	p := facttest.Make(facttest.Spec{CN: "etcd-member-node1", Issuer: ca})
	for _, test := range []struct {
		name, configured string
		files            []string
		want             string
	}{
		{"the very path", "/etc/ssl/etcd/ssl/ca.pem", []string{"node1/etc/ssl/etcd/ssl/ca.pem", "node2/etc/ssl/etcd/ssl/ca.pem"}, "node1/etc/ssl/etcd/ssl/ca.pem"},
		{"another host's is not it", "/etc/ssl/etcd/ssl/ca.pem", []string{"node2/etc/ssl/etcd/ssl/ca.pem"}, ""},
		{"a file of no host is not it", "/etc/ssl/etcd/ssl/ca.pem", []string{"kubekey/pki/etcd/ca.pem"}, ""},
		{"untidy", "/etc/ssl//etcd/../etcd/ssl/ca.pem", []string{"node1/etc/ssl/etcd/ssl/ca.pem"}, "node1/etc/ssl/etcd/ssl/ca.pem"},
		{"the end of a path", "ssl/ca.pem", []string{"node1/etc/ssl/etcd/ssl/ca.pem"}, "node1/etc/ssl/etcd/ssl/ca.pem"},
		{"whole parts only", "l/ca.pem", []string{"node1/etc/ssl/etcd/ssl/ca.pem"}, ""},
		{"two that end so", "ssl/ca.pem", []string{"node1/etc/ssl/etcd/ssl/ca.pem", "node1/var/ssl/ca.pem"}, ""},
		{"a backup beside it", "/etc/a/ca.pem", []string{"node1/etc/a/ca.pem", "node1/var/backup/etc/a/ca.pem"}, "node1/etc/a/ca.pem"},
		{"a name with the host, anywhere", "/etc/ssl/etcd/ssl/member-node1.pem", []string{"kubekey/pki/etcd/member-node1.pem"}, "kubekey/pki/etcd/member-node1.pem"},
		{"on another host, if only there", "/etc/ssl/etcd/ssl/node-node1.pem", []string{"node2/etc/ssl/etcd/ssl/node-node1.pem"}, "node2/etc/ssl/etcd/ssl/node-node1.pem"},
		{"two of that name", "/etc/ssl/etcd/ssl/admin-a.pem", []string{"node2/etc/ssl/etcd/ssl/admin-a.pem", "x/admin-a.pem"}, ""},
		{"not kk's name", "/etc/ssl/etcd/ssl/server-node1.pem", []string{"x/server-node1.pem"}, ""},
		{"its own host first", "/etc/ssl/etcd/ssl/member-a.pem", []string{"node1/etc/ssl/etcd/ssl/member-a.pem", "x/member-a.pem"}, "node1/etc/ssl/etcd/ssl/member-a.pem"},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := map[string][]byte{"node1/etc/etcd.env": []byte("ETCD_TRUSTED_CA_FILE=" + test.configured + "\n")}
			for _, name := range test.files {
				files[name] = p.PEM()
			}
			s := look(t, files)
			got := ""
			if id := s.Etcd.Members[0].Settings["ETCD_TRUSTED_CA_FILE"].Certificate; id != nil {
				got = s.file(*id)
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestResolve_oneHostFolder lints from within a host folder: the paths in the settings are those of the files.
func TestResolve_oneHostFolder(t *testing.T) {
	l := facttest.Write(facttest.Stacked, 1)
	files := map[string][]byte{}
	for name, data := range l.Files {
		files[strings.TrimPrefix(name, "node1/")] = data
	}
	s := look(t, files)
	same(t, "pairs", s.pairs(), []string{
		"client etc/kubernetes/pki/apiserver-etcd-client.crt <- etc/kubernetes/pki/etcd/ca.crt true true",
		"peer etc/kubernetes/pki/etcd/peer.crt <- etc/kubernetes/pki/etcd/ca.crt true true",
		"server etc/kubernetes/pki/etcd/server.crt <- etc/kubernetes/pki/etcd/ca.crt true true",
	})
	for _, c := range s.Certificates {
		if c.Name == "apiserver.crt" && c.Role != "apiserver" {
			t.Errorf("got %+v", c)
		}
	}
}

// TestInUse_byName holds which files are in use for their names alone.
func TestInUse_byName(t *testing.T) {
	in := func(l *facttest.Layout, name string) bool {
		s := look(t, l.Files)
		return slices.ContainsFunc(s.Etcd.InUse, func(u use) bool { return s.file(u.Certificate) == name })
	}
	const ssl = "/etc/ssl/etcd/ssl/"
	l := facttest.Write(facttest.KubeKey, 2)
	delete(l.Files, "config.yaml")
	if in(l, "node1"+ssl+"member-node2.pem") || in(l, "node1"+ssl+"admin-node2.pem") || in(l, "node1"+ssl+"node-node2.pem") {
		t.Error("the settings of the host name others")
	}
	delete(l.Files, "node1/etc/etcd.env")
	if !in(l, "node1"+ssl+"member-node2.pem") || !in(l, "node1"+ssl+"admin-node2.pem") || in(l, "node1"+ssl+"node-node2.pem") {
		t.Error("without etcd.env nobody knows")
	}
	delete(l.Files, "node1/etc/kubernetes/manifests/kube-apiserver.yaml")
	if !in(l, "node1"+ssl+"node-node2.pem") {
		t.Error("without a manifest nobody knows")
	}
	l.Files["node1"+ssl+"member-gone.pem"] = l.Files["node1"+ssl+"member-node2.pem"]
	if !in(l, "node1"+ssl+"member-gone.pem") {
		t.Error("without the KubeKey file nobody knows that the host is gone")
	}
	l.Files["config.yaml"] = facttest.Write(facttest.KubeKey, 2).Files["config.yaml"]
	if in(l, "node1"+ssl+"member-gone.pem") || !in(l, "node1"+ssl+"member-node2.pem") {
		t.Error("the KubeKey file knows the hosts")
	}
	l.Files["node1/etc/ssl/other/node-x.pem"] = l.Files["node1"+ssl+"member-node2.pem"]
	l.Files["node1/etc/ssl/other/node-node1.pem"] = l.Files["node1"+ssl+"member-node2.pem"]
	if in(l, "node1/etc/ssl/other/node-node1.pem") {
		t.Error("on a host kk's files stand in kk's folder")
	}
}

// TestAuthorities_byName holds when a CA file counts for its name alone.
func TestAuthorities_byName(t *testing.T) {
	l := facttest.Write(facttest.KubeKey, 1)
	delete(l.Files, "node1/etc/etcd.env")
	delete(l.Files, "node1/etc/kubernetes/manifests/kube-apiserver.yaml")
	s := look(t, l.Files)
	same(t, "nobody names one", s.uses(s.Etcd.Authorities), []string{
		"kube-etcd-client-certs.yaml reference secret", "node1/etc/ssl/etcd/ssl/ca.pem name name",
	})
	l.Files["node1/etc/etcd.env"] = []byte("ETCD_TRUSTED_CA_FILE=/etc/other/ca.pem\n")
	s = look(t, l.Files)
	same(t, "another is named", s.uses(s.Etcd.Authorities), []string{"kube-etcd-client-certs.yaml reference secret"})
}

// TestPairs_related holds which members and clients have to do with each other.
func TestPairs_related(t *testing.T) {
	l := facttest.Write(facttest.External, 2)
	delete(l.Files, "config.yaml")
	pairs := func() int { return len(look(t, l.Files).Etcd.Pairs) }
	if got := pairs(); got != 5 {
		t.Errorf("the API server names the members, and they name each other: got %d", got)
	}
	l.Replace("kube-apiserver.yaml", "https://10.0.0.1:2379,https://10.0.0.2:2379", "https://192.168.0.1:2379")
	if got := pairs(); got != 4 {
		t.Errorf("it names others: got %d", got)
	}
	l.Replace("kube-apiserver.yaml", "https://192.168.0.1:2379", "https://etcd.example:2379")
	if got := pairs(); got != 4 {
		t.Errorf("it names somebody: got %d", got)
	}
	name := "etcd2/etc/etcd/pki/server-ca.crt"
	l.Files[name] = append(l.Files[name], facttest.NewCA("other").PEM()...)
	peers := func() (n int) {
		for _, p := range look(t, l.Files).Etcd.Pairs {
			if p.Kind == "peer" {
				n++
			}
		}
		return n
	}
	if got := peers(); got != 4 {
		t.Errorf("the members list each other: got %d", got)
	}
	l.Replace("etcd1/etc/etcd.env", "=https://10.0.0.2:2380", "=https://10.0.0.7:2380")
	if got := peers(); got != 4 {
		t.Errorf("one lists the other: got %d", got)
	}
	l.Replace("etcd2/etc/etcd.env", "node1=https://10.0.0.1:2380", "other=https://10.0.0.1:2380")
	if got := peers(); got != 2 {
		t.Errorf("none lists the other: got %d", got)
	}
}
