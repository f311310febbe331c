package policy

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// Question is what Check is asked beside the documents.
type Question struct {
	Choice lint.Choice
	// Now is the instant that certificates and dates are judged at.
	Now time.Time
	// Done, when set, is called after each file, from several goroutines.
	Done func()
}

// Check asks the rules about every document of the sets. What cannot be judged is in the report as a failure, what was not
// looked at as a note; neither hides anything else. The report is the same for the same input, whatever runs in parallel.
func (e *Engine) Check(ctx context.Context, sets []*lint.Set, q Question) *lint.Report {
	var jobs []func() *lint.Report
	for _, s := range sets {
		for _, f := range s.Files {
			if !f.Context {
				jobs = append(jobs, func() *lint.Report { return e.checkFile(ctx, f, q) })
			}
		}
	}
	for _, s := range sets {
		jobs = append(jobs, func() *lint.Report { return e.checkSet(ctx, s, q) })
	}
	parts := make([]*lint.Report, len(jobs))
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(jobs)) {
		workers.Go(func() {
			for i := range next {
				parts[i] = jobs[i]()
				if q.Done != nil {
					q.Done()
				}
			}
		})
	}
	for i := range jobs {
		next <- i
	}
	close(next)
	workers.Wait()
	report := &lint.Report{}
	for _, p := range parts {
		report.Add(p)
	}
	return report
}

func (e *Engine) checkFile(ctx context.Context, f *lint.File, q Question) *lint.Report {
	report := &lint.Report{Files: 1, Documents: len(f.Documents), Ran: map[string]bool{}}
	k := kindsOf(f)
	for _, d := range f.Documents {
		before := len(report.Findings)
		for _, g := range e.groups(d, f.Config, q.Choice, report) {
			input := e.input(g.rules, f.Config, d.Versions, q.Now,
				ast.Item(ast.StringTerm("document"), ast.NewTerm(described(d, k, g.target, g.yaml))))
			e.ask(ctx, g.rules, input, []*lint.Document{d}, []*lint.File{f}, report)
		}
		report.Unread(d, len(report.Findings) > before)
	}
	return report
}

// group is rules that see a document as the same target.
type group struct {
	target lint.Target
	yaml   bool
	rules  []compiled
}

// groups chooses the rules of a document, by the first target of each that the document is of.
func (e *Engine) groups(d *lint.Document, config *lint.Config, choice lint.Choice, report *lint.Report) []group {
	var groups []group
	for _, r := range e.rules {
		target, ok := speaksOf(r, d)
		if !ok || r.Scope != lint.OneDocument || !choice.Runs(r.Rule, config) || !holds(r, d, report) {
			continue
		}
		report.Ran[lint.Ran(d.Source.Name, r.ID)] = true
		if !passes(r, d) {
			continue
		}
		i := slices.IndexFunc(groups, func(g group) bool { return g.target == target })
		if i < 0 {
			i = len(groups)
			groups = append(groups, group{target: target})
		}
		groups[i].rules = append(groups[i].rules, r)
		groups[i].yaml = groups[i].yaml || r.NeedYAML
	}
	return groups
}

// passes tells whether a document gets through the pre-filter of a rule.
func passes(r compiled, d *lint.Document) bool { return r.When == "" || filters[r.When](d) }

// speaksOf tells whether a rule speaks about a document, and as which target.
func speaksOf(r compiled, d *lint.Document) (lint.Target, bool) {
	if d.Problem != nil && (!r.NeedYAML || d.Problem.Kind != lint.Tab && d.Problem.Kind != lint.Syntax) {
		return "", false
	}
	for _, t := range r.Targets {
		if d.Has(t) {
			return t, true
		}
	}
	return "", false
}

// holds tells whether a rule holds for the versions of a document; an unknown version leaves a note.
func holds(r compiled, d *lint.Document, report *lint.Report) bool {
	ok, missing := within(r.Versions, d.Versions)
	if missing != "" {
		if r.RunUnknown {
			return true
		}
		report.Notes = append(report.Notes, lint.Note{
			File: d.Source.Name, Rule: r.ID, Reason: "not checked: the version of " + string(missing) + " is not known",
		})
	}
	return ok
}

// within holds versions against ranges; the second result names a product whose version is not known.
func within(ranges map[lint.Product]lint.Constraint, known lint.Versions) (bool, lint.Product) {
	for _, p := range lint.Products() {
		c, named := ranges[p]
		if !named {
			continue
		}
		v, ok := known[p]
		if !ok {
			return false, p
		}
		if !c.Holds(v) {
			return false, ""
		}
	}
	return true, ""
}
