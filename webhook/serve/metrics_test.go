package serve

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/kslint/kslint/webhook/admission"
)

func TestMetrics_haveTheirNamesAndNoLabelOfAClient(t *testing.T) {
	m := NewMetrics()
	s := run(t, Options{Certificates: lasting(newAuthority(t))})
	m.InFlight(1)
	for _, e := range []admission.Event{
		{Entry: "workloads", Kind: "Deployment", Operation: "CREATE", Decision: admission.Denied, Duration: 700 * time.Microsecond},
		{Entry: "workloads", Kind: "Evil" + strings.Repeat("x", 1000), Operation: "DROP TABLE", Decision: admission.Allowed, DryRun: true},
		{Entry: "workloads", Decision: admission.Shed, Reason: "wait"},
		{Entry: "workloads", Decision: admission.Oversize},
		{Entry: "workloads", Decision: admission.Failed, Reason: "panic"},
		{Entry: "workloads", Decision: admission.Failed, Reason: "deadline"},
	} {
		m.Answered(e)
	}
	m.RuleFailed("etcd-even-members")
	m.RuleFailed("")
	m.BeforeScrape(func() { m.PolicyInfo.WithLabelValues("sha256:12", "built-in", "accepted").Set(1) })
	w := httptest.NewRecorder()
	s.Metrics(m).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	body := w.Body.String()
	for _, want := range []string{
		`kslint_admission_requests_total{decision="deny",dry_run="false",entry="workloads",kind="Deployment",operation="CREATE"} 1`,
		`kslint_admission_requests_total{decision="allow",dry_run="true",entry="workloads",kind="other",operation="other"} 1`,
		`kslint_admission_duration_seconds_bucket{entry="workloads",le="0.0005"}`, `kslint_admission_duration_seconds_bucket{entry="workloads",le="3"}`,
		`kslint_admission_inflight 1`, `kslint_admission_shed_total{reason="wait"} 1`, `kslint_admission_oversize_total 1`, `kslint_admission_panics_total 2`,
		`kslint_admission_rule_errors_total{rule="etcd-even-members"} 1`, `kslint_policy_info{digest="sha256:12",source="built-in",state="accepted"} 1`,
		`kslint_policy_last_success_timestamp_seconds 0`, `kslint_certificate_not_after_timestamp_seconds{kind="serving",name="",namespace=""} 1.`,
		`kslint_ready{check="certificate"} 1`, `kslint_ready{check="draining"} 1`, `process_resident_memory_bytes`, `go_goroutines`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(body, "Evil") {
		t.Error("a label holds what a client chose")
	}
}

func TestAside_endsWithItsContext(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Aside(ctx, l, Profiles()) }()
	got, err := http.Get("http://" + l.Addr().String() + "/debug/pprof/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	if body, _ := io.ReadAll(got.Body); got.StatusCode != http.StatusOK || len(body) == 0 {
		t.Errorf("%s %s", got.Status, body)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
