package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// load sends dry-run creations, one in four of them faulty: the webhook runs, etcd is spared.
type load struct {
	sound, faulty []byte

	mu      sync.Mutex
	started int
	tally   tally
}

// tally is what became of requests.
type tally struct {
	sent, failed, wrong int
	refused             int      // of those that failed: nobody listened
	late                int      // denied by the webhook for want of time or room, which is not lost: it was answered
	reasons             []string // of the first that failed
	latencies           []time.Duration
}

func newLoad(t *testing.T) *load {
	t.Helper()
	return &load{sound: []byte(sound(t)), faulty: []byte(faulty(t))}
}

// closed keeps workers busy until ctx ends.
func (l *load) closed(ctx context.Context, workers int) *tally {
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				l.one(i)
			}
		})
	}
	all.Wait()
	return &l.tally
}

// open sends at a rate per second until ctx ends, whatever becomes of the requests before.
func (l *load) open(ctx context.Context, rate int) *tally {
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	var all sync.WaitGroup
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			all.Wait()
			return &l.tally
		case <-tick.C:
			all.Go(func() { l.one(i) })
		}
	}
}

// bearable gives the highest rate up to most, in requests a second, that this machine answers at the moment, nine of ten within
// 0.1 s: above it requests wait for each other and fail by their deadlines, whatever becomes of replicas.
func bearable(t *testing.T, most int) int {
	t.Helper()
	for try := 0; ; try++ {
		rate := most >> (try / 2) // twice each: replicas that have just started prove their policies
		ctx, stop := context.WithTimeout(t.Context(), 2*time.Second)
		sum := newLoad(t).open(ctx, rate)
		stop()
		slices.Sort(sum.latencies)
		if sum.failed == 0 && sum.latencies[len(sum.latencies)*9/10] < 100*time.Millisecond {
			return rate
		}
		t.Logf("NOTE: this machine is too busy for %d req/s: %v", rate, sum)
		if rate < 10 {
			t.Fatal("nothing can be said about replicas here")
		}
	}
}

func (l *load) one(i int) {
	body, bad := l.sound, i%4 == 3
	if bad {
		body = l.faulty
	}
	l.mu.Lock()
	l.started++
	l.mu.Unlock()
	began := time.Now()
	a, err := world.Admin.Do(context.Background(), http.MethodPost, deployments+"?dryRun=All", body)
	took := time.Since(began)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tally.sent++
	l.tally.latencies = append(l.tally.latencies, took)
	denied := err == nil && a.Code == http.StatusForbidden && strings.Contains(string(a.Body), "denied the request: "+rule+" "+at+": ")
	switch {
	case err != nil:
		l.tally.fail(err.Error())
	case a.Code == http.StatusCreated && bad, denied && !bad:
		l.tally.wrong++
	case (a.Code == http.StatusGatewayTimeout || a.Code == http.StatusTooManyRequests) && strings.Contains(string(a.Body), "denied the request"):
		l.tally.late++
	case a.Code != http.StatusCreated && !denied:
		l.tally.fail(fmt.Sprintf("%d: %s", a.Code, message(a.Body)))
	}
}

// during gives how many requests were under way at any moment of what f does.
func (l *load) during(f func()) int {
	ended, _, _ := l.sofar()
	f()
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.started - ended
}

// sofar gives how many were answered and how many failed until now, and how many of these because nobody listened any more.
func (l *load) sofar() (sent, failed, refused int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tally.sent, l.tally.failed, l.tally.refused
}

func (t *tally) fail(reason string) {
	if strings.Contains(reason, "connection refused") {
		t.refused++
	}
	if t.failed++; len(t.reasons) < 10 {
		t.reasons = append(t.reasons, reason)
	}
}

func (t *tally) String() string {
	slices.Sort(t.latencies)
	at := func(share float64) time.Duration {
		if len(t.latencies) == 0 {
			return 0
		}
		return t.latencies[int(share*float64(len(t.latencies)-1))].Round(100 * time.Microsecond)
	}
	return fmt.Sprintf("%d requests, %d failed, %d wrong verdicts, %d answered too late, p50 %v, p99 %v", t.sent, t.failed, t.wrong, t.late, at(.5), at(.99))
}

// message is the message of a Status.
func message(body []byte) string {
	var status struct{ Message string }
	if err := json.Unmarshal(body, &status); err != nil || status.Message == "" {
		return string(body[:min(len(body), 300)])
	}
	return status.Message
}
