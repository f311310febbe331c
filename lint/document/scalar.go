package document

import (
	"encoding/json"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"go.yaml.in/yaml/v3"
)

const quoted = yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle

// scalar is the value of a scalar as the consumer resolves it, nil where it refuses the scalar.
func scalar(n *yaml.Node) ast.Value {
	switch {
	case ambiguous(n):
		return askValue(tagged(n))
	case n.Style&(quoted|yaml.TaggedStyle) != 0:
		return ast.String(n.Value)
	}
	if v, known := plain(n.Value); known {
		return v
	}
	return askValue(n.Value)
}

// ambiguous tells whether a scalar has a tag that makes another value of its text. A tag of somebody's own makes none.
func ambiguous(n *yaml.Node) bool {
	return n.Style&yaml.TaggedStyle != 0 && n.Tag != "!!str" && strings.HasPrefix(n.Tag, "!!")
}

// plain resolves the texts of plain scalars that every dialect resolves alike; all others are for the consumer to resolve.
func plain(text string) (v ast.Value, known bool) {
	if text == "" {
		return ast.NullValue, true
	}
	switch c := text[0]; {
	case c == '~':
		if text == "~" {
			return ast.NullValue, true
		}
	case c == '.' || c == '+' || c == '-' || c >= '0' && c <= '9':
		if decimal(text) {
			return ast.Number(text), true
		}
		return ast.String(text), !numeric(text)
	case strings.IndexByte("nNtTfFyYoO", c) >= 0:
		return word(text)
	}
	return ast.String(text), true
}

func word(text string) (v ast.Value, known bool) {
	switch text {
	case "null", "Null", "NULL":
		return ast.NullValue, true
	case "true", "True", "TRUE":
		return ast.Boolean(true), true
	case "false", "False", "FALSE":
		return ast.Boolean(false), true
	}
	switch strings.ToLower(text) {
	case "y", "yes", "on", "n", "no", "off":
		return nil, false
	}
	return ast.String(text), true
}

// decimal tells whether a text is an integer as encoding/json writes it, short enough for a float64 to hold exactly.
func decimal(text string) bool {
	digits := strings.TrimPrefix(text, "-")
	if len(digits) == 0 || len(digits) > 15 || digits[0] == '0' && text != "0" {
		return false
	}
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return false
		}
	}
	return true
}

// numeric tells whether a text has only characters of numbers, dates and infinities, and not two dots as addresses have.
func numeric(text string) bool {
	dots := 0
	for i := range len(text) {
		switch c := text[i]; {
		case c == '.':
			dots++
		case c >= '0' && c <= '9', c == '_', c == '+', c == '-':
		case strings.IndexByte("abcdefABCDEFxXoOnNiI", c) >= 0:
		default:
			return false
		}
	}
	return dots < 2
}

// askValue has the consumer resolve one scalar, nil when it refuses.
func askValue(text string) ast.Value {
	v, err := consult([]byte("[" + text + "]")) // in flow even a dash is text
	list, ok := v.(*ast.Array)
	if err != nil || !ok || list.Len() != 1 {
		return nil
	}
	return list.Elem(0).Value
}

// tagged writes a scalar with its tag. Behind a tag, no quotes are as good as quotes.
func tagged(n *yaml.Node) string {
	text, err := json.Marshal(n.Value)
	if err != nil {
		return n.Value
	}
	return "!<tag:yaml.org,2002:" + strings.TrimPrefix(n.Tag, "!!") + "> " + string(text)
}
