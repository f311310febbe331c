package audit

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/kslint/kslint/webhook/cluster"
	"github.com/kslint/kslint/webhook/verdict"
)

// leader is the work of the replica that leads, from when it begins until it does not lead any more.
type leader struct {
	*Auditor
	known *cluster.Cluster
	last  memory
	seen  watched
	kept  time.Time     // what the second Lease says, zero where that is not known
	gap   time.Duration // from the leader before
	said  map[string]string
	kicks chan struct{} // a fail-open was seen
}

func (a *Auditor) newLeader() (*leader, error) {
	l := &leader{Auditor: a, said: map[string]string{}, kicks: make(chan struct{}, 1)}
	l.gap = time.Since(time.Unix(a.lock.heard.Load(), 0))
	l.seen.look(a.options.Snapshot().Digest, a.options.clock())
	known, err := cluster.New(cluster.Options{
		Kubeconfig: a.options.Kubeconfig, Agent: a.options.Agent, Snapshot: a.options.Snapshot, Interval: a.options.times.look, Log: a.log,
	})
	l.known = known
	return l, err
}

// work makes passes until ctx ends.
func (l *leader) work(ctx context.Context) {
	var aside sync.WaitGroup
	defer aside.Wait()
	aside.Go(func() { l.known.Run(ctx) })
	aside.Go(func() { l.watchDigest(ctx) })
	if l.options.FailOpen {
		aside.Go(func() { l.watchFailOpen(ctx) })
	}
	l.await(ctx)
	for ctx.Err() == nil {
		digest := l.options.Snapshot().Digest
		whole := l.once(ctx)
		l.moved.Store(0)
		pause := l.options.Interval
		if !whole {
			pause = min(pause, l.options.times.retry)
		}
		l.pause(ctx, pause, digest)
	}
}

// await waits until the namespaces are known, and what stands around objects, so that the first pass is not asked to judge without.
// Where they do not come, rules that need them are not asked.
func (l *leader) await(ctx context.Context) {
	deadline := time.Now().Add(l.options.times.patience)
	for ctx.Err() == nil && !l.informed() {
		if time.Now().After(deadline) {
			l.metrics.failed("facts")
			detail, _ := l.known.FactsReady()
			l.log.Warn("not all is known of the cluster: rules that look at it are not asked", "facts", detail)
			return
		}
		_ = sleep(ctx, l.options.times.look/10)
	}
}

func (l *leader) informed() bool {
	if _, err := l.known.NamespacesReady(); err != nil {
		return false
	}
	_, unknown := l.known.Around("")
	return !slices.ContainsFunc(verdict.FactsAsked(l.options.Snapshot()), func(kind string) bool { return slices.Contains(unknown, kind) })
}

// once makes a pass and tells of it; whole is false where something was not seen that is there.
func (l *leader) once(ctx context.Context) (whole bool) {
	l.progress()
	p, err := l.run(ctx)
	if ctx.Err() != nil {
		return false
	}
	if err != nil {
		l.say("the last pass failed: " + err.Error())
		l.log.Error("the pass failed", "error", err)
		return false
	}
	if p.incomplete {
		l.say("the last pass did not see everything: reports and metrics stay")
		l.log.Warn("the pass did not see everything: reports and metrics stay", "objects", p.found.objects)
		return false
	}
	written, err := l.publish(ctx, p.there, p.found)
	if err != nil {
		l.metrics.failed("report")
	}
	l.tell("writing reports", err)
	ended := l.options.clock()
	l.metrics.tell(p, ended)
	findings := 0
	for _, n := range p.found.findings {
		findings += n
	}
	l.say(fmt.Sprintf("the last pass ended at %s: %d objects, %d findings", ended.UTC().Format(time.RFC3339), p.found.objects, findings))
	l.log.Info("the pass ended", "objects", p.found.objects, "findings", findings, "slippedIn", p.found.slipped, "reportsWritten", written,
		"seconds", ended.Sub(p.began).Seconds(), "policies", p.snapshot.Digest)
	return true
}

// watchDigest keeps since when policies and configuration are in force, during passes too.
func (l *leader) watchDigest(ctx context.Context) {
	for ctx.Err() == nil {
		l.seen.look(l.options.Snapshot().Digest, l.options.clock())
		_ = sleep(ctx, l.options.times.look)
	}
}

// pause waits for the next pass: for its time, for other policies than those of the last one, or for a fail-open.
func (l *leader) pause(ctx context.Context, d time.Duration, digest string) {
	began := time.Now()
	next, look := time.NewTimer(d), time.NewTicker(l.options.times.look)
	defer next.Stop()
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-next.C:
			return
		case <-l.kicks:
			_ = sleep(ctx, l.options.times.soon-time.Since(began))
			return
		case <-look.C:
			if now := l.options.Snapshot().Digest; now != digest {
				l.log.Info("policies or configuration have changed: everything is looked at again", "policies", now)
				return
			}
		}
	}
}

// tell logs an error when it is another one than the last about the same.
func (l *leader) tell(what string, err error, more ...any) {
	now := ""
	if err != nil {
		now = cut(err.Error())
	}
	if now == l.said[what] {
		return
	}
	l.said[what] = now
	more = append(more, "about", what)
	if err != nil {
		l.log.Warn("the audit has a problem", append(more, "error", now)...)
	} else {
		l.log.Info("the problem of the audit is gone", more...)
	}
}
