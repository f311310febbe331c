package verdict

import (
	"slices"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/facts"
	"github.com/kslint/kslint/webhook/snapshot"
)

// FactsAsked lists the kinds of facts about what stands around an object that rules of a snapshot look at, wherever one of these
// rules runs in any namespace at all: what somebody has to know for Options.Around.
func FactsAsked(s *snapshot.Snapshot) []string {
	p, all := newPlan(s, nil), anywhere(s)
	asked := map[string]bool{}
	for _, loaded := range s.Rules {
		r := loaded.Rule
		if a := p.actionsOf(r, s.Config.Setting(r.ID), all); !a.runs() {
			continue
		}
		for _, kind := range r.Facts {
			asked[kind] = true
		}
	}
	return slices.DeleteFunc(facts.KindsAround(), func(kind string) bool { return !asked[kind] })
}

// LabelsAsked tells whether the configuration of a snapshot chooses namespaces by their labels.
func LabelsAsked(s *snapshot.Snapshot) bool {
	if s.Config == nil || s.Config.Enforcement == nil {
		return false
	}
	for _, e := range s.Config.Enforcement.Namespaces {
		if e.Selector != nil {
			return true
		}
	}
	return false
}

// Asked tells whether a rule is asked at admission: one that judges an object by itself.
func Asked(r *lint.Rule) bool { return r.Scope == lint.OneDocument || slices.Contains(alone, r.ID) }
