package certificate

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"
)

// replica has the leaf of one process.
type replica struct {
	cluster cluster
	name    string // of the replica
	service string // the DNS name in the leaf
	leaf    time.Duration
	now     func() time.Time
	log     *slog.Logger

	current atomic.Pointer[leaf]
	trust   atomic.Pointer[trust]
	judged  atomic.Pointer[judgement]
	problem atomic.Pointer[error]
	said    string
}

type leaf struct {
	*tls.Certificate
	authority string // fingerprint
}

// sync looks once at the Secret, the configuration and its own Lease, and does what they ask for.
func (r *replica) sync(ctx context.Context) error {
	err := r.look(ctx)
	if err == nil {
		err = r.renew(ctx)
	}
	r.problem.Store(&err)
	return err
}

func (r *replica) look(ctx context.Context) error {
	c, err := r.cluster.configuration(ctx)
	if err != nil {
		return err // what was seen last still counts: while the API server does not answer it does not call either
	}
	r.trust.Store(trustOf(c))
	return nil
}

func (r *replica) renew(ctx context.Context) error {
	content, err := r.cluster.content(ctx)
	if err != nil {
		return err
	}
	if r.current.Load() != nil { // somebody may have deleted it
		if err := r.publish(ctx, r.claimed(nil, nil)); err != nil {
			return err
		}
	}
	now := r.now()
	switch {
	case !r.due(content, now):
		return nil
	case content.Foreign != nil:
		return fmt.Errorf("there is no leaf from the Secret: %w", content.Foreign)
	case !usable(content.Signer, now):
		return errors.Join(errors.New("the Secret has no CA that is valid"), content.Broken)
	}
	if current := r.current.Load(); r.good(current, now) && !r.trust.Load().holds(content.Signer.Certificate) {
		return errors.New("the caBundle does not hold the CA yet under which the next leaf would be")
	}
	return r.issue(ctx, content, now)
}

// issue claims the CA, looks whether it still signs, and then serves under it. Were the order another one, the leader could drop
// a CA from the caBundle that this replica is about to serve under.
func (r *replica) issue(ctx context.Context, content *Content, now time.Time) error {
	made, err := content.Signer.Issue(r.service, now, r.leaf)
	if err != nil {
		return err
	}
	next := &leaf{made, content.Signer.id()}
	if err := r.publish(ctx, r.claimed(r.current.Load(), next)); err != nil {
		return err
	}
	again, err := r.cluster.content(ctx)
	if err != nil {
		return err
	}
	if again.Signer.id() != next.authority {
		return errors.New("the CA has just changed")
	}
	r.current.Store(next)
	r.log.Info("serving under a new leaf", "serial", serialOf(next), "authority", next.authority, "notAfter", made.Leaf.NotAfter.UTC())
	return r.publish(ctx, r.claimed(nil, nil))
}

// due tells whether there should be another leaf: there is none, it is not valid, two thirds of its life are over, or another CA
// signs.
func (r *replica) due(content *Content, now time.Time) bool {
	c := r.current.Load()
	return c == nil || !valid(c.Leaf, now) || !now.Before(twoThirds(c.Leaf)) ||
		content.Signer != nil && content.Signer.id() != c.authority
}

// good tells whether a leaf is valid and trusted.
func (r *replica) good(c *leaf, now time.Time) bool {
	return c != nil && valid(c.Leaf, now) && r.Trusted() == nil
}

// claimed is the claim of what is served and, while that is being exchanged, of what will be.
func (r *replica) claimed(old, next *leaf) Claim {
	c, current := Claim{Replica: r.name}, r.current.Load()
	if next == nil {
		next = current
	}
	for _, l := range []*leaf{old, next} {
		if l == nil {
			continue
		}
		if !slices.Contains(c.Authorities, l.authority) {
			c.Authorities = append(c.Authorities, l.authority)
		}
		c.NotAfter = latest(c.NotAfter, l.Leaf.NotAfter)
	}
	if current != nil {
		c.Serial = serialOf(current)
	}
	return c
}

// publish writes the claim if it does not stand there already.
func (r *replica) publish(ctx context.Context, c Claim) error {
	there, err := r.cluster.claim(ctx, r.name)
	if err != nil || there != nil && there.same(c) {
		return err
	}
	return r.cluster.publish(ctx, c)
}

func (c Claim) same(o Claim) bool {
	return slices.Equal(c.Authorities, o.Authorities) && c.Replica == o.Replica && c.Serial == o.Serial && c.NotAfter.Equal(o.NotAfter)
}

// Current gives the leaf that is served.
func (r *replica) Current() *tls.Certificate {
	if c := r.current.Load(); c != nil {
		return c.Certificate
	}
	return nil
}

// Problem says what keeps a newer leaf from being served.
func (r *replica) Problem() error {
	if p := r.problem.Load(); p != nil {
		return *p
	}
	return nil
}

// Trusted says why the API server would not trust the leaf, as far as the last look at the configuration goes.
func (r *replica) Trusted() error {
	c, t := r.current.Load(), r.trust.Load()
	if c == nil {
		return errors.New("there is no certificate")
	}
	return remember(&r.judged, c.Certificate, t, r.service, r.now)
}

func serialOf(l *leaf) string { return l.Leaf.SerialNumber.Text(16) }
