package document

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v3"
)

// stretch is a part of a page's text.
type stretch struct{ from, to int }

// cursor turns the lines and columns of nodes into offsets, cheaply as long as they only move forward.
type cursor struct {
	*chunk
	line, column, at int
}

func (c *cursor) seek(line, column int) int {
	if line != c.line || column < c.column {
		c.line, c.column, c.at = line, 1, c.offset(line, 1)
	}
	c.at = c.advance(c.at, column-c.column)
	c.column = column
	return c.at
}

// strings lists the stretches that belong to quoted strings and block scalars: no comment or template begins in them.
// t is the tree of the chunk, nil when it has none.
func (c *chunk) strings(t *tree) []stretch {
	if t == nil {
		return c.guessStrings()
	}
	return t.strings()
}

func (t *tree) strings() []stretch {
	var found []stretch
	at := cursor{chunk: t.chunk}
	var walk func(*yaml.Node)
	walk = func(n *yaml.Node) {
		if n.Kind == yaml.ScalarNode && n.Style&quoted != 0 {
			if start := at.seek(n.Line, n.Column); n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
				from, _ := t.skipProperties(start)
				found = append(found, t.block(n, from).stretch)
			} else {
				from, to := t.extentFrom(n, start)
				found = append(found, stretch{from, to})
			}
		}
		for _, child := range n.Content {
			walk(child)
		}
	}
	walk(t.root)
	return found
}

// block is the text of a block scalar: its lines and how far they are indented.
type block struct {
	stretch
	line, indent int
}

// block finds the lines of the block scalar whose indicator stands at an offset.
func (t *tree) block(n *yaml.Node, indicator int) block {
	first := lineAt(t.breaks, indicator) + 1
	b := block{line: first, indent: -1, stretch: stretch{t.to, t.to}}
	if first >= len(t.breaks) {
		return b
	}
	b.from = min(t.breaks[first], t.to)
	for line := first; line < len(t.breaks) && t.breaks[line] < t.to; line++ {
		text := t.data[t.breaks[line]:max(t.breaks[line], t.lineEnd(line))]
		spaces := len(text) - len(bytes.TrimLeft(text, " "))
		if len(text) == 0 {
			continue
		}
		if b.indent < 0 {
			// What the value keeps of the spaces was not indentation.
			value := strings.TrimLeft(n.Value, "\n")
			b.indent = spaces - (len(value) - len(strings.TrimLeft(value, " ")))
		}
		if spaces < b.indent {
			b.to = t.breaks[line]
			return b
		}
	}
	return b
}

// guessStrings is for texts that do not parse; it looks at single lines only.
func (c *chunk) guessStrings() []stretch {
	var found []stretch
	parent := -1 // the indentation of the key whose block scalar the line may belong to
	inBlock := false
	for line := c.first; line < len(c.breaks) && c.breaks[line] < c.to; line++ {
		from, to := max(c.from, c.breaks[line]), c.lineEnd(line)
		if to <= from {
			continue
		}
		text := c.data[from:to]
		indent := len(text) - len(bytes.TrimLeft(text, " "))
		if inBlock && indent > parent {
			found = append(found, stretch{from, to})
			continue
		}
		found = appendQuoted(found, c.data, from, to)
		parent, inBlock = indent, opensBlock(text)
	}
	return found
}

func appendQuoted(found []stretch, data []byte, from, to int) []stretch {
	for at := from; at < to; at++ {
		c := data[at]
		if c != '"' && c != '\'' || at > from && strings.IndexByte(" \t[{,:", data[at-1]) < 0 {
			continue
		}
		end := at + 1
		for end < to && data[end] != c {
			if c == '"' && data[end] == '\\' {
				end++
			}
			end++
		}
		if end >= to {
			return found
		}
		found = append(found, stretch{at, end + 1})
		at = end
	}
	return found
}

// opensBlock tells whether a line ends in the indicator of a block scalar.
func opensBlock(line []byte) bool {
	if comment := bytes.Index(line, []byte(" #")); comment >= 0 {
		line = line[:comment]
	}
	line = bytes.TrimRight(line, " \t0123456789+-")
	if !bytes.HasSuffix(line, []byte("|")) && !bytes.HasSuffix(line, []byte(">")) {
		return false
	}
	line = line[:len(line)-1]
	return len(line) == 0 || strings.IndexByte(" \t", line[len(line)-1]) >= 0
}
