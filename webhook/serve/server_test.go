package serve

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var quiet = slog.New(slog.DiscardHandler)

// running is a Server that serves.
type running struct {
	*Server
	url   string
	stop  context.CancelFunc
	ended chan error
}

func run(t *testing.T, o Options) *running {
	t.Helper()
	if o.Handler == nil {
		o.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			_, _ = fmt.Fprint(w, r.Proto)
		})
	}
	o.Log = quiet
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	r := &running{s, "https://" + l.Addr().String(), stop, make(chan error, 1)}
	go func() { r.ended <- s.Serve(ctx, l) }()
	t.Cleanup(stop)
	return r
}

// fixed are Certificates that do not change.
type fixed struct{ tls.Certificate }

func (f *fixed) Current() *tls.Certificate { return &f.Certificate }
func (f *fixed) Problem() error            { return nil }

func lasting(a *authority) Certificates {
	return &fixed{a.pair("kslint-webhook", time.Now().Add(24*time.Hour))}
}

// client trusts an authority and keeps its connections, as the API server does.
func client(a *authority, change func(*tls.Config)) *http.Client {
	roots := x509.NewCertPool()
	roots.AddCert(a.cert)
	c := &tls.Config{RootCAs: roots, NextProtos: []string{"http/1.1"}}
	if change != nil {
		change(c)
	}
	return &http.Client{
		Transport: &http.Transport{TLSClientConfig: c, MaxIdleConnsPerHost: 25, ForceAttemptHTTP2: len(c.NextProtos) == 0},
		Timeout:   20 * time.Second,
	}
}

func post(c *http.Client, url string) (*http.Response, string, error) {
	got, err := c.Post(url, "application/json", strings.NewReader(`{"kind":"AdmissionReview"}`))
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = got.Body.Close() }()
	body, err := io.ReadAll(got.Body)
	return got, string(body), err
}

func TestServer_speaksTLS13WithBothVersionsOfHTTP(t *testing.T) {
	a := newAuthority(t)
	s := run(t, Options{Certificates: lasting(a)})
	for want, change := range map[string]func(*tls.Config){"HTTP/1.1": nil, "HTTP/2.0": func(c *tls.Config) { c.NextProtos = nil }} {
		got, body, err := post(client(a, change), s.url)
		if err != nil || body != want || got.TLS.Version != tls.VersionTLS13 {
			t.Errorf("want %s, got %q: %v", want, body, err)
		}
	}
	_, _, err := post(client(a, func(c *tls.Config) { c.MaxVersion = tls.VersionTLS12 }), s.url)
	if err == nil || !strings.Contains(err.Error(), "protocol version") {
		t.Errorf("TLS 1.2: %v", err)
	}
}

// T24, F5: clients keep their connections and do not see that the replica is NotReady; only what dials goes to the other one,
// once the endpoints have changed.
func TestServer_drainsWithoutLosingARequest(t *testing.T) {
	for _, protocol := range []string{"http/1.1", "h2"} {
		t.Run(protocol, func(t *testing.T) {
			a := newAuthority(t)
			leaving := run(t, Options{Certificates: lasting(a), Drain: 1500 * time.Millisecond})
			staying := run(t, Options{Certificates: lasting(a)})
			var endpoint atomic.Pointer[running]
			endpoint.Store(leaving)
			c := client(a, func(c *tls.Config) {
				if protocol == "h2" {
					c.NextProtos = nil
				}
			})
			c.Transport.(*http.Transport).DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, network, strings.TrimPrefix(endpoint.Load().url, "https://"))
			}
			load := newLoad(24, func() (bool, error) {
				got, _, err := post(c, "https://127.0.0.1")
				return got != nil && got.Close, err
			})
			load.await(500)
			leaving.stop()
			if !leaving.awaitNotReady(t) {
				t.Error("it is still ready")
			}
			load.await(100) // it serves on
			time.Sleep(200 * time.Millisecond)
			endpoint.Store(staying)
			if err := <-leaving.ended; err != nil {
				t.Error(err)
			}
			load.await(100) // the other one serves
			load.end()
			if load.failed.Load() != 0 || protocol == "http/1.1" && load.closed.Load() == 0 {
				t.Errorf("%d of %d failed, %d connections ended: %v", load.failed.Load(), load.served.Load(), load.closed.Load(), load.last.Load())
			}
		})
	}
}

// load is a closed loop of workers.
type load struct {
	served, failed, closed atomic.Int64
	last                   atomic.Value
	done                   chan struct{}
	workers                sync.WaitGroup
	each                   chan struct{}
}

func newLoad(workers int, ask func() (closed bool, err error)) *load {
	l := &load{done: make(chan struct{}), each: make(chan struct{})}
	for range workers {
		l.workers.Go(func() {
			for {
				closed, err := ask()
				l.served.Add(1)
				if err != nil {
					l.failed.Add(1)
					l.last.Store(err)
				}
				if closed {
					l.closed.Add(1)
				}
				select {
				case <-l.done:
					return
				case l.each <- struct{}{}:
				default:
				}
			}
		})
	}
	return l
}

// await waits until n more requests have been answered.
func (l *load) await(n int64) {
	for until := l.served.Load() + n; l.served.Load() < until; {
		<-l.each
	}
}

func (l *load) end() {
	close(l.done)
	l.workers.Wait()
}

func (r *running) awaitNotReady(t *testing.T) bool {
	t.Helper()
	for range 1000 {
		if ready, _ := r.Checks.Ask(); !ready {
			return true
		}
		time.Sleep(time.Millisecond)
	}
	return false
}

func TestServer_letsARequestEndThatBeganBeforeTheDrain(t *testing.T) {
	a := newAuthority(t)
	begun, open := make(chan struct{}), make(chan struct{})
	s := run(t, Options{Certificates: lasting(a), Drain: time.Millisecond, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(begun)
		<-open
		_, _ = w.Write([]byte("late"))
	})})
	answer := make(chan string, 1)
	go func() {
		_, body, err := post(client(a, nil), s.url)
		answer <- fmt.Sprint(body, err)
	}()
	<-begun
	s.stop()
	for { // until it listens no more
		if _, _, err := post(client(a, nil), s.url+LivePath); err != nil {
			break
		}
	}
	close(open)
	if got := <-answer; got != "late<nil>" {
		t.Error(got)
	}
	if err := <-s.ended; err != nil {
		t.Error(err)
	}
}

// T34, F7: the replica leaves before its certificate ends, not when.
func TestServer_leavesBeforeItsCertificateExpires(t *testing.T) {
	for _, c := range []struct {
		name        string
		left        time.Duration
		ready, live bool
	}{
		{"a day", 24 * time.Hour, true, true},
		{"eleven minutes", 11 * time.Minute, true, true},
		{"nine minutes", 9 * time.Minute, false, true},
		{"none", -time.Minute, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newAuthority(t)
			pair := a.pair("kslint-webhook", time.Now().Add(time.Hour))
			now := pair.Leaf.NotAfter.Add(-c.left)
			s := run(t, Options{Certificates: &fixed{pair}, Clock: func() time.Time { return now }})
			got, _, err := post(client(a, nil), s.url)
			if err != nil || got.Close == c.ready {
				t.Errorf("Connection: close is %v: %v", got != nil && got.Close, err)
			}
			for path, want := range map[string]bool{"/readyz": c.ready, "/livez": c.live} {
				if code, body := health(s, path); (code == http.StatusOK) != want {
					t.Errorf("%s: %d %s", path, code, body)
				}
			}
		})
	}
}

func health(s *running, path string) (int, string) {
	w := httptest.NewRecorder()
	s.Health().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

func TestServer_saysWhatKeepsItFromBeingReady(t *testing.T) {
	checks := &Checks{}
	problem := errors.New("no policies yet")
	checks.Add("policies", func() (string, error) { return "sha256:1234", problem })
	s := run(t, Options{Certificates: lasting(newAuthority(t)), Checks: checks})
	for _, want := range []struct {
		code   int
		ready  bool
		detail string
	}{{503, false, "no policies yet"}, {200, true, "sha256:1234"}} {
		code, body := health(s, "/readyz")
		var got struct {
			Ready  bool
			Checks []Result
		}
		if err := json.Unmarshal([]byte(body), &got); err != nil {
			t.Fatal(err)
		}
		if code != want.code || got.Ready != want.ready || len(got.Checks) != 3 || got.Checks[0] != (Result{"policies", want.ready, want.detail}) || got.Checks[1].Name != "certificate" || got.Checks[2] != (Result{"draining", true, ""}) {
			t.Errorf("%d %s", code, body)
		}
		problem = nil
	}
}

func TestServer_livesWhileItsOwnPortAnswers(t *testing.T) {
	a := newAuthority(t)
	good := lasting(a)
	swapped := &swap{}
	swapped.p.Store(good.Current())
	s := run(t, Options{Certificates: swapped})
	s.awaitLive(t)
	if code, body := health(s, "/livez"); code != http.StatusOK {
		t.Errorf("%d %s", code, body)
	}
	s.http.TLSConfig.GetCertificate = nil // unused once it serves
	s.probe.asked = time.Time{}
	other := newAuthority(t)
	s.probe.at(run(t, Options{Certificates: lasting(other)}).addr(t))
	if code, body := health(s, "/livez"); code == http.StatusOK || !strings.Contains(body, "another one") {
		t.Errorf("somebody else answers on the port: %d %s", code, body)
	}
	s.probe.asked = time.Time{}
	l, err := net.Listen("tcp", "127.0.0.1:0") // accepts, and nobody answers
	if err != nil {
		t.Fatal(err)
	}
	s.probe.at(l.Addr())
	_ = l.Close()
	if code, body := health(s, "/livez"); code == http.StatusOK {
		t.Errorf("nobody answers on the port: %d %s", code, body)
	}
}

func (r *running) awaitLive(t *testing.T) {
	t.Helper()
	for range 1000 {
		if r.Live(t.Context()) == nil {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

func (r *running) addr(t *testing.T) net.Addr {
	t.Helper()
	a, err := net.ResolveTCPAddr("tcp", strings.TrimPrefix(r.url, "https://"))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// swap are Certificates that a test changes.
type swap struct {
	p atomic.Pointer[tls.Certificate]
}

func (s *swap) Current() *tls.Certificate { return s.p.Load() }
func (s *swap) Problem() error            { return nil }

// T36: what one connection may ask for at a time, and how long a client may take.
func TestServer_boundsWhatAConnectionCosts(t *testing.T) {
	s, err := New(Options{Certificates: lasting(newAuthority(t)), Handler: http.NotFoundHandler()})
	if err != nil {
		t.Fatal(err)
	}
	h := s.http
	if h.ReadHeaderTimeout != 5*time.Second || h.ReadTimeout != 10*time.Second || h.WriteTimeout != 10*time.Second || h.IdleTimeout != 120*time.Second || h.HTTP2.MaxConcurrentStreams != 100 {
		t.Errorf("%+v", h)
	}
}

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
		if _, _, err := post(client(a, with(c)), s.url); (err == nil) != served {
			t.Errorf("%s: %v", name, err)
		}
	}
	check("the API server", &right, true)
	check("none", nil, false)
	check("another name", &wrong, false)
	check("another CA", &foreign, false)
	check("expired", &old, false)
	if _, _, err := post(client(a, func(c *tls.Config) { with(&right)(c); c.MaxVersion = tls.VersionTLS12 }), s.url); err == nil {
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

func TestServer_logsNoHandshakeOfAScannerAsAnError(t *testing.T) {
	var log bytes.Buffer
	s, err := New(Options{Certificates: lasting(newAuthority(t)), Handler: http.NotFoundHandler(), Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	s.http.ErrorLog.Print("http: TLS handshake error")
	if log.Len() != 0 {
		t.Error(log.String())
	}
}
