package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/tools/txtar"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/policy"
)

func newExplain(s streams) *cobra.Command {
	var f ruleFlags
	format := "text"
	c := &cobra.Command{
		Use: "explain RULE", Short: "Explain a rule: what it checks, why, examples, how to fix it",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("explain takes one rule, such as kslint explain etcd-even-members; kslint rules lists them")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			rules, lang, err := f.open(s)
			if err != nil {
				return err
			}
			r, err := find(rules, args[0])
			if err != nil {
				return err
			}
			switch format {
			case "text", "markdown":
				return explain(s.Out, r, lang, format == "markdown")
			}
			return fmt.Errorf("--output %q: expected text or markdown", format)
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			index, err := openPolicies(f.policies)
			if err != nil {
				return nil, cobra.ShellCompDirectiveError
			}
			return index.IDs(), cobra.ShellCompDirectiveNoFileComp
		},
	}
	f.declare(c)
	c.Flags().StringVarP(&format, "output", "o", format, "`FORMAT`: text or markdown")
	return c
}

func find(rules []policy.Loaded, id string) (policy.Loaded, error) {
	ids := make([]string, len(rules))
	for i, r := range rules {
		if r.ID == id {
			return r, nil
		}
		ids[i] = r.ID
	}
	if near := lint.Nearest(id, ids); near != "" {
		return policy.Loaded{}, fmt.Errorf("no rule %q, did you mean %q?", id, near)
	}
	return policy.Loaded{}, fmt.Errorf("no rule %q; kslint rules lists them", id)
}

// labels are the headings of a page.
var labels = map[lint.Lang]map[string]string{
	lint.English: {
		"severity": "severity", "targets": "targets", "versions": "versions", "default": "default", "off": "off",
		"says": "What it says", "bad": "Bad", "good": "Good", "parameters": "Parameters", "evidence": "Evidence", "fix": "Fix",
	},
	lint.Chinese: {
		"severity": "级别", "targets": "检查对象", "versions": "适用版本", "default": "默认", "off": "关闭",
		"says": "告警内容", "bad": "错误示例", "good": "正确示例", "parameters": "参数", "evidence": "依据", "fix": "处理",
	},
}

// page writes the explanation of one rule, as text for a terminal or as Markdown.
type page struct {
	strings.Builder
	markdown bool
	label    map[string]string
}

func explain(out io.Writer, r policy.Loaded, lang lint.Lang, markdown bool) error {
	p := &page{markdown: markdown, label: labels[lang]}
	text := r.Text[lang]
	if markdown {
		fmt.Fprintf(p, "# %s\n\n**%s**\n", r.ID, text.Title)
	} else {
		fmt.Fprintf(p, "%s: %s\n", r.ID, text.Title)
	}
	fmt.Fprintf(p, "\n%s\n\n", strings.TrimSpace(text.Description))
	p.facts(r.Rule)
	p.messages(r.Rule, text)
	p.parameters(r.Rule, lang)
	if data := r.Example(); data != nil {
		p.example("bad", data)
		p.example("good", data)
	}
	if len(r.References) > 0 {
		p.heading("evidence")
		for _, ref := range r.References {
			fmt.Fprintf(p, "- %s\n", ref)
		}
	}
	_, err := io.WriteString(out, p.String())
	return err
}

func (p *page) heading(name string) {
	if p.markdown {
		fmt.Fprintf(p, "\n## %s\n\n", p.label[name])
		return
	}
	fmt.Fprintf(p, "\n%s\n", p.label[name])
}

func (p *page) facts(r *lint.Rule) {
	row := func(name, value string) { fmt.Fprintf(p, "- %s: %s\n", p.label[name], value) }
	row("severity", r.Severity.String())
	row("targets", targetNames(r))
	for _, product := range lint.Products() {
		if text := r.VersionText[product]; text != "" {
			row("versions", string(product)+" "+text)
		}
	}
	if r.Off {
		row("default", p.label["off"])
	}
}

func (p *page) messages(r *lint.Rule, text lint.Text) {
	p.heading("says")
	for _, key := range slices.Sorted(maps.Keys(text.Messages)) {
		words := text.Messages[key]
		fmt.Fprintf(p, "- %s: %s\n  %s: %s\n", r.Messages[key].Severity, words.Message, p.label["fix"], words.Remediation)
	}
}

func (p *page) parameters(r *lint.Rule, lang lint.Lang) {
	if len(r.Parameters) == 0 {
		return
	}
	p.heading("parameters")
	for _, name := range slices.Sorted(maps.Keys(r.Parameters)) {
		one := r.Parameters[name]
		fmt.Fprintf(p, "- `%s` (%s, %s %v): %s\n", name, one.Type, p.label["default"], one.Default, one.Description[lang])
	}
}

// example shows the first case of a side, all its files.
func (p *page) example(side string, data []byte) {
	first := ""
	for _, f := range txtar.Parse(data).Files {
		parts := strings.Split(f.Name, "/")
		if parts[0] != side {
			continue
		}
		name := strings.Join(parts[:len(parts)-1], "/")
		if first != "" && name != first && !strings.HasPrefix(name, first+"/") || first == "bad" || first == "good" {
			continue
		}
		if first == "" {
			first = name
			if len(parts) > 2 {
				first = strings.Join(parts[:2], "/")
			}
			p.heading(side)
		}
		p.file(strings.TrimPrefix(f.Name, first+"/"), string(f.Data))
	}
}

func (p *page) file(name, text string) {
	text = strings.TrimRight(strings.ReplaceAll(text, "# want: ", "# <- "), "\n")
	if p.markdown {
		fmt.Fprintf(p, "`%s`:\n\n```yaml\n%s\n```\n\n", name, text)
		return
	}
	fmt.Fprintf(p, "  # %s\n  %s\n", name, strings.ReplaceAll(text, "\n", "\n  "))
}
