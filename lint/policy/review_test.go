package policy

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/document"
)

func reviewRule(id, custom, body string) *fstest.MapFile {
	return &fstest.MapFile{Data: fmt.Appendf(nil, `# METADATA
# title: Title
# description: Description.
# custom:
#   severity: warning
#   targets: [node]
#   %s
#   message: found
#   remediation: Fix it.
#   zh: {title: 标题, description: 说明。, message: 发现, remediation: 修复。}
package policies.rules.area[%q]

%s
`, custom, id, body)}
}

func reviewed(t *testing.T, change func(*Engine), q Review) (findings, failures []string) {
	t.Helper()
	return reviewedIn(context.Background(), t, change, q)
}

func reviewedIn(ctx context.Context, t *testing.T, change func(*Engine), q Review) (findings, failures []string) {
	t.Helper()
	index, err := Open(Folder{Name: "p", Files: fstest.MapFS{
		"rules/area/a/rule.rego":     reviewRule("a", "scope: document", `deny contains {"path": [], "args": {}} if true`),
		"rules/area/b/rule.rego":     reviewRule("b", "scope: document", `deny contains {"path": [], "args": {}} if true`),
		"rules/area/fails/rule.rego": reviewRule("fails", "scope: document", `deny contains {"path": [], "args": {}} if to_number(input.document.value.kind)`),
		"rules/area/set/rule.rego":   reviewRule("set", "scope: set", `deny contains {"path": [], "args": {}, "document": 0} if true`),
		"rules/area/slow/rule.rego": reviewRule("slow", "default: off", `deny contains {"path": [], "args": {}} if {
	some i in numbers.range(1, 3000)
	some j in numbers.range(1, 3000)
	i + j == 0
}`),
	}})
	if err != nil {
		t.Fatal(err)
	}
	all, err := index.All()
	if err != nil {
		t.Fatal(err)
	}
	e, err := index.Compile(all, 1)
	if err != nil {
		t.Fatal(err)
	}
	change(e)
	if q.File == nil {
		q.File = &lint.File{}
	}
	q.File.Source = &lint.Source{Name: "x", Data: []byte(`{"apiVersion":"v1","kind":"Node"}`)}
	q.File.Documents = document.Object(q.File.Source, lint.Resource{})
	lint.Classify(q.File.Documents)
	report := e.Review(ctx, q)
	for _, f := range report.Findings {
		findings = append(findings, f.Rule.ID)
	}
	for _, f := range report.Failures {
		failures = append(failures, f.Rule+": "+f.Reason)
	}
	return findings, failures
}

func TestReview_aRuleThatFailsHidesNoOther(t *testing.T) {
	found, failed := reviewed(t, func(*Engine) {}, Review{})
	if !slices.Equal(found, []string{"a", "b"}) || len(failed) != 1 || !strings.HasPrefix(failed[0], "fails: the rule cannot be evaluated: ") {
		t.Errorf("got %q, failed %q", found, failed)
	}
}

func TestReview_aRuleThatPanicsHidesNoOther(t *testing.T) {
	found, failed := reviewed(t, func(e *Engine) { e.rules[1].part = 7 }, Review{})
	if !slices.Equal(found, []string{"a"}) || len(failed) != 2 || !strings.HasPrefix(strings.Join(failed, "\n"), "fails: ") || !strings.Contains(strings.Join(failed, "\n"), "b: the rule cannot be evaluated: panic") {
		t.Errorf("got %q, failed %q", found, failed)
	}
}

func TestReview_asksOnlyNamedRulesOfASet(t *testing.T) {
	found, _ := reviewed(t, func(*Engine) {}, Review{Alone: []string{"set"}})
	if !slices.Equal(found, []string{"a", "b", "set"}) {
		t.Errorf("got %q", found)
	}
	off := false
	config := &lint.Config{Rules: map[string]lint.RuleConfig{"set": {On: &off}}}
	found, _ = reviewed(t, func(*Engine) {}, Review{Alone: []string{"set"}, File: &lint.File{Config: config}})
	if !slices.Equal(found, []string{"a", "b"}) {
		t.Errorf("switched off, got %q", found)
	}
}

func TestReview_aSlowRuleLeavesTimeForTheOthers(t *testing.T) {
	on := true
	config := &lint.Config{Rules: map[string]lint.RuleConfig{"slow": {On: &on}}}
	limits := Review{Together: 50 * time.Millisecond, Each: 200 * time.Millisecond, File: &lint.File{Config: config}}
	found, failed := reviewed(t, func(*Engine) {}, limits)
	if !slices.Equal(found, []string{"a", "b"}) || !slices.Contains(failed, "slow: "+TooLate) {
		t.Errorf("got %q, failed %q", found, failed)
	}
}

// A rule begins with builtins that nothing stops: it must not be begun when nobody waits for it.
func TestReview_beginsNothingWhenTheTimeIsOver(t *testing.T) {
	over, cancel := context.WithCancel(context.Background())
	cancel()
	found, failed := reviewedIn(over, t, func(e *Engine) { e.parts = nil }, Review{Alone: []string{"set"}})
	if len(found) != 0 || !slices.Equal(failed, []string{"a: " + TooLate, "b: " + TooLate, "fails: " + TooLate, "set: " + TooLate}) {
		t.Errorf("got %q, failed %q", found, failed)
	}
}
