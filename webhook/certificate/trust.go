package certificate

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"
)

// trust is what the API server trusts in, as far as the last look at the configuration goes; nil before there was one.
type trust struct {
	bundles [][]*x509.Certificate
	absent  bool // there is no configuration: nobody calls
}

func trustOf(c *configuration) *trust {
	if c == nil {
		return &trust{absent: true}
	}
	return &trust{bundles: c.bundles}
}

// holds tells whether every bundle holds a CA.
func (t *trust) holds(ca *x509.Certificate) bool {
	return t != nil && !slices.ContainsFunc(t.bundles, func(b []*x509.Certificate) bool { return !slices.ContainsFunc(b, ca.Equal) })
}

// judge verifies a chain as the API server does, against the bundle of each webhook.
func (t *trust) judge(c *tls.Certificate, name string, now time.Time) error {
	if t == nil {
		return errors.New("the caBundle has not been read yet")
	}
	between := x509.NewCertPool()
	for _, der := range c.Certificate[1:] {
		if parsed, err := x509.ParseCertificate(der); err == nil {
			between.AddCert(parsed)
		}
	}
	for _, b := range t.bundles {
		roots := x509.NewCertPool()
		for _, ca := range b {
			roots.AddCert(ca)
		}
		if _, err := c.Leaf.Verify(x509.VerifyOptions{DNSName: name, Roots: roots, Intermediates: between, CurrentTime: now}); err != nil {
			return fmt.Errorf("the API server would not trust it: %w", err)
		}
	}
	return nil
}

// judgement is kept because it is asked for with each request: it holds for one certificate and one look.
type judgement struct {
	of   *tls.Certificate
	by   *trust
	says error
}

func remember(last *atomic.Pointer[judgement], c *tls.Certificate, t *trust, name string, now func() time.Time) error {
	if j := last.Load(); j != nil && j.of == c && j.by == t {
		return j.says
	}
	j := &judgement{c, t, t.judge(c, name, now())}
	last.Store(j)
	return j.says
}
