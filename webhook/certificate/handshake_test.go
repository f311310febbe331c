package certificate

import (
	"context"
	"crypto/x509"
	"fmt"
	"slices"
	"testing"
	"time"

	admission "k8s.io/api/admissionregistration/v1"
	core "k8s.io/api/core/v1"
)

// A whole rotation with three replicas and two leaders that both believe to lead, interrupted before each call to the API server by
// any of the others, with API servers that are behind, calls that fail, answers that are lost, and crashes: no handshake fails.
func TestRotation_noHandshakeFailsAtAnyStep(t *testing.T) {
	seeds := uint64(4)
	if testing.Short() {
		seeds = 2
	}
	handshakes := 0
	for seed := range seeds {
		w := newWorld(t, seed)
		w.everybody()
		w.pass(normal.Wait)
		w.lag = 90 * time.Second
		w.interrupt, w.faults = true, seed%2 == 1
		for _, at := range []time.Duration{480 * day, 10 * day, 490 * day, 5 * day} {
			w.pass(at)
			w.renewLeaves()
			for range 40 {
				w.pass(time.Duration(w.rand.IntN(30)) * time.Second)
				switch w.rand.IntN(12) {
				case 0:
					w.crash()
				default:
					w.step()
				}
				w.check("after a step")
			}
		}
		w.interrupt, w.faults = false, false
		for range 12 { // and what is left comes to an end
			w.pass(day)
			w.everybody()
		}
		content, err := w.kube.content(t.Context())
		if err != nil || content.Phase() != "steady" {
			t.Errorf("seed %d: %v %v", seed, content, err)
		}
		for _, phase := range []string{"steady", "announcing", "reissuing"} {
			if !w.phases[phase] {
				t.Errorf("seed %d: phase %s was never seen", seed, phase)
			}
		}
		handshakes += w.handshakes
		if t.Failed() {
			t.Fatal("seed", seed)
		}
	}
	t.Log(handshakes, "handshakes")
}

// renewLeaves is what a replica has done all along while the clock of the test jumped.
func (w *world) renewLeaves() {
	interrupt, faults := w.interrupt, w.faults
	w.interrupt, w.faults = false, false
	for _, r := range w.replicas {
		w.run(r, r.sync)
	}
	w.interrupt, w.faults = interrupt, faults
}

// crash ends a leader, which begins anew without what it remembered, or a replica, whose Lease stays behind.
func (w *world) crash() {
	if n := w.rand.IntN(len(w.leaders)); w.rand.IntN(2) == 0 && !w.busy[w.leaders[n]] {
		w.leaders = slices.Delete(w.leaders, n, n+1)
		w.addLeader()
		return
	}
	if n := w.rand.IntN(len(w.replicas)); !w.busy[w.replicas[n]] {
		w.replicas = slices.Delete(w.replicas, n, n+1)
		w.addReplica()
	}
}

// The test above has to be able to fail: with a swap instead of an overlap it does.
func TestRotation_aHardSwapWouldBeSeen(t *testing.T) {
	w := newWorld(t, 1)
	w.everybody()
	b := must(t)(NewAuthority(w.now, normal.Authority))
	for _, r := range w.replicas {
		if err := dial(r.current.Load(), configurationOf(t, w.client).Webhooks[0].ClientConfig.CABundle, w.now); err != nil {
			t.Error(err)
		}
		if dial(r.current.Load(), encode(b.Certificate), w.now) == nil {
			t.Error("any CA will do")
		}
	}
}

func (w *world) live() []string {
	c, err := w.kube.configuration(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	return ids(c.live())
}

func (w *world) state() *Content {
	c, err := w.kube.content(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// One rotation in order, phase by phase.
func TestRotation_phaseByPhase(t *testing.T) {
	w := newWorld(t, 1)
	lead := func() { w.run(w.leaders[0], w.leaders[0].sync) }
	w.everybody()
	a := w.state().Signer.id()
	w.pass(485 * day)
	w.everybody()
	w.pass(2 * day)
	lead()
	b := w.state().Next.id()
	if got := w.state(); got.Phase() != "announcing" || got.Signer.id() != a || len(w.live()) != 2 {
		t.Fatal(got.Phase(), w.live())
	}
	lead() // reads it back
	w.pass(119 * time.Second)
	lead()
	w.everybody()
	if w.state().Phase() != "announcing" {
		t.Error("it did not wait")
	}
	w.pass(2 * time.Second)
	lead()
	if got := w.state(); got.Phase() != "reissuing" || got.Signer.id() != b || len(w.live()) != 2 {
		t.Fatal(got.Phase(), w.live())
	}
	for i, r := range w.replicas {
		lead()
		if len(w.live()) != 2 {
			t.Fatal(i, "replicas are on the new CA, and the old one is gone")
		}
		w.run(r, r.sync)
		claim, err := w.kube.claim(t.Context(), r.name)
		if err != nil || !slices.Equal(claim.Authorities, []string{b}) || claim.Serial != serialOf(r.current.Load()) {
			t.Error(claim, err)
		}
		w.check("reissued")
	}
	lead()
	if got := w.state(); got.Phase() != "steady" || !slices.Equal(w.live(), []string{b}) {
		t.Error(got.Phase(), w.live())
	}
	w.check("at the end")
}

// A replica that does not answer any more may still be called: its CA stays until its leaf ends.
func TestRotation_waitsForASilentReplicaUntilItsLeafEnds(t *testing.T) {
	w := newWorld(t, 1)
	w.everybody()
	w.pass(486 * day)
	w.everybody()
	silent := w.replicas[0]
	w.busy[silent] = true
	for range 6 {
		w.pass(day)
		w.everybody()
		w.check("while it is silent")
	}
	if w.state().Phase() != "reissuing" || !valid(silent.current.Load().Leaf, w.now) {
		t.Fatal(w.state().Phase())
	}
	w.pass(2 * day)
	w.everybody()
	if w.state().Phase() != "steady" {
		t.Error(w.state().Phase())
	}
	if claims, err := w.kube.claims(t.Context()); err != nil || len(claims) != 2 {
		t.Error("what can no longer be true is not forgotten:", claims, err)
	}
}

// A leader slept between reading and writing while the next one did a whole rotation.
func TestLeader_thatSleptUndoesNothing(t *testing.T) {
	for _, call := range []string{"store", "apply"} {
		w := newWorld(t, 1)
		w.everybody()
		w.pass(485 * day)
		w.everybody()
		if call == "apply" {
			write(t, w.client, func(v *admission.ValidatingWebhookConfiguration, _ *core.Secret) {
				v.Webhooks[1].ClientConfig.CABundle = nil
			})
		} else {
			w.pass(3 * day)
		}
		slept := false
		w.leaders[0].cluster = &sleeper{w.leaders[0].cluster, call, func() {
			slept = true
			w.busy[w.leaders[0]] = true
			w.pass(3 * day)
			for range 4 {
				w.everybody()
				w.pass(3 * time.Minute)
			}
			w.everybody()
			if w.state().Phase() != "steady" {
				t.Error(w.state().Phase())
			}
		}}
		if err := w.leaders[0].sync(t.Context()); err == nil || !slept {
			t.Error(call, "it overwrote what it had not read", slept)
		}
		w.check("after it woke")
		if len(w.live()) != 1 {
			t.Error(call, w.live())
		}
	}
}

type sleeper struct {
	cluster
	call  string
	sleep func()
}

func (s *sleeper) store(ctx context.Context, c *Content, state State) error {
	if s.call == "store" {
		s.sleep()
	}
	return s.cluster.store(ctx, c, state)
}

func (s *sleeper) apply(ctx context.Context, c *configuration, b []*x509.Certificate) error {
	if s.call == "apply" {
		s.sleep()
	}
	return s.cluster.apply(ctx, c, b)
}

// T23, T26: after months without power nothing that there was is valid. No hand is needed.
func TestRotation_coldStartAfterALongTime(t *testing.T) {
	w := newWorld(t, 1)
	w.everybody()
	for range 2 {
		w.replicas, w.leaders = nil, nil
		w.pass(1000 * day)
		w.addReplica()
		w.addLeader()
		w.everybody()
		if err := w.replicas[0].Trusted(); err != nil || w.state().Phase() != "steady" || len(w.live()) != 1 {
			t.Error(err, w.state().Phase(), w.live())
		}
	}
}

// The clock of every machine, the API server's among them, is wrong and is set right: it takes what time it takes, but no hand.
func TestRotation_recoversFromAClockThatWasWrong(t *testing.T) {
	for _, wrong := range []time.Duration{-20 * 365 * day, -30 * day, -2 * time.Hour, -30 * time.Minute, 30 * time.Minute, 5 * day, 30 * day, 600 * day, 20 * 365 * day} {
		t.Run(fmt.Sprint(wrong), func(t *testing.T) {
			w := newWorld(t, 1)
			w.everybody()
			for _, step := range []time.Duration{wrong, -wrong} {
				w.now = w.now.Add(step)
				for range 4 {
					w.everybody()
					w.pass(3 * time.Minute)
				}
				w.everybody()
				for _, r := range w.replicas {
					if err := r.Trusted(); err != nil || r.due(w.state(), w.now) {
						t.Error(step, r.name, err, r.Problem())
					}
				}
			}
			for range 10 {
				w.pass(day)
				w.everybody()
			}
			if w.state().Phase() != "steady" {
				t.Error(w.state().Phase())
			}
		})
	}
}
