package verdict_test

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/admission"
	"github.com/kslint/kslint/webhook/snapshot"
	"github.com/kslint/kslint/webhook/verdict"
)

//go:embed testdata/deployment.yaml
var realistic []byte

// maxAllocs is how many allocations one review of the realistic Deployment may take with all rules: a third more than measured.
const maxAllocs = 2900

func realisticReview(t testing.TB) (*verdict.Reviewer, *admission.Request, *admission.Request) {
	t.Helper()
	raw, err := yaml.YAMLToJSON(realistic)
	if err != nil {
		t.Fatal(err)
	}
	var o object
	if err := json.Unmarshal(raw, &o); err != nil {
		t.Fatal(err)
	}
	engine, all := everyRule()
	config, err := lint.ParseConfig("c", "/", []byte("rules: {workload-*: on}\n"+enforce+"versions: {kubernetes: v1.33.0, kubesphere: v4.1.3}\n"))
	if err != nil {
		t.Fatal(err)
	}
	r := reviewerOf(&snapshot.Snapshot{Engine: engine, Rules: all, Config: config}, known{"shop": {}}, verdict.Options{})
	return r, creation(o), change(o, o.with("spec.replicas", 5))
}

func BenchmarkReview(b *testing.B) {
	r, created, updated := realisticReview(b)
	for name, q := range map[string]*admission.Request{"create": created, "update": updated} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(q.Object)))
			for b.Loop() {
				if a := r.Review(context.Background(), q); !a.Allowed {
					b.Fatal(a.Message)
				}
			}
		})
	}
	b.Run("parallel", func(b *testing.B) {
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if a := r.Review(context.Background(), created); !a.Allowed {
					b.Error(a.Message)
				}
			}
		})
	})
}

func TestReview_allocations(t *testing.T) {
	r, created, _ := realisticReview(t)
	if a := asked(t, r, created); !a.Allowed || len(a.Warnings) > 0 {
		t.Fatalf("got %+v", a)
	}
	if n := testing.AllocsPerRun(20, func() { r.Review(context.Background(), created) }); n > maxAllocs {
		t.Errorf("%s", fmt.Sprintf("%.0f allocations, more than %d", n, maxAllocs))
	}
}
