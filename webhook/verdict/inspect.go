package verdict

import (
	"context"
	"slices"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/admission"
	"github.com/kslint/kslint/webhook/snapshot"
)

// Standing is one thing that is to be said about an object as it stands.
type Standing struct {
	// Rule is nil where the object, or YAML in a string of it, cannot be read.
	Rule     *lint.Rule
	Severity lint.Severity
	// Action is what admission would do if the object were created now, never deny under the profile observe.
	Action lint.Action
	// Message is the key of the rule's message; Path leads to the place; Text and Fix are words in the configured language.
	Message, Path, Text, Fix string
	// Failed says that the rule could not be evaluated, or that the object could not be read.
	Failed bool
	// Exempt is the reason of the exemption that accepts it, "" for none.
	Exempt string
	// Mark is the same for the same violation of the object at another time: what ratcheting goes by.
	Mark string
}

// Inspect judges the object of a request as Review judges one that is created, at an instant, and tells all that there is to be
// said about it, the gravest first. Nothing is ratcheted, and nothing is passed over for its operation or subresource. It always
// answers: where it breaks off, that is a Standing with Failed.
func (r *Reviewer) Inspect(ctx context.Context, q *admission.Request, at time.Time) (said []Standing) {
	p := r.plans.of(r.current(), r.options.Versions)
	most := p.most(q.Entry)
	defer func() {
		if v := recover(); v != nil {
			r.options.Log.Error("an inspection broke off", "kind", q.Kind.Kind)
			r.options.RuleFailed("")
			said = []Standing{p.standing(&item{severity: lint.Error, action: lint.Audit, failed: internal, mark: "internal"}, most)}
		}
	}()
	beside, unknown := r.options.Around(q.Namespace)
	found := r.judge(ctx, p.modeFor(q.Namespace, r.labels, unknown), q, q.Object, beside, at)
	for i := range found {
		said = append(said, p.standing(&found[i], most))
	}
	return said
}

func (p *plan) standing(i *item, most lint.Action) Standing {
	s := Standing{Severity: i.severity, Action: min(i.action, most), Path: i.path, Failed: i.failed != none, Mark: i.fingerprint()}
	if i.found == nil {
		for _, loaded := range p.Rules {
			if loaded.ID == i.rule {
				s.Rule = loaded.Rule
			}
		}
		s.Text = p.words.failures[i.failed]
		return s
	}
	words := i.found.Words(p.words.lang)
	s.Rule, s.Message, s.Exempt = i.found.Rule, i.found.Message, i.found.Waived
	s.Text, s.Fix = plain(words.Message), plain(words.Remediation)
	return s
}

// RulesAsked lists the rules of a snapshot that are asked about single objects in any namespace at all.
func RulesAsked(s *snapshot.Snapshot) []*lint.Rule {
	p, all := newPlan(s, nil), anywhere(s)
	var asked []*lint.Rule
	for _, loaded := range s.Rules {
		r := loaded.Rule
		if r.Scope != lint.OneDocument && !slices.Contains(alone, r.ID) {
			continue
		}
		if a := p.actionsOf(r, s.Config.Setting(r.ID), all); a.runs() {
			asked = append(asked, r)
		}
	}
	return asked
}

// anywhere has every namespace entry of the configuration hold: whatever runs anywhere runs there.
func anywhere(s *snapshot.Snapshot) []byte {
	if s.Config == nil || s.Config.Enforcement == nil {
		return nil
	}
	return slices.Repeat([]byte{byte(maybe)}, len(s.Config.Enforcement.Namespaces))
}
