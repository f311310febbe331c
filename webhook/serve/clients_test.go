package serve

import (
	"crypto/tls"
	"testing"
	"time"
)

// T22, T21: with a client CA there is no verdict for anybody else, and the other options of TLS hold on.
func TestServer_servesOnlyTheClientsOfItsCA(t *testing.T) {
	a, other := newAuthority(t), newAuthority(t)
	m := newMount(t)
	m.write(map[string][]byte{"ca.crt": a.pem})
	clients := NewClients(m.path("ca.crt"), []string{"kube-apiserver"}, time.Now, quiet)
	s := run(t, Options{Certificates: lasting(a), Clients: clients})
	end := time.Now().Add(time.Hour)
	right, wrong := a.pair("kube-apiserver", end), a.pair("somebody", end)
	foreign, old := other.pair("kube-apiserver", end), a.pair("kube-apiserver", time.Now().Add(-time.Hour))
	with := func(c *tls.Certificate) func(*tls.Config) {
		return func(config *tls.Config) {
			if c != nil {
				config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return c, nil }
			}
		}
	}
	check := func(name string, c *tls.Certificate, served bool) {
		t.Helper()
		if _, err := post(client(a, with(c)), s.url); (err == nil) != served {
			t.Errorf("%s: %v", name, err)
		}
	}
	check("the API server", &right, true)
	check("none", nil, false)
	check("another name", &wrong, false)
	check("another CA", &foreign, false)
	check("expired", &old, false)
	if _, err := post(client(a, func(c *tls.Config) { with(&right)(c); c.MaxVersion = tls.VersionTLS12 }), s.url); err == nil {
		t.Error("TLS 1.2 is served to the right client")
	}
	s.awaitLive(t)
	if err := s.Live(t.Context()); err != nil {
		t.Errorf("the probe is no client of the CA, and let in all the same: %v", err)
	}

	m.write(map[string][]byte{"ca.crt": []byte("no certificate")})
	if err := clients.load(); err == nil || clients.Problem() == nil {
		t.Error("a broken CA is no problem")
	}
	check("the API server, after a broken CA", &right, true)
	m.write(map[string][]byte{"ca.crt": other.pem})
	if err := clients.load(); err != nil {
		t.Error(err)
	}
	check("the API server, under a CA that is gone", &right, false)
	check("the one of the new CA", &foreign, true)
}
