package output

import (
	"bytes"
	_ "embed" // the template
	"html/template"
	"io"
	"strings"

	"github.com/kslint/kslint/lint"
)

// htmlFormat is one file for people, which loads nothing from elsewhere.
type htmlFormat struct{}

//go:embed report.html.tmpl
var htmlTemplate string

// htmlReport is what the template is filled with; all its texts are visible already, and the template escapes them.
type htmlReport struct {
	Lang, Tally, Tool string
	Words             htmlWords
	Files             []htmlFile
}

type htmlFile struct {
	Name     string
	Findings []htmlFinding
	Waived   []htmlFinding
	Failures []htmlFinding
}

type htmlFinding struct {
	Place, Class, Severity, Message, Rule, Page, Path, Fix, Reason string
	Lines                                                          []htmlLine
}

// htmlWords are our own words on the page.
type htmlWords struct{ Title, Accepted, Failed, Fix string }

var htmlVocabularies = map[lint.Lang]htmlWords{
	lint.English: {Title: "kslint report", Accepted: "accepted", Failed: "failed", Fix: "fix: "},
	lint.Chinese: {Title: "kslint 检查报告", Accepted: "已豁免", Failed: "检查失败", Fix: "修复："},
}

var htmlSeverities = map[lint.Lang]map[lint.Severity]string{
	lint.English: {lint.Error: "error", lint.Warning: "warning", lint.Info: "info"},
	lint.Chinese: chineseSeverities,
}

// Write writes findings by file, each with the lines that it is about, then what was accepted and what could not be read.
func (htmlFormat) Write(w io.Writer, r *lint.Report, o Options) error {
	page, err := template.New("report").Parse(htmlTemplate)
	if err != nil {
		return err
	}
	if _, ok := htmlVocabularies[o.Lang]; !ok {
		o.Lang = lint.English
	}
	out := htmlReport{Lang: language(o.Lang), Tally: o.vocabulary().tally(r), Tool: visible(o.Tool), Words: htmlVocabularies[o.Lang]}
	for _, g := range byFile(r) {
		out.Files = append(out.Files, o.htmlFile(g, r.Sources[g.file]))
	}
	var buffer bytes.Buffer
	if err := page.Execute(&buffer, out); err != nil {
		return err
	}
	_, err = w.Write(buffer.Bytes())
	return err
}

func (o Options) htmlFile(g *group, source []byte) htmlFile {
	file := htmlFile{Name: visible(g.file)}
	text := newPage(source)
	for _, f := range g.findings {
		words := f.Words(o.Lang)
		finding := htmlFinding{
			Place: htmlPlace(f.Range), Class: f.Severity.String(), Severity: htmlSeverities[o.Lang][f.Severity],
			Message: oneLine(words.Message), Rule: visible(f.Rule.ID), Page: o.page(f.Rule), Path: visible(f.Path.String()),
			Fix: oneLine(words.Remediation), Reason: oneLine(f.Waived),
		}
		if f.Waived != "" {
			file.Waived = append(file.Waived, finding)
			continue
		}
		if source != nil {
			finding.Lines = text.excerpt(f.Range)
		}
		file.Findings = append(file.Findings, finding)
	}
	for _, f := range g.failures {
		file.Failures = append(file.Failures, htmlFinding{Place: htmlPlace(f.Range), Message: oneLine(f.Reason), Rule: visible(f.Rule)})
	}
	return file
}

// htmlPlace is line:column, as far as they are known.
func htmlPlace(at lint.Range) string {
	_, where, _ := strings.Cut(position("-", place(at)), ":")
	return strings.Trim(where, ": ")
}
