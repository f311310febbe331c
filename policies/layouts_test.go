package policies_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/facts/facttest"
	"github.com/kslint/kslint/lint/policy"
)

// injected is one fault in a whole cluster: exactly one rule finds it, in one place.
type injected struct {
	rule    string
	kind    facttest.Kind
	masters int
	edits   []facttest.Edit
	change  func(*facttest.Layout)
	file    string
	line    int
}

// inject runs whole clusters, each with its fault, through all rules.
func inject(t *testing.T, faults []injected) {
	t.Helper()
	engine := wholeEngine(t)
	for i, f := range faults {
		t.Run(fmt.Sprintf("%s/%d", f.rule, i), func(t *testing.T) {
			l := facttest.Write(f.kind, f.masters, f.edits...)
			if f.change != nil {
				f.change(l)
			}
			want := fmt.Sprintf("%s:%d [%s]", f.file, f.line, f.rule)
			got := spoken(t, engine, l)
			if len(got) != 1 || !strings.HasPrefix(got[0], want) {
				t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), want)
			}
		})
	}
}

// TestLayouts_soundClustersAreQuiet runs whole clusters as KubeKey and kubeadm lay them down through all rules: complete, and
// with half of the files missing.
func TestLayouts_soundClustersAreQuiet(t *testing.T) {
	engine := wholeEngine(t)
	for _, kind := range facttest.Kinds() {
		for _, masters := range []int{1, 3} {
			for half := range 3 {
				t.Run(fmt.Sprintf("%s/%d/%d", kind, masters, half), func(t *testing.T) {
					l := facttest.Write(kind, masters)
					for i, name := range l.Names() {
						if half > 0 && i%2 == half-1 {
							delete(l.Files, name)
						}
					}
					if got := spoken(t, engine, l); len(got) > 0 {
						t.Errorf("a sound cluster:\n  %s", strings.Join(got, "\n  "))
					}
				})
			}
		}
	}
}

func wholeEngine(t *testing.T) *policy.Engine {
	t.Helper()
	index := open(t)
	rules, err := index.All()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := index.Compile(context.Background(), rules)
	if err != nil {
		t.Error(err)
		engine, _ = soundOnly(t, index, rules)
	}
	return engine
}

// spoken lists the findings at warning or above of a cluster.
func spoken(t *testing.T, engine *policy.Engine, l *facttest.Layout) []string {
	t.Helper()
	sets := facttest.Open(l.Files)
	lint.FindVersions(sets, nil)
	report := engine.Check(context.Background(), sets, policy.Question{Now: facttest.Now})
	report.Sort()
	for _, f := range report.Failures {
		t.Errorf("failure: %s:%d: %s %s", f.File, f.Range.Line, f.Rule, f.Reason)
	}
	var got []string
	for _, f := range report.Findings {
		if f.Severity > lint.Info {
			got = append(got, fmt.Sprintf("%s:%d [%s] %s", f.File, f.Range.Line, f.Rule.ID, f.Words(lint.English).Message))
		}
	}
	slices.Sort(got)
	return got
}
