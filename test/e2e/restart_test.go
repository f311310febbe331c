package e2e

import (
	"context"
	"testing"
	"time"

	"github.com/kslint/kslint/test/e2e/cluster"
)

// workers send one request after the other, so that no machine, however busy, is asked for more than it can do: what fails then fails
// for what the test does. How much a machine with nothing else to do takes is bench's.
const workers = 4

// Three replicas are replaced one after the other, under load: no request may be lost.
func TestRollingRestart_losesNoRequest(t *testing.T) {
	rounds, atLeast := 1, 500
	if *full {
		rounds, atLeast = 5, 20_000
	}
	h := deploy(t, setup{config: enforce, replicas: 3})
	before := failOpen(t)
	l := newLoad(t)
	end := begin(t, func(ctx context.Context) *tally { return l.closed(ctx, workers) })
	round := 0
	for sent := 0; round < rounds || sent < atLeast; sent, _, _ = l.sofar() {
		round++
		for _, old := range append([]*replica(nil), h.replicas...) {
			if status := h.restart(old); status != 0 {
				t.Errorf("%s ended with %d: %s", old.Name, status, old.Tail())
			}
		}
	}
	sum := end()
	t.Logf("rolling restart of 3 replicas, %d round(s): %v", round, sum)
	sum.faultless(t)
	if n := failOpen(t) - before; n != 0 {
		t.Errorf("%d were let in unseen", n)
	}
}

// The replica that carries the load is killed. Lost may be what was under way and, until the API server has seen that they are
// closed, one request on each connection that it kept to that replica; and what is sent to the endpoint until that is gone, for then
// nobody listens. The bar of two is bench's.
func TestKill_losesOnlyWhatIsUnderWay(t *testing.T) {
	kills := 2
	if *full {
		kills = 20
	}
	h := deploy(t, setup{config: enforce, replicas: 3})
	l := newLoad(t)
	end := begin(t, func(ctx context.Context) *tally { return l.closed(ctx, workers) })
	var lost, unheard int
	for n := range kills {
		settle(t, h, 30)
		r := busiest(t, h)
		pooled, err := cluster.Dialled(r.port)
		must(t, err)
		underway := l.during(r.Kill)
		h.kill(r)
		settle(t, h, 30) // so that what is lost to this one is counted here
		_, failed, refused := l.sofar()
		inHand := failed - lost - (refused - unheard)
		t.Logf("kill %d: %d failed of %d under way and %d connections, and %d because nobody listened", n+1, inHand, underway, pooled, refused-unheard)
		if inHand > underway+pooled {
			t.Errorf("kill %d: %d failed, %d were under way, %d connections were kept", n+1, inHand, underway, pooled)
		}
		lost, unheard = failed, refused
		h.publish(h.start(), true)
	}
	sum := end()
	t.Logf("SIGKILL of the busiest of 3 replicas, %d times: %v %q", kills, sum, sum.reasons)
	if sum.wrong > 0 {
		t.Error("wrong verdicts")
	}
	if sum.failed > lost {
		t.Errorf("%d failed with all replicas in place", sum.failed-lost)
	}
}

// The replica that carries the load is stopped: it neither answers nor closes. Lost is, by timeout, no more than one request on each
// connection that the API server kept to it and on each that it dialled until the endpoint was gone.
func TestFreeze_losesOnlyWhatItsConnectionsCarry(t *testing.T) {
	frozen := 4 * time.Second
	if *full {
		frozen = 10 * time.Second
	}
	h := deploy(t, setup{config: enforce, replicas: 3})
	l := newLoad(t)
	end := begin(t, func(ctx context.Context) *tally { return l.closed(ctx, workers) })
	settle(t, h, 30)
	r := busiest(t, h)
	r.Freeze()
	time.Sleep(lag) // the fault itself: a probe has to fail first
	h.publish(r, false)
	time.Sleep(lag) // until the API server knows; what it dialled does not time out before
	dialled, err := cluster.Dialled(r.port)
	must(t, err)
	time.Sleep(frozen)
	_, failed, _ := l.sofar()
	r.Thaw()
	must(t, r.WaitFor(r.isReady, 30*time.Second))
	h.publish(r, true)
	settle(t, h, 30)
	sum := end()
	t.Logf("the busiest of 3 replicas stopped for %v: %d failed over %d connections; %v %q", frozen, failed, dialled, sum, sum.reasons)
	if sum.failed > dialled || sum.wrong > 0 {
		t.Errorf("%d failed, over %d connections, %d verdicts were wrong", sum.failed, dialled, sum.wrong)
	}
}

// settle waits until the replicas have answered that many reviews more.
func settle(t *testing.T, h *hook, n int) {
	t.Helper()
	until := h.reviews(t) + n
	eventually(t, "the load goes on", func() bool { return h.reviews(t) >= until })
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
