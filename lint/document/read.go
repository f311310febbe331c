package document

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// reading is what became of a chunk.
type reading struct {
	// tree is nil where nothing but the consumer could parse the text.
	tree    *tree
	value   ast.Value
	doubled bool
	problem *lint.Problem
}

// read parses a chunk and gives it the value that the consumer would. budget limits what aliases may expand to.
func (c *chunk) read(format lint.Format, budget *int) reading {
	t, err := c.grow(c.text())
	if err != nil && format == lint.JSON && json.Valid(c.text()) {
		return c.readJSON()
	}
	if hasBraces(c.text()) {
		if at, found := c.template(c.strings(t)); found {
			return reading{tree: t, problem: &lint.Problem{
				Kind: lint.Template, Range: c.span(at, at+len("{{")), Reason: "a template, no YAML before it is rendered",
			}}
		}
	}
	if err != nil {
		return c.readBlind(err)
	}
	if problem := t.excess(budget); problem != nil {
		return reading{tree: t, problem: problem}
	}
	r := c.readTree(t)
	r.doubled = r.doubled && format == lint.YAML
	return r
}

// readTree goes by the tree, and asks the consumer where the tree does not show what it would say.
func (c *chunk) readTree(t *tree) reading {
	var b builder
	r := reading{tree: t, value: b.term(t.root).Value, doubled: b.doubled}
	if !b.unsure && b.refused == nil && !c.lenient() {
		return r
	}
	v, err := consult(c.text())
	if err != nil {
		return reading{tree: t, problem: c.refused(err, nil, t)}
	}
	// Where the consumer leaves it to chance which of two keys it keeps, it is the last one here.
	if chance := b.colliding || b.merging && otherKeys(t.root); !chance {
		r.value = v
	}
	return r
}

// readBlind is for texts that this package's parser refuses. If the consumer does not, the value counts, without places.
func (c *chunk) readBlind(own error) reading {
	if c.mayHideAliases(own) {
		return reading{problem: c.refused(own, own, nil)}
	}
	v, err := consult(c.text())
	if err != nil {
		return reading{problem: c.refused(err, own, nil)}
	}
	if height(v, lint.MaxDepth+1) > lint.MaxDepth {
		return reading{problem: &lint.Problem{Kind: lint.TooDeep, Range: c.lineRange(1), Reason: tooDeep}}
	}
	return reading{value: v}
}

// mayHideAliases tells whether the consumer could expand aliases without measure in a text that this package's parser
// refuses. All that it overlooks and this parser does not is what stands behind the end of a document in flow.
func (c *chunk) mayHideAliases(own error) bool {
	text := c.text()
	if bytes.IndexByte(text, '*') < 0 || bytes.IndexByte(text, '&') < 0 {
		return false
	}
	if errors.Is(own, errGaveUp) {
		return true
	}
	begin := c.from
	if marker(text) == separatorWithContent {
		begin += len("---")
	}
	begin = c.skipSpace(begin)
	return begin < c.to && bytes.IndexByte([]byte("[{&!"), c.data[begin]) >= 0
}

// lenient tells whether a text holds what this package's parser overlooks and the consumer does not:
// tabs that stand before a comment or on an otherwise blank line, and a tag that is nothing but an exclamation mark.
func (c *chunk) lenient() bool {
	odd := len(c.breaks) != len(c.rows) // too rare to look at closely
	return odd || bareTag(c.text()) || bytes.IndexByte(c.text(), '#') >= 0 && indentedByTab(c.text())
}

func bareTag(text []byte) bool {
	for at := 0; ; at++ {
		next := bytes.IndexByte(text[at:], '!')
		if next < 0 {
			return false
		}
		at += next
		before := at == 0 || isSpace(text[at-1]) || bytes.IndexByte([]byte("[{,:"), text[at-1]) >= 0
		after := at+1 == len(text) || isSpace(text[at+1]) || bytes.IndexByte([]byte(",]}"), text[at+1]) >= 0 ||
			breakWidth(text, at+1) > 0
		if before && after {
			return true
		}
	}
}

func indentedByTab(text []byte) bool {
	for at := 0; ; {
		next := bytes.IndexByte(text[at:], '\t')
		if next < 0 {
			return false
		}
		at += next
		line := bytes.LastIndexByte(text[:at], '\n') + 1
		if len(bytes.Trim(text[line:at], " \t\r-?:")) == 0 {
			return true
		}
		end := bytes.IndexByte(text[at:], '\n')
		if end < 0 {
			return false
		}
		at += end
	}
}
