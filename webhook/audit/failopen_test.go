package audit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kslint/kslint/webhook/audit"
)

func scraped(start float64, ours, other int) string {
	return fmt.Sprintf(`# HELP apiserver_admission_webhook_fail_open_count [ALPHA] Admission webhook fail open count
# TYPE apiserver_admission_webhook_fail_open_count counter
apiserver_admission_webhook_fail_open_count{name="workloads.kslint.io",type="validating"} %d
apiserver_admission_webhook_fail_open_count{name="configurations.kslint.io",type="validating"} 1
apiserver_admission_webhook_fail_open_count{name="others.example.org",type="validating"} %d
apiserver_admission_webhook_rejection_count{name="workloads.kslint.io"} 7
process_start_time_seconds %g
`, ours, other, start)
}

// T35: what the API server counts is counted, and a pass follows soon.
func TestFailOpen_T35_isCountedAndLookedAfter(t *testing.T) {
	s := world()
	s.add(hooks, hook(t, nil))
	s.scraped = scraped(1.6e9, 5, 0)
	store, _ := configured(t, enforce)
	o := options(t, s, store)
	o.FailOpen = true
	r := run(t, o, quick)
	r.await(t, 1)
	read := func(times int) {
		t.Helper()
		before := 0
		s.do(func() { before = s.asked["get /metrics"] })
		soon(t, "the metrics are read", r.log.String, func() bool {
			s.mu.Lock()
			defer s.mu.Unlock()
			return s.asked["get /metrics"] >= before+times
		})
	}
	read(2)
	if m := r.metrics(); !strings.Contains(m, "kslint_failopen_detected_total 0\n") || r.passes() != 1 {
		t.Errorf("what was counted before is no news: %d passes, %s", r.passes(), m)
	}
	s.add(deployments, deployment("shop", "web", faulty))
	s.do(func() { s.scraped = scraped(1.6e9, 8, 4) })
	r.await(t, 2)
	if m := r.metrics(); !strings.Contains(m, "kslint_failopen_detected_total 3\n") || len(names(s.report("shop"))) != 1 {
		t.Error(m)
	}
	s.do(func() { s.scraped = "nothing 1\n" })
	soon(t, "an error is told", r.log.String, func() bool {
		return !strings.Contains(r.metrics(), `kslint_audit_errors_total{reason="fail-open"} 0`)
	})
}

// TestFailOpen_tellsAPIServersApart: each has a count of its own, and begins at 0 when it begins.
func TestFailOpen_tellsAPIServersApart(t *testing.T) {
	begun := time.Unix(2000, 0)
	for _, c := range []struct {
		name     string
		readings [][2]any
		want     []float64
	}{
		{"one", [][2]any{{"1000", 5.0}, {"1000", 5.0}, {"1000", 7.0}}, []float64{0, 0, 2}},
		{"two in turn", [][2]any{{"1000", 5.0}, {"1001", 90.0}, {"1000", 6.0}, {"1001", 90.0}}, []float64{0, 0, 1, 0}},
		{"a restart", [][2]any{{"1000", 5.0}, {"3000", 2.0}, {"3000", 3.0}}, []float64{0, 2, 1}},
		{"no start", [][2]any{{"now", 5.0}, {"now", 6.0}}, []float64{0, 1}},
	} {
		if got := audit.Rises(begun, c.readings); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestFailOpen_readsTwoMetricsOfMany(t *testing.T) {
	ours := map[string]bool{"workloads.kslint.io": true, "configurations.kslint.io": true}
	for _, c := range []struct {
		name, text, start string
		count             float64
		wrong             bool
	}{
		{"all", scraped(1.5, 3, 9), "1.5", 4, false},
		{"no webhook has failed", "process_start_time_seconds 2\n", "2", 0, false},
		{"another program's", "go_goroutines 9\n", "", 0, true},
		{"a line without end", strings.Repeat("x", 2<<20), "", 0, true},
		{"a value that is none", "apiserver_admission_webhook_fail_open_count{name=\"workloads.kslint.io\"} many\nprocess_start_time_seconds 2\n", "2", 0, false},
	} {
		start, count, err := audit.ReadFailOpen(strings.NewReader(c.text), ours)
		if start != c.start || count != c.count || (err != nil) != c.wrong {
			t.Errorf("%s: %s %v %v", c.name, start, count, err)
		}
	}
}
