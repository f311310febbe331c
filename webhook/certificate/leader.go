package certificate

import (
	"context"
	"crypto/x509"
	"errors"
	"log/slog"
	"strings"
	"time"
)

// leader takes the steps of the rotation and writes the caBundle. Two of them at once do no harm: the Secret and the
// configuration are each written only as they were read, the configuration as it was before the Secret was read.
type leader struct {
	cluster cluster
	times   Times
	now     func() time.Time
	uptime  func() time.Duration // by a clock that nobody sets
	skew    func() time.Duration
	mint    func(time.Time) (*Authority, error)
	log     *slog.Logger

	matched string        // the bundle that was seen last, "" for none that was right
	since   time.Duration // by uptime
	said    string
}

// sync looks once and takes one step. The order of reading is what makes it right: the configuration, then the Secret, then the
// claims.
func (l *leader) sync(ctx context.Context) error {
	c, err := l.cluster.configuration(ctx)
	if err != nil {
		return err
	}
	content, err := l.cluster.content(ctx)
	if err != nil {
		return err
	}
	claims, err := l.cluster.claims(ctx)
	if err != nil {
		return err
	}
	l.see(c, content)
	view := View{Now: l.now(), Skew: l.skew(), Content: content, Live: c.live(), Claims: claims}
	if l.matched != "" {
		view.Matched = l.uptime() - l.since
	}
	step, err := Decide(view, l.times, l.mint)
	if err != nil {
		return err
	}
	if step.Write != nil {
		if err := l.cluster.store(ctx, content, *step.Write); err != nil {
			return err
		}
		l.log.Info("certificate authorities changed", "why", step.Why, "phase", step.Write.Phase(), "signer", step.Write.Signer.id(),
			"next", step.Write.Next.id(), "previous", ids(step.Write.Previous))
	}
	if err := l.write(ctx, c, step.Trust); err != nil {
		return errors.Join(step.Problem, err)
	}
	l.forget(ctx, claims, step)
	return step.Problem
}

// see keeps for how long the live caBundle has been that of the Secret.
func (l *leader) see(c *configuration, content *Content) {
	key := ""
	if want := content.bundle(); c != nil && len(want) > 0 && c.matches(want) {
		key = c.uid + " " + strings.Join(ids(want), ",")
	}
	if key != l.matched {
		l.matched, l.since = key, l.uptime()
	}
}

func (l *leader) write(ctx context.Context, c *configuration, want []*x509.Certificate) error {
	if c == nil || len(want) == 0 || c.matches(want) {
		return nil
	}
	l.matched = "" // the wait begins when it has been read back
	if err := l.cluster.apply(ctx, c, want); err != nil {
		return err
	}
	l.log.Info("caBundle written", "authorities", ids(want), "was", ids(c.live()))
	return nil
}

// forget deletes the claims of replicas that have ended without a word, when nothing that they said can be true any more.
func (l *leader) forget(ctx context.Context, claims []Claim, step Step) {
	if step.Problem != nil {
		return
	}
	for _, c := range claims {
		if l.now().After(c.NotAfter.Add(time.Hour)) {
			if err := l.cluster.withdraw(ctx, c.Replica); err != nil {
				l.log.Warn("the Lease of a replica that has ended is not deleted", "replica", c.Replica, "error", err)
			}
		}
	}
}
