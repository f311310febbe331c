package document

import (
	"bytes"
	"fmt"

	"github.com/kslint/kslint/lint"
)

// maxOther is how large a file of the other notations may be. They are written by hand or from a template of some kilobytes.
const maxOther = 1 << 20

// other decodes what is neither YAML nor JSON. done is false for those two.
func (d *decoder) other(p *page) (documents []*lint.Document, done bool) {
	format := d.source.Format()
	switch format {
	case lint.YAML, lint.JSON:
		return nil, false
	case "":
		nothing := &lint.Problem{Kind: lint.Unknown, Reason: "nothing that kslint knows"}
		return []*lint.Document{d.unread(nothing, format)}, true
	case lint.PEM:
		return []*lint.Document{d.pem(p)}, true
	}
	problem := unreadable(p)
	if problem == nil && len(p.data) > maxOther {
		problem = &lint.Problem{Kind: lint.TooLarge, Reason: fmt.Sprintf("larger than %d MiB", maxOther>>20)}
	}
	if problem == nil {
		problem = p.fromTemplate(format)
	}
	if problem != nil {
		return []*lint.Document{d.unread(problem, format)}, true
	}
	return d.plain(p, format), true
}

// plain reads a text of lines; nothing comes of one that says nothing.
func (d *decoder) plain(p *page, format lint.Format) []*lint.Document {
	c := p.chunk(0, len(p.data), 0)
	document := &lint.Document{Source: d.source, Format: format}
	var where *spot
	switch format {
	case lint.Env:
		document.Value, where = c.env()
	case lint.Unit:
		document.Value, where = c.unit()
	default:
		document.Value, document.Where = c.script(), lineLocator{c}
	}
	if document.Value == nil {
		return nil
	}
	if where != nil {
		document.Where = spotted{p, where}
	}
	document.Ignores = c.lineIgnores(format == lint.Lines)
	return []*lint.Document{document}
}

// lineIgnores reads the kslint:ignore comments of a text whose comments have lines of their own, or stand anywhere.
func (c *chunk) lineIgnores(anywhere bool) []lint.Ignore {
	if !bytes.Contains(c.text(), []byte(ignoreMark)) {
		return nil
	}
	var found []lint.Ignore
	for _, ignore := range c.ignores(nil) {
		if ignore.Alone || anywhere {
			found = append(found, ignore)
		}
	}
	return found
}

// fromTemplate finds the brackets of Helm, Jinja or Go templates. Shells and systemd have no use for them at the beginning of a
// line; elsewhere only a script may hold them without being a template, and what stands in quotes is a value not yet filled in.
func (p *page) fromTemplate(format lint.Format) *lint.Problem {
	if !hasBraces(p.data) {
		return nil
	}
	for row, from := range p.rows {
		line := p.data[from:p.rowEnd(row)]
		text := bytes.TrimLeft(line, " \t")
		if len(text) == 0 || text[0] == '#' || text[0] == ';' {
			continue
		}
		at := braces(text)
		if at > 0 && format == lint.Lines || at < 0 {
			continue
		}
		at += from + len(line) - len(text)
		return &lint.Problem{Kind: lint.Template, Range: p.span(at, at+len("{{")), Reason: "a template, not yet rendered"}
	}
	return nil
}

// braces is where a template's brackets stand outside of quotes, -1 for nowhere.
func braces(line []byte) int {
	quote := byte(0)
	for i, c := range line {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '{' && i+1 < len(line) && (line[i+1] == '{' || line[i+1] == '%'):
			return i
		}
	}
	return -1
}

// rowEnd is the offset at which the text of a row ends, before its line break.
func (p *page) rowEnd(row int) int {
	end := len(p.data)
	if row+1 < len(p.rows) {
		end = p.rows[row+1] - 1
	}
	if end > p.rows[row] && p.data[end-1] == '\r' {
		end--
	}
	return end
}
