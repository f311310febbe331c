package audit

import (
	"context"
	"encoding/json"
	"time"
)

// Times makes an audit as quick as a test needs it. Zero keeps what is usual.
type Times struct{ Look, Soon, Retry, FailOpen, Settle, Lease, Renew, Again time.Duration }

// With changes the times.
func (o Options) With(t Times) Options {
	o.times = times{
		look: t.Look, soon: t.Soon, retry: t.Retry, failOpen: t.FailOpen, settle: t.Settle, lease: t.Lease, renew: t.Renew, again: t.Again,
		patience: 5 * time.Second,
	}
	o.pace = 10_000
	return o
}

// At has objects judged at the instants of a clock.
func (o Options) At(clock func() time.Time) Options {
	o.clock = clock
	return o
}

// The limits of a report and of a page, and what of the text format counts.
const (
	MaxResults     = maxResults
	MaxResultBytes = maxResultBytes
	ReportName     = reportName
)

var (
	ReadPage     = readPage
	ErrLargePage = errLargePage
	ReadFailOpen = readFailOpen
)

// Rises gives what a row of readings of API servers counts for, each a start of a process and a count.
func Rises(begun time.Time, readings [][2]any) (all []float64) {
	f := &failOpens{counts: map[string]float64{}, begun: begun}
	for _, r := range readings {
		all = append(all, f.rise(r[0].(string), r[1].(float64)))
	}
	return all
}

// Understood tells how many of our own entries the audit knows the requests of.
func Understood() int { return len(conditions()) }

// Each reads a list as a pass does.
func (a *Auditor) Each(ctx context.Context, path string, limit int, do func(json.RawMessage) error) error {
	return a.each(ctx, query{path: path}, limit, func() {}, do)
}

// Items and Next are what a page holds.
func (p page) Items() []json.RawMessage { return p.items }

// Next is where the list goes on.
func (p page) Next() string { return p.next }
