package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/policy"
	"github.com/kslint/kslint/policies"
)

func newRules(s streams) *cobra.Command {
	var f ruleFlags
	format := "text"
	c := &cobra.Command{
		Use: "rules", Short: "List the rules: name, severity, targets, title", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			rules, lang, err := f.open(s)
			if err != nil {
				return err
			}
			switch format {
			case "text":
				return listText(s.Out, rules, lang)
			case "json":
				return listJSON(s.Out, rules, lang)
			case "markdown":
				return listMarkdown(s.Out, rules, lang)
			}
			return fmt.Errorf("--output %q: expected text, json or markdown", format)
		},
	}
	f.declare(c)
	c.Flags().StringVarP(&format, "output", "o", format, "`FORMAT`: text, json or markdown")
	return c
}

// ruleFlags are the flags of the commands that tell about rules.
type ruleFlags struct {
	lang     string
	policies []string
}

func (f *ruleFlags) declare(c *cobra.Command) {
	c.Flags().StringVar(&f.lang, "lang", "", "language: en or zh (default: from LC_ALL, LC_MESSAGES, LANG)")
	c.Flags().StringArrayVar(&f.policies, "policies", nil, "folder `DIR` with more rules of your own; may be repeated")
}

func (f *ruleFlags) open(s streams) ([]policy.Loaded, lint.Lang, error) {
	lang, err := (&lintFlags{lang: f.lang}).language(nil, s.Env)
	if err != nil {
		return nil, "", err
	}
	index, err := openPolicies(f.policies)
	if err != nil {
		return nil, "", err
	}
	rules, err := index.All()
	return rules, lang, err
}

// state is what the list shows beside a rule that does not run by itself.
func state(r *lint.Rule, lang lint.Lang) string {
	switch {
	case !r.Off:
		return ""
	case lang == lint.Chinese:
		return "（默认关闭）"
	}
	return " (off by default)"
}

func targetNames(r *lint.Rule) string {
	names := make([]string, len(r.Targets))
	for i, t := range r.Targets {
		names[i] = string(t)
	}
	return strings.Join(names, ", ")
}

// shortTargets are as many targets as fit in the list, which people read in terminals; explain and JSON have all of them.
func shortTargets(r *lint.Rule) string {
	const width = 34
	all := targetNames(r)
	if len(all) <= width {
		return all
	}
	short := string(r.Targets[0])
	for i, t := range r.Targets[1:] {
		if len(short)+len(", ")+len(t) > width-len(" +9") {
			return fmt.Sprintf("%s +%d", short, len(r.Targets)-i-1)
		}
		short += ", " + string(t)
	}
	return short
}

func listText(out io.Writer, rules []policy.Loaded, lang lint.Lang) error {
	w := tabwriter.NewWriter(out, 0, 8, 2, ' ', 0)
	for _, r := range rules {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s%s\n", r.ID, r.Severity, shortTargets(r.Rule), r.Text[lang].Title, state(r.Rule, lang))
	}
	return w.Flush()
}

func listJSON(out io.Writer, rules []policy.Loaded, lang lint.Lang) error {
	type row struct {
		ID       string   `json:"id"`
		Area     string   `json:"area"`
		Severity string   `json:"severity"`
		Targets  []string `json:"targets"`
		Title    string   `json:"title"`
		Default  string   `json:"default"`
		Docs     string   `json:"docs"`
	}
	rows := make([]row, 0, len(rules))
	for _, r := range rules {
		one := row{ID: r.ID, Area: r.Area, Severity: r.Severity.String(), Title: r.Text[lang].Title, Default: "on", Docs: "docs/rules/" + r.ID + ".md"}
		for _, t := range r.Targets {
			one.Targets = append(one.Targets, string(t))
		}
		if r.Off {
			one.Default = "off"
		}
		rows = append(rows, one)
	}
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(rows)
}

func listMarkdown(out io.Writer, rules []policy.Loaded, lang lint.Lang) error {
	head, folder := "| rule | severity | what it finds |", "docs/rules"
	if lang == lint.Chinese {
		head, folder = "| 规则 | 级别 | 检查什么 |", "docs/zh/rules"
	}
	var b strings.Builder
	b.WriteString(head + "\n|---|---|---|\n")
	for _, r := range rules {
		fmt.Fprintf(&b, "| [`%s`](%s/%s.md) | %s | %s%s |\n", r.ID, folder, r.ID, r.Severity, r.Text[lang].Title, state(r.Rule, lang))
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// builtIn is the folder of the rules that the binary carries.
func builtIn() policy.Folder {
	return policy.Folder{Name: "policies", Files: policies.Files, Checked: true}
}
