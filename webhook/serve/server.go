package serve

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// Options of a Server.
type Options struct {
	// Handler answers whatever is not LivePath.
	Handler      http.Handler
	Certificates Certificates
	// Clients, when set, are the only ones that are served.
	Clients *Clients
	// Checks get those of the server itself; Ready is asked of them.
	Checks *Checks
	// Drain is how long requests are still served, each on a connection that ends with it, after the replica has turned
	// NotReady; default 5 s. Shorter than the API server takes to see that, it loses requests.
	Drain time.Duration
	// Grace is how long requests that have begun may take after that; default 20 s.
	Grace time.Duration
	Clock func() time.Time
	Log   *slog.Logger
}

// LivePath is answered on the TLS port itself: what the server asks itself to see whether it lives.
const LivePath = "/livez"

// Server serves TLS 1.3, HTTP/1.1 and HTTP/2.
type Server struct {
	Options
	http     *http.Server
	probe    *probe
	draining atomic.Bool
	pause    func(time.Duration) <-chan time.Time // time.After, but for tests
}

// New makes a server that listens nowhere yet.
func New(o Options) (*Server, error) {
	if o.Drain <= 0 {
		o.Drain = 5 * time.Second
	}
	if o.Grace <= 0 {
		o.Grace = 20 * time.Second
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Checks == nil {
		o.Checks = &Checks{}
	}
	s := &Server{Options: o, pause: time.After}
	var err error
	if s.probe, err = newProbe(o.Clients != nil); err != nil {
		return nil, err
	}
	s.http = &http.Server{
		Handler:           http.HandlerFunc(s.front),
		TLSConfig:         s.tls(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      10 * time.Second,
		// Longer than the 90 s after which client-go closes an idle connection: the side that sends should be the one that closes.
		IdleTimeout:    120 * time.Second,
		MaxHeaderBytes: 64 << 10,
		HTTP2:          &http.HTTP2Config{MaxConcurrentStreams: 100},
		ErrorLog:       slog.NewLogLogger(o.Log.Handler(), slog.LevelDebug), // anybody who can reach the port can make these lines
	}
	o.Checks.Add("certificate", s.certificate)
	o.Checks.Add("draining", s.leaving)
	return s, nil
}

func (s *Server) tls() *tls.Config {
	c := &tls.Config{
		MinVersion: tls.VersionTLS13,
		NextProtos: []string{"h2", "http/1.1"},
		// A ticket would outlive the certificate and the CA that it was given under.
		SessionTicketsDisabled: true,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			if c := s.Certificates.Current(); c != nil {
				return c, nil
			}
			return nil, errors.New("there is no certificate yet")
		},
	}
	if s.Clients != nil {
		c.ClientAuth = tls.RequireAnyClientCert // and verify judges it, with a CA that may change
		c.VerifyConnection = func(state tls.ConnectionState) error {
			if s.probe.is(state) {
				return nil
			}
			return s.Clients.verify(state)
		}
	}
	return c
}

// front is before the handler: it ends connections that should go elsewhere.
func (s *Server) front(w http.ResponseWriter, r *http.Request) {
	if s.draining.Load() || s.fit() != nil {
		w.Header().Set("Connection", "close") // for HTTP/2 the library makes a GOAWAY of it
	}
	if r.URL.Path == LivePath {
		_, _ = w.Write([]byte("ok\n"))
		return
	}
	s.Handler.ServeHTTP(w, r)
}

// Serve serves until ctx ends, and then drains: first it is NotReady, then it serves on for a while and ends connections with
// their next answer, then it closes. It returns nil when no request was cut off.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	s.probe.at(l.Addr())
	failed := make(chan error, 1)
	go func() { failed <- s.http.ServeTLS(l, "", "") }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	s.draining.Store(true)
	s.Log.Info("draining", "for", s.Drain.String())
	select {
	case err := <-failed:
		return err
	case <-s.pause(s.Drain):
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.Grace)
	defer cancel()
	if err := s.http.Shutdown(ending); err != nil {
		_ = s.http.Close()
		return err
	}
	return nil
}

func (s *Server) certificate() (string, error) {
	if err := s.fit(); err != nil {
		return "", err
	}
	detail := "valid until " + s.Certificates.Current().Leaf.NotAfter.UTC().Format(time.RFC3339)
	if err := s.Certificates.Problem(); err != nil {
		detail += "; a newer one is not in use: " + err.Error()
	}
	return detail, nil
}

func (s *Server) leaving() (string, error) {
	if s.draining.Load() {
		return "", errors.New("the process is ending")
	}
	return "", nil
}
