package certificate

import (
	"bytes"
	"context"
	"crypto/x509"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"k8s.io/client-go/kubernetes/fake"
)

// world runs replicas and leaders step by step on one thread. Before each of their calls to the API server others may run, fail or
// die: that is every interleaving, for between two calls they touch nothing that another sees.
type world struct {
	t      *testing.T
	rand   *rand.Rand
	client *fake.Clientset
	kube   *kube

	now       time.Time // the clock of the wall
	uptime    time.Duration
	times     Times
	replicas  []*replica
	leaders   []*leader
	depth     int
	interrupt bool
	faults    bool // calls may fail, before or after they took effect
	busy      map[any]bool
	serial    int

	seen       []bundle // those that were live, the newest last
	lag        time.Duration
	handshakes int
	failed     int
	blind      bool // nothing is checked
	phases     map[string]bool
}

type bundle struct {
	pem   []byte
	until time.Duration // uptime when it was replaced
}

func newWorld(t *testing.T, seed uint64) *world {
	c := newClient()
	w := &world{
		t: t, rand: rand.New(rand.NewPCG(seed, 1)), client: c, kube: &kube{target, c}, now: epoch, times: normal,
		busy: map[any]bool{}, phases: map[string]bool{},
	}
	for range 3 {
		w.addReplica()
	}
	for range 2 {
		w.addLeader()
	}
	return w
}

func (w *world) addReplica() {
	w.serial++
	w.replicas = append(w.replicas, &replica{
		cluster: &stepped{w.kube, w}, name: fmt.Sprint("pod-", w.serial), service: target.name(), leaf: w.times.Leaf,
		now: func() time.Time { return w.now }, log: quiet,
	})
}

func (w *world) addLeader() {
	w.leaders = append(w.leaders, &leader{
		cluster: &stepped{w.kube, w}, times: w.times, now: func() time.Time { return w.now }, log: quiet,
		uptime: func() time.Duration { return w.uptime }, skew: func() time.Duration { return 0 },
		mint: func(now time.Time) (*Authority, error) { return NewAuthority(now, w.times.Authority) },
	})
}

func (w *world) pass(d time.Duration) {
	w.now, w.uptime = w.now.Add(d), w.uptime+d
}

// step lets somebody run who is not in the middle of something.
func (w *world) step() {
	n := w.rand.IntN(len(w.replicas) + len(w.leaders))
	if n < len(w.replicas) {
		w.run(w.replicas[n], w.replicas[n].sync)
		return
	}
	l := w.leaders[n-len(w.replicas)]
	w.run(l, l.sync)
}

func (w *world) run(who any, sync func(context.Context) error) {
	if w.busy[who] {
		return
	}
	w.busy[who] = true
	defer delete(w.busy, who)
	_ = sync(context.Background()) // what matters is what the API server sees
}

// everybody runs until nothing is left to do.
func (w *world) everybody() {
	for range 3 {
		for _, l := range w.leaders {
			w.run(l, l.sync)
		}
		for _, r := range w.replicas {
			w.run(r, r.sync)
		}
	}
	w.check("at rest")
}

// check dials every replica as each of several API servers would: one sees the caBundle of now, others are behind by up to lag.
// A replica that has never been Ready is not dialled.
func (w *world) check(when string) {
	w.t.Helper()
	if w.blind {
		return
	}
	v := configurationOf(w.t, w.client)
	live := v.Webhooks[0].ClientConfig.CABundle
	if n := len(w.seen); n == 0 || !bytes.Equal(w.seen[n-1].pem, live) {
		if n > 0 {
			w.seen[n-1].until = w.uptime
		}
		w.seen = append(w.seen, bundle{pem: live})
	}
	content, _ := w.kube.content(context.Background())
	w.phases[content.Phase()] = true
	for _, r := range w.replicas {
		c := r.current.Load()
		if c == nil || !valid(c.Leaf, w.now) || !w.ready(r) {
			continue
		}
		for i := len(w.seen) - 1; i >= 0; i-- {
			b := w.seen[i]
			if i < len(w.seen)-1 && w.uptime-b.until >= w.lag {
				break
			}
			w.handshakes++
			if err := dial(c, b.pem, w.now); err != nil {
				w.failed++
				w.t.Errorf("%s: %s: phase %s, bundle %d of %d: %v", when, r.name, content.Phase(), i, len(w.seen), err)
			}
		}
	}
}

// ready is whether a replica was Ready once: then the API server knows its address, and may call it for ever.
func (w *world) ready(r *replica) bool {
	if !w.busy[r.name] && r.Trusted() == nil {
		w.busy[r.name] = true
	}
	return w.busy[r.name]
}

func dial(c *leaf, bundle []byte, now time.Time) error {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(bundle)
	_, err := c.Leaf.Verify(x509.VerifyOptions{DNSName: target.name(), Roots: roots, CurrentTime: now})
	return err
}
