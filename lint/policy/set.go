package policy

import (
	"context"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// checkSet asks the rules that see a whole set, each once.
func (e *Engine) checkSet(ctx context.Context, s *lint.Set, q Question) *lint.Report {
	report := &lint.Report{}
	for _, r := range e.rules {
		if r.Scope != lint.OneSet || !q.Choice.Named(r.ID) {
			continue
		}
		documents, files, targets := members(s, r)
		wanted := false
		scratch := &lint.Report{}
		for i, d := range documents {
			if companion(r.Targets, targets[i]) {
				continue
			}
			if q.Choice.Runs(r.Rule, files[i].Config) && holds(r, d, scratch) {
				wanted = wanted || !files[i].Context
			}
		}
		if !wanted {
			report.Notes = append(report.Notes, scratch.Notes...)
			continue
		}
		array := make([]*ast.Term, len(documents))
		for i, d := range documents {
			array[i] = ast.NewTerm(described(d, files[i], targets[i], r.NeedYAML))
		}
		input := e.input([]compiled{r}, settingOf(files), s.Versions, q.Now, ast.Item(ast.StringTerm("set"), ast.ArrayTerm(array...)))
		found := &lint.Report{Ran: map[string]bool{}}
		for _, f := range files {
			found.Ran[lint.Ran(f.Name, r.ID)] = true
		}
		e.ask(ctx, []compiled{r}, input, documents, files, found)
		report.Add(reported(found, r, files, q.Choice))
	}
	return report
}

// members cuts a set to the documents that a rule names.
func members(s *lint.Set, r compiled) (documents []*lint.Document, files []*lint.File, targets []lint.Target) {
	for _, f := range s.Files {
		for _, d := range f.Documents {
			if t, ok := speaksOf(r, d); ok && passes(r, d) {
				documents, files, targets = append(documents, d), append(files, f), append(targets, t)
			}
		}
	}
	return documents, files, targets
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
