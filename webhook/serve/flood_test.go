package serve

import (
	"crypto/tls"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// T36 (CVE-2023-44487): however many requests a client has for a connection, 100 are served at a time, and the others wait.
func TestServer_T36_boundsTheStreamsOfAConnection(t *testing.T) {
	const all = 250
	var mu sync.Mutex
	now, most := map[string]int{}, 0
	var begun sync.WaitGroup
	begun.Add(all)
	release := make(chan struct{})
	a := newAuthority(t)
	s := run(t, Options{Certificates: lasting(a), Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		now[r.RemoteAddr]++
		most = max(most, now[r.RemoteAddr])
		mu.Unlock()
		begun.Done()
		<-release
	})})
	c := client(a, func(c *tls.Config) { c.NextProtos = nil }) // HTTP/2
	var done sync.WaitGroup
	for range all {
		done.Go(func() {
			if _, err := post(c, s.url); err != nil {
				t.Error(err)
			}
		})
	}
	begun.Wait() // on as many connections as it takes
	close(release)
	done.Wait()
	if most > 100 || most < 10 || len(now) < 3 {
		t.Errorf("%d at a time on one of %d connections", most, len(now))
	}
}

// T36: a header has a size.
func TestServer_T36_refusesALongHeader(t *testing.T) {
	a := newAuthority(t)
	s := run(t, Options{Certificates: lasting(a)})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Long", strings.Repeat("x", 1<<20))
	got, err := client(a, nil).Do(r)
	if err == nil {
		_ = got.Body.Close()
		if got.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("got %s", got.Status)
		}
	}
}

// T22, T36 (GHSA-hgv6-w7r3-w4qw): what is negotiated is a suite of TLS 1.3, whatever the client would take, and no session outlives its
// certificate.
func TestServer_T36_whatTLSIsNegotiated(t *testing.T) {
	a := newAuthority(t)
	s := run(t, Options{Certificates: lasting(a)})
	suites := map[uint16]bool{}
	for _, suite := range tls.CipherSuites() {
		suites[suite.ID] = len(suite.SupportedVersions) == 1 && suite.SupportedVersions[0] == tls.VersionTLS13
	}
	sessions := tls.NewLRUClientSessionCache(1)
	weak := func(c *tls.Config) {
		c.ClientSessionCache, c.MinVersion = sessions, tls.VersionTLS10
		for _, suite := range tls.InsecureCipherSuites() {
			c.CipherSuites = append(c.CipherSuites, suite.ID)
		}
	}
	for range 2 {
		got, err := post(client(a, weak), s.url)
		if err != nil {
			t.Fatal(err)
		}
		if !suites[got.tls.CipherSuite] || got.tls.Version != tls.VersionTLS13 {
			t.Errorf("got %s", tls.CipherSuiteName(got.tls.CipherSuite))
		}
		if got.tls.DidResume {
			t.Error("a session was resumed")
		}
	}
	for _, version := range []uint16{tls.VersionTLS10, tls.VersionTLS11, tls.VersionTLS12} {
		if _, err := post(client(a, func(c *tls.Config) { c.MinVersion, c.MaxVersion = version, version }), s.url); err == nil {
			t.Errorf("%s is served", tls.VersionName(version))
		}
	}
	if s.http.ReadTimeout > 10*time.Second || s.http.ReadHeaderTimeout > 5*time.Second {
		t.Error("a client may take longer than the API server does")
	}
}
