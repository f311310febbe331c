package lint

import (
	"strings"
	"testing"
)

func reportOf(findings ...Finding) *Report {
	r := &Report{Findings: findings}
	for _, f := range findings {
		r.Asked(f.File, f.Rule.ID)
	}
	r.Sort()
	return r
}

func TestBaseline_acceptsWhatItKnowsAndNothingElse(t *testing.T) {
	rule, other := &Rule{ID: "a"}, &Rule{ID: "b"}
	files := []*File{{Source: &Source{Name: "x.yaml"}}}
	at := func(r *Rule, path string) Finding {
		return Finding{Rule: r, File: "x.yaml", Path: Path{path}, Identity: path}
	}
	ignored := at(rule, "ignored")
	ignored.Waived = "a lab"
	b := NewBaseline("known.json", reportOf(at(rule, "p"), at(rule, "p"), ignored))
	if len(b.Known) != 2 {
		t.Fatalf("expected the two that nobody had accepted, got %v", b.Known)
	}
	for name, c := range map[string]struct {
		now      *Report
		accepted int
		note     string
	}{
		"the same":                    {reportOf(at(rule, "p"), at(rule, "p"), ignored), 2, ""},
		"one more of the same":        {reportOf(at(rule, "p"), at(rule, "p"), at(rule, "p")), 2, ""},
		"another rule":                {reportOf(at(rule, "p"), at(rule, "p"), at(other, "p")), 2, ""},
		"one is mended":               {reportOf(at(rule, "p")), 1, "mended: 1;"},
		"now accepted where it is":    {reportOf(at(rule, "p"), func() Finding { f := at(rule, "p"); f.Waived = "x"; return f }()), 1, ""},
		"the rule was not asked":      {&Report{}, 0, ""},
		"it was asked and is content": {func() *Report { r := &Report{}; r.Asked("x.yaml", "a"); return r }(), 0, "mended: 2;"},
	} {
		t.Run(name, func(t *testing.T) {
			b.Accept(c.now, files)
			accepted := 0
			for _, f := range c.now.Findings {
				if f.Waived == "baseline known.json" {
					accepted++
				}
			}
			notes := ""
			for _, n := range c.now.Notes {
				notes += n.Reason
			}
			if accepted != c.accepted || (c.note == "") != (notes == "") || !strings.Contains(notes, c.note) {
				t.Errorf("%d accepted, %d expected; %q, %q expected", accepted, c.accepted, notes, c.note)
			}
		})
	}
}

// Files that are read only because others need them say nothing about themselves.
func TestBaseline_ofContextNothingIsMended(t *testing.T) {
	b := &Baseline{Name: "known.json", Known: []Known{{"a", "x.yaml", "p", "sha256:0"}}}
	r := &Report{}
	r.Asked("x.yaml", "a")
	b.Accept(r, []*File{{Source: &Source{Name: "x.yaml", Context: true}}})
	if len(r.Notes) != 0 {
		t.Error(r.Notes)
	}
}
