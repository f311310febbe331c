package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"

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
	return untilTold(f.run, errs, f.level)
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
	if err := f.listen(aside, checks.Handler(a.Live), a.Metrics(), log); err != nil {
		return err
	}
	log.Info("auditing", "version", version(), "policies", store.Current().Digest)
	return a.Run(ctx)
}
