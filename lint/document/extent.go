package document

import (
	"bytes"

	"go.yaml.in/yaml/v3"

	"github.com/kslint/kslint/lint"
)

// start is where a node begins, its tag and anchor included.
func (t *tree) start(n *yaml.Node) int { return t.offset(n.Line, n.Column) }

// place is the place of a node in the file.
func (t *tree) place(n *yaml.Node) lint.Range { return t.span(t.extent(n)) }

// extent is where the text of a scalar, an alias or a flow collection begins and ends;
// a block collection is as wide as its first key or item.
func (t *tree) extent(n *yaml.Node) (from, to int) {
	for n.Style&yaml.FlowStyle == 0 && len(n.Content) > 0 {
		n = n.Content[0]
	}
	return t.extentFrom(n, t.start(n))
}

// extentFrom is extent for those who know the start of the node already, which is no block collection.
func (t *tree) extentFrom(n *yaml.Node, start int) (from, to int) {
	if n.Kind == yaml.AliasNode {
		return start, start + len("*") + len(n.Value)
	}
	from, properties := t.skipProperties(start)
	if n.Kind != yaml.ScalarNode {
		return from, t.flowEnd(n, from)
	}
	if to = t.scalarEnd(n, from); to == from && properties > start {
		return start, properties
	}
	return from, to
}

// skipProperties steps over anchors and tags; properties is where the last of them ends.
func (t *tree) skipProperties(at int) (from, properties int) {
	properties = at
	for at < t.to && (t.data[at] == '&' || t.data[at] == '!') {
		anchor := t.data[at] == '&'
		for at++; at < t.to && !isSpace(t.data[at]) && (!anchor || isAnchor(t.data[at])); {
			at++
		}
		properties = at
		at = t.skipSpace(at)
	}
	return at, properties
}

// skipSpace steps over blanks, line breaks and comments.
func (c *chunk) skipSpace(at int) int {
	for at < c.to {
		switch width := breakWidth(c.data, at); {
		case width > 0:
			at += width
		case isSpace(c.data[at]):
			at++
		case c.data[at] == '#':
			at = c.lineEndFrom(at)
		default:
			return at
		}
	}
	return at
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func isAnchor(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_' || c == '-'
}

func (c *chunk) lineEndFrom(at int) int {
	for at < c.to && breakWidth(c.data, at) == 0 {
		at++
	}
	return at
}

func (t *tree) scalarEnd(n *yaml.Node, from int) int {
	switch {
	case from >= t.to:
		return from
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return max(from, t.lineEnd(lineAt(t.breaks, from)))
	case n.Style&yaml.DoubleQuotedStyle != 0:
		for at := from + 1; at < t.to; at++ {
			switch t.data[at] {
			case '\\':
				at++
			case '"':
				return at + 1
			}
		}
		return t.to
	case n.Style&yaml.SingleQuotedStyle != 0:
		for at := from + 1; at < t.to; at++ {
			if t.data[at] != '\'' {
				continue
			}
			if at+1 == t.to || t.data[at+1] != '\'' {
				return at + 1
			}
			at++
		}
		return t.to
	}
	return t.plainEnd(n.Value, from)
}

// plainEnd follows a plain scalar through the text; where it was folded only the spaces differ.
func (t *tree) plainEnd(value string, from int) int {
	if bytes.HasPrefix(t.data[from:t.to], []byte(value)) {
		return from + len(value)
	}
	at, end := from, from
	for i := 0; i < len(value); i++ {
		if isSpace(value[i]) {
			continue
		}
		for at < t.to && isSpace(t.data[at]) {
			at++
		}
		if at == t.to || t.data[at] != value[i] {
			return end // one of Unicode's line breaks, or a text that was mended
		}
		at++
		end = at
	}
	return end
}

// flowEnd is behind the bracket that closes a flow collection.
func (t *tree) flowEnd(n *yaml.Node, from int) int {
	at := from
	open := from < t.to && (t.data[from] == '{' || t.data[from] == '[')
	if open {
		at++
	}
	// Only the last item matters: whatever stands before it closes before it.
	for i := len(n.Content) - 1; i >= 0; i-- {
		if first, last := t.extent(n.Content[i]); last > first {
			at = max(at, last)
			break
		}
	}
	if n.Kind == yaml.MappingNode && !open {
		return at // a single pair in a sequence, [a: 1]
	}
	for at < t.to {
		switch c := t.data[at]; c {
		case '}', ']':
			return at + 1
		case ',', ':', '?':
			at++
		default:
			next := t.skipSpace(at)
			if next == at {
				return at
			}
			at = next
		}
	}
	return at
}
