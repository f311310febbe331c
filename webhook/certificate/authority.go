package certificate

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"time"
)

const (
	// backdate is how long before its making a certificate begins to be valid, for clocks that differ.
	backdate = time.Hour
	// margin is how long before its end a certificate is no longer good: replicas are NotReady from then on.
	margin = 10 * time.Minute
	// organization marks a CA as made here. One without it is somebody else's and is not touched.
	organization = "kslint.io"
)

// Authority is a CA with its key.
type Authority struct {
	Certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// NewAuthority makes a CA that lasts for life from now on.
func NewAuthority(now time.Time, life time.Duration) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	number, err := serial()
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: number,
		// Each CA has a name of its own, so that what reads a bundle can tell them apart.
		Subject:   pkix.Name{Organization: []string{organization}, CommonName: "kslint-webhook CA " + hex.EncodeToString(number.Bytes()[:4])},
		NotBefore: now.Add(-backdate), NotAfter: now.Add(life),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &Authority{c, key}, nil
}

// Issue makes a leaf with a key of its own for a name. It lasts for life, but not longer than the CA.
func (a *Authority) Issue(name string, now time.Time, life time.Duration) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	number, err := serial()
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: number,
		Subject:      pkix.Name{Organization: []string{organization}, CommonName: "kslint-webhook"}, DNSNames: []string{name},
		NotBefore: latest(now.Add(-backdate), a.Certificate.NotBefore), NotAfter: earliest(now.Add(life), a.Certificate.NotAfter),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.Certificate, key.Public(), a.key)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, nil
}

// Format keeps the key out of whatever prints an Authority.
func (a *Authority) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "CA "+a.id()) }

func (a *Authority) id() string {
	if a == nil {
		return ""
	}
	return fingerprint(a.Certificate)
}

// encode gives both parts in PEM.
func (a *Authority) encode() (certificate, key []byte, err error) {
	der, err := x509.MarshalPKCS8PrivateKey(a.key)
	if err != nil {
		return nil, nil, errors.New("the key of the CA cannot be encoded")
	}
	return encode(a.Certificate), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

func encode(c *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}

// fingerprint names a certificate: the first half of its SHA-256 in hexadecimal.
func fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:16])
}

// serial gives 127 random bits with the first one set: positive, and never short.
func serial() (*big.Int, error) {
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 126))
	if err != nil {
		return nil, err
	}
	return n.SetBit(n, 126, 1), nil
}

// valid tells whether an instant is within the life of a certificate.
func valid(c *x509.Certificate, now time.Time) bool {
	return !now.Before(c.NotBefore) && now.Before(c.NotAfter)
}

// usable tells whether what a CA signs now would be good for more than the margin.
func usable(a *Authority, now time.Time) bool {
	return a != nil && valid(a.Certificate, now) && valid(a.Certificate, now.Add(margin))
}

// twoThirds is when two thirds of a certificate's life are over.
func twoThirds(c *x509.Certificate) time.Time {
	return c.NotBefore.Add(c.NotAfter.Sub(c.NotBefore) / 3 * 2)
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
