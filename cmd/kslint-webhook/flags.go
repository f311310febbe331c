package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/kslint/kslint/lint"
)

const usage = `kslint-webhook judges the API server's requests with the policies of kslint.

Usage:
  kslint-webhook [flags]          serve until SIGTERM, then drain and exit with 0
  kslint-webhook audit            check what exists already, again and again
  kslint-webhook configuration    print the ValidatingWebhookConfiguration
  kslint-webhook doctor           tell whether the webhook is fit to fail closed; exit status 1 where it is not
  kslint-webhook emergency-off    print the command that takes the webhook out of the API server's way
  kslint-webhook uninstall        take kslint out of a cluster, the webhook configuration first
  kslint-webhook verdict          ask the API server for a verdict on a faulty Deployment, as a dry run
  kslint-webhook version          print the version, the commit, the digest of the rules and the day of their tables

Reviews are posted to /<entry>: workloads, open, pods-audit or guard. What each denies, warns about or lets through is in the
configuration. GET /readyz and /livez on the health address; readiness is JSON that names each check.

Flags:
`

// flags are what the command line says; the environment says nothing.
type flags struct {
	ports
	address                    string
	certificate, key, clientCA string
	clientNames, policies      list
	config, kubeconfig         string
	maxBody, memory            int64
	drain, grace, reload       time.Duration
	level                      slog.Level
	own                        certificateFlags
	trace                      traceFlags
}

// list is a flag that may be given several times, or once with commas.
type list []string

func (l *list) String() string { return strings.Join(*l, ",") }

func (l *list) Set(s string) error {
	for part := range strings.SplitSeq(s, ",") {
		if part == "" {
			return errors.New("an element is empty")
		}
		*l = append(*l, part)
	}
	return nil
}

// parse gives nil and no error when help was asked for and given.
func parse(args []string, out, errs io.Writer) (*flags, error) {
	f := &flags{}
	s := flag.NewFlagSet("kslint-webhook", flag.ContinueOnError)
	s.SetOutput(io.Discard)
	f.declare(s)
	if err := s.Parse(args); errors.Is(err, flag.ErrHelp) {
		s.SetOutput(out)
		fmt.Fprint(out, usage)
		s.PrintDefaults()
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("%w; see --help", err)
	}
	if s.NArg() > 0 {
		return nil, fmt.Errorf("unknown command %q%s", s.Arg(0), suggestion(s.Arg(0)))
	}
	if err := f.check(); err != nil {
		return nil, fmt.Errorf("%w; see --help", err)
	}
	if f.drain < 5*time.Second {
		fmt.Fprintln(errs, "kslint-webhook: --drain is below 5s: requests will be lost when a replica ends")
	}
	return f, nil
}

// suggestion names the command that was meant or, where that is not clear, who knows.
func suggestion(word string) string {
	if known := lint.Nearest(word, slices.Sorted(maps.Keys(commands))); known != "" {
		return fmt.Sprintf(", did you mean %q?", known)
	}
	return "; see --help"
}

func (f *flags) declare(s *flag.FlagSet) {
	s.StringVar(&f.address, "address", ":9443", "`address` of the webhook, TLS 1.3")
	f.ports.declare(s)
	s.StringVar(&f.certificate, "tls-cert-file", "/etc/kslint/tls/tls.crt", "`file` with the certificate and its chain, PEM; read anew when it changes")
	s.StringVar(&f.key, "tls-key-file", "/etc/kslint/tls/tls.key", "`file` with the key of the certificate, PEM")
	f.own.declare(s)
	f.trace.declare(s)
	s.StringVar(&f.clientCA, "client-ca-file", "", "`file` with the CA of the clients that are served, PEM, read anew when it changes; empty for every client")
	s.Var(&f.clientNames, "client-name", "common `name`, DNS name or URI that a client's certificate has to hold; may be repeated; none for any")
	s.StringVar(&f.config, "config", "", "`file` of the configuration (.kslint.yaml), read anew when it changes; empty for none")
	s.StringVar(&f.kubeconfig, "kubeconfig", "", "`file` that says how the API server is reached; empty for what a Pod is told, and where that is nothing nothing is known of namespaces")
	s.Var(&f.policies, "policies", "`folder` with policies beside the built-in ones, read anew when it changes; may be repeated")
	s.Int64Var(&f.maxBody, "max-review-bytes", 20<<20, "`bytes` up to which a review is looked at; a larger one is denied. The API server makes up to 12 times etcd's --max-request-bytes of an object")
	s.Int64Var(&f.memory, "memory-limit-bytes", 220<<20, "`bytes` of memory above which the collector of garbage works harder, below the limit of the container; 0, or GOMEMLIMIT, for another way to say it")
	s.DurationVar(&f.drain, "drain", 5*time.Second, "`duration` for which requests are served on, each on a connection that ends with it, after SIGTERM")
	s.DurationVar(&f.grace, "grace", 20*time.Second, "`duration` that requests may take which are under way after that")
	s.DurationVar(&f.reload, "reload-interval", time.Second, "`duration` after which certificates are looked at again")
	s.TextVar(&f.level, "log-level", slog.LevelInfo, "`level` from which on lines are logged to standard error, as JSON: debug, info, warn, error")
}

func (f *flags) check() error {
	switch {
	case f.own.mode != fromSelf && (f.certificate == "" || f.key == ""):
		return errors.New("--tls-cert-file and --tls-key-file are needed")
	case f.maxBody < 1<<20:
		return errors.New("--max-review-bytes is below 1 MiB")
	case f.drain < 0 || f.grace < 0:
		return errors.New("--drain and --grace are no less than 0")
	case f.reload <= 0:
		return errors.New("--reload-interval is more than 0")
	case f.clientCA == "" && len(f.clientNames) > 0:
		return errors.New("--client-name needs --client-ca-file")
	}
	for _, check := range []func() error{f.ports.check, f.trace.check, f.own.check} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}
