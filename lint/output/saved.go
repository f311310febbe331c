package output

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/kslint/kslint/lint"
)

// Saved is a report as the JSON format holds it: read back, and merged.
type Saved struct {
	name   string
	report jsonReport
}

// ReadSaved reads a report of the JSON format, and nothing else: what this version does not know would be lost. name stands in
// front of its errors.
func ReadSaved(name string, data []byte) (*Saved, error) {
	var head struct {
		Version any `json:"schemaVersion"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, misread(name, noReport, data, err)
	}
	if head.Version != float64(schemaVersion) {
		return nil, fmt.Errorf("%s: %s: expected schemaVersion %d, found %v", name, noReport, schemaVersion, head.Version)
	}
	s := &Saved{name: name}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&s.report); err != nil {
		return nil, misread(name, noReport, data, err)
	}
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return s, nil
}

const noReport = "no report of kslint lint -o json"

// misread says where JSON cannot be read and what was expected; no is what the file is not.
func misread(name, no string, data []byte, err error) error {
	var (
		syntax *json.SyntaxError
		typed  *json.UnmarshalTypeError
	)
	switch {
	case errors.As(err, &syntax):
		before := data[:max(0, min(int(syntax.Offset), len(data))-1)]
		line := bytes.LastIndexByte(before, '\n') + 1
		return fmt.Errorf("%s:%d:%d: %s: %w", name, bytes.Count(before, []byte("\n"))+1, utf8.RuneCount(before[line:])+1, no, err)
	case errors.As(err, &typed) && typed.Field == "":
		return fmt.Errorf("%s: %s: expected an object, found %s", name, no, typed.Value)
	case errors.As(err, &typed):
		return fmt.Errorf("%s: %s: %s is a %s, expected %s", name, no, typed.Field, typed.Value, typed.Type)
	}
	return fmt.Errorf("%s: %s: %w", name, no, err)
}

func (s *Saved) check() error {
	if s.report.Tool.Name != "kslint" {
		return fmt.Errorf("a report of %q, expected one of kslint", s.report.Tool.Name)
	}
	for i, f := range s.report.Findings {
		if _, err := lint.ParseSeverity(f.Severity); err != nil {
			return fmt.Errorf("findings[%d]: %w", i, err)
		}
		if _, err := lint.ParsePath(f.Path); err != nil {
			return fmt.Errorf("findings[%d]: path: %w", i, err)
		}
		if f.Rule == "" || f.Fingerprint == "" {
			return fmt.Errorf("findings[%d]: rule or fingerprint is missing", i)
		}
	}
	return nil
}

// Tool is the version of kslint that wrote the report.
func (s *Saved) Tool() string { return s.report.Tool.Version }

// Report is the report as writers take it. Of a rule that is not among those that are known there is nothing but its name. The
// words of findings are those that were saved; the text of the files is not in it, nor what was accepted but for its number.
func (s *Saved) Report(rules map[string]*lint.Rule) *lint.Report {
	r := &lint.Report{Files: s.report.Summary.Files, Documents: s.report.Summary.Documents, Suppressed: s.report.Summary.Suppressed}
	unknown := map[string]*lint.Rule{}
	for i := range s.report.Findings {
		f := &s.report.Findings[i]
		rule := rules[f.Rule]
		if rule == nil {
			if rule = unknown[f.Rule]; rule == nil {
				rule = &lint.Rule{ID: f.Rule}
				unknown[f.Rule] = rule
			}
		}
		r.Findings = append(r.Findings, f.finding(rule))
	}
	for _, f := range s.report.Failures {
		r.Failures = append(r.Failures, lint.Failure{File: f.File, Range: lint.Range{Line: f.Line, Column: f.Column}, Rule: f.Rule, Reason: f.Message})
	}
	return r
}

// finding goes by what check has looked at.
func (j *jsonFinding) finding(rule *lint.Rule) lint.Finding {
	severity, _ := lint.ParseSeverity(j.Severity)
	path, _ := lint.ParsePath(j.Path)
	f := lint.Finding{
		Rule: rule, Severity: severity, Said: &lint.Words{Message: j.Message, Remediation: j.Remediation},
		File: j.File, Range: lint.Range{Line: j.Line, Column: j.Column, EndLine: j.EndLine, EndColumn: j.EndColumn},
		Path: path, Target: j.Target, Fingerprint: j.Fingerprint,
	}
	if o := j.Resource; o != nil {
		f.Object = lint.Resource{APIVersion: o.APIVersion, Kind: o.Kind, Namespace: o.Namespace, Name: o.Name}
	}
	return f
}

// Writer is a format's writer for the report that Report gives. JSON is written as it was read: nothing of it is lost on the way.
func (s *Saved) Writer(of Writer) Writer {
	if _, ok := of.(jsonFormat); ok {
		return savedJSON{s}
	}
	return of
}

type savedJSON struct{ *Saved }

func (s savedJSON) Write(w io.Writer, _ *lint.Report, _ Options) error {
	return encodeJSON(w, s.report)
}
