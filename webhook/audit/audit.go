package audit

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

// Auditor is one replica of the audit.
type Auditor struct {
	options Options
	api     *api
	metrics *metrics
	log     *slog.Logger
	lock    *lock
	working sync.Mutex // while this replica works as the leader

	moved  atomic.Int64           // when a pass last came further, in nanoseconds since 1970; 0 while none is under way
	detail atomic.Pointer[string] // of the check of readiness
}

// New checks the options and asks the API server nothing.
func New(o Options) (*Auditor, error) {
	o = o.withDefaults()
	if o.Snapshot == nil || o.Namespace == "" || o.Lease == "" || o.Replica == "" {
		return nil, errors.New("the audit needs policies, a namespace, the name of a Lease and that of the replica")
	}
	client, err := connect(o)
	if err != nil {
		return nil, err
	}
	a := &Auditor{options: o, api: client, metrics: newMetrics(), log: o.Log}
	a.lock = &lock{LeaseLock: &resourcelock.LeaseLock{
		LeaseMeta:  meta.ObjectMeta{Namespace: o.Namespace, Name: o.Lease},
		Client:     client.CoordinationV1(),
		LockConfig: resourcelock.ResourceLockConfig{Identity: o.Replica + "_" + rand.Text()},
	}}
	a.say("another replica leads, or none yet")
	return a, nil
}

// Run leads whenever it can, until ctx ends. Then the pass that is under way ends first, and the Lease is given back after it.
func (a *Auditor) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := a.campaign(ctx); err != nil {
			return err
		}
	}
	a.working.Lock() // what worked last has ended
	defer a.working.Unlock()
	return nil
}

// campaign ends when leadership is lost, or when ctx has ended and the work with it.
func (a *Auditor) campaign(ctx context.Context) error {
	own, resign := context.WithCancel(context.WithoutCancel(ctx))
	defer resign()
	stop := context.AfterFunc(ctx, func() {
		a.working.Lock()
		defer a.working.Unlock()
		resign()
	})
	defer stop()
	t := a.options.times
	e, err := leaderelection.NewLeaderElector(leaderelection.LeaderElectionConfig{
		Lock: a.lock, LeaseDuration: t.lease, RenewDeadline: t.renew, RetryPeriod: t.again, ReleaseOnCancel: true,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(leads context.Context) { a.lead(ctx, leads) },
			OnStoppedLeading: func() {},
			OnNewLeader:      func(string) {},
		},
		Name: a.lock.Describe(),
	})
	if err != nil {
		return fmt.Errorf("no leader can be elected: %w", err)
	}
	e.Run(own)
	return nil
}

// lead works until the process is told to end or the leadership is lost.
func (a *Auditor) lead(ctx, leads context.Context) {
	a.working.Lock() // the work of the last time may still be ending
	defer a.working.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(leads, cancel)()
	if ctx.Err() != nil {
		return
	}
	a.log.Info("leading the audit")
	a.metrics.follow(true)
	defer a.metrics.follow(false)
	defer a.say("another replica leads, or none yet")
	defer a.moved.Store(0)
	l, err := a.newLeader()
	if err != nil {
		a.log.Error("the audit cannot work", "error", err)
		<-ctx.Done()
		return
	}
	l.work(ctx)
}

// Ready is a check of readiness. It always passes: a replica that waits is as ready as the leader, and the policies have a check of
// their own. It tells what the last pass was like.
func (a *Auditor) Ready() (string, error) { return *a.detail.Load(), nil }

func (a *Auditor) say(detail string) { a.detail.Store(&detail) }

// maxStanding is how long a pass may not come further: longer than any request or rule may take.
const maxStanding = 15 * time.Minute

// Live says that a pass does not come further.
func (a *Auditor) Live(context.Context) error {
	if moved := a.moved.Load(); moved != 0 && time.Since(time.Unix(0, moved)) > maxStanding {
		return fmt.Errorf("the pass has not come further for %s", maxStanding)
	}
	return nil
}

func (a *Auditor) progress() { a.moved.Store(time.Now().UnixNano()) }
