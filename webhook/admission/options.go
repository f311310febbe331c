package admission

import (
	"fmt"
	"log/slog"
	"runtime"
	"time"

	"go.opentelemetry.io/otel/trace"
)

// Action is what is answered where nothing could be checked.
type Action string

// What can be answered: a denial; allowed, with a warning to the client; allowed, told to the audit log only.
const (
	Deny  Action = "deny"
	Warn  Action = "warn"
	Allow Action = "allow"
)

// ParseAction reads deny, warn or allow.
func ParseAction(s string) (Action, error) {
	switch a := Action(s); a {
	case Deny, Warn, Allow:
		return a, nil
	}
	return "", fmt.Errorf("%q is none of deny, warn, allow", s)
}

// Entry says how an entry of the webhook configuration is answered when no verdict could be reached.
type Entry struct {
	// OnOverload answers what was not looked at for want of room: Deny where the failurePolicy is Fail, Allow where it is Ignore.
	// What is too large for the fast lane is denied in any case, with a code that clients of the API server try again after.
	OnOverload Action
	// OnError answers what panicked or took too long. A failurePolicy of Ignore does not cover these.
	OnError Action
}

// StandardEntries are those of the chart: what people do to workloads and the guard of our own labels are closed, pods of
// controllers are open.
func StandardEntries() map[string]Entry {
	return map[string]Entry{
		"workloads":  {OnOverload: Deny, OnError: Deny},
		"guard":      {OnOverload: Deny, OnError: Deny},
		"pods-audit": {OnOverload: Allow, OnError: Allow},
	}
}

// Options of the handler; the zero value of each has the default that it names.
type Options struct {
	// Entry gives what is configured for an entry and whether there is one; a request to any other is 404 Not Found. It is asked
	// once a request, so that it may follow a configuration. Default: StandardEntries.
	Entry func(name string) (Entry, bool)
	// Observer is told about each request; default: nobody.
	Observer Observer
	// Tracer, when set, gets a span for each review and its steps; nil costs nothing. It must not block.
	Tracer trace.Tracer
	// Log gets panics and reviews that are no reviews; default: slog.Default().
	Log *slog.Logger
	// MaxBody is the size in bytes up to which a review is looked at; default 20 MiB.
	MaxBody int64
	// FastBody is the size in bytes up to which a review takes the fast lane; default 256 KiB.
	FastBody int64
	// InFlight is how many bytes of large bodies are held at a time; default 64 MiB, never below MaxBody. The fast lane has half
	// as many of its own.
	InFlight int64
	// Slots and LargeSlots are how many reviews of each lane are judged at a time; default 8 for each processor, and one for
	// every two.
	Slots, LargeSlots int
	// Queue is how many requests of a lane may wait at a time; default 1024.
	Queue int
	// QueueWait is how long a request waits at most, all in all; default 250 ms.
	QueueWait time.Duration
	// MaxJudge is how long a Reviewer may take; default 1 s. It has less where the API server's timeout, less a margin of half a
	// second, ends earlier.
	MaxJudge time.Duration
}

func (o Options) withDefaults() Options {
	if o.Entry == nil {
		entries := StandardEntries()
		o.Entry = func(name string) (Entry, bool) { e, ok := entries[name]; return e, ok }
	}
	if o.Observer == nil {
		o.Observer = nobody{}
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	procs := runtime.GOMAXPROCS(0)
	orDefault(&o.MaxBody, 20<<20)
	orDefault(&o.FastBody, 256<<10)
	orDefault(&o.InFlight, 64<<20)
	orDefault(&o.Slots, 8*procs)
	orDefault(&o.LargeSlots, max(1, procs/2))
	orDefault(&o.Queue, 1024)
	orDefault(&o.QueueWait, 250*time.Millisecond)
	orDefault(&o.MaxJudge, time.Second)
	o.FastBody = min(o.FastBody, o.MaxBody)
	o.InFlight = max(o.InFlight, o.MaxBody)
	return o
}

func orDefault[N int | int64 | time.Duration](n *N, d N) {
	if *n <= 0 {
		*n = d
	}
}
