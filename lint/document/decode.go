// Package document turns the text of a file into documents whose every part has a place in the file.
//
// The values are those of sigs.k8s.io/yaml, which kubectl, KubeKey and the API server read with; the places come from the
// node tree of another parser. Where the two could differ, the former is asked.
package document

import (
	"bytes"
	"strings"

	"github.com/kslint/kslint/lint"
)

// Decode splits a source into documents. A document that cannot be read has a Problem; the others of the stream are still there.
func Decode(src *lint.Source) []*lint.Document {
	d := decoder{source: src, budget: 4*len(src.Data) + spare}
	p := newPage(src.Data)
	documents, done := d.other(p)
	if !done {
		documents = d.file(p)
	}
	for i, document := range documents {
		document.Index = i
	}
	return documents
}

// spare is what aliases may add to a file of any size.
const spare = 16 << 20

type decoder struct {
	source *lint.Source
	// budget limits the bytes that aliases expand to together with those of the documents inside of strings, so that
	// the work stays in proportion to the file.
	budget int
}

func (d *decoder) file(p *page) []*lint.Document {
	if problem := unreadable(p); problem != nil {
		return []*lint.Document{d.unread(problem, lint.YAML)}
	}
	if !bytes.HasPrefix(p.data, []byte("#!")) {
		return d.page(p, nil)
	}
	documents := d.page(p, nil)
	for _, document := range documents {
		if document.Problem != nil {
			first := p.chunk(0, len(p.data), 0).lineRange(1)
			script := &lint.Problem{Kind: lint.NotAMap, Range: first, Reason: "a script, not YAML"}
			return []*lint.Document{d.unread(script, lint.YAML)}
		}
	}
	return documents
}

// page decodes all documents of a text. in is the string that carries it, nil for a file.
func (d *decoder) page(p *page, in *carrier) []*lint.Document {
	chunks := split(p)
	if in == nil && len(chunks) >= manyChunks && len(p.data) >= largeFile {
		if documents, ok := d.sideBySide(chunks); ok {
			return documents
		}
	}
	var documents []*lint.Document
	for _, c := range chunks {
		documents = append(documents, d.stretch(c, in)...)
	}
	return documents
}

// stretch decodes what stands between two separators.
func (d *decoder) stretch(c *chunk, in *carrier) []*lint.Document {
	format := d.format(c, in)
	parts := []*chunk{c}
	if format == lint.JSON {
		if values := c.values(); values != nil {
			parts = values
		}
	}
	var documents []*lint.Document
	for _, part := range parts {
		documents = append(documents, d.chunk(part, format, in)...)
	}
	return documents
}

// format tells JSON by the name of the file, or by the bracket that a text begins with.
func (d *decoder) format(c *chunk, in *carrier) lint.Format {
	text := bytes.TrimLeft(c.text(), " \t\r\n")
	switch {
	case bytes.HasPrefix(text, []byte("{{")), bytes.HasPrefix(text, []byte("{%")):
		return lint.YAML
	case bytes.HasPrefix(text, []byte("{")), bytes.HasPrefix(text, []byte("[")):
		return lint.JSON
	case in == nil && strings.HasSuffix(strings.ToLower(d.source.Name), ".json"):
		return lint.JSON
	}
	return lint.YAML
}

func (d *decoder) chunk(c *chunk, format lint.Format, in *carrier) []*lint.Document {
	r := c.read(format, &d.budget)
	parts := d.parts(c, r, format, in)
	if c.whole == (lint.Range{}) && bytes.Contains(c.text(), []byte(ignoreMark)) {
		share(parts, c.ignores(c.strings(r.tree)))
	}
	var documents []*lint.Document
	for _, p := range parts {
		p.findBlocks()
		documents = append(documents, p.Document)
		documents = append(documents, d.embedded(p)...)
		documents = append(documents, d.kubeconfigs(p)...)
		p.conceal()
	}
	d.letGo(c, r, parts, documents)
	return documents
}
