package policy

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// collect turns an answer into findings and notes. An answer that breaks the shape of a finding is a failure of its rule.
func (a answer) collect(rules []compiled, documents []*lint.Document, files []*lint.File, report *lint.Report) {
	for _, raw := range a.findings {
		fault, _ := raw.(map[string]any)
		r := ruleOf(rules, fault)
		f, err := finding(r, fault, documents, files)
		if err != nil {
			report.Failures = append(report.Failures, lint.Failure{File: documents[0].Source.Name, Rule: r.ID, Reason: err.Error()})
			continue
		}
		if f != nil {
			report.Findings = append(report.Findings, *f)
		}
	}
	for _, raw := range a.unchecked {
		lack, _ := raw.(map[string]any)
		d, _, err := subject(lack, documents, files)
		if err != nil {
			d = documents[0]
		}
		report.Notes = append(report.Notes, lint.Note{
			File: d.Source.Name, Range: d.Start(), Rule: ruleOf(rules, lack).ID, Reason: fmt.Sprintf("not checked: needs %v", lack["needs"]),
		})
	}
}

func ruleOf(rules []compiled, fault map[string]any) compiled {
	i := slices.IndexFunc(rules, func(r compiled) bool { return r.ID == fault["rule"] })
	return rules[max(i, 0)]
}

// subject is the document that a fault names, or the only one.
func subject(fault map[string]any, documents []*lint.Document, files []*lint.File) (*lint.Document, *lint.File, error) {
	i := 0
	if n, ok := fault["document"].(json.Number); ok {
		index, err := n.Int64()
		if err != nil || index < 0 || int(index) >= len(documents) {
			return nil, nil, fmt.Errorf("document %v is none of the set's %d", n, len(documents))
		}
		i = int(index)
	} else if len(documents) != 1 {
		return nil, nil, fmt.Errorf("a finding in a set must name its document")
	}
	return documents[i], files[i], nil
}

// finding is nil where the message does not hold for the versions at hand.
func finding(r compiled, fault map[string]any, documents []*lint.Document, files []*lint.File) (*lint.Finding, error) {
	d, file, err := subject(fault, documents, files)
	if err != nil {
		return nil, err
	}
	key, _ := fault["message"].(string)
	message, ok := r.Messages[key]
	if !ok {
		return nil, fmt.Errorf("the metadata has no message %q", key)
	}
	if ok, missing := within(message.Versions, d.Versions); !ok && (missing == "" || !r.RunUnknown) {
		return nil, nil
	}
	if ok, missing := within(r.Versions, d.Versions); !ok && (missing == "" || !r.RunUnknown) {
		return nil, nil
	}
	path, err := pathOf(fault["path"])
	if err != nil {
		return nil, err
	}
	args, _ := fault["args"].(map[string]any)
	words := r.Text[lint.English].Messages[key]
	for _, name := range lint.Placeholders(words.Message + words.Remediation) {
		if _, ok := args[name]; !ok {
			return nil, fmt.Errorf("the finding lacks the argument %q of its message", name)
		}
	}
	f := &lint.Finding{
		Rule: r.Rule, Message: key, Severity: message.Severity, Args: args,
		File: d.Source.Name, Range: d.Locate(path), Path: d.FullPath(path), Target: targetOf(r, d), Object: d.Root().Object,
		Identity: identity(d, path),
	}
	if severity := file.Config.Setting(r.ID).Severity; severity != 0 {
		f.Severity = severity
	}
	return f, nil
}

func targetOf(r compiled, d *lint.Document) lint.Target {
	i := slices.IndexFunc(r.Targets, d.Has)
	return r.Targets[max(i, 0)]
}

func pathOf(raw any) (lint.Path, error) {
	steps, ok := raw.([]any)
	if !ok {
		return nil, fmt.Errorf("a finding needs a path, found %v", raw)
	}
	path := make(lint.Path, len(steps))
	for i, s := range steps {
		switch step := s.(type) {
		case string:
			path[i] = step
		case json.Number:
			n, err := step.Int64()
			if err != nil {
				return nil, fmt.Errorf("%v in a path is no index", step)
			}
			path[i] = int(n)
		default:
			return nil, fmt.Errorf("%v in a path is neither a key nor an index", s)
		}
	}
	return path, nil
}

// identity writes a path with list elements by their name, where they have one, so that it survives a moved element.
func identity(d *lint.Document, path lint.Path) string {
	var b strings.Builder
	o := d.Root().Object
	fmt.Fprintf(&b, "%s\x00%s\x00%s\x00", o.Kind, o.Namespace, o.Name)
	for _, step := range d.Prefix {
		fmt.Fprintf(&b, "/%v", step)
	}
	value := d.Value
	for _, step := range path {
		switch s := step.(type) {
		case string:
			b.WriteString("/" + s)
			value = lint.Field(value, s)
		case int:
			array, _ := value.(*ast.Array)
			value = nil
			if array != nil && s >= 0 && s < array.Len() {
				value = array.Elem(s).Value
			}
			if name := lint.StringAt(value, "name"); name != "" {
				b.WriteString("/name=" + name)
			} else {
				fmt.Fprintf(&b, "/%d", s)
			}
		}
	}
	return b.String()
}
