package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"regexp"
	"time"

	"github.com/kslint/kslint/webhook/audit"
)

const auditUsage = `kslint-webhook audit re-checks the objects that exist, with the policies and the configuration of the webhook.

Usage:
  kslint-webhook audit --namespace NAME [flags]    audit until SIGTERM; of several replicas one works

What it finds is told by /metrics on the metrics address and by reports in the cluster. GET /readyz and /livez on the health address.

Flags:
`

// auditFlags are what the command line of the audit says; the environment says nothing.
type auditFlags struct {
	ports
	config, kubeconfig string
	policies           list
	audit              audit.Options
	reports            string
	level              slog.Level
}

// parseAudit gives nil and no error when help was asked for and given.
func parseAudit(args []string, out io.Writer) (*auditFlags, error) {
	f := &auditFlags{}
	s := flag.NewFlagSet("kslint-webhook audit", flag.ContinueOnError)
	s.SetOutput(io.Discard)
	f.declare(s)
	if err := s.Parse(args); errors.Is(err, flag.ErrHelp) {
		s.SetOutput(out)
		fmt.Fprint(out, auditUsage)
		s.PrintDefaults()
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("%w; see audit --help", err)
	}
	if s.NArg() > 0 {
		return nil, fmt.Errorf("audit takes no arguments, not %q; see audit --help", s.Arg(0))
	}
	if err := f.check(); err != nil {
		return nil, fmt.Errorf("%w; see audit --help", err)
	}
	return f, nil
}

func (f *auditFlags) declare(s *flag.FlagSet) {
	host, _ := os.Hostname()
	o := &f.audit
	s.StringVar(&f.config, "config", "", "`file` of the configuration (.kslint.yaml), that of the webhook; read anew when it changes; empty for none")
	s.Var(&f.policies, "policies", "`folder` with policies beside the built-in ones, those of the webhook; read anew when it changes; may be repeated")
	s.StringVar(&f.kubeconfig, "kubeconfig", "", "`file` that says how the API server is reached; empty for what a Pod is told")
	s.DurationVar(&o.Interval, "interval", time.Hour, "`duration` after which everything is looked at again; a change of policies or configuration does not wait for it")
	s.IntVar(&o.Page, "page", 500, "`number` of objects that are asked for at a time")
	s.StringVar(&f.reports, "reports", string(audit.Auto), "`kind` of reports: openreports (openreports.io/v1alpha1), wgpolicy (wgpolicyk8s.io/v1alpha2), none, or auto, which is the first of them that is installed")
	s.BoolVar(&o.Certificates, "certificates", true, "tell when the certificates of caBundles and of kubeconfigs in KubeSphere Clusters end")
	s.BoolVar(&o.SecretCertificates, "secret-certificates", false, "tell the same of certificates in Secrets of type kubernetes.io/tls and in those of KubeSphere's webhooks and monitoring; needs to list Secrets")
	s.StringVar(&o.Namespace, "namespace", "", "`name` of the namespace that the audit runs in, for its Leases")
	s.StringVar(&o.Lease, "lease", "kslint-audit", "`name` of the Lease that the replica holds which works")
	s.StringVar(&o.Replica, "replica", host, "`name` of this replica, another one for each")
	s.BoolVar(&o.FailOpen, "fail-open", false, "watch the API server's own /metrics for requests that it let through without the webhook; needs to read /metrics")
	s.StringVar(&o.Configuration, "webhook-configuration", "kslint-webhook", "`name` of the ValidatingWebhookConfiguration, by which the audit knows what should have been denied")
	f.ports.declare(s)
	s.TextVar(&f.level, "log-level", slog.LevelInfo, "`level` from which on lines are logged to standard error, as JSON: debug, info, warn, error")
}

// objectName is what the API server takes for the name of a Lease or of a webhook configuration, with room for what is put behind it.
var objectName = regexp.MustCompile(`^[a-z0-9]([-.a-z0-9]{0,200}[a-z0-9])?$`)

func (f *auditFlags) check() (err error) {
	o := &f.audit
	if o.Reports, err = audit.ParseReports(f.reports); err != nil {
		return fmt.Errorf("--reports %w", err)
	}
	switch {
	case o.Namespace == "":
		return errors.New("--namespace is needed")
	case !objectName.MatchString(o.Namespace):
		return fmt.Errorf("--namespace: %.100q is no name of a namespace", o.Namespace)
	case !objectName.MatchString(o.Lease):
		return fmt.Errorf("--lease: %.100q is no name of a Lease", o.Lease)
	case !objectName.MatchString(o.Configuration):
		return fmt.Errorf("--webhook-configuration: %.100q is no name of a configuration", o.Configuration)
	case o.Replica == "":
		return errors.New("--replica is needed: the host has no name")
	case o.Interval < time.Minute:
		return errors.New("--interval is below 1m")
	case o.Page < 1 || o.Page > 10_000:
		return errors.New("--page is not between 1 and 10000")
	}
	return f.ports.check()
}
