package document

import (
	"bytes"
	"sort"
	"unicode/utf8"

	"github.com/kslint/kslint/lint"
)

// page is a text that places are asked in: a file, or the text of a string inside of another page.
type page struct {
	data []byte
	// breaks are the offsets at which lines begin as YAML counts them, rows those as users do: behind each line feed.
	// They differ only in texts that hold a lone carriage return or one of Unicode's own line breaks.
	breaks, rows []int
	// outer is the page whose literal block is this page: its line number line (from 0) is this page's first,
	// and its lines are indent characters further right.
	outer        *page
	line, indent int
	// whole is the place of the string that carries this page, where the text inside has no places of its own.
	whole lint.Range
}

func newPage(data []byte) *page {
	p := &page{data: data, rows: lineStarts(data)}
	p.breaks = p.rows
	if oddBreaks(data) {
		p.breaks = breakStarts(data)
	}
	return p
}

func lineStarts(data []byte) []int {
	starts := make([]int, 1, bytes.Count(data, []byte{'\n'})+1)
	for at := 0; ; {
		next := bytes.IndexByte(data[at:], '\n')
		if next < 0 {
			return starts
		}
		at += next + 1
		starts = append(starts, at)
	}
}

// oddBreaks tells whether YAML breaks lines where a user does not see a new one.
func oddBreaks(data []byte) bool {
	for at := 0; ; at++ {
		next := bytes.IndexByte(data[at:], '\r')
		if next < 0 {
			break
		}
		at += next
		if at+1 == len(data) || data[at+1] != '\n' {
			return true
		}
	}
	return bytes.Contains(data, []byte("\u0085")) || bytes.Contains(data, []byte("\u2028")) || bytes.Contains(data, []byte("\u2029"))
}

func breakStarts(data []byte) []int {
	starts := []int{0}
	for at := 0; at < len(data); {
		if width := breakWidth(data, at); width > 0 {
			at += width
			starts = append(starts, at)
		} else {
			at++
		}
	}
	return starts
}

// breakWidth is the length of the line break at an offset, 0 when there is none.
func breakWidth(data []byte, at int) int {
	switch rest := data[at:]; {
	case len(rest) == 0:
		return 0
	case rest[0] == '\n':
		return 1
	case rest[0] == '\r':
		if len(rest) > 1 && rest[1] == '\n' {
			return 2
		}
		return 1
	case rest[0] == 0xC2 && len(rest) > 1 && rest[1] == 0x85:
		return 2
	case rest[0] == 0xE2 && len(rest) > 2 && rest[1] == 0x80 && (rest[2] == 0xA8 || rest[2] == 0xA9):
		return 3
	}
	return 0
}

// advance moves n characters forward, but never over the end of the line.
func (p *page) advance(at, n int) int {
	for ; n > 0 && at < len(p.data) && p.data[at] != '\n'; n-- {
		if p.data[at] < utf8.RuneSelf {
			at++
			continue
		}
		_, size := utf8.DecodeRune(p.data[at:])
		at += size
	}
	return at
}

// lineAt is the number, from 0, of the line that an offset is on.
func lineAt(starts []int, at int) int {
	return sort.SearchInts(starts, at+1) - 1
}

// point is the line and column, in the file, of an offset.
func (p *page) point(at int) (line, column int) {
	if p.outer != nil {
		line = lineAt(p.breaks, at)
		column = utf8.RuneCount(p.data[p.breaks[line]:at])
		line = min(p.line+line, len(p.outer.breaks)-1)
		return p.outer.point(p.outer.advance(p.outer.breaks[line], p.indent+column))
	}
	line = lineAt(p.rows, at)
	text := bytes.TrimPrefix(p.data[p.rows[line]:at], byteOrderMark)
	return line + 1, utf8.RuneCount(text) + 1
}

// span is the place, in the file, of the text between two offsets.
func (p *page) span(from, to int) lint.Range {
	if p.whole != (lint.Range{}) {
		return p.whole
	}
	line, column := p.point(from)
	endLine, endColumn := p.point(max(from, to))
	return lint.Range{Line: line, Column: column, EndLine: endLine, EndColumn: endColumn}
}

// lineEnd is the offset at which a line's text ends: before its break, and before blanks in front of that.
func (p *page) lineEnd(line int) int {
	end := len(p.data)
	if line+1 < len(p.breaks) {
		end = p.breaks[line+1]
	}
	start := p.breaks[line]
	for end > start {
		if c := p.data[end-1]; c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			break
		}
		end--
	}
	return end
}
