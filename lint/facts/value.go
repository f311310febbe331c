package facts

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// fields are the keys of an object that is being made.
type fields [][2]*ast.Term

func (f *fields) put(key string, v ast.Value) {
	*f = append(*f, [2]*ast.Term{ast.StringTerm(key), {Value: v}})
}

// text drops what is not UTF-8: certificates hold any bytes.
func (f *fields) text(key, s string) { f.put(key, text(s)) }

func (f *fields) number(key string, n int64) { f.put(key, number(n)) }

func (f *fields) truth(key string, b bool) { f.put(key, ast.Boolean(b)) }

// id refers to a holder; nothing is put where there is none.
func (f *fields) id(key string, h *Holder) {
	if h != nil {
		f.number(key, int64(h.ID))
	}
}

// at puts document and path.
func (f *fields) at(p place) {
	f.number("document", int64(p.document))
	f.path("path", p.path)
}

func (f *fields) path(key string, p lint.Path) { f.put(key, steps(p)) }

func (f *fields) object() ast.Object { return ast.NewObject(*f...) }

// place is where something stands in the set.
type place struct {
	document int
	path     lint.Path
}

func text(s string) ast.Value { return ast.String(strings.ToValidUTF8(s, "�")) }

func number(n int64) ast.Value { return ast.IntNumberTerm(int(n)).Value }

func steps(p lint.Path) ast.Value {
	all := make([]*ast.Term, len(p))
	for i, s := range p {
		switch step := s.(type) {
		case int:
			all[i] = ast.IntNumberTerm(step)
		case string:
			all[i] = ast.StringTerm(step)
		}
	}
	return ast.NewArray(all...)
}

// list makes an array of what value makes of each item.
func list[T any](items []T, value func(T) ast.Value) ast.Value {
	terms := make([]*ast.Term, len(items))
	for i, item := range items {
		terms[i] = &ast.Term{Value: value(item)}
	}
	return ast.NewArray(terms...)
}

func texts(items []string) ast.Value { return list(items, text) }

// isSet tells whether a value says anything: absent, null and "" are the same.
func isSet(v ast.Value) bool {
	switch v := v.(type) {
	case nil, ast.Null:
		return false
	case ast.String:
		return v != ""
	}
	return true
}

// elements of a list, none of anything else.
func elements(v ast.Value) []ast.Value {
	array, ok := v.(*ast.Array)
	if !ok {
		return nil
	}
	all := make([]ast.Value, array.Len())
	for i := range all {
		all[i] = array.Elem(i).Value
	}
	return all
}

// isTemplate tells whether a text is to be filled in by somebody.
func isTemplate(s string) bool { return strings.Contains(s, "{{") }
