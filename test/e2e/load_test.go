package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kslint/kslint/test/e2e/cluster"
)

// load sends dry-run creations, one in four of them faulty: the webhook runs, etcd is spared.
type load struct {
	path          string
	sound, faulty []byte
	// right tells whether an admission or a denial is the right verdict about one of the two; nil where any is.
	right func(a *cluster.Answer, faulty bool) bool
	// through are those that it is sent through in turns, world.Admin where there are none.
	through []*cluster.Client

	mu      sync.Mutex
	started int
	tally   tally
}

// tally is what became of requests.
type tally struct {
	sent, failed, wrong int
	refused             int      // of those that failed: nobody listened
	timedOut            int      // of those that failed: the API server waited for an answer, or for a processor, as long as it does
	late                int      // denied by the webhook for want of time or room: answered, and to be sent again
	reasons             []string // of the first that failed or were judged wrongly
	latencies           []time.Duration
}

func newLoad(t *testing.T) *load {
	t.Helper()
	return &load{path: deployments, sound: []byte(sound(t)), faulty: []byte(faulty(t)), right: func(a *cluster.Answer, faulty bool) bool {
		return faulty == accuses(a)
	}}
}

// begin runs a load until end is called, which gives its tally.
func begin(t *testing.T, run func(context.Context) *tally) (end func() *tally) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan *tally, 1)
	go func() { done <- run(ctx) }()
	return func() *tally { stop(); return <-done }
}

// accuses tells whether an answer denies for what is wrong with a faulty manifest.
func accuses(a *cluster.Answer) bool {
	return a.Code == http.StatusForbidden && strings.Contains(string(a.Body), rule+" "+at+": ")
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

func (l *load) one(i int) {
	body, bad := l.sound, i%4 == 3
	if bad {
		body = l.faulty
	}
	client := world.Admin
	if len(l.through) > 0 {
		client = l.through[i/4%len(l.through)] // faulty ones through each
	}
	l.mu.Lock()
	l.started++
	l.mu.Unlock()
	began := time.Now()
	a, err := client.Do(context.Background(), http.MethodPost, l.path+"?dryRun=All", body)
	took := time.Since(began)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tally.sent++
	l.tally.latencies = append(l.tally.latencies, took)
	switch {
	case err != nil:
		l.tally.fail(err.Error())
	case late(a):
		l.tally.late++
	case a.Code != http.StatusCreated && !denied(a):
		l.tally.fail(fmt.Sprintf("%d: %s", a.Code, message(a.Body)))
	case l.right != nil && !l.right(a, bad):
		l.tally.wrong++
		l.tally.because(fmt.Sprintf("wrong: %d %q: %s", a.Code, a.Warnings, message(a.Body)))
	}
}

// late tells whether a webhook has refused for want of time or room.
func late(a *cluster.Answer) bool {
	return (a.Code == http.StatusGatewayTimeout || a.Code == http.StatusTooManyRequests) && denied(a)
}

// denied tells whether a webhook has refused, and not failed.
func denied(a *cluster.Answer) bool {
	return a.Code >= http.StatusBadRequest && strings.Contains(string(a.Body), "denied the request: ")
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

func (t *tally) add(more *tally) {
	t.sent += more.sent
	t.failed += more.failed
	t.wrong += more.wrong
	t.late += more.late
	t.latencies = append(t.latencies, more.latencies...)
}

func (t *tally) fail(reason string) {
	if strings.Contains(reason, "connection refused") {
		t.refused++
	}
	if strings.Contains(reason, "deadline exceeded") {
		t.timedOut++
	}
	t.failed++
	t.because(reason)
}

func (t *tally) because(reason string) {
	if len(t.reasons) < 10 {
		t.reasons = append(t.reasons, reason)
	}
}

// faultless checks that nothing was lost and that each verdict was the right one.
func (t *tally) faultless(test *testing.T) {
	test.Helper()
	if t.failed > 0 || t.wrong > 0 {
		test.Errorf("none may fail: %v: %q", t, t.reasons)
	}
}

func (t *tally) String() string {
	at := func(share float64) time.Duration { return t.quantile(share).Round(100 * time.Microsecond) }
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
