package facts_test

import (
	"crypto/x509"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kslint/kslint/lint/facts/facttest"
)

// TestLayouts_sound holds what is true of every sound cluster.
func TestLayouts_sound(t *testing.T) {
	for _, kind := range facttest.Kinds() {
		for _, masters := range []int{1, 3} {
			l := facttest.Write(kind, masters)
			s := look(t, l.Files)
			for _, p := range s.Etcd.Pairs {
				if !p.Verifies || !p.VerifiesNow {
					t.Errorf("%s: %s <- %s does not verify", kind, s.at(p.Leaf.place), s.at(p.CA.place))
				}
			}
			for _, k := range s.Etcd.Keypairs {
				if !k.Match {
					t.Errorf("%s: %s does not match", kind, s.at(k.place))
				}
			}
			if len(s.Etcd.InUse) == 0 || len(s.Etcd.Members) == 0 || len(s.Etcd.Keypairs) == 0 || !s.Etcd.PairsComplete {
				t.Errorf("%s: got %+v", kind, s.Etcd)
			}
			for _, k := range s.Kubeconfigs {
				if got := len(k.Cluster.Verifies); got != masters {
					t.Errorf("%s: %s verifies %d servers", kind, k.File, got)
				}
			}
			for i, c := range s.Certificates {
				if c.ID != i || c.Certs[0].Unreadable || c.Certs[0].Starts >= c.Certs[0].Ends {
					t.Errorf("%s: %+v", kind, c)
				}
			}
		}
	}
}

func TestLayouts_kubeKey(t *testing.T) {
	s := look(t, facttest.Write(facttest.KubeKey, 2).Files)
	same(t, "in use", s.uses(s.Etcd.InUse), []string{
		"kube-etcd-client-certs.yaml reference secret",
		"node1/etc/ssl/etcd/ssl/admin-node1.pem reference etcdctl",
		"node1/etc/ssl/etcd/ssl/member-node1.pem reference peer,server",
		"node1/etc/ssl/etcd/ssl/node-node1.pem reference apiserver",
		"node2/etc/ssl/etcd/ssl/admin-node2.pem reference etcdctl",
		"node2/etc/ssl/etcd/ssl/member-node2.pem reference peer,server",
		"node2/etc/ssl/etcd/ssl/node-node1.pem reference apiserver",
	})
	same(t, "authorities", s.uses(s.Etcd.Authorities), []string{
		"kube-etcd-client-certs.yaml reference secret",
		"node1/etc/ssl/etcd/ssl/ca.pem reference apiserver,etcdctl,peer,server",
		"node2/etc/ssl/etcd/ssl/ca.pem reference apiserver,etcdctl,peer,server",
	})
	same(t, "pairs, each content once", s.pairs(), []string{
		"client node1/etc/ssl/etcd/ssl/admin-node1.pem <- node1/etc/ssl/etcd/ssl/ca.pem true true",
		"client node1/etc/ssl/etcd/ssl/node-node1.pem <- node1/etc/ssl/etcd/ssl/ca.pem true true",
		"client node2/etc/ssl/etcd/ssl/admin-node2.pem <- node2/etc/ssl/etcd/ssl/ca.pem true true",
		"peer node1/etc/ssl/etcd/ssl/member-node1.pem <- node1/etc/ssl/etcd/ssl/ca.pem true true",
		"peer node2/etc/ssl/etcd/ssl/member-node2.pem <- node1/etc/ssl/etcd/ssl/ca.pem true true",
		"server node1/etc/ssl/etcd/ssl/member-node1.pem <- node1/etc/ssl/etcd/ssl/ca.pem true true",
		"server node2/etc/ssl/etcd/ssl/member-node2.pem <- node1/etc/ssl/etcd/ssl/ca.pem true true",
	})
}

func TestLayouts_stacked(t *testing.T) {
	s := look(t, facttest.Write(facttest.Stacked, 2).Files)
	const pki = "/etc/kubernetes/pki/"
	same(t, "in use", s.uses(s.Etcd.InUse), []string{
		"node1" + pki + "apiserver-etcd-client.crt reference apiserver", "node1" + pki + "etcd/healthcheck-client.crt name name",
		"node1" + pki + "etcd/peer.crt reference peer", "node1" + pki + "etcd/server.crt reference server",
		"node2" + pki + "apiserver-etcd-client.crt reference apiserver", "node2" + pki + "etcd/healthcheck-client.crt name name",
		"node2" + pki + "etcd/peer.crt reference peer", "node2" + pki + "etcd/server.crt reference server",
	})
	// Without a KubeKey file the API server's loopback is its own host alone; the peers know each other by their lists.
	same(t, "pairs", s.pairs(), []string{
		"client node1" + pki + "apiserver-etcd-client.crt <- node1" + pki + "etcd/ca.crt true true",
		"client node2" + pki + "apiserver-etcd-client.crt <- node2" + pki + "etcd/ca.crt true true",
		"peer node1" + pki + "etcd/peer.crt <- node1" + pki + "etcd/ca.crt true true",
		"peer node2" + pki + "etcd/peer.crt <- node1" + pki + "etcd/ca.crt true true",
		"server node1" + pki + "etcd/server.crt <- node1" + pki + "etcd/ca.crt true true",
		"server node2" + pki + "etcd/server.crt <- node2" + pki + "etcd/ca.crt true true",
	})
	if s.Etcd.OneCluster {
		t.Error("nothing says that it is one cluster")
	}
}

func TestLayouts_external(t *testing.T) {
	s := look(t, facttest.Write(facttest.External, 1).Files)
	same(t, "servers and clients have a CA each, and the server's is not checked with that of clients", s.pairs(), []string{
		"client node1/etc/ssl/etcd/ssl/client.crt <- etcd1/etc/etcd/pki/client-ca.crt true true",
		"peer etcd1/etc/etcd/pki/server.crt <- etcd1/etc/etcd/pki/server-ca.crt true true",
		"server etcd1/etc/etcd/pki/server.crt <- node1/etc/ssl/etcd/ssl/ca.crt true true",
	})
	if uses := s.uses(s.Etcd.Authorities); !slices.Contains(uses, "pki/etcd/ca.crt reference external") {
		t.Errorf("got %q", uses)
	}
}

func TestLayouts_workFolderAndPile(t *testing.T) {
	s := look(t, facttest.Write(facttest.WorkFolder, 1).Files)
	same(t, "work folder", s.uses(s.Etcd.InUse), []string{
		"kubekey/pki/etcd/admin-node1.pem reference etcdctl", "kubekey/pki/etcd/member-node1.pem reference peer,server",
		"kubekey/pki/etcd/node-node1.pem name name",
	})
	s = look(t, facttest.Write(facttest.Pile, 2).Files)
	same(t, "pile", s.uses(s.Etcd.InUse), []string{
		"admin-node1.pem reference etcdctl", "admin-node2.pem name name", "member-node1.pem reference peer,server",
		"member-node2.pem name name", "node-node1.pem reference apiserver", "node-node2.pem name name",
	})
	same(t, "ca.pem of no host folder is nobody's", s.pairs(), nil)
}

// verdicts are those of the pairs whose leaf or CA stands on a host, as kind=verifies/now, without repetitions.
func (s *seen) verdicts() []string {
	var all []string
	for _, line := range s.pairs() {
		f := strings.Fields(line)
		all = append(all, f[0]+"="+f[4]+"/"+f[5])
	}
	return slices.Compact(all)
}

func TestFaults_caExpired(t *testing.T) {
	for _, kind := range []facttest.Kind{facttest.KubeKey, facttest.KubeKey4, facttest.Stacked, facttest.K3s} {
		s := look(t, facttest.Write(kind, 3, facttest.Ends("ca", -time.Hour)).Files)
		same(t, string(kind), s.verdicts(), []string{"client=true/false", "peer=true/false", "server=true/false"})
	}
}

func TestFaults_leafExpired(t *testing.T) {
	s := look(t, facttest.Write(facttest.KubeKey, 1, facttest.Ends("member-*", -time.Hour)).Files)
	same(t, "pairs", s.verdicts(), []string{"client=true/true", "peer=true/false", "server=true/false"})
	s = look(t, facttest.Write(facttest.KubeKey, 1, facttest.Begins("node-*", time.Hour)).Files)
	same(t, "pairs", s.pairs(), []string{
		"client node1/etc/ssl/etcd/ssl/admin-node1.pem <- node1/etc/ssl/etcd/ssl/ca.pem true true",
		"client node1/etc/ssl/etcd/ssl/node-node1.pem <- node1/etc/ssl/etcd/ssl/ca.pem true false",
		"peer node1/etc/ssl/etcd/ssl/member-node1.pem <- node1/etc/ssl/etcd/ssl/ca.pem true true",
		"server node1/etc/ssl/etcd/ssl/member-node1.pem <- node1/etc/ssl/etcd/ssl/ca.pem true true",
	})
}

func TestFaults_unknownCA(t *testing.T) {
	s := look(t, facttest.Write(facttest.KubeKey, 1, facttest.IssuedBy("node-*", facttest.NewCA("etcd-ca"))).Files)
	same(t, "pairs", s.pairs(), []string{
		"client node1/etc/ssl/etcd/ssl/admin-node1.pem <- node1/etc/ssl/etcd/ssl/ca.pem true true",
		"client node1/etc/ssl/etcd/ssl/node-node1.pem <- node1/etc/ssl/etcd/ssl/ca.pem false false",
		"peer node1/etc/ssl/etcd/ssl/member-node1.pem <- node1/etc/ssl/etcd/ssl/ca.pem true true",
		"server node1/etc/ssl/etcd/ssl/member-node1.pem <- node1/etc/ssl/etcd/ssl/ca.pem true true",
	})
}

// TestFaults_partialRotation gives one host another CA: all others' leaves fail there, and only there.
func TestFaults_partialRotation(t *testing.T) {
	l := facttest.Write(facttest.KubeKey, 2)
	old := facttest.NewCA("etcd-ca").PEM()
	l.Files["node2/etc/ssl/etcd/ssl/ca.pem"] = old
	s := look(t, l.Files)
	for _, p := range s.Etcd.Pairs {
		if onNode2 := s.file(p.CA.Certificate) == "node2/etc/ssl/etcd/ssl/ca.pem"; onNode2 == p.Verifies {
			t.Errorf("%s <- %s: %v", s.at(p.Leaf.place), s.at(p.CA.place), p.Verifies)
		}
	}
	l.Files["node2/etc/ssl/etcd/ssl/ca.pem"] = append(old, l.Files["node1/etc/ssl/etcd/ssl/ca.pem"]...)
	s = look(t, l.Files)
	same(t, "a bundle is sound", s.verdicts(), []string{"client=true/true", "peer=true/true", "server=true/true"})
}

func TestFaults_keys(t *testing.T) {
	l := facttest.Write(facttest.KubeKey, 1, facttest.OtherKey("member-*"))
	wrong := func() (lines []string) {
		s := look(t, l.Files)
		for _, k := range s.Etcd.Keypairs {
			if !k.Match {
				lines = append(lines, k.Kind+" "+s.at(k.place)+" "+s.at(k.Cert))
			}
		}
		return lines
	}
	same(t, "one fault a document", wrong(), []string{"server node1/etc/etcd.env variables.ETCD_KEY_FILE node1/etc/etcd.env variables.ETCD_CERT_FILE"})
	delete(l.Files, "node1/etc/etcd.env")
	same(t, "by its name", wrong(), []string{"name node1/etc/ssl/etcd/ssl/member-node1-key.pem blocks[0] node1/etc/ssl/etcd/ssl/member-node1.pem blocks[0]"})
	l.Remove("-key.pem")
	l.Remove("kube-etcd-client-certs")
	if s := look(t, l.Files); len(s.Etcd.Keypairs) != 0 {
		t.Errorf("no key, nothing to compare: got %+v", s.Etcd.Keypairs)
	}
}

func TestFaults_caBeforeLeaf(t *testing.T) {
	l := facttest.Write(facttest.KubeKey, 1)
	name := "node1/etc/ssl/etcd/ssl/member-node1.pem"
	l.Files[name] = append(slices.Clone(l.Files["node1/etc/ssl/etcd/ssl/ca.pem"]), l.Files[name]...)
	s := look(t, l.Files)
	for _, k := range s.Etcd.Keypairs {
		if k.Match == (s.file(k.Certificate) == name) {
			t.Errorf("%s: %v", s.file(k.Certificate), k.Match)
		}
	}
}

func TestFaults_usagesAndNames(t *testing.T) {
	s := look(t, facttest.Write(facttest.KubeKey, 1, facttest.Uses("member-*", x509.ExtKeyUsageServerAuth),
		facttest.Uses("admin-*"), facttest.Names("node-*", []string{"A.Example"}, []string{"::ffff:10.0.0.9", "FD00:0::1"})).Files)
	for _, c := range s.Certificates {
		switch c.Role {
		case "etcd-member":
			same(t, "usages", c.Certs[0].Usages, []string{"serverAuth"})
		case "etcd-admin":
			if c.Certs[0].Usages != nil {
				t.Errorf("no extension, no usages: got %q", c.Certs[0].Usages)
			}
		case "etcd-node":
			same(t, "names", append(c.Certs[0].DNS, c.Certs[0].IPs...), []string{"a.example", "10.0.0.9", "fd00::1"})
		}
	}
}
