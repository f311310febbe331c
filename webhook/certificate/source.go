package certificate

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"sync"
	"time"

	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

// Options of a Source.
type Options struct {
	Target
	// Replica is the name of this process among the replicas: that of its Pod.
	Replica string
	Client  kubernetes.Interface
	// Skew says how far the clock is ahead of the API server's.
	Skew func() time.Duration
	// Times default to 2 years for a CA, 7 days for a leaf, 2 minutes to wait.
	Times Times
	Log   *slog.Logger
}

// Source is the certificate of one replica. It is what the server serves.
type Source struct {
	*replica
	leader  *leader
	leading sync.Mutex
	lock    *resourcelock.LeaseLock
	kicks   [2]chan struct{} // what a change of the configuration wakes: the replica, the leader
	kube    *kube
}

const (
	// often is how soon a replica looks again that cannot serve yet, seldom one that can, steady the leader. The clock of the wall
	// is asked each time, so a machine that was suspended is late by no more than this.
	often, seldom, steady = time.Second, 10 * time.Second, 5 * time.Second

	leaseDuration, renewDeadline, retryPeriod = 15 * time.Second, 10 * time.Second, 2 * time.Second
)

var (
	label     = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$`)
	subdomain = regexp.MustCompile(`^[a-z0-9]([-.a-z0-9]{0,170}[a-z0-9])?$`) // with room for what is put before it
)

// New checks the options and asks the API server nothing.
func New(o Options) (*Source, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if o.Times.Authority <= 0 {
		o.Times.Authority = 2 * 365 * 24 * time.Hour
	}
	if o.Times.Leaf <= 0 {
		o.Times.Leaf = 7 * 24 * time.Hour
	}
	if o.Times.Wait <= 0 {
		o.Times.Wait = 2 * time.Minute
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Skew == nil {
		o.Skew = func() time.Duration { return 0 }
	}
	k, begun := &kube{o.Target, o.Client}, time.Now()
	s := &Source{
		kube: k, kicks: [2]chan struct{}{make(chan struct{}, 1), make(chan struct{}, 1)},
		replica: &replica{cluster: k, name: o.Replica, service: o.name(), leaf: o.Times.Leaf, now: time.Now, log: o.Log},
		leader: &leader{
			cluster: k, times: o.Times, now: time.Now, uptime: func() time.Duration { return time.Since(begun) }, skew: o.Skew, log: o.Log,
			mint: func(now time.Time) (*Authority, error) { return NewAuthority(now, o.Times.Authority) },
		},
		lock: &resourcelock.LeaseLock{
			LeaseMeta:  meta.ObjectMeta{Namespace: o.Namespace, Name: k.leaseName("")},
			Client:     o.Client.CoordinationV1(),
			LockConfig: resourcelock.ResourceLockConfig{Identity: o.Replica + "_" + rand.Text()},
		},
	}
	return s, nil
}

func (t Target) check() error {
	switch {
	case !label.MatchString(t.Namespace):
		return fmt.Errorf("--namespace: %.100q is no name of a namespace", t.Namespace)
	case !label.MatchString(t.Service):
		return fmt.Errorf("--service: %.100q is no name of a Service", t.Service)
	case !subdomain.MatchString(t.Configuration):
		return fmt.Errorf("--webhook-configuration: %.100q is no name of a configuration", t.Configuration)
	}
	return nil
}

func (o Options) check() error {
	if err := o.Target.check(); err != nil {
		return err
	}
	switch {
	case !subdomain.MatchString(o.Secret):
		return fmt.Errorf("--secret: %.100q is no name of a Secret", o.Secret)
	case !subdomain.MatchString(o.Replica):
		return fmt.Errorf("--replica: %.100q is no name of a Pod", o.Replica)
	case o.Times.Leaf != 0 && o.Times.Leaf < 3*margin:
		return fmt.Errorf("--leaf-lifetime is below %s", 3*margin)
	case o.Times.Authority != 0 && o.Times.Authority < max(o.Times.Leaf, 3*margin):
		return errors.New("--ca-lifetime is below that of a leaf")
	}
	return nil
}

// Run keeps the leaf, and what is the leader's work while this replica leads, until ctx ends. At the end it takes its claim back:
// call it with a context that ends after the last request.
func (s *Source) Run(ctx context.Context) {
	var all sync.WaitGroup
	all.Go(func() { s.kube.watch(ctx, s.wake) })
	all.Go(func() {
		until(ctx, s.kicks[0], func() time.Duration {
			told(ctx, s.log, "certificate", &s.said, within(ctx, s.sync))
			if s.Trusted() != nil {
				return often
			}
			return seldom
		})
	})
	all.Go(func() { s.elect(ctx) })
	all.Wait()
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), renewDeadline)
	defer cancel()
	if err := s.kube.withdraw(last, s.name); err != nil {
		s.log.Warn("the Lease of this replica is not deleted: it counts until its leaf expires", "error", err)
	}
}

func (s *Source) wake() {
	for _, c := range s.kicks {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// elect leads whenever it can.
func (s *Source) elect(ctx context.Context) {
	for ctx.Err() == nil {
		e, err := leaderelection.NewLeaderElector(leaderelection.LeaderElectionConfig{
			Lock: s.lock, LeaseDuration: leaseDuration, RenewDeadline: renewDeadline, RetryPeriod: retryPeriod,
			ReleaseOnCancel: true, // what may still be under way then is written only as it was read
			Callbacks: leaderelection.LeaderCallbacks{
				OnStartedLeading: s.lead,
				OnStoppedLeading: func() {},
				OnNewLeader:      func(string) {},
			},
			Name: s.lock.Describe(),
		})
		if err != nil {
			s.leader.log.Error("no leader can be elected", "error", err)
			return
		}
		e.Run(ctx)
	}
}

func (s *Source) lead(ctx context.Context) {
	s.leading.Lock() // the work of the last time may still be ending
	defer s.leading.Unlock()
	s.leader.log.Info("leading the certificates")
	s.leader.matched = ""
	until(ctx, s.kicks[1], func() time.Duration {
		told(ctx, s.leader.log, "certificate authorities", &s.leader.said, within(ctx, s.leader.sync))
		return steady
	})
}
