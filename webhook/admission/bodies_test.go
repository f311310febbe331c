package admission

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The memory of a large body is used again, and never while somebody looks at it, not even one who has run out of time.
func TestHandler_largeBodiesStayWhatTheyAre(t *testing.T) {
	h := NewHandler(reviewer(func(_ context.Context, r *Request) Answer {
		before := bytes.Clone(r.Object)
		if bytes.Contains(r.Object, []byte("slow")) {
			time.Sleep(1500 * time.Millisecond) // its answer is no longer waited for
		}
		time.Sleep(5 * time.Millisecond)
		if !bytes.Equal(before, r.Object) {
			t.Error("the body has changed under the Reviewer")
		}
		return Answer{Allowed: true, Warnings: []string{string(r.Object[len(r.Object)-3 : len(r.Object)-2])}}
	}), quiet(Options{InFlight: 8 << 20, MaxBody: 4 << 20, LargeSlots: 4, QueueWait: 20 * time.Second, MaxJudge: time.Second}))
	var all sync.WaitGroup
	var judged atomic.Int64
	for i := range 48 {
		all.Go(func() {
			mark, size := string(rune('a'+i%26)), (1+i%3)<<20
			fill := strings.Repeat(mark, size)
			if i%12 == 0 {
				fill = "slow" + fill
			}
			a := post(t, h, "/workloads?timeout=30s", body(t, `{"data":"`+fill+`"}`, nil))
			if a.Allowed { // a busy machine may have no time for some
				judged.Add(1)
				if a.Warnings[0] != mark {
					t.Errorf("%s: got the verdict of %s", mark, a.Warnings[0])
				}
			}
		})
	}
	all.Wait()
	if judged.Load() == 0 {
		t.Error("none was judged")
	}
}

func TestBodies_areUsedAgain(t *testing.T) {
	var b bodies
	again := 0
	for range 20 { // a pool may lose some, and under the race detector does
		first := b.take(7 << 20)
		b.give(first)
		if second := b.take(8 << 20); &second[0] == &first[0] {
			again++
		}
		if third := b.take(9 << 20); len(third) != 9<<20 || &third[0] == &first[0] {
			t.Fatal("one that is held, or too small, was given away")
		}
	}
	if again == 0 {
		t.Error("none was used again")
	}
}
