package lint

import (
	"encoding/binary"
	"encoding/json"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

// A value takes some ten times the room of its text. In large runs those of ordinary workloads are packed until their turn comes;
// only rules that see one document at a time speak about these.

// IsOrdinary tells whether a document is a workload that is none of KubeSphere's and no static pod. Rules with scope: set do not
// see these.
func (d *Document) IsOrdinary() bool {
	return d.Has(Workload) && !d.Has(KubeSphereWorkload) && !d.Has(StaticPod)
}

// Content is the value, also of a document that is packed.
func (d *Document) Content() ast.Value {
	if d.packed != "" {
		u := unpacker{text: d.packed}
		return u.term().Value
	}
	return d.Value
}

// annotation is the text of an annotation, "" for none. A packed value is not unpacked where it does not hold the name.
func (d *Document) annotation(name string) string {
	if d.packed != "" && !strings.Contains(d.packed, name) {
		return ""
	}
	return StringAt(d.Content(), "metadata", "annotations", name)
}

// Unpacked is the document with its value in place, and with a locator that is made for many questions.
func (d *Document) Unpacked() *Document {
	quick, ok := d.Where.(interface{ Quick() Locator })
	if d.packed == "" && !ok {
		return d
	}
	whole := *d
	whole.Value, whole.packed = d.Content(), ""
	if ok {
		whole.Where = &lazyLocator{make: quick.Quick}
	}
	return &whole
}

// lazyLocator makes its locator when first asked.
type lazyLocator struct {
	make func() Locator
	made Locator
}

// Locate asks the locator.
func (l *lazyLocator) Locate(p Path) Range {
	if l.made == nil {
		l.made = l.make()
	}
	return l.made.Locate(p)
}

// pack lets the value go where that pays.
func (d *Document) pack() {
	if d.Value != nil && d.IsOrdinary() && len(d.Blocks) == 0 {
		d.packed = string(appendTerm(nil, d.Value))
		d.Value = nil
	}
}

const (
	packedNull = iota
	packedFalse
	packedTrue
	packedNumber
	packedString
	packedArray
	packedObject
)

func appendTerm(b []byte, v ast.Value) []byte {
	switch v := v.(type) {
	case ast.Boolean:
		if v {
			return append(b, packedTrue)
		}
		return append(b, packedFalse)
	case ast.Number:
		return appendText(append(b, packedNumber), string(v))
	case ast.String:
		return appendText(append(b, packedString), string(v))
	case *ast.Array:
		b = binary.AppendUvarint(append(b, packedArray), uint64(v.Len())) //nolint:gosec // a length
		v.Foreach(func(t *ast.Term) { b = appendTerm(b, t.Value) })
		return b
	case ast.Object:
		b = binary.AppendUvarint(append(b, packedObject), uint64(v.Len())) //nolint:gosec // a length
		v.Foreach(func(key, t *ast.Term) {
			name, _ := key.Value.(ast.String)
			b = appendTerm(appendText(b, string(name)), t.Value)
		})
		return b
	}
	return append(b, packedNull)
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// unpacker reads what appendTerm wrote.
type unpacker struct {
	text string
	at   int
}

func (u *unpacker) term() *ast.Term {
	kind := u.text[u.at]
	u.at++
	switch kind {
	case packedFalse, packedTrue:
		return ast.InternedTerm(kind == packedTrue)
	case packedNumber:
		return ast.NumberTerm(json.Number(u.string()))
	case packedString:
		return ast.StringTerm(u.string())
	case packedArray:
		items := make([]*ast.Term, u.length())
		for i := range items {
			items[i] = u.term()
		}
		return ast.ArrayTerm(items...)
	case packedObject:
		items := make([][2]*ast.Term, u.length())
		for i := range items {
			items[i] = [2]*ast.Term{keyTerm(u.string()), u.term()}
		}
		return ast.ObjectTerm(items...)
	}
	return ast.NullTerm()
}

func (u *unpacker) length() int {
	n := uint64(0)
	for shift := 0; ; shift += 7 {
		c := u.text[u.at]
		u.at++
		n |= uint64(c&0x7f) << shift
		if c < 0x80 {
			return int(n) //nolint:gosec // written from an int
		}
	}
}

func (u *unpacker) string() string {
	n := u.length()
	s := u.text[u.at : u.at+n]
	u.at += n
	return s
}

// keyTerms are the keys of objects that were seen: most objects have the same ones.
var keyTerms sync.Map

// maxKey is how long a key may be to be kept, so that labels and file names of all sorts are not.
const maxKey = 24

func keyTerm(key string) *ast.Term {
	if len(key) > maxKey {
		return ast.StringTerm(key)
	}
	if t, ok := keyTerms.Load(key); ok {
		return t.(*ast.Term)
	}
	t, _ := keyTerms.LoadOrStore(key, ast.StringTerm(key))
	return t.(*ast.Term)
}
