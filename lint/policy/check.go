package policy

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/facts"
)

// Question is what Check is asked beside the documents.
type Question struct {
	Choice lint.Choice
	// Now is the instant that certificates and dates are judged at.
	Now time.Time
	// Done, when set, is told how many of all pieces of work there are to do, and called after each, from several goroutines.
	Done func(all int)
}

// piece is how many documents of a file are checked by one goroutine at a time.
const piece = 64

// Check asks the rules about every document of the sets. What cannot be judged is in the report as a failure, what was not
// looked at as a note; neither hides anything else. The report is the same for the same input, whatever runs in parallel.
func (e *Engine) Check(ctx context.Context, sets []*lint.Set, q Question) *lint.Report {
	report := &lint.Report{}
	var jobs []func() *lint.Report
	for _, s := range sets {
		around := facts.AroundIn(s.Documents())
		for _, f := range s.Files {
			if f.Context {
				continue
			}
			report.Files++
			k := kindsOf(f)
			for documents := range slices.Chunk(f.Documents, piece) {
				jobs = append(jobs, func() *lint.Report { return e.checkDocuments(ctx, documents, f, k, around, q) })
			}
		}
	}
	for _, s := range sets {
		jobs = append(jobs, func() *lint.Report { return e.checkSet(ctx, s, q) })
	}
	for _, part := range parallel(jobs, q.Done) {
		report.Add(part)
	}
	return report
}

func parallel(jobs []func() *lint.Report, done func(int)) []*lint.Report {
	parts := make([]*lint.Report, len(jobs))
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(jobs)) {
		workers.Go(func() {
			for i := range next {
				parts[i] = jobs[i]()
				if done != nil {
					done(len(jobs))
				}
			}
		})
	}
	for i := range jobs {
		next <- i
	}
	close(next)
	workers.Wait()
	return parts
}

func (e *Engine) checkDocuments(ctx context.Context, documents []*lint.Document, f *lint.File, k kinds, around *facts.Around, q Question) *lint.Report {
	report := &lint.Report{Documents: len(documents)}
	for _, d := range documents {
		before := len(report.Findings)
		d = d.Unpacked()
		look := &podLook{object: d.Value}
		own := look.with(ctx)
		for _, g := range e.groups(d, f.Config, q.Choice, look, report) {
			subject := [][2]*ast.Term{ast.Item(ast.StringTerm("document"), ast.NewTerm(described(d, k, g.target, g.yaml)))}
			if len(g.facts) > 0 {
				subject = append(subject, ast.Item(ast.StringTerm("facts"), ast.NewTerm(around.Input(d.Object.Namespace, g.facts))))
			}
			input := e.input(g.rules, f.Config, d.Versions, q.Now, subject...)
			e.ask(own, g.rules, input, []*lint.Document{d}, []*lint.File{f}, report)
		}
		report.Unread(d, len(report.Findings) > before)
	}
	return report
}

// group is rules that see a document as the same target and are asked together.
type group struct {
	target lint.Target
	part   int
	yaml   bool
	facts  []string
	rules  []compiled
}

// groups chooses the rules of a document, by the first target of each that the document is of.
func (e *Engine) groups(d *lint.Document, config *lint.Config, choice lint.Choice, look *podLook, report *lint.Report) []group {
	var groups []group
	for _, r := range e.rules {
		target, ok := speaksOf(r, d)
		if !ok || r.Scope != lint.OneDocument || !choice.Runs(r.Rule, config) || !holds(r, d, report) {
			continue
		}
		report.Asked(d.Source.Name, r.ID)
		if !look.passes(r, d) {
			continue
		}
		i := slices.IndexFunc(groups, func(g group) bool { return g.target == target && g.part == r.part })
		if i < 0 {
			i = len(groups)
			groups = append(groups, group{target: target, part: r.part})
		}
		groups[i].rules = append(groups[i].rules, r)
		groups[i].yaml = groups[i].yaml || r.NeedYAML
		groups[i].facts = union(groups[i].facts, r.Facts)
	}
	return groups
}

func union(all, more []string) []string {
	for _, one := range more {
		if !slices.Contains(all, one) {
			all = append(all, one)
		}
	}
	return all
}

// passes tells whether a document gets through the pre-filter of a rule.
func passes(r compiled, d *lint.Document) bool {
	filter := filters[r.When]
	return filter == nil || filter(d)
}

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
