package document

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"regexp"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// maxBlocks is how many PEM blocks of one text are looked at; the root stores of systems hold some hundreds.
const maxBlocks = 10000

var (
	pemBegin = []byte("-----BEGIN ")
	pemEnd   = []byte("-----END ")
	pemClose = []byte("-----")
	// pemType matches what blocks are called: RSA PRIVATE KEY, X509 CRL, X9.42 DH PARAMETERS.
	pemType = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,63}$`)
)

// pem decodes a file of PEM blocks. Its value names the blocks and holds nothing of what is in them.
func (d *decoder) pem(p *page) *lint.Document {
	blocks := p.pemBlocks(maxBlocks + 1)
	if len(blocks) > maxBlocks {
		reason := fmt.Sprintf("holds more than %d PEM blocks", maxBlocks)
		return d.unread(&lint.Problem{Kind: lint.TooLarge, Range: blocks[maxBlocks].Range, Reason: reason}, lint.PEM)
	}
	c := p.chunk(0, len(p.data), 0)
	terms := make([]*ast.Term, len(blocks))
	for i := range blocks {
		b := &blocks[i]
		b.Path = lint.Path{"blocks", i}
		terms[i] = ast.ObjectTerm(
			ast.Item(ast.StringTerm("type"), ast.StringTerm(b.Type)),
			ast.Item(ast.StringTerm("line"), ast.IntNumberTerm(b.Range.Line)),
		)
	}
	return &lint.Document{
		Source: d.source, Format: lint.PEM, Blocks: blocks,
		Value:   ast.NewObject(ast.Item(ast.StringTerm("blocks"), ast.ArrayTerm(terms...))),
		Where:   blockLocator{c, blocks},
		Ignores: c.lineIgnores(false),
	}
}

// blockLocator finds blocks by their numbers.
type blockLocator struct {
	*chunk
	blocks []lint.Block
}

// Locate finds the line that begins the block of a path blocks[i], and for every other path that of the first block.
func (l blockLocator) Locate(path lint.Path) lint.Range {
	if len(l.blocks) == 0 {
		return l.lineRange(1)
	}
	if len(path) > 1 && path[0] == "blocks" {
		if i, ok := path[1].(int); ok && i >= 0 && i < len(l.blocks) {
			return l.blocks[i].Range
		}
	}
	return l.blocks[0].Range
}

// pemBlocks finds the PEM blocks of a page, at most so many, in one pass over its lines. A block that is never closed, is
// closed as another type, or is broken inside is among them, without DER; those around it stay whole.
//
// It is more generous than encoding/pem, which most consumers read with: blanks and a byte order mark may stand in front of
// BEGIN, so that a certificate is judged although it was pasted carelessly.
func (p *page) pemBlocks(limit int) []lint.Block {
	if !bytes.Contains(p.data, pemBegin) {
		return nil
	}
	var found []lint.Block
	var text []byte // of the block that is open: the last one found
	open := false
	for row, from := range p.rows {
		line := bytes.Trim(bytes.TrimPrefix(p.data[from:p.rowEnd(row)], byteOrderMark), " \t\r")
		name, begins := pemLine(line, pemBegin)
		switch {
		case begins:
			if len(found) == limit {
				return found
			}
			at := from + bytes.Index(p.data[from:], pemBegin)
			found = append(found, lint.Block{Type: name, Number: len(found), Range: p.span(at, at+len(line))})
			text, open = text[:0], true
		case !open:
			continue
		}
		text = append(append(text, line...), '\n')
		if name, ends := pemLine(line, pemEnd); ends {
			open = false
			if b := &found[len(found)-1]; b.Type == name {
				fill(b, text)
			}
		}
	}
	return found
}

// pemLine tells whether a line begins or ends a block, and of what type.
func pemLine(line, mark []byte) (name string, ok bool) {
	rest, ok := bytes.CutPrefix(line, mark)
	if !ok {
		return "", false
	}
	rest, ok = bytes.CutSuffix(rest, pemClose)
	return string(rest), ok && pemType.Match(rest)
}

// fill decodes the text of a block.
func fill(b *lint.Block, text []byte) {
	decoded, _ := pem.Decode(text)
	if decoded == nil || len(decoded.Bytes) == 0 {
		return
	}
	b.DER = decoded.Bytes
	_, passphrase := decoded.Headers["DEK-Info"]
	b.Encrypted = passphrase || b.Type == "ENCRYPTED PRIVATE KEY"
}
