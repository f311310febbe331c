package audit

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	coordination "k8s.io/api/coordination/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

// What the second Lease says: which policies and configuration are in force, and since when the audit has seen them without a break.
const (
	digestAnnotation = "kslint.io/policy-digest"
	sinceAnnotation  = "kslint.io/in-force-since"
	enforcementLease = "-enforcement"
)

// maxGap is how long there may be no leader before it counts as not known what was in force meanwhile.
const maxGap = 2 * time.Minute

// watched is which digest is in force, and since when as far as this leader has seen.
type watched struct {
	mu      sync.Mutex
	digest  string
	since   time.Time
	changes int
}

func (w *watched) look(digest string, now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if digest != w.digest {
		w.digest, w.since = digest, now
		w.changes++
	}
}

// of gives since when a digest is in force, and whether this leader has seen no other; ok is false where it is not any more.
func (w *watched) of(digest string) (since time.Time, only, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.since, w.changes == 1, w.digest == digest
}

// adopt takes what the leader before has seen of a digest, if that is still in force.
func (w *watched) adopt(digest string, since time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.digest == digest {
		w.since = since
	}
}

// inForce gives since when a digest is in force; ok is false where it is not any more, or not known. It is kept on a Lease, so that it
// outlives a leader.
func (l *leader) inForce(ctx context.Context, digest string) (since time.Time, ok bool, err error) {
	since, only, ok := l.seen.of(digest)
	if !ok || l.kept.Equal(since) {
		return since, ok, nil
	}
	leases := l.api.CoordinationV1().Leases(l.options.Namespace)
	lease, err := leases.Get(ctx, l.options.Lease+enforcementLease, meta.GetOptions{})
	absent := apierrors.IsNotFound(err)
	if err != nil && !absent {
		return since, false, err
	}
	before, err := time.Parse(time.RFC3339, lease.Annotations[sinceAnnotation])
	if err == nil && only && l.gap < maxGap && lease.Annotations[digestAnnotation] == digest && before.Before(since) {
		l.seen.adopt(digest, before)
		l.kept = before
		return before, true, nil
	}
	said := map[string]string{digestAnnotation: digest, sinceAnnotation: since.UTC().Format(time.RFC3339)}
	if absent {
		_, err = leases.Create(ctx, &coordination.Lease{ObjectMeta: meta.ObjectMeta{
			Namespace: l.options.Namespace, Name: l.options.Lease + enforcementLease, Labels: map[string]string{managedLabel: source}, Annotations: said,
		}}, meta.CreateOptions{FieldManager: manager})
	} else {
		lease.Annotations = said
		_, err = leases.Update(ctx, lease, meta.UpdateOptions{FieldManager: manager})
	}
	if err != nil {
		return since, false, err
	}
	l.kept = since
	return since, true, nil
}

// lock is the Lease of the leader. It notes when the last leader was last heard of.
type lock struct {
	*resourcelock.LeaseLock
	heard atomic.Int64 // seconds since 1970, 0 for never
}

// Get notes the leader before, whose gap to the next one tells whether a change may have gone unseen.
func (k *lock) Get(ctx context.Context) (*resourcelock.LeaderElectionRecord, []byte, error) {
	r, raw, err := k.LeaseLock.Get(ctx)
	if err == nil && r.HolderIdentity != k.Identity() {
		k.heard.Store(r.RenewTime.Unix())
	}
	return r, raw, err
}
