package verdict_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/snapshot"
	"github.com/kslint/kslint/webhook/verdict"
)

// TestInspect_saysWhatReviewDecides: the same rules, actions and exemptions, whole and without limits.
func TestInspect_saysWhatReviewDecides(t *testing.T) {
	const exempt = `exemptions: [{rule: bad-image, match: {kind: Deployment, name: web}, reason: known, owner: o, expiry: 2026-09-01}]` + "\n"
	q := creation(deployment(container("a", "x:bad"), container("b", "x:bad")))
	for _, c := range []struct {
		name, config string
		at           time.Time
		action       lint.Action
		exempt       string
	}{
		{"denied", enforce, instant, lint.Deny, ""},
		{"observed", "{}\n", instant, lint.Warn, ""},
		{"exempt", enforce + exempt, instant, lint.Audit, "known"},
		{"no more", enforce + exempt, instant.AddDate(0, 2, 0), lint.Deny, ""},
	} {
		said := reviewer(t, c.config, nil).Inspect(context.Background(), q, c.at)
		var marks []string
		for _, s := range said {
			if s.Rule == nil || s.Rule.ID != "bad-image" {
				continue
			}
			marks = append(marks, s.Mark)
			if s.Action != c.action || s.Exempt != c.exempt || s.Failed || s.Severity != lint.Error || s.Text == "" || s.Fix == "" || s.Path == "" {
				t.Errorf("%s: %+v", c.name, s)
			}
		}
		if slices.Sort(marks); len(marks) != 2 || marks[0] == marks[1] {
			t.Errorf("%s: %q", c.name, marks)
		}
	}
}

func TestInspect_whatCannotBeReadIsSaid(t *testing.T) {
	q := creation(deployment(container("a", "good")))
	q.Object = []byte("{")
	said := reviewer(t, enforce, nil).Inspect(context.Background(), q, instant)
	if len(said) != 1 || !said[0].Failed || said[0].Rule != nil || said[0].Text == "" {
		t.Errorf("%+v", said)
	}
}

// TestInspect_aPanicIsSaid: a broken neighbour does not end who inspects.
func TestInspect_aPanicIsSaid(t *testing.T) {
	r := reviewerOf(snapshotOf(t, enforce), nil, verdict.Options{Around: func(string) ([]*lint.Document, []string) { panic("boom") }})
	said := r.Inspect(context.Background(), creation(deployment(container("a", "good"))), instant)
	if len(said) != 1 || !said[0].Failed || said[0].Action == lint.Deny {
		t.Errorf("%+v", said)
	}
}

func TestRulesAsked(t *testing.T) {
	ids := func(s *snapshot.Snapshot) (all []string) {
		for _, r := range verdict.RulesAsked(s) {
			all = append(all, r.ID)
		}
		return all
	}
	every := ids(snapshotOf(t, "{}\n"))
	if !slices.Contains(every, "bad-image") {
		t.Error(every)
	}
	for config, want := range map[string]bool{
		"rules: {bad-image: off}\n":                                                                      false,
		"enforcement: {rules: {bad-image: off}}\n":                                                       false,
		"enforcement: {namespaces: [{names: [a], rules: {bad-image: off}}]}\n":                           true,
		"enforcement: {rules: {bad-image: off}, namespaces: [{names: [a], rules: {bad-image: deny}}]}\n": true,
	} {
		if got := slices.Contains(ids(snapshotOf(t, config)), "bad-image"); got != want {
			t.Errorf("%s: %v", config, got)
		}
	}
}
