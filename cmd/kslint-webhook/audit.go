package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"

	"k8s.io/klog/v2"

	"github.com/kslint/kslint/webhook/audit"
	"github.com/kslint/kslint/webhook/serve"
	"github.com/kslint/kslint/webhook/snapshot"
)

// runAudit gives the exit status: 0 when it was told to end, 1 when it could not work, 2 when the flags are wrong.
func runAudit(args []string, out, errs io.Writer) int {
	f, err := parseAudit(args, out)
	if f == nil {
		if err != nil {
			fmt.Fprintln(errs, "kslint-webhook: "+err.Error())
			return 2
		}
		return 0
	}
	log := slog.New(slog.NewJSONHandler(errs, &slog.HandlerOptions{Level: f.level}))
	slog.SetDefault(log) // for what a library may log
	klog.SetSlogLogger(log)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	if err := f.run(ctx, log); err != nil {
		log.Error("ended", "error", err)
		return 1
	}
	log.Info("ended")
	return 0
}

// run audits until ctx ends and the Lease is given back. The ports answer to the very end.
func (f *auditFlags) run(ctx context.Context, log *slog.Logger) error {
	aside, done := context.WithCancel(context.WithoutCancel(ctx))
	defer done()
	store, err := snapshot.New(ctx, snapshot.Options{Policies: f.policies, Config: f.config, Log: log})
	if err != nil {
		return err
	}
	o := f.audit
	o.Kubeconfig, o.Agent, o.Snapshot, o.Log = f.kubeconfig, "kslint-webhook-audit/"+version(), store.Current, log
	a, err := audit.New(o)
	if err != nil {
		return err
	}
	checks := &serve.Checks{}
	checks.Add("policies", func() (string, error) { return policiesDetail(store.Current()), nil })
	checks.Add("audit", a.Ready)
	go store.Run(aside)
	for _, port := range []struct {
		what, address string
		handler       http.Handler
	}{
		{"health", f.health, auditHealth(checks, a)},
		{"metrics", f.metrics, a.Metrics()},
		{"profiles", f.profiles, serve.Profiles()},
	} {
		if err := listenAside(aside, port.what, port.address, port.handler, log); err != nil {
			return err
		}
	}
	log.Info("auditing", "version", version(), "policies", store.Current().Digest)
	return a.Run(ctx)
}

// auditHealth serves /readyz, with each check as JSON as the webhook has it, and /livez.
func auditHealth(checks *serve.Checks, a *audit.Auditor) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		ready, results := checks.Ask()
		w.Header().Set("Content-Type", "application/json")
		if !ready {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"ready": ready, "checks": results})
	})
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) {
		if err := a.Live(); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write([]byte("ok\n"))
	})
	return mux
}
