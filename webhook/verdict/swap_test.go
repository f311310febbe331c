package verdict_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/document"
	"github.com/kslint/kslint/lint/facts"
	"github.com/kslint/kslint/webhook/snapshot"
	"github.com/kslint/kslint/webhook/verdict"
)

// TestReview_isJudgedByOneSnapshot swaps the configuration under load: each answer is that of the snapshot whose digest it names.
func TestReview_isJudgedByOneSnapshot(t *testing.T) {
	denying, observing := snapshotOf(t, tenants), snapshotOf(t, "lang: zh")
	denying.Digest, observing.Digest = "denying", "observing"
	var current atomic.Pointer[snapshot.Snapshot]
	current.Store(denying)
	r := verdict.New(current.Load, known{"p": {"tier": "prod"}}, func() time.Time { return instant }, verdict.Options{Log: quiet})
	q := creation(bad.with("metadata.namespace", "p"))
	var work sync.WaitGroup
	for range 4 {
		work.Go(func() {
			for i := range 100 {
				if i%2 == 0 {
					current.Store(denying)
				} else {
					current.Store(observing)
				}
				a := r.Review(context.Background(), q)
				if a.Allowed != (a.Audit["policy-digest"] == "observing") {
					t.Errorf("allowed %v by %s", a.Allowed, a.Audit["policy-digest"])
				}
			}
		})
	}
	work.Wait()
}

// TestReview_theBaselineOfTenants: the platform's team switches the rules about anybody's workloads on for some namespaces.
func TestReview_theBaselineOfTenants(t *testing.T) {
	engine, all := everyRule()
	config, err := lint.ParseConfig("c", "/", []byte(`
enforcement:
  profile: enforce
  namespaces:
  - {selector: {matchLabels: {tenant: "yes"}}, rules: {workload-memory-limit-missing: deny, workload-liveness-missing: warn}}
`))
	if err != nil {
		t.Fatal(err)
	}
	limits := &lint.Source{Data: []byte(`{"apiVersion":"v1","kind":"LimitRange","metadata":{"name":"a","namespace":"limited"},
		"spec":{"limits":[{"type":"Container","default":{"memory":"1Gi"}}]}}`)}
	around := func(namespace string) ([]*lint.Document, []string) {
		switch namespace {
		case "early":
			return nil, []string{facts.Limits, facts.Services}
		case "limited":
			documents := document.Object(limits, lint.Resource{})
			lint.Classify(documents)
			return documents, []string{facts.Services}
		}
		return nil, nil
	}
	tenant := map[string]string{"tenant": "yes"}
	namespaces := known{"tenant": tenant, "limited": tenant, "early": tenant, "ours": {}}
	r := reviewerOf(&snapshot.Snapshot{Engine: engine, Rules: all, Config: config}, namespaces, verdict.Options{Around: around})
	o := deployment(container("a", "registry.example.com/x:1"))
	for namespace, want := range map[string]string{
		"tenant":  "deny workload-liveness-missing: warn, workload-memory-limit-missing: deny",
		"unknown": "deny workload-liveness-missing: warn, workload-memory-limit-missing: deny",
		"limited": "warn workload-liveness-missing: warn",
		"early":   "warn workload-liveness-missing: warn", // before the first LimitRange is known: silence, not a false alarm
		"ours":    "allow ",
	} {
		a := asked(t, r, creation(o.with("metadata.namespace", namespace)))
		if got := a.Audit["decision"] + " " + a.Audit["rules"]; got != want {
			t.Errorf("%s: got %s, want %s", namespace, got, want)
		}
	}
}
