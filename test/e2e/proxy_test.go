package e2e

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/test/e2e/cluster"
)

// Connections are reset again and again, and answers delayed beyond the timeout. Under Fail a client sees an error that it may try
// again after, under Ignore the API server counts and records whatever it let in.
func TestConnections_thatBreak(t *testing.T) {
	resets := 8
	if *full {
		resets = 100
	}
	for _, c := range []struct {
		profile lint.Profile
		open    bool
	}{{lint.Enforce, false}, {lint.Observe, true}} {
		t.Run("under "+string(c.profile), func(t *testing.T) {
			h := deploy(t, setup{profile: c.profile, config: enforce, proxied: true})
			proxy := h.replicas[0].proxy
			before, recorded := failOpen(t), failedOpen(t)
			l := newLoad(t)
			end := begin(t, func(ctx context.Context) *tally { return l.closed(ctx, 3) })
			broken := 0
			for range resets {
				settle(t, h, 5)
				broken += proxy.Reset()
			}
			settle(t, h, 5)
			sum := end()
			proxy.Delay(2 * time.Second)
			late := send(t, http.MethodPost, deployments, faulty(t), "dryRun=All")
			proxy.Delay(0)
			leaks := failOpen(t) - before
			eventually(t, "the audit log has them all", func() bool { return failedOpen(t)-recorded >= leaks })
			t.Logf("%d connections reset: %v, %d let in, %q", broken, sum, leaks, sum.reasons)
			if n := failedOpen(t) - recorded; n != leaks {
				t.Errorf("%d are in the audit log, %d were counted", n, leaks)
			}
			if c.open {
				// What was sound is let in rightly: of wrong verdicts there are no more than of leaks.
				if sum.failed > 0 || sum.wrong >= leaks || late.Code != http.StatusCreated || leaks > broken+1 {
					t.Errorf("%d failed, %d wrong verdicts and %d leaks of %d connections; the late one got %d", sum.failed, sum.wrong, leaks, broken, late.Code)
				}
			} else {
				if leaks != 0 || sum.wrong > 0 || sum.failed > broken || late.Code != http.StatusInternalServerError {
					t.Errorf("%d leaks, %d wrong verdicts, %d failed of %d connections; the late one got %d", leaks, sum.wrong, sum.failed, broken, late.Code)
				}
				for _, why := range append(sum.reasons, message(late.Body)) {
					says(t, why, "failed calling webhook")
				}
			}
			// Sent again, each is judged.
			eventually(t, "the next ones are judged", func() bool {
				return accuses(send(t, http.MethodPost, deployments, faulty(t), "dryRun=All")) &&
					send(t, http.MethodPost, deployments, sound(t), "dryRun=All").Code == http.StatusCreated
			})
		})
	}
}

// failedOpen is how many requests the audit log says were let in because a webhook failed.
func failedOpen(t *testing.T) int {
	t.Helper()
	events, err := world.Audit(func(e *cluster.Event) bool { return e.FailedOpen() && strings.HasPrefix(e.ObjectRef.Namespace, tenant) })
	must(t, err)
	return len(events)
}
