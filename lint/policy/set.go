package policy

import (
	"context"
	"slices"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/facts"
)

// checkSet asks the rules that see a whole set, each once.
func (e *Engine) checkSet(ctx context.Context, s *lint.Set, q Question) *lint.Report {
	return e.compare(ctx, s, q, q.Choice.Named)
}

// Compare asks the rules of these ids that see a set, where the configuration has them run: Check without the rules of one document,
// for those who have judged the documents already. It is on the caller's goroutine, and what panics is a failure.
func (e *Engine) Compare(ctx context.Context, s *lint.Set, ids []string, now time.Time) (report *lint.Report) {
	err := guarded(func() error {
		report = e.compare(ctx, s, Question{Now: now}, func(id string) bool { return slices.Contains(ids, id) })
		return nil
	})
	if err != nil {
		return &lint.Report{Failures: []lint.Failure{{File: s.Files[0].Name, Rule: ids[0], Reason: reason(err)}}}
	}
	return report
}

func (e *Engine) compare(ctx context.Context, s *lint.Set, q Question, asked func(id string) bool) *lint.Report {
	report := &lint.Report{}
	known := facts.Of(s.Documents(), q.Now)
	for _, r := range e.rules {
		if r.Scope != lint.OneSet || !asked(r.ID) {
			continue
		}
		v := viewOf(s, r)
		scratch := &lint.Report{}
		if !v.wanted(r, q.Choice, scratch) {
			report.Notes = append(report.Notes, scratch.Notes...)
			continue
		}
		subject := [][2]*ast.Term{ast.Item(ast.StringTerm("set"), v.set(r))}
		if len(r.Facts) > 0 {
			subject = append(subject, ast.Item(ast.StringTerm("facts"), ast.NewTerm(known.Input(r.Facts...))))
		}
		input := e.input([]compiled{r}, settingOf(v.own()), s.Versions, q.Now, subject...)
		found := &lint.Report{}
		for _, f := range v.own() {
			found.Asked(f.Name, r.ID)
		}
		e.ask(ctx, []compiled{r}, input, v.documents, v.files, found)
		report.Add(reported(found, r, v.files, q.Choice))
	}
	return report
}

// view is what a rule sees of a set: the documents that it names, each with its file and as which target. A rule with facts,
// which name documents by their position in the set, has them all; those that it does not name have no target.
type view struct {
	documents []*lint.Document
	files     []*lint.File
	targets   []lint.Target
}

func viewOf(s *lint.Set, r compiled) view {
	var v view
	for _, f := range s.Files {
		for _, d := range f.Documents {
			t, ok := speaksOf(r, d)
			if ok = ok && passes(r, d) && !d.IsOrdinary(); !ok {
				t = ""
			}
			if ok || len(r.Facts) > 0 {
				v.documents, v.files, v.targets = append(v.documents, d), append(v.files, f), append(v.targets, t)
			}
		}
	}
	return v
}

// wanted tells whether the rule is to be asked, for the sake of a document that is not mere context.
func (v view) wanted(r compiled, choice lint.Choice, notes *lint.Report) bool {
	wanted := false
	for i, d := range v.documents {
		if v.targets[i] == "" || companion(r.Targets, v.targets[i]) {
			continue
		}
		if choice.Runs(r.Rule, v.files[i].Config) && holds(r, d, notes) {
			wanted = wanted || !v.files[i].Context
		}
	}
	return wanted
}

// own lists the files of the documents that the rule names.
func (v view) own() []*lint.File {
	var own []*lint.File
	for i, f := range v.files {
		if v.targets[i] != "" {
			own = append(own, f)
		}
	}
	return own
}

// set is input.set.
func (v view) set(r compiled) *ast.Term {
	array := make([]*ast.Term, len(v.documents))
	var (
		file *lint.File
		k    kinds
	)
	for i, d := range v.documents {
		array[i] = ast.NullTerm()
		if v.targets[i] != "" {
			if r.NeedYAML && file != v.files[i] {
				file, k = v.files[i], kindsOf(v.files[i])
			}
			array[i] = ast.NewTerm(described(d, k, v.targets[i], r.NeedYAML))
		}
	}
	return ast.ArrayTerm(array...)
}

// settingOf is the configuration whose parameters a set is judged with: that of its first file that is not mere context.
func settingOf(files []*lint.File) *lint.Config {
	i := slices.IndexFunc(files, func(f *lint.File) bool { return !f.Context })
	if i < 0 {
		return nil
	}
	return files[i].Config
}

// reported leaves out what was found in mere context, and where the file's own configuration switches the rule off.
func reported(r *lint.Report, rule compiled, files []*lint.File, choice lint.Choice) *lint.Report {
	quiet := map[string]bool{}
	for _, f := range files {
		quiet[f.Name] = f.Context || !choice.Runs(rule.Rule, f.Config)
	}
	r.Findings = slices.DeleteFunc(r.Findings, func(f lint.Finding) bool { return quiet[f.File] })
	r.Notes = slices.DeleteFunc(r.Notes, func(n lint.Note) bool { return quiet[n.File] })
	return r
}
