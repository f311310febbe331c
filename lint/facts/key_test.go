package facts

import (
	"crypto/dsa" //nolint:staticcheck // a key that Go cannot compare
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"math/big"
	"testing"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/facts/facttest"
)

// TestMatch compares certificates with keys of every form.
func TestMatch(t *testing.T) {
	rsaKey, ecKey := must(rsa.GenerateKey(rand.Reader, 2048)), must(ecdsa.GenerateKey(elliptic.P384(), rand.Reader))
	_, edKey, _ := ed25519.GenerateKey(rand.Reader)
	pkcs8 := func(key any) []byte { return must(x509.MarshalPKCS8PrivateKey(key)) }
	certs := map[string]*x509.Certificate{
		"rsa": facttest.Make(facttest.Spec{CN: "x", Key: rsaKey}).Cert, "ec": facttest.Make(facttest.Spec{CN: "x", Key: ecKey}).Cert,
		"ed": facttest.Make(facttest.Spec{CN: "x", Key: edKey}).Cert,
	}
	other := must(ecdsa.GenerateKey(elliptic.P384(), rand.Reader))
	for _, test := range []struct {
		name  string
		der   []byte
		match string // the certificate that it belongs to, "none", or "unknown"
	}{
		{"RSA, PKCS #1", x509.MarshalPKCS1PrivateKey(rsaKey), "rsa"},
		{"RSA, PKCS #8", pkcs8(rsaKey), "rsa"},
		{"EC, SEC 1", must(x509.MarshalECPrivateKey(ecKey)), "ec"},
		{"EC, PKCS #8", pkcs8(ecKey), "ec"},
		{"Ed25519", pkcs8(edKey), "ed"},
		{"another EC key", pkcs8(other), "none"},
		{"a small RSA key", x509.MarshalPKCS1PrivateKey(smallRSA()), "none"},
		{"nothing", nil, "unknown"},
		{"no key", []byte{0x30, 3, 2, 1, 0}, "unknown"},
		{"DSA", dsaKey(t), "unknown"},
		{"garbage", []byte("garbage"), "unknown"},
	} {
		for name, c := range certs {
			same, known := match(c, &lint.Block{Type: "PRIVATE KEY", DER: test.der})
			if known != (test.match != "unknown") || same != (test.match == name) {
				t.Errorf("%s, certificate %s: got %v, %v", test.name, name, same, known)
			}
		}
	}
	if _, known := match(certs["rsa"], &lint.Block{DER: pkcs8(rsaKey), Encrypted: true}); known {
		t.Error("an encrypted key is not known")
	}
}

func smallRSA() *rsa.PrivateKey {
	return &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: big.NewInt(3233), E: 17}, D: big.NewInt(413), Primes: []*big.Int{big.NewInt(61), big.NewInt(53)}}
}

func dsaKey(t *testing.T) []byte {
	t.Helper()
	var key dsa.PrivateKey
	if err := dsa.GenerateParameters(&key.Parameters, rand.Reader, dsa.L1024N160); err != nil {
		t.Fatal(err)
	}
	if err := dsa.GenerateKey(&key, rand.Reader); err != nil {
		t.Fatal(err)
	}
	return must(asn1.Marshal([]*big.Int{big.NewInt(0), key.P, key.Q, key.G, key.Y, key.X}))
}

// TestMatch_isBounded holds that a key costs its length, however large its numbers are.
func TestMatch_isBounded(t *testing.T) {
	c := facttest.NewCA("x").Cert
	huge := new(big.Int).Lsh(big.NewInt(1), 8*100<<10)
	huge.Add(huge, big.NewInt(1))
	der := must(asn1.Marshal([]*big.Int{big.NewInt(0), huge, big.NewInt(65537), huge}))
	start := time.Now()
	if same, known := match(c, &lint.Block{DER: der}); same || !known {
		t.Errorf("got %v, %v", same, known)
	}
	if d := time.Since(start); d > time.Second {
		t.Errorf("it took %s", d)
	}
	if _, known := match(c, &lint.Block{DER: make([]byte, maxDER+1)}); known {
		t.Error("nobody has a key of that size")
	}
}

func TestFirstKey(t *testing.T) {
	text := &pemText{blocks: []*lint.Block{{Type: "EC PARAMETERS"}, {Type: "CERTIFICATE"}, {Type: "EC PRIVATE KEY", Number: 2}, {Type: "PRIVATE KEY"}}}
	if b := firstKey(text); b == nil || b.Number != 2 {
		t.Errorf("got %+v", b)
	}
	for _, none := range []*pemText{nil, {}, {blocks: []*lint.Block{{Type: "PUBLIC KEY"}, {Type: "NOPRIVATE KEY"}}}} {
		if b := firstKey(none); b != nil {
			t.Errorf("got %+v", b)
		}
	}
}
