package serve

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"
)

// Clients says which clients are served: those with a certificate of a CA whose file is watched and with one of some names.
type Clients struct {
	watched[x509.CertPool]
	names []string
	clock func() time.Time
}

// NewClients reads the file of the CA. A client's common name, or one of its DNS names or URIs, has to be one of names; with no
// names every certificate of the CA will do. Where the file is missing or wrong, no client is served and Problem says why.
func NewClients(ca string, names []string, clock func() time.Time, log *slog.Logger) *Clients {
	c := &Clients{watched: watched[x509.CertPool]{what: "client CA", files: []string{ca}, log: log}, names: names, clock: clock}
	c.parse = func(content [][]byte, _ *x509.CertPool) (*x509.CertPool, error) {
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(content[0]) {
			return nil, errors.New("there is no certificate in it")
		}
		return pool, nil
	}
	_ = c.load()
	return c
}

// Problem says why the content of the file is not in use.
func (c *Clients) Problem() error { return c.state() }

// Watch looks at the file every so often until ctx ends.
func (c *Clients) Watch(ctx context.Context, every time.Duration) { c.watch(ctx, every) }

// verify judges the certificate of a client at its handshake, with the CA as it is then.
func (c *Clients) verify(s tls.ConnectionState) error {
	roots := c.current.Load()
	if roots == nil {
		return errors.New("there is no client CA")
	}
	if len(s.PeerCertificates) == 0 {
		return errors.New("the client has no certificate")
	}
	leaf, between := s.PeerCertificates[0], x509.NewCertPool()
	for _, more := range s.PeerCertificates[1:] {
		between.AddCert(more)
	}
	_, err := leaf.Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: between, CurrentTime: c.clock(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
	if err != nil {
		return err
	}
	if len(c.names) == 0 || slices.ContainsFunc(namesOf(leaf), func(n string) bool { return slices.Contains(c.names, n) }) {
		return nil
	}
	return fmt.Errorf("the client is %.100q, which is none that is served", leaf.Subject.CommonName)
}

func namesOf(c *x509.Certificate) []string {
	names := append([]string{c.Subject.CommonName}, c.DNSNames...)
	for _, u := range c.URIs {
		names = append(names, u.String())
	}
	return names
}
