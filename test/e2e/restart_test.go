package e2e

import (
	"context"
	"testing"
	"time"
)

// Three replicas are replaced one after the other, under load: no request may be lost.
func TestRollingRestart_losesNoRequest(t *testing.T) {
	rounds, atLeast := 1, 500
	if *full {
		rounds, atLeast = 5, 20_000
	}
	h := deploy(t, setup{config: enforce, replicas: 3})
	before := failOpen(t)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan *tally)
	l := newLoad(t)
	go func() { done <- l.closed(ctx, 8) }()
	round := 0
	for sent := 0; round < rounds || sent < atLeast; sent, _, _ = l.sofar() {
		round++
		for _, old := range append([]*replica(nil), h.replicas...) {
			if status := h.restart(old); status != 0 {
				t.Errorf("%s ended with %d: %s", old.Name, status, old.Tail())
			}
		}
	}
	stop()
	sum := <-done
	t.Logf("rolling restart of 3 replicas, %d round(s): %v", round, sum)
	if sum.failed > 0 || sum.wrong > 0 {
		t.Errorf("none may fail: %q", sum.reasons)
	}
	if sum.late*100 > sum.sent { // with other work on the machine a few are
		t.Errorf("%d were answered too late", sum.late)
	}
	if n := failOpen(t) - before; n != 0 {
		t.Errorf("%d were let in unseen", n)
	}
}

// The replica that carries the load is killed: only what was under way may be lost, which is at most two where the machine is not
// busy with other work. What is still sent to its endpoint until that is gone is chance, one in three of each new connection.
func TestKill_losesOnlyWhatIsUnderWay(t *testing.T) {
	kills := 3
	if *full {
		kills = 20
	}
	h := deploy(t, setup{config: enforce, replicas: 3})
	rate := bearable(t, 150)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan *tally)
	l := newLoad(t)
	go func() { done <- l.open(ctx, rate) }()
	var lost, unheard, may int
	for n := range kills {
		settle(t, h, rate)
		r := busiest(t, h)
		underway := l.during(r.Kill)
		h.kill(r)
		settle(t, h, rate) // so that what is lost to this one is counted here
		_, failed, refused := l.sofar()
		inHand, unheardOf := failed-lost-(refused-unheard), refused-unheard
		t.Logf("kill %d: %d failed of %d under way, and %d because nobody listened", n+1, inHand, underway, unheardOf)
		if inHand > max(2, underway) {
			t.Errorf("kill %d: %d failed, %d were under way", n+1, inHand, underway)
		}
		lost, unheard, may = failed, refused, may+max(2, underway)
		h.publish(h.start(), true)
	}
	if unheard > may {
		t.Errorf("%d failed because nobody listened", unheard)
	}
	stop()
	sum := <-done
	t.Logf("SIGKILL of the busiest of 3 replicas at %d req/s, %d times: %v %q", rate, kills, sum, sum.reasons)
	if sum.wrong > 0 {
		t.Error("wrong verdicts")
	}
	if lost > 2*kills {
		t.Logf("NOTE: more than the bar of 2 for each kill; on a quiet machine fewer are under way")
	}
	if sum.failed > lost {
		t.Errorf("%d failed with all replicas in place", sum.failed-lost)
	}
}

// settle waits until the replicas have answered as many reviews as a second of the load has.
func settle(t *testing.T, h *hook, rate int) {
	t.Helper()
	all := func() (n int) {
		for _, r := range h.replicas {
			n += r.reviews(t, "")
		}
		return n
	}
	until := all() + rate
	eventually(t, "the load goes on", func() bool { return all() >= until })
}

// busiest gives the replica that answers most at the moment.
func busiest(t *testing.T, h *hook) *replica {
	t.Helper()
	before := make([]int, len(h.replicas))
	for i, r := range h.replicas {
		before[i] = r.reviews(t, "")
	}
	time.Sleep(500 * time.Millisecond) // a measurement takes time
	var best *replica
	most := -1
	for i, r := range h.replicas {
		if n := r.reviews(t, "") - before[i]; n > most {
			best, most = r, n
		}
	}
	return best
}
