package audit

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/kslint/kslint/webhook/snapshot"
)

// Reports says which kind of reports is written.
type Reports string

// The kinds of reports. Auto is the first one of OpenReports and WGPolicy that the API server serves, looked up for each pass.
const (
	Auto        Reports = "auto"
	OpenReports Reports = "openreports"
	WGPolicy    Reports = "wgpolicy"
	NoReports   Reports = "none"
)

// ParseReports reads auto, openreports, wgpolicy or none.
func ParseReports(s string) (Reports, error) {
	switch r := Reports(s); r {
	case Auto, OpenReports, WGPolicy, NoReports:
		return r, nil
	}
	return "", fmt.Errorf("%.40q is none of auto, openreports, wgpolicy, none", s)
}

// Options of an Auditor.
type Options struct {
	// Kubeconfig is the file that says how the API server is reached; "" for what a Pod is given. Agent is the name that the API
	// server's log has for us.
	Kubeconfig, Agent string
	// Snapshot gives the policies and the configuration in force.
	Snapshot func() *snapshot.Snapshot
	// Interval is how long after a pass the next one begins, 1 hour where it is 0; Page is how many objects are asked for at a time,
	// 500 where it is 0.
	Interval time.Duration
	Page     int
	Reports  Reports
	// Certificates are those of caBundles and of kubeconfigs in objects, SecretCertificates those in Secrets.
	Certificates, SecretCertificates bool
	// Namespace holds the Lease. Another one, with the name of the Lease and "-enforcement", keeps since when the policies are in force.
	Namespace, Lease string
	// Replica is the name of this process among the replicas.
	Replica string
	// FailOpen has the API server's metrics watched.
	FailOpen bool
	// Configuration is the name of the ValidatingWebhookConfiguration.
	Configuration string
	// Log is slog.Default where it is nil.
	Log *slog.Logger

	// clock tells the instant that objects are judged at.
	clock func() time.Time
	times times
	// pace is how many requests there are in a second: pages one after the other, and reports that have changed.
	pace int
}

// times are what tests make shorter.
type times struct {
	look, soon, retry, failOpen, settle, patience time.Duration
	lease, renew, again                           time.Duration
}

func (o Options) withDefaults() Options {
	if o.Interval <= 0 {
		o.Interval = time.Hour
	}
	if o.Page <= 0 {
		o.Page = 500
	}
	if o.Reports == "" {
		o.Reports = Auto
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.clock == nil {
		o.clock = time.Now
	}
	if o.pace <= 0 {
		o.pace = 20
	}
	t := &o.times
	for _, d := range []struct {
		value    *time.Duration
		standard time.Duration
	}{
		{&t.look, time.Second},         // how often it is looked whether there are other policies
		{&t.soon, time.Minute},         // the least time from one pass to the next that a fail-open asks for
		{&t.retry, time.Minute},        // after a pass that did not see everything
		{&t.failOpen, 2 * time.Minute}, // how often the API server's metrics are read
		{&t.settle, 5 * time.Minute},   // what replicas of the webhook may take until they have what the audit has
		{&t.patience, 30 * time.Second},
		{&t.lease, 15 * time.Second},
		{&t.renew, 10 * time.Second},
		{&t.again, 2 * time.Second},
	} {
		if *d.value <= 0 {
			*d.value = d.standard
		}
	}
	return o
}
