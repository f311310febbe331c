// Package facttest makes certificates, and writes the files of whole clusters, sound or with faults, for tests. Nothing of it
// is a file: keys and certificates are new in each run. Whatever goes wrong panics.
package facttest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"time"
)

// Now is the instant that the certificates are made for: sound ones began a year before and end nine years later. It is that
// of the rules' examples.
var Now = time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)

// Spec says what a certificate is made of.
type Spec struct {
	CN        string
	DNS       []string
	IPs       []string
	Usages    []x509.ExtKeyUsage // none: the certificate has no such extension
	From, To  time.Time          // zero: a year before Now, nine years behind it
	IsCA      bool
	Issuer    *Pair         // nil: it signs itself
	Key       crypto.Signer // nil: a new ECDSA key
	Algorithm x509.SignatureAlgorithm
	// Change, when set, has the last word on what is signed.
	Change func(*x509.Certificate)
	// ShowKey, when set, is the key that KeyPEM gives instead of the real one.
	ShowKey crypto.Signer
}

// Pair is a certificate with its key.
type Pair struct {
	Cert *x509.Certificate
	Key  crypto.Signer
	show crypto.Signer
}

// Usages of kk's leaves.
var (
	Both   = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	Server = Both[:1]
	Client = Both[1:]
)

var serial = big.NewInt(1)

// Make makes a certificate.
func Make(s Spec) *Pair {
	key := s.Key
	if key == nil {
		key = NewKey()
	}
	template := s.template()
	parent, signer := template, key
	if s.Issuer != nil {
		parent, signer = s.Issuer.Cert, s.Issuer.Key
	}
	der := must(x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer))
	show := key
	if s.ShowKey != nil {
		show = s.ShowKey
	}
	return &Pair{must(x509.ParseCertificate(der)), key, show}
}

func (s Spec) template() *x509.Certificate {
	if s.From.IsZero() {
		s.From = Now.AddDate(-1, 0, 0)
	}
	if s.To.IsZero() {
		s.To = Now.AddDate(9, 0, 0)
	}
	serial = new(big.Int).Add(serial, big.NewInt(1))
	c := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: s.CN}, NotBefore: s.From, NotAfter: s.To,
		DNSNames: s.DNS, ExtKeyUsage: s.Usages, SignatureAlgorithm: s.Algorithm,
		KeyUsage: x509.KeyUsageDigitalSignature,
	}
	for _, ip := range s.IPs {
		c.IPAddresses = append(c.IPAddresses, net.ParseIP(ip))
	}
	if s.IsCA {
		c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign
	}
	if s.Change != nil {
		s.Change(c)
	}
	return c
}

// NewKey makes a small key.
func NewKey() crypto.Signer { return must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)) }

// PEM is the certificate as a block.
func (p *Pair) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.Cert.Raw})
}

// KeyPEM is the key as a block.
func (p *Pair) KeyPEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: must(x509.MarshalPKCS8PrivateKey(p.show))})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
