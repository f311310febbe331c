package serve

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
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
	drain chan time.Time // closed to end the drain before its time
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
	r := &running{s, "https://" + l.Addr().String(), stop, make(chan error, 1), make(chan time.Time)}
	if o.Drain == 0 {
		s.pause = func(time.Duration) <-chan time.Time { return r.drain }
	}
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

// reply is what a test looks at of a response.
type reply struct {
	closed bool
	tls    *tls.ConnectionState
	body   string
}

func post(c *http.Client, url string) (reply, error) {
	got, err := c.Post(url, "application/json", strings.NewReader(`{"kind":"AdmissionReview"}`))
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = got.Body.Close() }()
	body, err := io.ReadAll(got.Body)
	return reply{got.Close, got.TLS, string(body)}, err
}

func TestServer_speaksTLS13WithBothVersionsOfHTTP(t *testing.T) {
	a := newAuthority(t)
	s := run(t, Options{Certificates: lasting(a)})
	for want, change := range map[string]func(*tls.Config){"HTTP/1.1": nil, "HTTP/2.0": func(c *tls.Config) { c.NextProtos = nil }} {
		got, err := post(client(a, change), s.url)
		if err != nil || got.body != want || got.tls.Version != tls.VersionTLS13 {
			t.Errorf("want %s, got %q: %v", want, got.body, err)
		}
	}
	_, err := post(client(a, func(c *tls.Config) { c.MaxVersion = tls.VersionTLS12 }), s.url)
	if err == nil || !strings.Contains(err.Error(), "protocol version") {
		t.Errorf("TLS 1.2: %v", err)
	}
}

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
