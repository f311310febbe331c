package admission

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
)

// gate is a Reviewer that says when it begins and answers when it may.
type gate struct{ begun, open chan struct{} }

func newGate() gate { return gate{make(chan struct{}, 100), make(chan struct{})} }

func (g gate) Review(context.Context, *Request) Answer {
	g.begun <- struct{}{}
	<-g.open
	return Answer{Allowed: true}
}

func TestHandler_shedsUnderOnOverload(t *testing.T) {
	for _, c := range []struct {
		name   string
		o      Options
		reason string
	}{
		{"after the wait", Options{QueueWait: time.Millisecond}, "wait"},
		{"at once where too many wait", Options{QueueWait: time.Hour, Queue: -1}, "queue"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, seen := newGate(), &events{}
			c.o.Slots, c.o.MaxJudge, c.o.Observer = 1, time.Hour, seen
			h := NewHandler(g, quiet(c.o))
			if c.o.Queue < 0 {
				h.(*handler).fast.queue = 0
			}
			review := body(t, `{}`, nil)
			var first sync.WaitGroup
			first.Go(func() { post(t, h, "/workloads", review) })
			<-g.begun

			closed := post(t, h, "/workloads", review)
			if closed.Allowed || closed.Result.Code != 429 || closed.Result.Details.RetryAfterSeconds != 1 {
				t.Errorf("an entry with Fail: %+v", closed)
			}
			open := post(t, h, "/pods-audit", review)
			if !open.Allowed || open.AuditAnnotations["decision"] != "shed" || open.AuditAnnotations["reason"] != c.reason {
				t.Errorf("an entry with Ignore: %+v", open)
			}
			close(g.open)
			first.Wait()
			if a := post(t, h, "/workloads", review); !a.Allowed {
				t.Errorf("when there is room again: %+v", a)
			}
			if e := seen.all[0]; e.Decision != Shed || e.Reason != c.reason {
				t.Errorf("event %+v", e)
			}
		})
	}
}

func TestHandler_largeReviewsDoNotStandInTheWayOfSmallOnes(t *testing.T) {
	g := newGate()
	h := NewHandler(reviewer(func(ctx context.Context, r *Request) Answer {
		if len(r.Object) < 100 {
			return Answer{Allowed: true}
		}
		return g.Review(ctx, r)
	}), quiet(Options{FastBody: 4 << 10, MaxBody: 1 << 20, InFlight: 1 << 20, LargeSlots: 1, QueueWait: time.Millisecond, MaxJudge: time.Hour}))
	large := body(t, `{"data":"`+strings.Repeat("x", 600<<10)+`"}`, nil)
	var first sync.WaitGroup
	first.Go(func() { post(t, h, "/workloads", large) })
	<-g.begun
	for _, entry := range []string{"/workloads", "/pods-audit"} { // F1: for Ignore entries too
		if a := post(t, h, entry, large); a.Allowed || a.Result.Code != 429 {
			t.Errorf("%s: a second large one is beyond the bytes: %+v", entry, a)
		}
	}
	if a := post(t, h, "/workloads", body(t, `{}`, nil)); !a.Allowed {
		t.Errorf("a small one: %+v", a)
	}
	close(g.open)
	first.Wait()
	if a := post(t, h, "/workloads", large); !a.Allowed {
		t.Errorf("a large one, when there is room again: %+v", a)
	}
}

func TestHandler_whatRunsAwayKeepsItsSlot(t *testing.T) { // T17: it cannot run away many times
	g := newGate()
	h := NewHandler(g, quiet(Options{Slots: 1, MaxJudge: time.Millisecond, QueueWait: time.Millisecond}))
	review := body(t, `{}`, nil)
	if a := post(t, h, "/workloads", review); a.Result.Code != 504 {
		t.Errorf("the one that runs away: %+v", a)
	}
	if a := post(t, h, "/workloads", review); a.Result.Code != 429 {
		t.Errorf("the next one: %+v", a)
	}
	close(g.open)
	s := h.(*handler).fast.slots
	if err := s.Acquire(t.Context(), 1); err != nil { // until it has ended
		t.Fatal(err)
	}
	s.Release(1)
	if a := post(t, h, "/workloads", review); !a.Allowed {
		t.Errorf("when it has ended: %+v", a)
	}
}

func tlsServer(t *testing.T, h http.Handler) (*httptest.Server, *http.Client) {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ReadTimeout = time.Minute
	s.StartTLS() // HTTP/1.1, as the API server speaks to a Service
	t.Cleanup(s.Close)
	return s, s.Client()
}

func postTo(ctx context.Context, c *http.Client, url string, body io.Reader) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	return c.Do(r)
}

// T01: what is larger than the limit, with and without Content-Length, and many large ones at once: every one has its uid.
func TestHandler_answersLargeReviewsOverTLS(t *testing.T) {
	s, client := tlsServer(t, NewHandler(allow, quiet(Options{MaxBody: 8 << 20, InFlight: 16 << 20, MaxJudge: time.Minute})))
	escaped := func(n int) []byte { return body(t, `{"data":"`+strings.Repeat(`\u003c`, n/6)+`"}`, nil) }
	for _, c := range []struct {
		name    string
		size    int
		chunked bool
		at      int
		codes   []int32 // 0 for allowed
	}{
		{"small and chunked", 100, true, 1, []int32{0}},
		{"large", 7 << 20, false, 1, []int32{0}},
		{"large and chunked", 7 << 20, true, 1, []int32{0}},
		{"too large", 12 << 20, false, 1, []int32{413}},
		{"too large and chunked", 12 << 20, true, 1, []int32{413}},
		{"far too large", 20 << 20, false, 1, []int32{413}},
		{"many large ones", 7 << 20, false, 16, []int32{0, 429}},
		{"many chunked ones", 7 << 20, true, 16, []int32{0, 429}},
		{"many too large", 12 << 20, false, 8, []int32{413}},
	} {
		t.Run(c.name, func(t *testing.T) {
			review := escaped(c.size)
			var all sync.WaitGroup
			for range c.at {
				all.Go(func() {
					var r io.Reader = bytes.NewReader(review)
					if c.chunked {
						r = io.MultiReader(r) // http knows the length of a bytes.Reader
					}
					got, err := postTo(t.Context(), client, s.URL+"/workloads?timeout=30s", r) //nolint:bodyclose // response does
					if err != nil {
						t.Error(err)
						return
					}
					a, code := response(t, got), int32(0)
					if a == nil {
						t.Errorf("no answer to the review, but %s", got.Status)
						return
					}
					if !a.Allowed {
						code = a.Result.Code
					}
					if !bytes.Contains([]byte(a.UID), []byte("705ab4f5")) || !contains(c.codes, code) {
						t.Errorf("uid %s, code %d", a.UID, code)
					}
				})
			}
			all.Wait()
		})
	}
}

func contains(codes []int32, code int32) bool {
	for _, c := range codes {
		if c == code {
			return true
		}
	}
	return false
}

// T36: a body that stops coming is answered before the API server gives up, as an overload.
func TestHandler_answersABodyThatDoesNotCome(t *testing.T) {
	s, client := tlsServer(t, NewHandler(allow, quiet(Options{})))
	for _, entry := range []string{"workloads", "pods-audit"} {
		t.Run(entry, func(t *testing.T) {
			t.Parallel()
			read, write := io.Pipe()
			defer func() { _ = write.CloseWithError(errors.New("the test is over")) }()
			go func() { _, _ = write.Write(body(t, `{}`, nil)[:200]) }()
			begun := time.Now()
			got, err := postTo(t.Context(), client, s.URL+"/"+entry+"?timeout=1s", read) //nolint:bodyclose // response does
			if err != nil {
				t.Fatal(err)
			}
			if a := response(t, got); a == nil || a.Allowed != (entry == "pods-audit") || a.AuditAnnotations["reason"] != "slow-body" {
				t.Errorf("answer %+v", a)
			}
			if took := time.Since(begun); took > 900*time.Millisecond {
				t.Errorf("answered after %v, and the API server waits for one second", took)
			}
		})
	}
}

func TestHandler_countsNothingTwiceAndLeavesNothingHeld(t *testing.T) {
	seen := &events{}
	h := NewHandler(allow, quiet(Options{MaxBody: 64 << 10, FastBody: 1 << 10, Observer: seen})).(*handler)
	big := `{"data":"` + strings.Repeat("x", 66<<10) + `"}`
	for _, review := range [][]byte{
		body(t, `{}`, nil), body(t, strings.Replace(big, strings.Repeat("x", 20<<10), "", 1), nil), body(t, big, nil), []byte(`{`), nil,
		body(t, `{}`, func(r *admissionv1.AdmissionReview) { r.Request.UID = "" }),
	} {
		post(t, h, "/workloads", review)
	}
	if len(seen.all) != 6 || seen.inFlight != 0 {
		t.Errorf("%d events, %d in flight", len(seen.all), seen.inFlight)
	}
	for _, l := range []*lane{h.fast, h.large} {
		if n := l.waiting.Load(); n != 0 {
			t.Errorf("%d are waiting", n)
		}
	}
	if !h.large.bytes.TryAcquire(h.InFlight) || !h.large.slots.TryAcquire(int64(h.LargeSlots)) || !h.fast.bytes.TryAcquire(h.InFlight/2) || !h.fast.slots.TryAcquire(int64(h.Slots)) {
		t.Error("something is held")
	}
}
