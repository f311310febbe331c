package example

import (
	"context"
	"fmt"
	"regexp"
	"slices"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/document"
	"github.com/kslint/kslint/lint/policy"
)

var wanted = regexp.MustCompile(`[ \t]*# want: [^\r\n]*`)

// Plain is the text of a file without what its lines ask for: in env files and units nothing behind a value is a comment.
func Plain(data []byte) []byte { return wanted.ReplaceAll(data, nil) }

// Open decodes and classifies the files of the case, under a configuration.
func (c Case) Open(config *lint.Config) []*lint.File {
	files := make([]*lint.File, len(c.Files))
	for i, f := range c.Files {
		s := &lint.Source{Name: f.Name, Data: Plain(f.Data), Named: true}
		files[i] = &lint.File{Source: s, Documents: document.Decode(s), Config: config}
		lint.Classify(files[i].Documents)
	}
	return files
}

// Run sends the case through the real decoder, classifier, engine and locator, with the rule switched on, and gives one line for
// each mistake: a finding of the rule that is not asked for, one that is and does not come, a failure, or a finding of another
// rule. It changes nothing of the case.
func (c Case) Run(ctx context.Context, engine *policy.Engine, rule *lint.Rule, choice lint.Choice) []string {
	yes := true
	files := c.Open(&lint.Config{Rules: map[string]lint.RuleConfig{rule.ID: {On: &yes}}})
	sets := lint.Sets(files)
	lint.FindVersions(sets, c.Versions)
	report := engine.Check(ctx, sets, policy.Question{Choice: choice, Now: Instant()})
	report.Sort()
	var mistakes, got []string
	for _, f := range report.Failures {
		mistakes = append(mistakes, fmt.Sprintf("%s:%d: failure: %s %s", f.File, c.line(f.File, f.Range.Line), f.Rule, f.Reason))
	}
	for _, f := range report.Findings {
		line := fmt.Sprintf("%s:%d: %s", f.File, c.line(f.File, f.Range.Line), f.Words(lint.English).Message)
		switch {
		case f.Rule.ID == rule.ID:
			got = append(got, line)
		case !slices.Contains(c.Also, f.Rule.ID):
			mistakes = append(mistakes, fmt.Sprintf("%s [%s]: another rule speaks", line, f.Rule.ID))
		}
	}
	return append(mistakes, differences(got, c.Wants)...)
}

// line is the line of the example that a line of a file comes from.
func (c Case) line(file string, number int) int {
	if lines := c.Lines[file]; number > 0 && number <= len(lines) {
		return lines[number-1]
	}
	return number
}

// Alone is the choice of the rule with those that rightly speak about the case beside it: some only stand for the failure that is
// reported where nobody speaks.
func (c Case) Alone(rule *lint.Rule) lint.Choice {
	return lint.Choice{Only: append([]string{rule.ID}, c.Also...)}
}

func differences(got, want []string) []string {
	var all []string
	rest := slices.Clone(want)
	for _, line := range got {
		if i := slices.Index(rest, line); i >= 0 {
			rest = slices.Delete(rest, i, i+1)
			continue
		}
		all = append(all, line+": nobody asked for this finding")
	}
	for _, line := range rest {
		all = append(all, line+": the example asks for this finding, and it does not come")
	}
	return all
}
