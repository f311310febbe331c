package document

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// A tree takes some fifteen times the room of its text, and few documents of a large file or a large run have findings. There the
// trees of documents up to a size are let go, and grown again for those who ask for a place.
const (
	largeFile     = 256 << 10 // bytes
	smallDocument = 64 << 10  // bytes; growing one of these anew takes about a millisecond
)

// letGo frees the tree of a document where that pays.
func (d *decoder) letGo(c *chunk, r reading, parts []part, documents []*lint.Document) {
	if len(d.source.Data) < largeFile && !d.source.Frugal || len(c.text()) > smallDocument || len(documents) != 1 || len(parts) != 1 {
		return
	}
	p := parts[0]
	if r.tree == nil || p.node != r.tree.root || p.Format != lint.YAML || p.Problem != nil {
		return
	}
	document := p.Document // and not p, which holds the tree
	document.Where = regrown{c}
	document.Written = func() ast.Value {
		t, err := c.grow(c.text())
		if err != nil {
			return ast.NewObject() // it grew before
		}
		return written(part{Document: document, tree: t, node: t.root})
	}
}

// regrown is the locator of a document whose tree was let go.
type regrown struct{ *chunk }

// Locate finds the value of a path, or the key of its nearest parent that exists.
func (r regrown) Locate(path lint.Path) lint.Range {
	t, err := r.grow(r.text())
	if err != nil {
		return r.lineRange(1) // it grew before
	}
	return locator{tree: t, top: t.root}.Locate(path)
}

// Quick is a locator of the same answers with a tree.
func (r regrown) Quick() lint.Locator {
	t, err := r.grow(r.text())
	if err != nil {
		return r
	}
	return locator{tree: t, top: t.root}
}
