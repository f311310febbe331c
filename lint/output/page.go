package output

import (
	"bytes"
	"strings"
)

// page is the text of a file, and what of it must not be shown.
type page struct {
	lines  []string
	secret [][]span       // of each line, as far as only the whole file tells
	spans  map[int][]span // of lines that were asked for, all of them, in order
}

// span is a part of a line, in bytes.
type span struct{ from, to int }

func newPage(data []byte) *page {
	lines := strings.Split(string(bytes.TrimPrefix(data, []byte("\ufeff"))), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimSuffix(l, "\r")
	}
	return &page{lines: lines, secret: mask(lines), spans: map[int][]span{}}
}

// hidden gives what must not be shown of a line, in order and without overlaps.
func (p *page) hidden(line int) []span {
	if s, ok := p.spans[line]; ok {
		return s
	}
	before := ""
	if line > 0 {
		before = p.lines[line-1]
	}
	s := merge(append(p.secret[line], maskAlone(p.lines[line], before)...))
	p.spans[line] = s
	return s
}

// How far up the line that a line belongs to is looked for.
const parentLimit = 1000

// parent is the nearest line above that a line belongs to, by its indentation; -1 when there is none.
func (p *page) parent(line int) int {
	own, item := indentation(p.lines[line])
	for i := line - 1; i >= 0 && i > line-parentLimit && own+1 > 0; i-- {
		text := p.lines[i]
		above, aboveItem := indentation(text)
		content := strings.TrimSpace(text)
		switch {
		case content == "", strings.HasPrefix(content, "#"):
		case isSeparator(text):
			return -1
		case above < own, above == own && item && !aboveItem:
			return i
		}
	}
	return -1
}

// indentation counts what stands in front of a line's content, and tells whether the content is an item of a list.
func indentation(text string) (n int, item bool) {
	content := strings.TrimLeft(text, " \t")
	return len(text) - len(content), content == "-" || strings.HasPrefix(content, "- ")
}

func isSeparator(text string) bool {
	return text == "---" || strings.HasPrefix(text, "--- ") || strings.HasPrefix(text, "---\t")
}
