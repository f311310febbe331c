// Command kslint-webhook judges the API server's requests with the policies of kslint.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/kslint/kslint/webhook/admission"
	"github.com/kslint/kslint/webhook/cluster"
	"github.com/kslint/kslint/webhook/serve"
	"github.com/kslint/kslint/webhook/snapshot"
	"github.com/kslint/kslint/webhook/verdict"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run gives the exit status: 0 when nothing was lost, 1 when serving failed, 2 when the flags are wrong.
func run(args []string, out, errs io.Writer) int {
	if len(args) > 0 {
		if command, ok := commands[args[0]]; ok {
			return command(args[1:], out, errs)
		}
	}
	f, err := parse(args, out, errs)
	if f == nil {
		if err != nil {
			fmt.Fprintln(errs, "kslint-webhook: "+err.Error())
			return 2
		}
		return 0
	}
	if os.Getenv("GOGC") == "" { // a fifth of the work of a review was the collector's, of a heap that is small
		debug.SetGCPercent(150)
	}
	if f.memory > 0 && debug.SetMemoryLimit(-1) == math.MaxInt64 { // unless the runtime was told
		debug.SetMemoryLimit(f.memory)
	}
	return untilTold(f.serve, errs, f.level)
}

// serve puts the parts together and serves until ctx ends and the drain is over. The ports for health and metrics answer to the
// very end.
func (f *flags) serve(ctx context.Context, log *slog.Logger) error {
	aside, done := context.WithCancel(context.Background())
	defer done()
	store, err := snapshot.New(ctx, snapshot.Options{Policies: f.policies, Config: f.config, Log: log})
	if err != nil {
		return err
	}
	metrics := serve.NewMetrics()
	known, err := cluster.New(cluster.Options{
		Kubeconfig: f.kubeconfig, Agent: "kslint-webhook/" + version(), Snapshot: store.Current, Log: log,
	})
	if err != nil {
		return err
	}
	reviewer := verdict.New(store.Current, known, time.Now, verdict.Options{
		Around: known.Around, RuleFailed: metrics.RuleFailed, Log: log,
	})
	tracer, endTraces, err := f.tracer(log)
	if err != nil {
		return err
	}
	defer endTraces()
	handler := admission.NewHandler(reviewer, admission.Options{
		Entry:    func(name string) (admission.Entry, bool) { return entry(name, store.Current().Config) },
		Observer: metrics, Tracer: tracer, Log: log, MaxBody: f.maxBody,
	})
	certificates, keep, err := f.certificates(log)
	if err != nil {
		return err
	}
	kept := make(chan struct{})
	go func() { defer close(kept); keep(aside) }()
	defer func() { done(); <-kept }() // what it has to take back, it takes back after the last request
	var clients *serve.Clients
	if f.clientCA != "" {
		clients = serve.NewClients(f.clientCA, f.clientNames, time.Now, log)
		go clients.Watch(aside, f.reload)
	}
	checks := &serve.Checks{}
	checks.Add("policies", func() (string, error) { return policiesDetail(store.Current()), nil })
	checks.Add("namespaces", known.NamespacesReady)
	checks.Add("facts", known.FactsReady)
	metrics.BeforeScrape(func() { countPolicies(metrics, store.Current()) })
	server, err := serve.New(serve.Options{
		Handler: handler, Certificates: certificates, Clients: clients, Checks: checks, Drain: f.drain, Grace: f.grace, Log: log,
	})
	if err != nil {
		return err
	}
	go store.Run(aside)
	go known.Run(aside)
	if err := f.listen(aside, server.Health(), server.Metrics(metrics), log); err != nil {
		return err
	}
	l, err := net.Listen("tcp", f.address)
	if err != nil {
		return err
	}
	log.Info("serving", "address", l.Addr().String(), "version", version(), "policies", store.Current().Digest)
	return server.Serve(ctx, l)
}

// policiesDetail says what is in force and what was refused. A snapshot always holds the built-in policies: there is nothing
// about a refused file that would make the replica unfit to serve.
func policiesDetail(s *snapshot.Snapshot) string {
	detail := fmt.Sprintf("%d rules, %s", len(s.Rules), s.Digest)
	for _, source := range s.Sources {
		if source.Reason != "" {
			detail += fmt.Sprintf("; %s %s %s: %s", source.Kind, source.Name, source.State, strings.TrimSpace(source.Reason))
		}
	}
	for _, why := range s.Config.Inert(time.Now()) {
		detail += "; counts for nothing: " + why.Error()
	}
	return detail
}

func countPolicies(m *serve.Metrics, s *snapshot.Snapshot) {
	m.PolicyInfo.Reset()
	for _, source := range s.Sources {
		m.PolicyInfo.WithLabelValues(source.Digest, source.Name, string(source.State)).Set(1)
	}
	m.PolicyLastSuccess.Set(float64(s.Built.Unix()))
}
