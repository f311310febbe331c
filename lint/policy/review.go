package policy

import (
	"context"
	"slices"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/facts"
)

// Review is what is asked about one object.
type Review struct {
	// File holds the documents of the object and of what it carries in strings, and the configuration.
	File *lint.File
	// Alone names the rules with scope: set that judge an object by itself. No others of that scope are asked: one that looks at a
	// whole set must not judge by what is not there.
	Alone []string
	// Beside are the other documents that are known of the object's namespace, see package facts.
	Beside []*lint.Document
	Now    time.Time
	// Together is how long rules may be evaluated together, Each how long one by one where that fails: one that takes long is to
	// leave time for the others. 0 is as long as the context allows.
	Together, Each time.Duration
}

// Review asks the rules about one object, as Check does about a file that holds nothing else, for those who judge many objects at
// once: on the caller's goroutine, and a rule that panics is a failure like one that cannot be evaluated.
func (e *Engine) Review(ctx context.Context, q Review) *lint.Report {
	f := q.File
	around := facts.AroundIn(slices.Concat(f.Documents, q.Beside))
	report := &lint.Report{Documents: len(f.Documents)}
	for _, d := range f.Documents {
		before := len(report.Findings)
		look := &podLook{object: d.Value}
		own := look.with(ctx)
		for _, g := range e.groups(d, f.Config, lint.Choice{}, look, report) {
			subject := [][2]*ast.Term{ast.Item(ast.StringTerm("document"), ast.NewTerm(described(d, nil, g.target, g.yaml)))}
			if len(g.facts) > 0 {
				subject = append(subject, ast.Item(ast.StringTerm("facts"), ast.NewTerm(around.Input(d.Object.Namespace, g.facts))))
			}
			e.review(own, q, g.rules, d, subject, report)
		}
		report.Unread(d, len(report.Findings) > before)
	}
	e.reviewAlone(ctx, q, report)
	return report
}

// TooLate is the reason of the failure of a rule that had not been evaluated when its time was over.
const TooLate = "the rule cannot be evaluated in time"

// review evaluates rules together and, where that fails, one by one.
func (e *Engine) review(ctx context.Context, q Review, rules []compiled, d *lint.Document, subject [][2]*ast.Term, report *lint.Report) {
	eval := func(rules []compiled, limit time.Duration) (late bool, err error) {
		own, cancel := limited(ctx, limit)
		defer cancel()
		found := &lint.Report{}
		err = guarded(func() error {
			answer, err := e.eval(own, rules, e.input(rules, q.File.Config, d.Versions, q.Now, subject...))
			if err == nil {
				answer.collect(rules, []*lint.Document{d}, []*lint.File{q.File}, found)
			}
			return err
		})
		if err == nil {
			report.Add(found)
		}
		return own.Err() != nil, err
	}
	if len(rules) > 1 && ctx.Err() == nil {
		if _, err := eval(rules, q.Together); err == nil {
			return
		}
	}
	for _, r := range rules {
		why := TooLate
		if ctx.Err() == nil { // even what is stopped at once has begun with the first builtin
			late, err := eval([]compiled{r}, q.Each)
			if err == nil {
				continue
			}
			if !late {
				why = reason(err)
			}
		}
		report.Failures = append(report.Failures, lint.Failure{File: d.Source.Name, Range: d.Start(), Rule: r.ID, Reason: why})
	}
}

func limited(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if limit <= 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, limit)
}

// guarded turns a panic into an error.
func guarded(do func() error) (err error) {
	defer caught(&err)
	return do()
}

// reviewAlone asks the rules of a set that judge an object by itself.
func (e *Engine) reviewAlone(ctx context.Context, q Review, report *lint.Report) {
	f := q.File
	for _, r := range e.rules {
		if r.Scope != lint.OneSet || !slices.Contains(q.Alone, r.ID) || !(lint.Choice{}).Runs(r.Rule, f.Config) {
			continue
		}
		if !slices.ContainsFunc(f.Documents, r.speaksFor) {
			continue
		}
		if ctx.Err() != nil {
			report.Failures = append(report.Failures, lint.Failure{File: f.Name, Rule: r.ID, Reason: TooLate})
			continue
		}
		s := &lint.Set{Files: []*lint.File{f}, Versions: f.Documents[0].Versions}
		own, cancel := limited(ctx, q.Each)
		found := &lint.Report{}
		err := guarded(func() error {
			found = e.checkSet(own, s, Question{Choice: lint.Choice{Only: []string{r.ID}}, Now: q.Now})
			return nil
		})
		if err != nil {
			found.Failures = append(found.Failures, lint.Failure{File: f.Name, Rule: r.ID, Reason: reason(err)})
		}
		for i := range found.Failures {
			if own.Err() != nil {
				found.Failures[i].Reason = TooLate
			}
		}
		cancel()
		report.Add(found)
	}
}

// speaksFor tells whether the rule is about the document itself, not as another's companion.
func (c compiled) speaksFor(d *lint.Document) bool {
	t, ok := speaksOf(c, d)
	return ok && !companion(c.Targets, t) && passes(c, d)
}
