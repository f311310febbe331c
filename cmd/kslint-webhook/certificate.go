package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/kslint/kslint/webhook/certificate"
	"github.com/kslint/kslint/webhook/serve"
)

// Where the certificate comes from: from files; from files that cert-manager writes, with an eye on its caBundle; or from here.
const (
	fromFiles       = "files"
	fromCertManager = "cert-manager"
	fromSelf        = "self"
)

// certificateFlags are those of certificates that are not files alone.
type certificateFlags struct {
	mode    string
	target  certificate.Target
	replica string
	times   certificate.Times
}

func (c *certificateFlags) declare(s *flag.FlagSet) {
	host, _ := os.Hostname()
	s.StringVar(&c.mode, "certificate-mode", fromFiles, "`mode` of the certificate: files; cert-manager, which is files and ready only while they chain to the live caBundle; or self, which makes certificates, rotates them and writes the caBundle")
	s.StringVar(&c.target.Namespace, "namespace", "", "`name` of the namespace that the webhook runs in; for the modes self and cert-manager")
	s.StringVar(&c.target.Service, "service", "kslint-webhook", "`name` of the Service by which the API server calls; for the modes self and cert-manager")
	s.StringVar(&c.target.Secret, "secret", "kslint-webhook-ca", "`name` of the Secret of the CA, which has to be there and may be empty; for the mode self")
	s.StringVar(&c.target.Configuration, "webhook-configuration", "kslint-webhook", "`name` of the ValidatingWebhookConfiguration; for the modes self and cert-manager")
	s.StringVar(&c.replica, "replica", host, "`name` of this replica, another one for each; for the mode self")
	s.DurationVar(&c.times.Authority, "ca-lifetime", 2*365*24*time.Hour, "`duration` that a CA lives; it is rotated at two thirds; for the mode self")
	s.DurationVar(&c.times.Leaf, "leaf-lifetime", 7*24*time.Hour, "`duration` that a leaf lives; it is renewed at two thirds; for the mode self")
	s.DurationVar(&c.times.Wait, "ca-wait", 2*time.Minute, "`duration` that a new CA stands in the caBundle before it signs: what the slowest API server takes to see it; for the mode self")
}

func (c *certificateFlags) check() error {
	switch c.mode {
	case fromFiles:
		return nil
	case fromCertManager, fromSelf:
	default:
		return fmt.Errorf("--certificate-mode %.40q is none of files, cert-manager, self", c.mode)
	}
	if c.target.Namespace == "" {
		return errors.New("--certificate-mode " + c.mode + " needs --namespace")
	}
	if c.times.Authority <= 0 || c.times.Leaf <= 0 || c.times.Wait <= 0 {
		return errors.New("--ca-lifetime, --leaf-lifetime and --ca-wait are more than 0")
	}
	return nil
}

// certificates makes what the server serves, and what has to run for it until the end.
func (f *flags) certificates(log *slog.Logger) (serve.Certificates, func(context.Context), error) {
	if f.own.mode == fromFiles {
		pair := serve.NewFilePair(f.certificate, f.key, time.Now, log)
		return pair, func(ctx context.Context) { pair.Watch(ctx, f.reload) }, nil
	}
	client, skew, err := certificate.Connect(f.kubeconfig, "kslint-webhook/"+version())
	if err != nil {
		return nil, nil, fmt.Errorf("certificates: %w", err)
	}
	if f.own.mode == fromSelf {
		s, err := certificate.New(certificate.Options{
			Target: f.own.target, Replica: f.own.replica, Client: client, Skew: skew.Ahead, Times: f.own.times, Log: log,
		})
		if err != nil {
			return nil, nil, err
		}
		return s, s.Run, nil
	}
	pair := serve.NewFilePair(f.certificate, f.key, time.Now, log)
	follower, err := certificate.NewFollower(pair, f.own.target, client, log)
	if err != nil {
		return nil, nil, err
	}
	return follower, func(ctx context.Context) {
		go pair.Watch(ctx, f.reload)
		follower.Run(ctx)
	}, nil
}
