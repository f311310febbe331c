package lint_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/kslint/kslint/lint"
)

func TestGuard_keepsTheLabelsOfSelectors(t *testing.T) {
	c, err := lint.ParseConfig("c", "/", []byte(`
enforcement:
  guard: {users: [ann], groups: [platform], labels: [team]}
  namespaces:
  - {names: [a], rules: {x: warn}}
  - selector: {matchLabels: {tier: tenant}, matchExpressions: [{key: stage, operator: Exists}, {key: tier, operator: Exists}]}
    rules: {x: deny}
`))
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Enforcement.GuardedLabels(); !slices.Equal(got, []string{"stage", "team", "tier"}) {
		t.Errorf("got %v", got)
	}
	g := c.Enforcement.Guard
	if !g.Allows("ann", nil) || !g.Allows("bob", []string{"dev", "platform"}) || g.Allows("bob", []string{"platform-2"}) || g.Allows("platform", nil) {
		t.Error("the wrong people may")
	}
	if got := (&lint.Enforcement{Namespaces: c.Enforcement.Namespaces}).GuardedLabels(); got != nil {
		t.Errorf("without a guard: %v", got)
	}
}

func TestGuard_isRefusedWhereItGuardsNothing(t *testing.T) {
	for text, says := range map[string]string{
		`{labels: [tier]}`:              "users or groups is missing",
		`{users: [ann]}`:                "labels is missing",
		`{users: [""], labels: [tier]}`: "a name is empty",
		`{user: [ann]}`:                 "user",
	} {
		if _, err := lint.ParseConfig("c", "/", []byte("enforcement: {guard: "+text+"}")); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
