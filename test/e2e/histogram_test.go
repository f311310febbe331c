package e2e

import (
	"bytes"
	"context"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// histogram is one of a replica's, how many by upper bound in seconds.
type histogram map[float64]int

// durations is how long the replica took for the reviews of workloads, by its own measure.
func (r *replica) durations(t *testing.T) histogram {
	t.Helper()
	data, err := get(r.metrics + "/metrics")
	must(t, err)
	h := histogram{}
	for line := range bytes.Lines(data) {
		rest, ok := strings.CutPrefix(string(line), `kslint_admission_duration_seconds_bucket{entry="workloads",le="`)
		if !ok {
			continue
		}
		bound, count, _ := strings.Cut(strings.TrimSpace(rest), `"} `)
		le, err := strconv.ParseFloat(bound, 64)
		must(t, err)
		n, err := strconv.ParseFloat(count, 64)
		must(t, err)
		h[le] = int(n)
	}
	if len(h) == 0 {
		t.Fatal("the replica has no histogram")
	}
	return h
}

// since is what was added to a histogram.
func (h histogram) since(before histogram) histogram {
	more := histogram{}
	for le, n := range h {
		more[le] = n - before[le]
	}
	return more
}

// quantile is the upper bound below which a share of all is, by the line between the bounds of its bucket, as Prometheus does.
func (h histogram) quantile(share float64) time.Duration {
	want := share * float64(h[math.Inf(1)])
	var lower, below float64
	for _, le := range slices.Sorted(maps.Keys(h)) {
		if n := float64(h[le]); n >= want && n > below {
			if math.IsInf(le, 1) {
				break
			}
			return time.Duration((lower + (le-lower)*(want-below)/(n-below)) * float64(time.Second))
		}
		lower, below = le, float64(h[le])
	}
	return time.Duration(lower * float64(time.Second))
}

// quantile is the time within which a share of the requests was answered.
func (t *tally) quantile(share float64) time.Duration {
	slices.Sort(t.latencies)
	if len(t.latencies) == 0 {
		return 0
	}
	return t.latencies[int(share*float64(len(t.latencies)-1))]
}

// unseen is a namespace that no webhook of ours is asked about.
const unseen = "kube-public"

// sounds sends nothing but sound manifests to a namespace at a rate, which pass whether there is a webhook or not.
func sounds(t *testing.T, namespace string, rate int, long time.Duration) *tally {
	t.Helper()
	l := newLoad(t)
	l.path = strings.Replace(l.path, "/"+tenant+"/", "/"+namespace+"/", 1)
	l.sound = []byte(strings.ReplaceAll(string(l.sound), "namespace: "+tenant, "namespace: "+namespace))
	l.faulty = l.sound
	l.right = nil
	ctx, stop := context.WithTimeout(t.Context(), long)
	defer stop()
	return l.open(ctx, rate)
}

// closed keeps workers busy for a while and gives how many were answered and how many of them not rightly.
func (s *straight) closed(t *testing.T, r *replica, workers int, long time.Duration) (sent, failed int) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), long)
	defer stop()
	var all sync.WaitGroup
	var answered, wrong atomic.Int64
	for range workers {
		all.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				err := s.ask(context.WithoutCancel(ctx), r, i%4 == 3)
				answered.Add(1)
				if err != nil {
					wrong.Add(1)
					t.Log(err)
				}
			}
		})
	}
	all.Wait()
	return int(answered.Load()), int(wrong.Load())
}
