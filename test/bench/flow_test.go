package bench

import (
	"context"
	"testing"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/document"
	"github.com/kslint/kslint/lint/policy"
	"github.com/kslint/kslint/policies"
	"github.com/kslint/kslint/test/generate"
)

// flow runs everything that the command does with one file, in this process: what to profile.
func flow(b *testing.B, text string) {
	b.Helper()
	for b.Loop() {
		reading := &lint.Reading{Sources: []*lint.Source{{Name: "a.yaml", Data: []byte(text)}}}
		files := lint.Open(reading, document.Decode)
		index, err := policy.Open(policy.Folder{Name: "policies", Files: policies.Files, Checked: true})
		if err != nil {
			b.Fatal(err)
		}
		rules, err := index.For(lint.Documents(files), lint.Choice{}.Named)
		if err != nil {
			b.Fatal(err)
		}
		sets := lint.Sets(files)
		lint.FindVersions(sets, nil)
		engine, err := index.Compile(rules, 1)
		if err != nil {
			b.Fatal(err)
		}
		report := engine.Check(context.Background(), sets, policy.Question{Now: time.Unix(0, 0)})
		if len(report.Findings)+len(report.Failures) > 0 {
			b.Fatalf("%+v %+v", report.Findings, report.Failures)
		}
	}
}

func BenchmarkFlow_clusterConfiguration(b *testing.B) { flow(b, generate.ClusterConfiguration()) }

func BenchmarkFlow_100Workloads(b *testing.B) { flow(b, generate.Workloads(1, 100, 2)) }
