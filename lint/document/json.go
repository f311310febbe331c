package document

import (
	"bytes"
	"encoding/json"
	"regexp"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// readJSON is for valid JSON that no YAML parser accepts. Its consumers read it as JSON.
func (c *chunk) readJSON() reading {
	v, err := decodeJSON(c.text())
	if err != nil {
		return reading{problem: &lint.Problem{Kind: lint.Syntax, Range: c.lineRange(1), Reason: "a number is beyond all measure"}}
	}
	if height(v, lint.MaxDepth+1) > lint.MaxDepth {
		return reading{problem: &lint.Problem{Kind: lint.TooDeep, Range: c.lineRange(1), Reason: tooDeep}}
	}
	r := reading{value: v}
	if t, err := c.grow(mend(c.text())); err == nil {
		r.tree = t
	}
	return r
}

var surrogate = regexp.MustCompile(`^\\u[dD][89a-fA-F]`)

// mend replaces what JSON allows in strings and YAML does not by as many other characters, for the sake of the places.
func mend(text []byte) []byte {
	mended := bytes.Clone(text)
	for at := 0; at < len(mended); at++ {
		switch rest := mended[at:]; {
		case rest[0] == 0x7F:
			rest[0] = '?'
		case rest[0] == 0xC2 && len(rest) > 1 && rest[1] < 0xA0:
			rest[1] = 0xA0
		case bytes.HasPrefix(rest, []byte("\uFFFE")), bytes.HasPrefix(rest, []byte("\uFFFF")):
			copy(rest, "\uFFFD")
		case surrogate.Match(rest[:min(len(rest), len(`\ud800`))]):
			copy(rest, `\u0041`)
			at++
		case rest[0] == '\\':
			at++
		}
	}
	return mended
}

// values cuts a JSON text that holds several values, one behind the other; nil when it does not.
func (c *chunk) values() []*chunk {
	var chunks []*chunk
	for decoder := json.NewDecoder(bytes.NewReader(c.text())); decoder.More(); {
		var raw json.RawMessage
		if err := decoder.Decode(&raw); err != nil {
			return nil
		}
		to := c.from + int(decoder.InputOffset())
		from := to - len(raw)
		chunks = append(chunks, c.chunk(from, to, lineAt(c.breaks, from)))
	}
	if len(chunks) < 2 {
		return nil
	}
	return chunks
}

func decodeJSON(text []byte) (ast.Value, error) {
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		return nil, err
	}
	return fromJSON(v), nil
}

func fromJSON(v any) ast.Value {
	switch v := v.(type) {
	case bool:
		return ast.Boolean(v)
	case float64:
		return number(v)
	case string:
		return ast.String(v)
	case []any:
		terms := make([]*ast.Term, len(v))
		for i, item := range v {
			terms[i] = ast.NewTerm(fromJSON(item))
		}
		return ast.NewArray(terms...)
	case map[string]any:
		pairs := make([][2]*ast.Term, 0, len(v))
		for key, item := range v {
			pairs = append(pairs, ast.Item(ast.StringTerm(key), ast.NewTerm(fromJSON(item))))
		}
		return ast.NewObject(pairs...)
	}
	return ast.NullValue
}

// number writes a float as encoding/json does, so that integers have no exponent where it gives them none.
func number(f float64) ast.Number {
	text, err := json.Marshal(f)
	if err != nil {
		return "0" // no JSON text decodes to an infinity
	}
	return ast.Number(text)
}
