package facts

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// Holder is a file or a string that holds at least one certificate.
type Holder struct {
	// ID is its position among the holders of the set.
	ID       int
	Document *lint.Document
	// Path is that of its first certificate; Name is the base name of the file, or the key of the string.
	Path lint.Path
	Name string
	Role Role
	// NamedFor is the host or registry that the name of the file carries.
	NamedFor string
	// Read says what rules read it as: a leaf, a CA file, both or neither.
	Read []Reading
	// Certs are its certificates in order: the first is the leaf, the others its chain.
	Certs []Cert

	place
	content [sha256.Size]byte // equal for equal certificates in equal order
}

// Reading is what a file is read as: the judgement of a leaf is about its first certificate, that of a CA about all.
type Reading string

// The ways to read a file with certificates.
const (
	AsLeaf Reading = "leaf"
	AsCA   Reading = "ca"
)

// reads notes how the holder is read, once.
func (h *Holder) reads(as Reading) {
	if h != nil && !slices.Contains(h.Read, as) {
		h.Read = append(h.Read, as)
		slices.Sort(h.Read)
	}
}

// leaf is the first certificate, nil where that cannot be read.
func (h *Holder) leaf() *parsed { return h.Certs[0].parsed }

// readable lists the certificates from the n-th on that can be read.
func (h *Holder) readable(n int) []*parsed {
	var all []*parsed
	for _, c := range h.Certs[n:] {
		if c.parsed != nil {
			all = append(all, c.parsed)
		}
	}
	return all
}

// hold makes a holder of every text with a certificate.
func (f *files) hold() {
	p := parser{}
	for _, t := range f.order {
		h := &Holder{Document: f.documents[t.document]}
		var sums []byte
		for _, b := range t.blocks {
			if b.Type == "CERTIFICATE" {
				c := Cert{Path: b.Path, Range: b.Range, parsed: p.parse(b.DER)}
				h.Certs = append(h.Certs, c)
				sums = append(sums, c.sum(len(f.holders))...)
			}
		}
		if len(h.Certs) == 0 {
			continue
		}
		h.ID, h.Path = len(f.holders), h.Certs[0].Path
		h.content = sha256.Sum256(sums)
		h.place = place{t.document, h.Path}
		h.Name = name(t, h.Document)
		if t.path == nil {
			h.Role, h.NamedFor = roleOf(h.Document)
		}
		t.holder = h
		f.holders = append(f.holders, h)
	}
}

func name(t *pemText, d *lint.Document) string {
	for _, step := range slices.Backward(t.path) {
		if key, ok := step.(string); ok {
			return key
		}
	}
	return path.Base(d.File)
}

func (s *survey) certificatesValue() ast.Value { return list(s.holders, (*Holder).value) }

func (h *Holder) value() ast.Value {
	var f fields
	f.number("id", int64(h.ID))
	f.at(h.place)
	f.text("file", h.Document.File)
	f.text("host", h.Document.Host)
	f.text("name", h.Name)
	if h.Role != "" {
		f.text("role", string(h.Role))
	}
	if h.NamedFor != "" {
		f.text("named_for", h.NamedFor)
	}
	f.text("content", hex.EncodeToString(h.content[:16]))
	f.put("read", list(h.Read, func(r Reading) ast.Value { return ast.String(r) }))
	f.put("certs", list(h.Certs, func(c Cert) ast.Value { return c.value(h.document) }))
	return f.object()
}
