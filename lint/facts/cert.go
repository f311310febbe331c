package facts

import (
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// Cert is one certificate block.
type Cert struct {
	Path  lint.Path
	Range lint.Range

	parsed *parsed // nil where it cannot be read
}

// X509 is the certificate, nil where it cannot be read. It must not be changed.
func (c Cert) X509() *x509.Certificate {
	if c.parsed == nil {
		return nil
	}
	return c.parsed.Certificate
}

// sum stands for the certificate in the content of a file; no two unreadable ones are alike.
func (c Cert) sum(file int) []byte {
	if c.parsed == nil {
		return strconv.AppendInt([]byte("unreadable in "), int64(file), 10)
	}
	return c.parsed.sum[:]
}

// parsed is a certificate, whatever number of times it stands in the set: KubeKey copies every file to every host.
type parsed struct {
	*x509.Certificate
	sum   [sha256.Size]byte
	terms fields // all but document and path
}

type parser map[[sha256.Size]byte]*parsed

// Limits of what is looked at: no certificate of this world comes near them, and the work on larger ones has none.
const (
	maxDER = 256 << 10 // bytes
	maxRSA = 16 << 10  // bits
)

// parse gives nil for what cannot be read.
func (p parser) parse(der []byte) *parsed {
	if len(der) == 0 || len(der) > maxDER {
		return nil
	}
	sum := sha256.Sum256(der)
	if known, ok := p[sum]; ok {
		return known
	}
	p[sum] = nil
	c, err := x509.ParseCertificate(der)
	if err != nil {
		return nil
	}
	if key, ok := c.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() > maxRSA {
		return nil
	}
	p[sum] = &parsed{Certificate: c, sum: sum, terms: describe(c, sum)}
	return p[sum]
}

func (c Cert) value(document int) ast.Value {
	f := fields{}
	if c.parsed != nil {
		f = append(make(fields, 0, len(c.parsed.terms)+2), c.parsed.terms...)
	} else {
		f.truth("unreadable", true)
	}
	f.at(place{document, c.Path})
	return f.object()
}

func describe(c *x509.Certificate, sum [sha256.Size]byte) fields {
	f := make(fields, 0, 16)
	f.text("subject", c.Subject.String())
	f.text("issuer", c.Issuer.String())
	f.text("cn", c.Subject.CommonName)
	f.text("not_before", c.NotBefore.UTC().Format(time.RFC3339))
	f.text("not_after", c.NotAfter.UTC().Format(time.RFC3339))
	f.number("starts", c.NotBefore.Unix())
	f.number("ends", c.NotAfter.Unix())
	f.truth("is_ca", c.BasicConstraintsValid && c.IsCA)
	f.put("dns", list(c.DNSNames, func(s string) ast.Value { return text(strings.ToLower(s)) }))
	f.put("ips", texts(addresses(c)))
	if usages := usages(c); len(usages) > 0 {
		f.put("usages", texts(usages))
	}
	f.text("sha256", hex.EncodeToString(sum[:]))
	f.text("signature", c.SignatureAlgorithm.String())
	return f
}

func addresses(c *x509.Certificate) []string {
	all := make([]string, 0, len(c.IPAddresses))
	for _, ip := range c.IPAddresses {
		if a, ok := netip.AddrFromSlice(ip); ok {
			all = append(all, a.Unmap().String())
		}
	}
	return all
}

func usages(c *x509.Certificate) []string {
	var all []string
	for _, u := range c.ExtKeyUsage {
		all = append(all, u.String())
	}
	for _, u := range c.UnknownExtKeyUsage {
		all = append(all, u.String())
	}
	return all
}
