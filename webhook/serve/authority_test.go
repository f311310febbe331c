package serve

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"
)

var serial atomic.Int64

// authority is a CA of a test.
type authority struct {
	t    testing.TB
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  []byte
}

func newAuthority(t testing.TB) *authority {
	a := &authority{t: t}
	c := &x509.Certificate{
		Subject: pkix.Name{CommonName: "ca"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(240 * time.Hour),
	}
	a.cert, a.key, a.pem, _ = a.make(c)
	return a
}

// make signs a certificate; the first one by itself.
func (a *authority) make(c *x509.Certificate) (*x509.Certificate, *ecdsa.PrivateKey, []byte, []byte) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	c.SerialNumber = big.NewInt(serial.Add(1))
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = c, key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, key.Public(), signer)
	if err != nil {
		a.t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	return made, key, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})
}

// leaf is a certificate for a name and the loopback, which ends then.
func (a *authority) leaf(name string, end time.Time) (certificate, key []byte) {
	_, _, certificate, key = a.make(&x509.Certificate{
		Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: end,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	})
	return certificate, key
}

func (a *authority) pair(name string, end time.Time) tls.Certificate {
	c, k := a.leaf(name, end)
	pair, err := tls.X509KeyPair(c, k)
	if err != nil {
		a.t.Fatal(err)
	}
	return pair
}

// mount is a folder as kubelet makes it of a Secret: the files are links through ..data, which is swapped as one.
type mount struct {
	t   testing.TB
	dir string
	n   int
}

func newMount(t testing.TB) *mount { return &mount{t: t, dir: t.TempDir()} }

func (m *mount) path(name string) string { return filepath.Join(m.dir, name) }

func (m *mount) write(files map[string][]byte) {
	m.t.Helper()
	m.n++
	version := "..v" + string(rune('0'+m.n))
	must := func(err error) {
		if err != nil {
			m.t.Fatal(err)
		}
	}
	must(os.Mkdir(m.path(version), 0o755))
	for name, data := range files {
		must(os.WriteFile(filepath.Join(m.dir, version, name), data, 0o600))
		if _, err := os.Lstat(m.path(name)); err != nil {
			must(os.Symlink(filepath.Join("..data", name), m.path(name)))
		}
	}
	must(os.Symlink(version, m.path("..tmp")))
	must(os.Rename(m.path("..tmp"), m.path("..data")))
}
