package document

import (
	"sort"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"go.yaml.in/yaml/v3"

	"github.com/kslint/kslint/lint"
)

// part is a document with the node that it was made of: the root of a chunk, or an item of a List.
type part struct {
	*lint.Document
	// tree and node are nil where only the consumer could parse the text.
	tree *tree
	node *yaml.Node
	// itemKind is the kind of an item whose list says it: the API leaves it out in lists of one kind.
	itemKind string
	// inSecret says that the document stands in a string of a Secret.
	inSecret bool
}

// parts makes the documents of a reading.
func (d *decoder) parts(c *chunk, r reading, format lint.Format, in *carrier) []part {
	p := part{Document: &lint.Document{Source: d.source, Format: format, Value: r.value, Doubled: r.doubled}, tree: r.tree}
	p.inSecret = in != nil && (in.owner.inSecret || in.owner.kind() == "Secret")
	if r.tree != nil {
		p.node = r.tree.root
	}
	switch r.value.(type) {
	case nil:
		return []part{{Document: d.unread(r.problem, format)}}
	case ast.Null:
		return nil
	case ast.Object:
		p.complete(c)
		return p.unwrap(c)
	case *ast.Array:
		p.complete(c)
		return []part{p}
	}
	p.complete(c)
	switch {
	case in == nil:
		text := &lint.Problem{Kind: lint.NotAMap, Range: p.Where.Locate(nil), Reason: "expected a mapping, found plain text"}
		return []part{{Document: d.unread(text, format)}}
	case in.payload:
		return []part{p}
	}
	return nil // the other strings of a ConfigMap need not be YAML, whatever they are called
}

// complete fills what a document says about itself.
func (p part) complete(c *chunk) {
	if p.node != nil {
		p.Where = locator{tree: p.tree, top: p.node}
	} else {
		p.Where = fixed(c.lineRange(1))
	}
	p.Object = resourceOf(p.Value)
	if p.Format == lint.YAML {
		p.Written = func() ast.Value { return written(p) }
	}
}

// unwrap gives the items of a List, and of Lists in it, or the document itself where it is none.
func (p part) unwrap(c *chunk) []part {
	items, ok := lint.Field(p.Value, "items").(*ast.Array)
	if !ok || !strings.HasSuffix(p.Object.Kind, "List") || !objectsOnly(items) {
		return []part{p}
	}
	_, list := child(p.node, "items")
	var parts []part
	for i := range items.Len() {
		item := part{Document: &lint.Document{Source: p.Source, Format: p.Format, Value: items.Elem(i).Value}, tree: p.tree}
		item.inSecret = p.inSecret
		item.itemKind = strings.TrimSuffix(p.Object.Kind, "List")
		_, item.node = child(list, i)
		item.Doubled = p.Doubled && anyDoubled(item.node)
		item.complete(c)
		parts = append(parts, item.unwrap(c)...)
	}
	return parts
}

func objectsOnly(items *ast.Array) bool {
	for i := range items.Len() {
		if _, ok := items.Elem(i).Value.(ast.Object); !ok {
			return false
		}
	}
	return true
}

// anyDoubled tells whether a mapping at or below a node holds a key twice. It follows no alias.
func anyDoubled(n *yaml.Node) bool {
	if n == nil {
		return false
	}
	if len(doubled(n)) > 0 {
		return true
	}
	for _, child := range n.Content {
		if anyDoubled(child) {
			return true
		}
	}
	return false
}

// unread makes the document that stands for a text which could not be read.
func (d *decoder) unread(problem *lint.Problem, format lint.Format) *lint.Document {
	document := &lint.Document{Source: d.source, Format: format, Problem: problem, Where: fixed(problem.Range)}
	if format == lint.YAML {
		document.Written = func() ast.Value { return unwritten(problem) }
	}
	return document
}

// share gives each ignore comment to the item that it stands in or right above.
func share(parts []part, ignores []lint.Ignore) {
	starts := make([]int, len(parts))
	for i, p := range parts {
		starts[i] = p.Where.Locate(nil).Line
	}
	for _, ignore := range ignores {
		line := ignore.Line
		if ignore.Alone {
			line++
		}
		// Items that are aliases stand anywhere; then the search finds some item, and a file must be odd to notice.
		owner := max(sort.SearchInts(starts, line+1)-1, 0)
		if owner < len(parts) {
			parts[owner].Ignores = append(parts[owner].Ignores, ignore)
		}
	}
}
