package main

import (
	"flag"
	"fmt"
	"io"
	"strings"
)

const emergencyText = `kubectl delete validatingwebhookconfiguration %s

This is all that it takes, and nothing has been run. After it the API server asks kslint nothing: what anybody writes is admitted
unseen, within seconds and whatever state the replicas are in. Nothing else changes: the replicas go on, the audit goes on and
reports what comes in meanwhile, and nothing is restarted. Neither the webhook nor its certificates make the configuration anew;
whoever installed it does: helm upgrade, Argo CD or Flux, which may bring it back at once: stop these first.

To ask again: kslint-webhook doctor, then helm upgrade --install with the values of the release, or kubectl apply of what
kslint-webhook configuration prints.
`

// runEmergencyOff prints the one command that helps when nothing else does. It reaches for nothing, so that it works where nothing
// does.
func runEmergencyOff(args []string, out, errs io.Writer) int {
	s := flag.NewFlagSet("kslint-webhook emergency-off", flag.ContinueOnError)
	s.SetOutput(io.Discard)
	name := s.String("webhook-configuration", "kslint-webhook", "`name` of the ValidatingWebhookConfiguration")
	switch err := s.Parse(args); {
	case err == flag.ErrHelp: //nolint:errorlint // flag gives it as it is
		fmt.Fprint(out, "kslint-webhook emergency-off prints the command that takes the webhook out of the API server's way. It runs nothing.\n\nFlags:\n")
		s.SetOutput(out)
		s.PrintDefaults()
		return 0
	case err != nil:
		fmt.Fprintf(errs, "kslint-webhook: %v; see emergency-off --help\n", err)
		return 2
	case s.NArg() > 0 || *name == "" || strings.ContainsAny(*name, " \t\n'\"$`;&|<>\\"):
		fmt.Fprintln(errs, "kslint-webhook: emergency-off takes a name with --webhook-configuration and no arguments")
		return 2
	}
	fmt.Fprintf(out, emergencyText, *name)
	return 0
}
