package e2e

import (
	"context"
	"syscall"
	"testing"
	"time"
)

// Two API servers, as where there are several masters: each asks on its own connections, and learns of a new caBundle by its own watch.
// Replicas are restarted while the CA is exchanged, so that both have to dial under every caBundle, and one of the two hangs for a while:
// no request is lost. An API server that is killed takes nothing with it.
func TestSeveralAPIServers_loseNoRequest(t *testing.T) {
	process, second, err := world.Another("kube-apiserver-2")
	must(t, err)
	t.Cleanup(func() { must(t, world.End(process, syscall.SIGTERM)) })
	h := deploy(t, setup{config: enforce, replicas: 3, certificates: selfMade, flags: []string{"--ca-wait=3s"}})
	before := failOpen(t, second)
	l := newLoad(t)
	l.through = append(l.through, world.Admin, second)
	eventually(t, "the second one asks the webhook", func() bool {
		a, err := second.Do(t.Context(), "POST", l.path+"?dryRun=All", l.faulty)
		must(t, err)
		return denied(a)
	})
	end := begin(t, func(ctx context.Context) *tally { return l.closed(ctx, workers) })
	settle(t, h, 60)

	rounds := 1
	if *full {
		rounds = 3
	}
	for range rounds {
		rotated := h.beginRotation()
		process.Freeze()
		time.AfterFunc(time.Second, process.Thaw) // it is the fault that takes time, and shorter than a review may
		old := h.replicas[0]
		if status := h.restart(old); status != 0 {
			t.Errorf("%s ended with %d: %s", old.Name, status, old.Tail())
		}
		rotated()
	}
	settle(t, h, 60)
	sum := end()
	t.Logf("two API servers, %d rotation(s) and restarts: %v", rounds, sum)
	sum.faultless(t)
	if n := failOpen(t, second) - before; n != 0 {
		t.Errorf("%d were let in unseen", n)
	}

	end = begin(t, func(ctx context.Context) *tally { return newLoad(t).closed(ctx, workers) })
	must(t, world.End(process, syscall.SIGKILL))
	settle(t, h, 60)
	end().faultless(t)
}
