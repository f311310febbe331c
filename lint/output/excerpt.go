package output

import (
	"strings"
	"unicode/utf8"

	"github.com/kslint/kslint/lint"
)

// htmlLine is a line of a file as frames show it, cut and with its secrets masked, and the marked part in the middle. Number 0 is
// where lines were left out.
type htmlLine struct {
	Number                int
	Before, Marked, After string
}

// excerpt gives the line of a place, below the line that it belongs to.
func (p *page) excerpt(at lint.Range) []htmlLine {
	line := at.Line - 1
	if line < 0 || line >= len(p.lines) {
		return nil
	}
	var lines []htmlLine
	if parent := p.parent(line); parent >= 0 {
		lines = append(lines, htmlLine{Number: parent + 1, Before: p.strip(parent, 0, 0, frameWidth).text})
		if parent+1 < line {
			lines = append(lines, htmlLine{})
		}
	}
	shown, marked := p.marked(at, frameWidth)
	if !marked {
		return append(lines, htmlLine{Number: at.Line, Before: shown.text})
	}
	from, to := byteAt(shown.text, shown.from), byteAt(shown.text, shown.to)
	return append(lines, htmlLine{at.Line, shown.text[:from], shown.text[from:to], shown.text[to:]})
}

// marked shows the line that a place begins in; the second result tells whether anything of it is marked.
func (p *page) marked(at lint.Range, width int) (strip, bool) {
	line := at.Line - 1
	from, to := at.Column-1, at.EndColumn-1
	if at.EndLine > at.Line {
		to = utf8.RuneCountInString(strings.TrimRight(p.lines[line], " \t"))
	}
	return p.strip(line, from, to, width), from >= 0
}

// byteAt is where a column of a shown line begins, its end where it is shorter.
func byteAt(text string, column int) int {
	x := 0
	for i, r := range text {
		if x >= column && runeColumns(r) > 0 {
			return i
		}
		x += runeColumns(r)
	}
	return len(text)
}
