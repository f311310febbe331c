package verdict_test

import (
	"slices"
	"testing"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/facts"
	"github.com/kslint/kslint/webhook/snapshot"
	"github.com/kslint/kslint/webhook/verdict"
)

// TestFactsAsked: nothing is read of the cluster that no rule looks at.
func TestFactsAsked(t *testing.T) {
	engine, all := everyRule()
	const none = "rules: {ks-core-no-requests-limits: off}\n"
	for _, c := range []struct {
		name, config string
		want         []string
		labels       bool
	}{
		{"one rule of KubeSphere's own workloads is on by default", "", []string{facts.Limits}, false},
		{"no rule that looks at any", none, nil, false},
		{"a rule is switched on", "rules: {workload-readiness-missing: on, ks-core-no-requests-limits: off}", []string{facts.Services}, false},
		{"off by its severity", "enforcement: {error: off, warning: off, info: off}", nil, false},
		{"on for a namespace", none + "enforcement: {namespaces: [{names: [shop], rules: {workload-readiness-missing: warn}}]}", []string{facts.Services}, false},
		{"on by a selector", none + "enforcement: {namespaces: [{names: [shop], rules: {workload-readiness-missing: warn}}, {selector: {matchLabels: {a: b}}, rules: {'workload-*': deny}}]}", facts.KindsAround(), true},
		{"a glob for all switches nothing on", none + "enforcement: {namespaces: [{names: [shop], rules: {'*': deny}}]}", nil, false},
		{"of no namespace", none + "enforcement: {rules: {workload-cpu-limit-missing: audit}}", []string{facts.Limits}, false},
	} {
		config, err := lint.ParseConfig("c", "/", []byte(c.config))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		s := &snapshot.Snapshot{Engine: engine, Rules: all, Config: config}
		if got := verdict.FactsAsked(s); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
		if got := verdict.LabelsAsked(s); got != c.labels {
			t.Errorf("%s: asked for labels: %v", c.name, got)
		}
	}
}
