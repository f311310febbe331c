package e2e

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/policy"
	"github.com/kslint/kslint/webhook/admission"
	"github.com/kslint/kslint/webhook/snapshot"
	"github.com/kslint/kslint/webhook/verdict"
)

// judge is the engine with every rule.
type judge struct {
	*policy.Engine
	rules []policy.Loaded
}

func compile(t *testing.T) *judge {
	t.Helper()
	index, err := policy.Open(builtIn())
	must(t, err)
	all, err := index.All()
	must(t, err)
	engine, err := index.Compile(all, 1)
	must(t, err)
	return &judge{engine, all}
}

// reviewer judges by all rules under the configuration of who says nothing.
func (j *judge) reviewer(t *testing.T) *verdict.Reviewer {
	t.Helper()
	s := &snapshot.Snapshot{Engine: j.Engine, Rules: j.rules, Config: &lint.Config{}}
	return verdict.New(func() *snapshot.Snapshot { return s }, nil, time.Now, verdict.Options{})
}

// everythingWarns is the configuration of a webhook that says everything.
func (j *judge) everythingWarns() string {
	return "enforcement: {profile: enforce, error: warn, warning: warn, info: warn}\n" + j.everyRule()
}

// everyRule switches all of them on.
func (j *judge) everyRule() string {
	var b strings.Builder
	b.WriteString("rules:\n")
	for _, r := range j.rules {
		b.WriteString("  " + r.ID + ": on\n")
	}
	return b.String()
}

// findings are those of rules of one document, as users read them.
func (j *judge) findings(text []byte, o object, now time.Time) []string {
	var all []string
	for _, f := range j.check(text, o, now) {
		words := f.Words(lint.English)
		all = append(all, fmt.Sprintf("%s %s %s: %s (%s)", f.Rule.ID, f.Severity, f.Path, words.Message, words.Remediation))
	}
	slices.Sort(all)
	return all
}

// warnings are the same findings as the webhook words them.
func (j *judge) warnings(text []byte, o object, now time.Time) []string {
	var all []string
	for _, f := range j.check(text, o, now) {
		words := f.Words(lint.English)
		path := ""
		if p := f.Path.String(); p != "" {
			path = " " + p
		}
		all = append(all, cut(fmt.Sprintf("%s%s: %s (fix: %s)", f.Rule.ID, path, words.Message, words.Remediation)))
	}
	slices.Sort(all)
	return all
}

func cut(line string) string {
	if runes := []rune(line); len(runes) > admission.MaxWarningRunes {
		return string(runes[:admission.MaxWarningRunes-1]) + "…"
	}
	return line
}

// said are the warnings of rules of one document; the API server has some of its own.
func (j *judge) said(warnings []string) []string {
	var all []string
	for _, w := range warnings {
		text, err := unquoted(w)
		if err != nil {
			continue
		}
		id, _, _ := strings.Cut(text, " ")
		id = strings.TrimSuffix(id, ":")
		if slices.ContainsFunc(j.rules, func(r policy.Loaded) bool { return r.ID == id && ofDocument(r.Rule) }) {
			all = append(all, text)
		}
	}
	slices.Sort(all)
	return all
}

// unquoted is the text of a Warning header: code, agent, text in quotes.
func unquoted(header string) (text string, err error) {
	_, quoted, _ := strings.Cut(header, `"`)
	quoted = strings.TrimSuffix(quoted, `"`)
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(quoted), err
}

func ofDocument(r *lint.Rule) bool { return r.Scope == lint.OneDocument && !r.NeedYAML }

func (j *judge) check(text []byte, o object, now time.Time) []lint.Finding {
	rules := map[string]lint.RuleConfig{}
	yes := true
	for _, r := range j.rules {
		rules[r.ID] = lint.RuleConfig{On: &yes}
	}
	f := &lint.File{Source: &lint.Source{Name: "request", Data: text}, Config: &lint.Config{Rules: rules}}
	o.decode(f)
	sets := lint.Sets([]*lint.File{f})
	lint.FindVersions(sets, o.versions)
	found := j.Check(context.Background(), sets, policy.Question{Now: now}).Findings
	return slices.DeleteFunc(found, func(f lint.Finding) bool { return !ofDocument(f.Rule) })
}
