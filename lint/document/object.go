package document

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// Object decodes one object of the API, written as JSON, with what it carries in strings: the same documents that Decode makes of
// a file with nothing but this object, without places and ignore comments. The object is the first of them.
//
// known is what the API server says about the object beside its text: where the text lacks apiVersion, kind, namespace or name,
// these count. metadata.managedFields is left out: it is the server's own bookkeeping, and often the larger part of an object.
func Object(src *lint.Source, known lint.Resource) []*lint.Document {
	d := decoder{source: src, budget: 4*len(src.Data) + spare}
	if !json.Valid(src.Data) {
		kind, reason := lint.Syntax, "no valid JSON"
		if nesting(src.Data) > lint.MaxDepth {
			kind, reason = lint.TooDeep, tooDeep
		}
		return []*lint.Document{d.unread(&lint.Problem{Kind: kind, Range: nowhere, Reason: reason}, lint.JSON)}
	}
	return ValidObject(src, known)
}

// ValidObject is Object for a text that json.Valid accepts, which whoever has cut it out of a larger one knows already. It may panic
// for any other.
func ValidObject(src *lint.Source, known lint.Resource) []*lint.Document {
	d := decoder{source: src, budget: 4*len(src.Data) + spare}
	value, problem := objectValue(src.Data, known)
	if problem != nil {
		return []*lint.Document{d.unread(problem, lint.JSON)}
	}
	p := part{Document: &lint.Document{Source: src, Format: lint.JSON, Value: value, Where: fixed(nowhere)}}
	p.Object = resourceOf(value)
	p.findBlocks()
	documents := append([]*lint.Document{p.Document}, d.embedded(p)...)
	documents = append(documents, d.kubeconfigs(p)...)
	p.conceal()
	for i, document := range documents {
		document.Index = i
	}
	return documents
}

// nowhere is the one place of an object that was never in a file.
var nowhere = lint.Range{Line: 1, Column: 1, EndLine: 1, EndColumn: 2}

func objectValue(text []byte, known lint.Resource) (ast.Value, *lint.Problem) {
	refused := func(kind lint.ProblemKind, reason string) (ast.Value, *lint.Problem) {
		return nil, &lint.Problem{Kind: kind, Range: nowhere, Reason: reason}
	}
	if !utf8.Valid(text) {
		return refused(lint.NotUTF8, "expected UTF-8")
	}
	if nesting(text) > lint.MaxDepth {
		return refused(lint.TooDeep, tooDeep)
	}
	v, err := quickJSON(text)
	if err != nil {
		return refused(lint.Syntax, err.Error())
	}
	if _, ok := v.(ast.Object); !ok {
		return refused(lint.NotAMap, "expected an object")
	}
	if said := resourceOf(v); lacks(said, known) {
		v = completed(text, known)
	}
	return v, nil
}

func lacks(said, known lint.Resource) bool {
	without := func(text, more string) bool { return text == "" && more != "" }
	return without(said.APIVersion, known.APIVersion) || without(said.Kind, known.Kind) ||
		without(said.Namespace, known.Namespace) || without(said.Name, known.Name)
}

// completed reads an object again and fills what it lacks: an object of OPA's that is in another cannot be changed.
func completed(text []byte, known lint.Resource) ast.Value {
	var object map[string]any
	if json.Unmarshal(text, &object) != nil {
		return ast.NewObject() // it was read before
	}
	complete(object, known)
	return fromJSON(object)
}

// nesting counts the levels of collections in a JSON text. It need not be valid.
func nesting(text []byte) int {
	depth, deepest := 0, 0
	for at := 0; at < len(text); at++ {
		switch text[at] {
		case '{', '[':
			depth++
			deepest = max(deepest, depth)
		case '}', ']':
			depth--
		case '"':
			if at = closing(text, at+1); at < 0 {
				return deepest
			}
		}
	}
	return deepest
}

// closing is where the string ends whose first character is at from, -1 for nowhere. It jumps from quote to quote: an object can be
// nothing but escapes.
func closing(text []byte, from int) int {
	for at := from; ; at++ {
		next := bytes.IndexByte(text[at:], '"')
		if next < 0 {
			return -1
		}
		at += next
		slashes := at
		for slashes > from && text[slashes-1] == '\\' {
			slashes--
		}
		if (at-slashes)%2 == 0 {
			return at
		}
	}
}

// complete fills what an object lacks of what is known about it.
func complete(object map[string]any, known lint.Resource) {
	fill := func(in map[string]any, key, value string) {
		if text, _ := in[key].(string); text == "" && value != "" {
			in[key] = value
		}
	}
	fill(object, "apiVersion", known.APIVersion)
	fill(object, "kind", known.Kind)
	metadata, ok := object["metadata"].(map[string]any)
	if !ok {
		if known.Namespace == "" && known.Name == "" {
			return
		}
		metadata = map[string]any{}
		object["metadata"] = metadata
	}
	delete(metadata, "managedFields")
	fill(metadata, "namespace", known.Namespace)
	fill(metadata, "name", known.Name)
}

func resourceOf(v ast.Value) lint.Resource {
	return lint.Resource{
		APIVersion: lint.StringAt(v, "apiVersion"),
		Kind:       lint.StringAt(v, "kind"),
		Namespace:  lint.StringAt(v, "metadata", "namespace"),
		Name:       lint.StringAt(v, "metadata", "name"),
	}
}
