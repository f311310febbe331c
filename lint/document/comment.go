package document

import (
	"bytes"
	"regexp"

	"github.com/kslint/kslint/lint"
)

// segments cuts what stands outside of the given strings into code and comments.
func (c *chunk) segments(strings []stretch) (code, comments []stretch) {
	at := c.from
	for _, s := range append(strings, stretch{c.to, c.to}) {
		for at < s.from {
			mark := c.hash(at, s.from)
			code = append(code, stretch{at, mark})
			if at = mark; mark < s.from {
				at = c.lineFeed(mark)
				comments = append(comments, stretch{mark, at})
			}
		}
		at = max(at, s.to)
	}
	return code, comments
}

// hash is where the first comment between two offsets begins.
func (c *chunk) hash(from, to int) int {
	for at := from; at < to; at++ {
		next := bytes.IndexByte(c.data[at:to], '#')
		if next < 0 {
			return to
		}
		at += next
		// Behind a string a comment needs no blank.
		if at == from || isSpace(c.data[at-1]) {
			return at
		}
	}
	return to
}

func (c *chunk) lineFeed(at int) int {
	if next := bytes.IndexByte(c.data[at:c.to], '\n'); next >= 0 {
		return at + next
	}
	return c.to
}

// template finds the brackets of Helm, Jinja or the like where no string or comment hides them.
func (c *chunk) template(strings []stretch) (at int, found bool) {
	code, _ := c.segments(strings)
	for _, s := range code {
		text := c.data[s.from:s.to]
		for _, open := range [][]byte{[]byte("{{"), []byte("{%")} {
			if at := bytes.Index(text, open); at >= 0 {
				return s.from + at, true
			}
		}
	}
	return 0, false
}

func hasBraces(text []byte) bool {
	return bytes.Contains(text, []byte("{{")) || bytes.Contains(text, []byte("{%"))
}

const ignoreMark = "kslint:ignore"

var ignoreComment = regexp.MustCompile(`^#+[ \t]*` + ignoreMark + `(?:[ \t]+|$)(.*)$`)

// ignores reads the kslint:ignore comments.
func (c *chunk) ignores(strings []stretch) []lint.Ignore {
	_, comments := c.segments(strings)
	var found []lint.Ignore
	for _, s := range comments {
		m := ignoreComment.FindSubmatch(bytes.TrimRight(c.data[s.from:s.to], " \t\r"))
		if m == nil {
			continue
		}
		ignore := lint.ParseIgnore(string(m[1]))
		ignore.Alone = c.alone(s.from)
		ignore.Line, ignore.Column = c.point(s.from)
		found = append(found, ignore)
	}
	return found
}

// alone tells whether only blanks stand in front of an offset on its line.
func (c *chunk) alone(at int) bool {
	line := c.data[max(c.from, c.rows[lineAt(c.rows, at)]):at]
	return len(bytes.TrimLeft(line, " \t")) == 0
}
