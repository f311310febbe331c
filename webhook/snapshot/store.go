package snapshot

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/policies"
)

// Options say where policies and configuration come from.
type Options struct {
	// Policies are folders with rules/<area>/<id>/rule.rego beside the built-in ones; Config is the file of the configuration, ""
	// for none. Both may be mounts of ConfigMaps.
	Policies []string
	Config   string
	// Interval is how often the sources are looked at, 1 s where it is 0; Settle is how long a change must stand still before it
	// is taken, 200 ms where it is 0.
	Interval, Settle time.Duration
	// Clock is time.Now where it is nil. It dates snapshots; rules get the time from whoever asks the engine.
	Clock func() time.Time
	// Log is told of every source that is accepted or refused; nil for nobody.
	Log *slog.Logger
}

// The kinds of sources.
const (
	policyKind        = "policies"
	configurationKind = "configuration"
)

// Store holds the snapshot in force and watches the sources of the next. It is safe for concurrent use, and knows nothing of other
// Stores.
type Store struct {
	options Options
	sources []Source // names and kinds of the user's: folders, then the configuration
	builtIn string   // digest
	floor   *Snapshot
	current atomic.Pointer[Snapshot]

	looking  sync.Mutex // one look at a time; it guards what follows
	seen     []content  // what the last look judged
	good     []content  // what is in force
	compiled *Snapshot  // of the policies in force
	status   []Source   // the built-in policies first
}

// New compiles the built-in policies, then takes what the sources hold. It fails only where the built-in policies do not compile,
// which no binary that passed its tests does: a source that is missing or broken is refused, and the others are in force.
func New(ctx context.Context, o Options) (*Store, error) {
	s := &Store{options: o.withDefaults(), builtIn: read(policies.Files).digest}
	for _, dir := range o.Policies {
		s.sources = append(s.sources, Source{Name: dir, Kind: policyKind})
	}
	if o.Config != "" {
		s.sources = append(s.sources, Source{Name: o.Config, Kind: configurationKind})
	}
	s.good, s.seen = make([]content, len(s.sources)), make([]content, len(s.sources))
	floor, err := compileBuiltIn()
	if err != nil {
		return nil, fmt.Errorf("the built-in policies: %w", err)
	}
	floor.Config, floor.Digest, floor.Built = &lint.Config{}, s.digest(s.good), s.options.Clock()
	s.floor, s.compiled = floor, floor
	s.status = []Source{{Name: "built-in", Kind: policyKind, State: Accepted, Digest: s.builtIn, When: floor.Built}}
	s.status = append(s.status, s.sources...)
	s.publish(floor)
	s.judge(ctx, s.read(), nil)
	return s, nil
}

func (o Options) withDefaults() Options {
	if o.Interval <= 0 {
		o.Interval = time.Second
	}
	if o.Settle <= 0 {
		o.Settle = 200 * time.Millisecond
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Current is the snapshot in force, never nil. Whoever judges something takes it once and uses it to the end.
func (s *Store) Current() *Snapshot { return s.current.Load() }

// Status says for each source whether what it holds is in force, and why not; the built-in policies come first.
func (s *Store) Status() []Source { return slices.Clone(s.Current().Sources) }

// Run looks at the sources at each interval until the context ends and, beside that, proves the built-in policies against their
// examples, which takes its time: a replica that has just begun to serve needs its processors. What the proof finds is in the status and
// in the log; it takes nothing out of force.
func (s *Store) Run(ctx context.Context) {
	var proof sync.WaitGroup
	proof.Go(func() { s.prove(ctx, rest) })
	defer proof.Wait()
	tick := time.NewTicker(s.options.Interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.Kick(ctx)
		}
	}
}

// Prove holds the built-in policies against their examples, as fast as it goes.
func (s *Store) Prove(ctx context.Context) { s.prove(ctx, func(context.Context, time.Duration) {}) }

func (s *Store) prove(ctx context.Context, rest func(context.Context, time.Duration)) {
	began := time.Now()
	err := proveBuiltIn(ctx, s.floor, rest)
	switch {
	case ctx.Err() != nil:
		return
	case err == nil:
		s.options.Log.Info("the built-in policies pass their self-test", "seconds", time.Since(began).Seconds())
		return
	}
	s.looking.Lock()
	defer s.looking.Unlock()
	s.status[0].Reason = line(err)
	s.options.Log.Error("the built-in policies fail their self-test", "reason", line(err))
	s.publish(s.Current())
}

// Kick looks at the sources now and takes what has changed, as Run does at each interval; it returns when all is judged.
func (s *Store) Kick(ctx context.Context) {
	s.looking.Lock()
	defer s.looking.Unlock()
	now := s.read()
	if sameAll(now, s.seen) {
		return
	}
	if now = s.settled(ctx, now); now == nil || sameAll(now, s.seen) {
		return
	}
	var changed []int
	for i, c := range now {
		if !c.same(s.seen[i]) {
			changed = append(changed, i)
		}
	}
	s.judge(ctx, now, changed)
}

// settled waits until two looks in a row see the same, so that nothing is taken that is still being written; nil where it never
// does, and then the next interval tries again.
func (s *Store) settled(ctx context.Context, now []content) []content {
	for range 10 {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(s.options.Settle):
		}
		again := s.read()
		if sameAll(now, again) {
			return now
		}
		now = again
	}
	return nil
}

func (s *Store) read() []content {
	all := make([]content, len(s.sources))
	for i, source := range s.sources {
		if source.Kind == policyKind {
			all[i] = readFolder(source.Name)
		} else {
			all[i] = readFile(source.Name)
		}
	}
	return all
}

// publish puts a snapshot in force, with the status of now.
func (s *Store) publish(snapshot *Snapshot) {
	next := *snapshot
	next.Sources = slices.Clone(s.status)
	s.current.Store(&next)
}
