package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"

	"github.com/kslint/kslint/webhook/serve"
)

// ports are the addresses beside that of the webhook itself; "" for none.
type ports struct{ health, metrics, profiles string }

func (p *ports) declare(s *flag.FlagSet) {
	s.StringVar(&p.health, "health-address", ":8081", "`address` of /readyz and /livez, plain HTTP; empty for none")
	s.StringVar(&p.metrics, "metrics-address", ":8080", "`address` of /metrics, plain HTTP; empty for none")
	s.StringVar(&p.profiles, "pprof-address", "", "`address` of /debug/pprof/, for example localhost:6060; a loopback only; empty for none")
}

func (p *ports) check() error {
	if p.profiles != "" && !loopback(p.profiles) {
		return errors.New("--pprof-address has to be on a loopback: profiles tell what is in memory")
	}
	return nil
}

// listen serves at all of them until ctx ends.
func (p *ports) listen(ctx context.Context, health, metrics http.Handler, log *slog.Logger) error {
	return errors.Join(
		listenAside(ctx, "health", p.health, health, log),
		listenAside(ctx, "metrics", p.metrics, metrics, log),
		listenAside(ctx, "profiles", p.profiles, serve.Profiles(), log),
	)
}

// listenAside serves one of the other ports; "" for none.
func listenAside(ctx context.Context, what, address string, h http.Handler, log *slog.Logger) error {
	if address == "" {
		return nil
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	log.Info("serving "+what, "address", l.Addr().String())
	go func() {
		if err := serve.Aside(ctx, l, h); err != nil && !errors.Is(err, net.ErrClosed) {
			log.Error(what+" ended", "error", err)
		}
	}()
	return nil
}

func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
