package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os/signal"
	"strings"
	"syscall"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const verdictUsage = `kslint-webhook verdict asks the API server, as a user does, to create a faulty Deployment, and tells what it says. It is a dry run:
nothing is stored. It is what helm test runs.

Usage:
  kslint-webhook verdict [flags]

Exit status: 0 when the answer is the expected one, 1 when it is another, 2 when the flags are wrong.

Flags:
`

// What a verdict may be expected to be.
const (
	denial  = "denial"
	warning = "warning"
)

// runVerdict needs no more of the cluster than the right to create Deployments in one namespace.
func runVerdict(args []string, out, errs io.Writer) int {
	d := &doctor{out: out, warned: &warnings{}, lang: "en"}
	expect := ""
	s := flag.NewFlagSet("kslint-webhook verdict", flag.ContinueOnError)
	s.SetOutput(io.Discard)
	s.StringVar(&d.kubeconfig, "kubeconfig", "", "`file` that says how the API server is reached; empty for what a Pod is told")
	s.StringVar(&d.trial, "trial-namespace", "default", "`name` of a namespace that the webhook judges")
	s.StringVar(&expect, "expect", denial, "`answer` that is expected: denial; or warning, under the profile observe")
	s.DurationVar(&d.timeout, "timeout", 30*time.Second, "`duration` that it may take")
	err := s.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		s.SetOutput(out)
		fmt.Fprint(out, verdictUsage)
		s.PrintDefaults()
		return 0
	}
	switch {
	case err != nil:
	case s.NArg() > 0:
		err = fmt.Errorf("verdict takes no arguments, not %.40q", s.Arg(0))
	case expect != denial && expect != warning:
		err = fmt.Errorf("--expect %.40q is none of denial, warning", expect)
	case d.trial == "" || d.timeout <= 0:
		err = errors.New("--trial-namespace is not empty, and --timeout is more than 0")
	}
	if err != nil {
		fmt.Fprintf(errs, "kslint-webhook: %v; see verdict --help\n", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := d.verdict(ctx, expect); err != nil {
		fmt.Fprintf(errs, "kslint-webhook: verdict: %v\n", err)
		return 1
	}
	return 0
}

// verdict makes the dry run and prints what the API server has said.
func (d *doctor) verdict(ctx context.Context, expect string) (err error) {
	if d.client, err = d.connect(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	_, err = d.client.AppsV1().Deployments(d.trial).Create(ctx, d.faulty(), metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
	said, got := strings.Join(d.warned.said(), "\n"), warning
	if err != nil {
		said, got = err.Error(), denial
	}
	switch {
	case !strings.Contains(said, tell):
		return fmt.Errorf("nothing was said about %s in the namespace %s, but: %s", tell, d.trial, oneLine(said+"."))
	case got != expect:
		return fmt.Errorf("a %s was expected, and there was a %s: %s", expect, got, oneLine(said))
	}
	fmt.Fprintf(d.out, "%s: %s\n", got, oneLine(said))
	return nil
}
