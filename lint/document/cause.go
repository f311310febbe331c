package document

import (
	"bytes"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"go.yaml.in/yaml/v3"

	"github.com/kslint/kslint/lint"
)

// cause is what a message of the parser's means. The message itself is never passed on: some quote the document,
// and what they quote may be a secret.
type cause struct {
	message string
	kind    lint.ProblemKind // Syntax when it is empty
	reason  string
	// early says that the parser counted the line from 0.
	early bool
	// within is for messages whose line is where the parser gave up on something that began before:
	// it tells whether that may have begun on this very line.
	within func(line []byte) bool
	// guilty is for messages without a line: it picks the node to blame of a value and its key, nil where it has none.
	guilty func(key, value *yaml.Node) *yaml.Node
}

var causes = []cause{
	{message: "did not find expected '-' indicator", reason: "expected another item with the same indentation", early: true},
	{message: "did not find expected key", reason: "expected another key with the same indentation", early: true},
	{message: "did not find expected ',' or ']'", reason: "expected a comma or a closing bracket", early: true},
	{message: "did not find expected ',' or '}'", reason: "expected a comma or a closing brace", early: true},
	{message: "did not find expected node content", reason: "expected a value", early: true},
	{message: "did not find expected <document start>", reason: "expected the document to end", early: true},
	{message: "found undefined tag handle", reason: "the handle of a tag is not defined", early: true},
	{message: "found duplicate %", reason: "a directive stands twice", early: true},
	{message: "found incompatible YAML document", reason: "the version of YAML is not 1.1", early: true},
	{message: "could not find expected ':'", reason: "expected a colon behind this text", within: isLong},
	{message: "found unexpected end of stream", reason: "a quoted string is never closed", within: hasQuote},
	{message: "found unexpected document indicator", reason: "a quoted string is never closed", within: hasQuote},
	{message: "mapping values are not allowed", reason: "mapping values are not allowed in this context"},
	{message: "mapping keys are not allowed", reason: "mapping keys are not allowed in this context"},
	{message: "block sequence entries are not allowed", reason: "items of a list are not allowed in this context"},
	{message: "found character that cannot start any token", reason: "found a character that no value begins with"},
	{message: "found a tab character", reason: "found a tab where only spaces may stand"},
	{message: "found unknown escape character", reason: "found an unknown escape sequence"},
	{message: "found invalid Unicode character escape code", reason: "found an escape sequence of half a character"},
	{message: "did not find expected hexdecimal number", reason: "expected hexadecimal digits in an escape sequence"},
	{message: "exceeded max depth", kind: lint.TooDeep, reason: tooDeep},
	{message: "excessive aliasing", kind: lint.AliasBomb, reason: tooManyAliases, guilty: anAlias},
	{message: "value contains itself", kind: lint.AliasBomb, reason: aliasInAnchor, guilty: anAlias},
	{message: "unknown anchor", reason: "refers to an anchor that is not defined"},
	{message: "control characters are not allowed", reason: "found a control character"},
	{message: "invalid map key", reason: "a mapping or a list cannot be a key", guilty: aCollectionAsKey},
	{message: "unsupported map key", reason: "null cannot be a key", guilty: aNullKey},
	{message: "map merge requires", reason: "only mappings can be merged", guilty: aMergedScalar},
	{message: "unsupported value", reason: "JSON has no infinity and no not-a-number", guilty: aRefusedScalar},
	{message: "cannot decode", reason: "the text does not fit its tag", guilty: aRefusedScalar},
	{message: "invalid base64", reason: "the text does not fit its tag", guilty: aRefusedScalar},
}

func causeOf(message string) cause {
	for _, c := range causes {
		if strings.Contains(message, c.message) {
			if c.kind == "" {
				c.kind = lint.Syntax
			}
			return c
		}
	}
	return cause{kind: lint.Syntax, reason: "cannot be parsed"}
}

// longestKey is how far behind its beginning a key must have its colon.
const longestKey = 1024

func isLong(line []byte) bool { return len(line) > longestKey }

func hasQuote(line []byte) bool { return bytes.ContainsAny(line, `'"`) }

func anAlias(key, value *yaml.Node) *yaml.Node {
	for _, n := range []*yaml.Node{key, value} {
		if n != nil && n.Kind == yaml.AliasNode {
			return n
		}
	}
	return nil
}

func aCollectionAsKey(key, _ *yaml.Node) *yaml.Node {
	if key != nil && target(key).Kind != yaml.ScalarNode {
		return key
	}
	return nil
}

func aNullKey(key, _ *yaml.Node) *yaml.Node {
	if key == nil || target(key).Kind != yaml.ScalarNode {
		return nil
	}
	if _, null := scalar(target(key)).(ast.Null); null {
		return key
	}
	return nil
}

func aMergedScalar(key, value *yaml.Node) *yaml.Node {
	if key == nil || !isMerge(key) {
		return nil
	}
	switch source := target(value); {
	case source.Kind == yaml.MappingNode:
		return nil
	case value.Kind == yaml.SequenceNode:
		for _, item := range value.Content {
			if target(item).Kind != yaml.MappingNode {
				return item
			}
		}
		return nil
	}
	return value
}

func aRefusedScalar(key, value *yaml.Node) *yaml.Node {
	for _, n := range []*yaml.Node{key, value} {
		if n != nil && n.Kind == yaml.ScalarNode && scalar(n) == nil {
			return n
		}
	}
	return nil
}

// blame finds the first node that a cause holds guilty.
func blame(n *yaml.Node, guilty func(key, value *yaml.Node) *yaml.Node) *yaml.Node {
	if found := guilty(nil, n); found != nil {
		return found
	}
	for i := 0; i < len(n.Content); i++ {
		if n.Kind == yaml.MappingNode && i+1 < len(n.Content) {
			if found := guilty(n.Content[i], n.Content[i+1]); found != nil {
				return found
			}
			if found := blame(n.Content[i], guilty); found != nil {
				return found
			}
			i++
		}
		if found := blame(n.Content[i], guilty); found != nil {
			return found
		}
	}
	return nil
}
