package output

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/kslint/kslint/lint"
)

// jsonFormat is for scripts: its shape may grow, but what is there does not change.
type jsonFormat struct{}

const schemaVersion = 1

type jsonReport struct {
	SchemaVersion int           `json:"schemaVersion"`
	Tool          jsonTool      `json:"tool"`
	Summary       jsonSummary   `json:"summary"`
	Findings      []jsonFinding `json:"findings"`
	Failures      []jsonFailure `json:"failures"`
}

type jsonTool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type jsonSummary struct {
	Files      int `json:"files"`
	Documents  int `json:"documents"`
	Errors     int `json:"errors"`
	Warnings   int `json:"warnings"`
	Infos      int `json:"infos"`
	Suppressed int `json:"suppressed"`
	Failures   int `json:"failures"`
}

type jsonFinding struct {
	Rule        string        `json:"rule"`
	Severity    string        `json:"severity"`
	Message     string        `json:"message"`
	File        string        `json:"file"`
	Line        int           `json:"line,omitempty"`
	Column      int           `json:"column,omitempty"`
	EndLine     int           `json:"endLine,omitempty"`
	EndColumn   int           `json:"endColumn,omitempty"`
	Path        string        `json:"path"`
	Target      lint.Target   `json:"target"`
	Resource    *jsonResource `json:"resource,omitempty"`
	Remediation string        `json:"remediation"`
	Docs        string        `json:"docs"`
	Fingerprint string        `json:"fingerprint"`
}

type jsonResource struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace"`
	Name       string `json:"name"`
}

type jsonFailure struct {
	File    string `json:"file"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message"`
	Rule    string `json:"rule,omitempty"`
}

// Write lists the findings that were not waived, and counts the others.
func (jsonFormat) Write(w io.Writer, r *lint.Report, o Options) error {
	out := jsonReport{
		SchemaVersion: schemaVersion,
		Tool:          jsonTool{Name: "kslint", Version: o.Tool},
		Summary: jsonSummary{
			Files: r.Files, Documents: r.Documents,
			Errors: r.Count(lint.Error), Warnings: r.Count(lint.Warning), Infos: r.Count(lint.Info),
			Suppressed: r.Waived(), Failures: len(r.Failures),
		},
		Findings: []jsonFinding{},
		Failures: []jsonFailure{},
	}
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Waived == "" {
			out.Findings = append(out.Findings, newJSONFinding(f, o.Lang))
		}
	}
	for _, f := range r.Failures {
		out.Failures = append(out.Failures, jsonFailure{f.File, f.Range.Line, f.Range.Column, f.Reason, f.Rule})
	}
	return encodeJSON(w, out)
}

// encodeJSON writes a value so that no terminal obeys it, and so that it is the same when it was read and is written again.
func encodeJSON(w io.Writer, value any) error {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return err
	}
	_, err := w.Write(escapeControls(buffer.Bytes()))
	return err
}

func newJSONFinding(f *lint.Finding, lang lint.Lang) jsonFinding {
	words := f.Words(lang)
	j := jsonFinding{
		Rule: f.Rule.ID, Severity: f.Severity.String(), Message: words.Message,
		File: f.File, Line: f.Range.Line, Column: f.Range.Column, EndLine: f.Range.EndLine, EndColumn: f.Range.EndColumn,
		Path: f.Path.String(), Target: f.Target,
		Remediation: words.Remediation, Docs: docs(f.Rule.ID, lang), Fingerprint: f.Fingerprint,
	}
	if o := f.Object; o != (lint.Resource{}) {
		j.Resource = &jsonResource{o.APIVersion, o.Kind, o.Namespace, o.Name}
	}
	return j
}

// docs is the page of a rule, from the root of the repository.
func docs(rule string, lang lint.Lang) string {
	if lang == lint.Chinese {
		return "docs/zh/rules/" + rule + ".md"
	}
	return "docs/rules/" + rule + ".md"
}

// escapeControls escapes the control characters that encoding/json leaves alone: DEL, and C1, which terminals obey; and what
// stands for bytes that are no character, which it escapes only when it puts it there itself.
func escapeControls(data []byte) []byte {
	isControl := func(r rune) bool { return r >= 0x7f && r <= 0x9f || r == utf8.RuneError }
	if !bytes.ContainsFunc(data, isControl) {
		return data
	}
	var b bytes.Buffer
	for _, r := range string(data) {
		if isControl(r) {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.Bytes()
}
