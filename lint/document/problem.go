package document

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/kslint/kslint/lint"
)

// refused makes a problem of the consumer's verdict. own is what this package's parser said, t its tree; one is nil.
func (c *chunk) refused(verdict, own error, t *tree) *lint.Problem {
	message := verdict.Error()
	line := reportedLine(message)
	if at, found := c.tab(message, line); found {
		return &lint.Problem{Kind: lint.Tab, Range: c.span(at, at+1), Reason: "a tab stands where only spaces may"}
	}
	why := causeOf(message)
	p := &lint.Problem{Kind: why.kind, Reason: why.reason}
	if t != nil && why.guilty != nil {
		if n := blame(t.root, why.guilty); n != nil {
			p.Range = t.place(n)
			return p
		}
	}
	if from, to := c.culprit(message); from < to {
		p.Range = c.span(from, to)
		return p
	}
	switch {
	case why.early:
		line++
	case why.within != nil:
		line = c.beginning(line, own, why.within)
	}
	p.Range = c.lineRange(line)
	return p
}

var lineNumber = regexp.MustCompile(`^yaml: line (\d+): `)

// reportedLine is the line of a message, 0 where it has none: the parser leaves out the first line.
func reportedLine(message string) int {
	m := lineNumber.FindStringSubmatch(message)
	if m == nil {
		return 0
	}
	line, err := strconv.Atoi(m[1])
	if err != nil {
		return 0
	}
	return line
}

// beginning is the line where something began that the parser gave up on at a later line: this package's parser names it.
func (c *chunk) beginning(line int, own error, within func([]byte) bool) int {
	if own == nil {
		return line
	}
	if began := reportedLine(own.Error()); began < line {
		return began
	}
	// It names the same line as well when that thing began on the first.
	from, to := c.lineText(line)
	if within(c.data[from:to]) {
		return line
	}
	return 1
}

// lineText is the visible text of a line of the chunk, or of the last one before it that has any.
func (c *chunk) lineText(line int) (from, to int) {
	for n := min(c.first+max(line, 1)-1, lineAt(c.breaks, max(c.from, c.to-1))); n >= c.first; n-- {
		from, to = max(c.from, c.breaks[n]), min(c.lineEnd(n), c.to)
		for from < to && isSpace(c.data[from]) {
			from++
		}
		if from < to {
			return from, to
		}
	}
	return c.from, c.from
}

func (c *chunk) lineRange(line int) lint.Range { return c.span(c.lineText(line)) }

var tabMessages = []string{
	"found character that cannot start any token",
	"found a tab character that violates indentation",
	"found a tab character where an indentation space is expected",
}

// tab finds the tab that a message is about. The line of the message is often one too small.
func (c *chunk) tab(message string, line int) (at int, found bool) {
	about := false
	for _, m := range tabMessages {
		about = about || strings.Contains(message, m)
	}
	if !about {
		return 0, false
	}
	for n := c.first + max(line-1, 1) - 1; n < len(c.breaks) && c.breaks[n] < c.to; n++ {
		from, to := max(c.from, c.breaks[n]), c.to
		if n+1 < len(c.breaks) {
			to = min(to, c.breaks[n+1])
		}
		if tab := leadingTab(c.data[from:to]); tab >= 0 {
			return from + tab, true
		}
		if text := bytes.TrimSpace(c.data[from:to]); n > c.first+line && len(text) > 0 && text[0] != '#' {
			break // the message, which other characters share, is about something further up
		}
	}
	return 0, false
}

// leadingTab finds a tab among the blanks that a line begins with, or among those behind a dash or question mark there.
func leadingTab(line []byte) int {
	for i, c := range line {
		switch {
		case c == '\t':
			return i
		case c == ' ':
		case (c == '-' || c == '?') && i+1 < len(line) && (line[i+1] == ' ' || line[i+1] == '\t'):
		default:
			return -1
		}
	}
	return -1
}

// culprit finds the text that a message without a line is about: an alias, or a character that YAML forbids.
func (c *chunk) culprit(message string) (from, to int) {
	if strings.Contains(message, "control characters") {
		for at := c.from; at < c.to; {
			r, size := utf8.DecodeRune(c.data[at:c.to])
			if forbidden(r) {
				return at, at + size
			}
			at += size
		}
	}
	if _, rest, ok := strings.Cut(message, "unknown anchor '"); ok {
		name, _, _ := strings.Cut(rest, "'")
		if at := bytes.Index(c.text(), []byte("*"+name)); at >= 0 {
			return c.from + at, c.from + at + len("*") + len(name)
		}
	}
	return 0, 0
}

// forbidden tells whether YAML allows a character nowhere.
func forbidden(r rune) bool {
	switch {
	case r == '\t', r == '\n', r == '\r', r == 0x85:
		return false
	case r < ' ', r == 0x7F, r > 0x7F && r < 0xA0, r == 0xFFFE, r == 0xFFFF:
		return true
	}
	return false
}
