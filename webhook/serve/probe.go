package serve

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"sync"
	"time"
)

// probe is the server's own client: what answers on another port proves nothing about this one.
type probe struct {
	// own is a certificate that only this process has the key of, to be let in where clients need one.
	own *tls.Certificate

	mu      sync.Mutex
	address string
	asked   time.Time
	result  error
}

const (
	probeTimeout = 3 * time.Second
	// probeEvery keeps whoever can reach the health port from making us dial ourselves all the time.
	probeEvery = time.Second
)

func newProbe(withCertificate bool) (*probe, error) {
	if !withCertificate {
		return &probe{}, nil
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "kslint-webhook probe"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	return &probe{own: &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}}, nil
}

// is tells whether a client is the probe.
func (p *probe) is(s tls.ConnectionState) bool {
	return p.own != nil && len(s.PeerCertificates) == 1 && bytes.Equal(s.PeerCertificates[0].Raw, p.own.Certificate[0])
}

// at says where the server listens. An address of all interfaces is dialled through the loopback.
func (p *probe) at(a net.Addr) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.address = a.String()
	if tcp, ok := a.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		p.address = net.JoinHostPort("localhost", fmt.Sprint(tcp.Port))
	}
}

// Live says whether the server answers on its own TLS port, with the certificate that it should serve, and whether that has not
// expired. A server that is ending lives: it should be let to end.
func (s *Server) Live(ctx context.Context) error {
	if s.draining.Load() {
		return nil
	}
	c := s.Certificates.Current()
	if c == nil {
		return nil // not ready, but a restart makes no certificate
	}
	if s.Clock().After(c.Leaf.NotAfter) {
		return sound(c, s.Clock())
	}
	p := s.probe
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.address == "" {
		return errors.New("not serving yet")
	}
	if now := time.Now(); now.Sub(p.asked) > probeEvery {
		p.result = p.ask(ctx, s.Certificates)
		p.asked = time.Now()
	}
	return p.result
}

func (p *probe) ask(ctx context.Context, certificates Certificates) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), probeTimeout)
	defer cancel()
	config := &tls.Config{
		MinVersion:         tls.VersionTLS13,
		InsecureSkipVerify: true, //nolint:gosec // the name is localhost; what is compared below is stricter than a chain
		VerifyConnection: func(s tls.ConnectionState) error {
			for range 2 { // it may just have changed
				if bytes.Equal(s.PeerCertificates[0].Raw, certificates.Current().Certificate[0]) {
					return nil
				}
			}
			return errors.New("the certificate on the port is another one")
		},
	}
	if p.own != nil {
		config.Certificates = []tls.Certificate{*p.own}
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+p.address+LivePath, nil)
	if err != nil {
		return err
	}
	got, err := client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = got.Body.Close() }()
	if got.StatusCode != http.StatusOK {
		return fmt.Errorf("the port answers %s", got.Status)
	}
	return nil
}
