package serve

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Certificates gives the certificate that is served now, with its Leaf; nil for none. It is asked for each connection.
type Certificates interface {
	Current() *tls.Certificate
	// Problem says why the newest certificate is not the current one; nil when it is.
	Problem() error
}

// Trusted is what Certificates may say besides: why the API server would not trust the current one. It is asked for each request.
type Trusted interface{ Trusted() error }

// fit says why the replica should not be called with the certificate that it has.
func (s *Server) fit() error {
	if err := sound(s.Certificates.Current(), s.Clock()); err != nil {
		return err
	}
	if t, ok := s.Certificates.(Trusted); ok {
		return t.Trusted()
	}
	return nil
}

// FilePair is a certificate and its key in PEM files that are watched.
type FilePair struct{ watched[tls.Certificate] }

// NewFilePair reads both files. Where they are missing or wrong there is no certificate yet, and the Problem says why: the
// files may be mounted before there is anything in them.
func NewFilePair(certificate, key string, clock func() time.Time, log *slog.Logger) *FilePair {
	p := &FilePair{watched[tls.Certificate]{what: "certificate", files: []string{certificate, key}, log: log}}
	p.parse = func(content [][]byte, old *tls.Certificate) (*tls.Certificate, error) {
		return parsePair(content, old, clock())
	}
	_ = p.load()
	return p
}

// Current gives the newest pair that was sound.
func (p *FilePair) Current() *tls.Certificate { return p.current.Load() }

// Problem says why the content of the files is not in use.
func (p *FilePair) Problem() error { return p.state() }

// Watch looks at the files every so often until ctx ends.
func (p *FilePair) Watch(ctx context.Context, every time.Duration) { p.watch(ctx, every) }

// parsePair refuses an expired certificate while there is one that expires later: somebody has mounted the wrong Secret.
func parsePair(content [][]byte, old *tls.Certificate, now time.Time) (*tls.Certificate, error) {
	pair, err := tls.X509KeyPair(content[0], content[1])
	if err != nil {
		return nil, err
	}
	if end := pair.Leaf.NotAfter; now.After(end) && old != nil && old.Leaf.NotAfter.After(end) {
		return nil, fmt.Errorf("it expired at %s", end.UTC().Format(time.RFC3339))
	}
	return &pair, nil
}

// expiryMargin is how long before its end a certificate is no longer served with good conscience: long enough for a rotation
// that is late, and for the API server to dial another replica.
const expiryMargin = 10 * time.Minute

// sound says what is wrong with a certificate at an instant.
func sound(c *tls.Certificate, now time.Time) error {
	switch {
	case c == nil || c.Leaf == nil:
		return errors.New("there is no certificate")
	case now.After(c.Leaf.NotAfter):
		return fmt.Errorf("it expired at %s", c.Leaf.NotAfter.UTC().Format(time.RFC3339))
	case !now.Before(c.Leaf.NotAfter.Add(-expiryMargin)):
		return fmt.Errorf("it expires at %s, within %s", c.Leaf.NotAfter.UTC().Format(time.RFC3339), expiryMargin)
	case now.Before(c.Leaf.NotBefore):
		return fmt.Errorf("it is not valid before %s", c.Leaf.NotBefore.UTC().Format(time.RFC3339))
	}
	return nil
}
