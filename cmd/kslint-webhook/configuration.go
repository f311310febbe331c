package main

import (
	"errors"
	"flag"
	"fmt"
	"io"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/configuration"
)

const configurationUsage = `kslint-webhook configuration prints the ValidatingWebhookConfiguration for kubectl apply, without caBundle: that is written by the webhook
itself, by cert-manager, or by you. docs/webhook-configuration.md says what is sent and what is not.

Usage:
  kslint-webhook configuration [flags]

Flags:
`

// configurationFlags are the values of an installation, as far as they are not plain texts.
type configurationFlags struct {
	values                                      configuration.Values
	profile, selector                           string
	exclude, system, controllers, more, guarded list
}

// runConfiguration gives the exit status: 0 when it has printed, 2 when the flags are wrong.
func runConfiguration(args []string, out, errs io.Writer) int {
	c := &configurationFlags{}
	s := flag.NewFlagSet("kslint-webhook configuration", flag.ContinueOnError)
	s.SetOutput(io.Discard)
	c.declare(s)
	err := s.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		s.SetOutput(out)
		fmt.Fprint(out, configurationUsage)
		s.PrintDefaults()
		return 0
	}
	if err == nil && s.NArg() > 0 {
		err = fmt.Errorf("configuration takes no arguments, not %.40q", s.Arg(0))
	}
	var text []byte
	if err == nil {
		text, err = c.yaml()
	}
	if err != nil {
		fmt.Fprintf(errs, "kslint-webhook: %v; see configuration --help\n", err)
		return 2
	}
	if _, err := out.Write(text); err != nil {
		fmt.Fprintf(errs, "kslint-webhook: %v\n", err)
		return 1
	}
	return 0
}

func (c *configurationFlags) declare(s *flag.FlagSet) {
	v := &c.values
	s.StringVar(&c.profile, "profile", string(lint.Observe), "`profile`: observe, where no request waits for the webhook; enforce; or strict, where all wait")
	s.StringVar(&v.Name, "name", "kslint-webhook", "`name` of the ValidatingWebhookConfiguration")
	s.StringVar(&v.Namespace, "namespace", "kslint-system", "`name` of the namespace that the webhook runs in; nothing in it is sent")
	s.StringVar(&v.Service, "service", "kslint-webhook", "`name` of the Service by which the API server calls, on port 443")
	s.Var(&c.exclude, "exclude-namespace", "`name` of a namespace whose objects are not sent, beside kube-system, kube-public and kube-node-lease; may be repeated")
	s.Var(&c.system, "system-namespace", "`name` of a namespace of KubeSphere's own, whose workloads wait under strict only; may be repeated; replaces the list of KubeSphere 3.x and 4.x")
	s.Var(&c.controllers, "controller", "`user` that makes Pods of templates that were sent before, as in system:serviceaccount:argo-rollouts:argo-rollouts; may be repeated")
	s.StringVar(&c.selector, "namespace-selector", "", "`selector` of namespaces, as for kubectl --selector; objects in others are not sent. Its labels are guarded")
	s.Var(&c.more, "more", "`resource` with its group that is sent beside the built-in ones, as in rollouts.argoproj.io; may be repeated")
	s.BoolVar(&v.Secrets, "secrets", false, "send TLS Secrets, keys included: the webhook parses the certificates and drops the rest")
	s.Var(&c.guarded, "guard-label", "`key` of a label of namespaces that only those may change whom enforcement.guard names; may be repeated")
}

func (c *configurationFlags) yaml() ([]byte, error) {
	v := c.values
	v.Profile, v.Exclude, v.System, v.Controllers, v.GuardedLabels = lint.Profile(c.profile), c.exclude, c.system, c.controllers, c.guarded
	for _, text := range c.more {
		v.More = append(v.More, schema.ParseGroupResource(text))
	}
	if c.selector != "" {
		s, err := metav1.ParseToLabelSelector(c.selector)
		if err != nil {
			return nil, fmt.Errorf("--namespace-selector: %w", err)
		}
		v.NamespaceSelector = s
	}
	if err := v.Check(); err != nil {
		return nil, err
	}
	return configuration.YAML(v)
}
