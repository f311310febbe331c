package output

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/kslint/kslint/lint"
)

// sarifRules are the rules of a run's results, each once, in the order that they are met in.
type sarifRules struct {
	options Options
	index   map[string]int
	all     []sarifRule
}

func (s *sarifRules) of(f *lint.Finding) int {
	i, ok := s.index[f.Rule.ID]
	if !ok {
		i = len(s.all)
		s.index[f.Rule.ID] = i
		s.all = append(s.all, s.describe(f.Rule, f.Severity))
	}
	return i
}

// describe falls back on the severity that was found, where nothing but the rule's name is known.
func (s *sarifRules) describe(r *lint.Rule, found lint.Severity) sarifRule {
	text, ok := r.Text[s.options.Lang]
	if !ok {
		text = r.Text[lint.English]
	}
	title := cmp.Or(oneLine(text.Title), r.ID)
	page := s.options.page(r)
	return sarifRule{
		ID:               r.ID,
		ShortDescription: sarifText{Text: sarifString(title)},
		FullDescription:  sarifText{Text: sarifString(cmp.Or(oneLine(text.Description), title))},
		Help:             s.help(r, text, page), HelpURI: page,
		Configuration: sarifConfiguration{Level: sarifLevels[cmp.Or(r.Severity, found)], Enabled: !r.Off},
		Properties:    sarifRuleProperties{Tags: sarifTags(r), Precision: "high"},
	}
}

// sarifTags are the rule's area and what it speaks about.
func sarifTags(r *lint.Rule) []string {
	tags := []string{}
	for _, tag := range append([]lint.Target{lint.Target(r.Area)}, r.Targets...) {
		if tag != "" && !slices.Contains(tags, string(tag)) {
			tags = append(tags, string(tag))
		}
	}
	return tags
}

// placeholders are what findings fill in.
var placeholders = regexp.MustCompile(`\{[a-z_][a-z0-9_]*\}`)

// help is what the rule is about and what to do, once as text and once as Markdown.
func (s *sarifRules) help(r *lint.Rule, text lint.Text, page string) sarifText {
	about := cmp.Or(oneLine(text.Description), oneLine(text.Title), r.ID)
	plain, markdown := []string{about}, []string{about, ""}
	for _, key := range slices.Sorted(maps.Keys(text.Messages)) {
		remedy := placeholders.ReplaceAllString(oneLine(text.Messages[key].Remediation), "…")
		if line := s.options.vocabulary().fix + remedy; remedy != "" && !slices.Contains(plain, line) {
			plain, markdown = append(plain, line), append(markdown, "- "+line)
		}
	}
	if page != "" {
		plain, markdown = append(plain, page), append(markdown, "", "["+r.ID+"]("+page+")")
	}
	return sarifText{Text: sarifString(strings.Join(plain, "\n")), Markdown: braces.Replace(strings.TrimSpace(strings.Join(markdown, "\n")))}
}
