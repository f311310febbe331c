package document

import (
	"bytes"
	"errors"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// quickReader makes values of a JSON text in one pass, the same that decodeJSON makes in three. The text must be valid JSON in
// valid UTF-8. What lasts as long as the values do is allocated together where it can be.
type quickReader struct {
	text  []byte
	at    int
	terms []ast.Term // not yet used
	// pairs and items are those of the collections that are open.
	pairs [][2]*ast.Term
	items []*ast.Term
	err   error
}

var errNumber = errors.New("a number is beyond all measure")

// quickJSON gives the value of a valid JSON text without its metadata.managedFields.
func quickJSON(text []byte) (ast.Value, error) {
	r := quickReader{text: text}
	v := r.value("")
	return v.Value, r.err
}

// term is a new term, one of many that are allocated at once.
func (r *quickReader) term(v ast.Value) *ast.Term {
	if len(r.terms) == 0 {
		r.terms = make([]ast.Term, min(max(len(r.text)/32, 8), 128))
	}
	t := &r.terms[0]
	r.terms = r.terms[1:]
	t.Value = v
	return t
}

// space skips what stands between tokens, and commas and colons, which a valid text has where they belong.
func (r *quickReader) space() byte {
	for r.at < len(r.text) {
		switch c := r.text[r.at]; c {
		case ' ', '\t', '\n', '\r', ',', ':':
			r.at++
		default:
			return c
		}
	}
	return 0
}

// value reads the value that comes next.
func (r *quickReader) value(path string) *ast.Term {
	switch r.space() {
	case '{':
		return r.object(path)
	case '[':
		return r.array()
	case '"':
		return r.term(ast.String(r.string()))
	case 't':
		r.at += len("true")
		return ast.InternedTerm(true)
	case 'f':
		r.at += len("false")
		return ast.InternedTerm(false)
	case 'n':
		r.at += len("null")
		return ast.InternedNullTerm
	}
	return r.number()
}

// Where a value stands: "" is the object itself.
const (
	metadata = "metadata"
	deeper   = "."
)

func (r *quickReader) object(path string) *ast.Term {
	r.at++
	base := len(r.pairs)
	for r.space() != '}' {
		key := r.key()
		below := deeper
		if path == "" && key.Value == ast.String("metadata") {
			below = metadata
		}
		if path == metadata && key.Value == ast.String("managedFields") {
			r.skip()
			continue
		}
		v := r.value(below)
		r.pairs = append(r.pairs, [2]*ast.Term{key, v})
	}
	r.at++
	o := ast.NewObject(lastOnly(r.pairs[base:])...)
	r.pairs = r.pairs[:base]
	return r.term(o)
}

func (r *quickReader) array() *ast.Term {
	r.at++
	base := len(r.items)
	for r.space() != ']' {
		v := r.value(deeper)
		r.items = append(r.items, v)
	}
	r.at++
	list := make([]*ast.Term, len(r.items)-base)
	copy(list, r.items[base:])
	r.items = r.items[:base]
	return r.term(ast.NewArray(list...))
}

// raw is the text of the string that comes next, without its quotes; plain says that nothing in it is escaped.
func (r *quickReader) raw() (text []byte, plain bool) {
	from := r.at + 1
	end := closing(r.text, from)
	r.at = end + 1
	text = r.text[from:end]
	return text, bytes.IndexByte(text, '\\') < 0
}

func (r *quickReader) string() string {
	text, plain := r.raw()
	if plain {
		return string(text)
	}
	return unescaped(text)
}

func (r *quickReader) key() *ast.Term {
	from := r.at
	text, plain := r.raw()
	if plain {
		if t, ok := usualKeys[string(text)]; ok {
			return t
		}
		return r.term(ast.String(text))
	}
	r.at = from
	return r.term(ast.String(r.string()))
}

func (r *quickReader) number() *ast.Term {
	from := r.at
	for r.at < len(r.text) && strings.IndexByte("+-.0123456789eE", r.text[r.at]) >= 0 {
		r.at++
	}
	text := r.text[from:r.at]
	if decimal(string(text)) {
		return r.term(ast.Number(text))
	}
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		if r.err == nil {
			r.err = errNumber
		}
		return ast.InternedNullTerm
	}
	return r.term(number(f))
}

// skip passes the value that comes next.
func (r *quickReader) skip() {
	depth := 0
	for {
		switch r.space() {
		case '{', '[':
			depth++
			r.at++
		case '}', ']':
			depth--
			r.at++
		case '"':
			r.raw()
		default:
			for r.at < len(r.text) && strings.IndexByte("+-.0123456789eEtrufalsn", r.text[r.at]) >= 0 {
				r.at++
			}
		}
		if depth <= 0 {
			return
		}
	}
}
