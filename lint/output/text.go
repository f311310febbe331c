package output

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/kslint/kslint/lint"
)

// text is for people: each finding with the lines that it is about and what to do, then the counts.
type text struct{}

// Write writes findings and counts; failures and notes are Diagnose's.
func (text) Write(w io.Writer, r *lint.Report, o Options) error {
	p := newPrinter(w, o)
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Waived != "" {
			continue
		}
		words := f.Words(o.Lang)
		p.headline(f.File, f.Range, severityStyles[f.Severity], p.words.severities[f.Severity], words.Message, f.Rule.ID)
		if o.Quiet {
			continue
		}
		if data, ok := r.Sources[f.File]; ok {
			p.frame(f.Range, p.page(f.File, data))
		}
		p.fix(words.Remediation)
		p.print("\n")
	}
	if !o.Quiet {
		p.print(wrap(p.words.tally(r), 0, 0, o.Width) + "\n")
	}
	return p.out.Flush()
}

// Diagnose writes what standard error is for, whatever the format of the findings: failures, and notes where they are asked for.
func Diagnose(w io.Writer, r *lint.Report, o Options) error {
	p := newPrinter(w, o)
	for _, f := range r.Failures {
		p.headline(f.File, f.Range, boldRed, p.words.failed, f.Reason, f.Rule)
	}
	for _, n := range r.Notes {
		if !o.Quiet && (o.Verbose || n.Always) {
			p.headline(n.File, n.Range, cyan, p.words.note, n.Reason, n.Rule)
		}
	}
	return p.out.Flush()
}

// printer is one run of the text format. Its errors wait in out until the end.
type printer struct {
	Options
	out   *bufio.Writer
	words vocabulary
	// file is the name of the last page: findings come sorted by file.
	file string
	last *page
}

func newPrinter(w io.Writer, o Options) *printer {
	return &printer{Options: o, out: bufio.NewWriterSize(w, 64<<10), words: o.vocabulary()}
}

// print leaves errors to the last Flush, which returns the first of them.
func (p *printer) print(text string) { _, _ = p.out.WriteString(text) }

func (p *printer) page(name string, data []byte) *page {
	if p.last == nil || p.file != name {
		p.file, p.last = name, newPage(data)
	}
	return p.last
}

// The columns that wrapped lines begin at.
const (
	headIndent  = 4
	frameIndent = "   "
)

// headline writes file:line:column: label message [rule].
func (p *printer) headline(file string, at lint.Range, s style, label, message, rule string) {
	place, word := position(visible(file), at), strings.TrimRight(label, " ")
	rest := label[len(word):] + oneLine(message)
	if rule != "" {
		rest += " [" + visible(rule) + "]"
	}
	width := p.Width
	if p.Quiet {
		width = 0
	}
	behind := columns(place) + columns(word)
	p.print(p.paint(bold, place) + p.paint(s, word) + wrap(rest, behind, headIndent, width) + "\n")
}

// position is what editors and terminals jump to; what is not known is left out.
func position(file string, at lint.Range) string {
	switch {
	case file == "":
		return ""
	case at.Line == 0:
		return file + ": "
	case at.Column == 0:
		return fmt.Sprintf("%s:%d: ", file, at.Line)
	}
	return fmt.Sprintf("%s:%d:%d: ", file, at.Line, at.Column)
}

func (p *printer) fix(remediation string) {
	remedy := oneLine(remediation)
	if remedy == "" {
		return
	}
	lead := frameIndent + p.words.fix
	p.print(lead + wrap(remedy, columns(lead), columns(lead), p.Width) + "\n")
}

// told is what a finding says and what to do about it, with something in between.
func (o Options) told(f *lint.Finding, between string) string {
	words := f.Words(o.Lang)
	text := oneLine(words.Message)
	if remedy := oneLine(words.Remediation); remedy != "" {
		text += between + o.vocabulary().fix + remedy
	}
	return text
}

// oneLine joins the lines that a rule's words were written on.
func oneLine(words string) string {
	return visible(strings.ReplaceAll(strings.TrimSpace(words), "\n", " "))
}
