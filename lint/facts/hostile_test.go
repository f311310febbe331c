package facts_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"testing"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/facts"
	"github.com/kslint/kslint/lint/facts/facttest"
)

// around is a member whose files hold the blocks: leaf and chain in one file, CA in another, a key beside the leaf.
func around(leaf, ca, key []lint.Block) []*lint.Document {
	const ssl = "node1/etc/ssl/etcd/ssl/"
	var files []*lint.File
	add := func(name string, d *lint.Document) {
		d.Source = &lint.Source{Name: name}
		files = append(files, &lint.File{Source: d.Source, Documents: []*lint.Document{d}})
	}
	env := ast.NewObject()
	for name, value := range map[string]string{
		"ETCD_CERT_FILE": "member-node1.pem", "ETCD_KEY_FILE": "member-node1-key.pem", "ETCD_TRUSTED_CA_FILE": "ca.pem",
		"ETCD_PEER_CERT_FILE": "member-node1.pem", "ETCD_PEER_KEY_FILE": "member-node1-key.pem", "ETCD_PEER_TRUSTED_CA_FILE": "ca.pem",
	} {
		env.Insert(ast.StringTerm(name), ast.StringTerm("/etc/ssl/etcd/ssl/"+value))
	}
	add("node1/etc/etcd.env", &lint.Document{
		Format: lint.Env, Targets: []lint.Target{lint.EtcdEnv},
		Value: ast.NewObject(ast.Item(ast.StringTerm("variables"), ast.NewTerm(env))),
	})
	for name, blocks := range map[string][]lint.Block{ssl + "member-node1.pem": leaf, ssl + "ca.pem": ca, ssl + "member-node1-key.pem": key} {
		for i := range blocks {
			blocks[i].Path, blocks[i].Number = lint.Path{"blocks", i}, i
		}
		add(name, &lint.Document{Format: lint.PEM, Blocks: blocks})
	}
	return lint.Sets(files)[0].Documents()
}

func certBlock(der []byte) lint.Block { return lint.Block{Type: "CERTIFICATE", DER: der} }

// FuzzFacts sends any bytes as leaf, chain, CA and key: nothing panics, and what cannot be read is neither judged nor hides
// what stands beside it.
func FuzzFacts(f *testing.F) {
	ca := facttest.NewCA("etcd-ca")
	for _, algorithm := range []x509.SignatureAlgorithm{0, x509.ECDSAWithSHA1} {
		p := facttest.Make(facttest.Spec{CN: "x", DNS: []string{"a"}, IPs: []string{"10.0.0.1", "::1"}, Usages: facttest.Both, Issuer: ca, Algorithm: algorithm})
		f.Add(p.Cert.Raw, ca.Cert.Raw, must(x509.MarshalPKCS8PrivateKey(p.Key)))
	}
	rsaKey := must(rsa.GenerateKey(rand.Reader, 1024))
	f.Add(ca.Cert.Raw, ca.Cert.Raw, x509.MarshalPKCS1PrivateKey(rsaKey))
	sound := facttest.Make(facttest.Spec{CN: "sound", Issuer: ca}).Cert.Raw
	f.Fuzz(func(t *testing.T, leaf, root, key []byte) {
		documents := around([]lint.Block{certBlock(leaf), certBlock(root)}, []lint.Block{certBlock(root), certBlock(leaf), certBlock(ca.Cert.Raw)},
			[]lint.Block{{Type: "PRIVATE KEY", DER: key}})
		facts.Of(documents, facttest.Now).Input(facts.Kinds()...)
		documents = around([]lint.Block{certBlock(sound), certBlock(leaf)}, []lint.Block{certBlock(leaf), certBlock(ca.Cert.Raw), certBlock(root)}, nil)
		s := see(t, documents, facts.Of(documents, facttest.Now).Input(facts.Etcd))
		for _, p := range s.Etcd.Pairs {
			if !p.Verifies {
				t.Errorf("the CA is among the roots: got %q", s.pairs())
			}
		}
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestUnreadable holds that nothing takes the place of a leaf that cannot be read.
func TestUnreadable(t *testing.T) {
	ca := facttest.NewCA("etcd-ca")
	leaf := facttest.Make(facttest.Spec{CN: "x", Issuer: ca})
	huge := must(x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: facttest.Now, NotAfter: facttest.Now},
		ca.Cert, &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 20_000, 1), E: 65537}, ca.Key))
	long := must(x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: facttest.Now, NotAfter: facttest.Now,
		ExtraExtensions: []pkix.Extension{{Id: []int{1, 2, 3}, Value: make([]byte, 300<<10)}},
	}, ca.Cert, leaf.Key.Public(), ca.Key))
	for name, der := range map[string][]byte{"broken": []byte("x"), "no DER": nil, "a key too large": huge, "too long": long} {
		documents := around([]lint.Block{certBlock(der), certBlock(leaf.Cert.Raw)}, []lint.Block{certBlock(ca.Cert.Raw)},
			[]lint.Block{{Type: "PRIVATE KEY", DER: must(x509.MarshalPKCS8PrivateKey(leaf.Key))}})
		s := see(t, documents, facts.Of(documents, facttest.Now).Input(facts.Kinds()...))
		for _, c := range s.Certificates {
			if c.Name == "member-node1.pem" && (!c.Certs[0].Unreadable || c.Certs[0].Ends != 0 || c.Certs[1].Unreadable) {
				t.Errorf("%s: got %+v", name, c)
			}
		}
		if len(s.Etcd.Pairs) != 0 || len(s.Etcd.Keypairs) != 0 {
			t.Errorf("%s: got %+v", name, s.Etcd)
		}
	}
}

// TestFacts_bounded makes the largest sets that a few megabytes hold: the work must not grow with their square.
func TestFacts_bounded(t *testing.T) {
	ca := facttest.NewCA("etcd-ca").PEM()
	files := map[string][]byte{"config.yaml": facttest.Write(facttest.KubeKey, 1).Files["config.yaml"]}
	for i := range 3000 {
		host := fmt.Sprintf("h%d", i)
		files[host+"/etc/etcd.env"] = fmt.Appendf(nil, "ETCD_NAME=%s\nETCD_CERT_FILE=/etc/a.pem\nETCD_PEER_CERT_FILE=/etc/a.pem\nETCD_PEER_TRUSTED_CA_FILE=/etc/ca.pem\n"+
			"ETCD_TRUSTED_CA_FILE=/etc/ca.pem\nETCDCTL_CACERT=/etc/ca.pem\nETCDCTL_CERT=/etc/a.pem\nETCD_INITIAL_CLUSTER=%s=https://10.0.0.1:2380\n", host, host)
		files[host+"/etc/a.pem"] = append([]byte(fmt.Sprintf("# %d\n", i)), facttest.NewCA("a").PEM()...)
		files[host+"/etc/ca.pem"] = append(facttest.NewCA("b").PEM(), ca...)
	}
	documents := facttest.Documents(files)
	start := time.Now()
	s := see(t, documents, facts.Of(documents, facttest.Now).Input(facts.Kinds()...))
	d := time.Since(start)
	if s.Etcd.PairsComplete || d > 10*time.Second {
		t.Errorf("%d pairs, complete %v, in %s", len(s.Etcd.Pairs), s.Etcd.PairsComplete, d)
	}
	t.Logf("%d documents, %d pairs in %s", len(documents), len(s.Etcd.Pairs), d)
}
