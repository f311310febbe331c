package policy

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// What the bytes of an image mean.
const (
	ruleDefault = 1 << iota
	ruleAssign
	ruleElse
)

const (
	exprTerm = iota
	exprTerms
	exprEvery
	exprNot
	exprKind      = 3
	exprGenerated = 4
	exprNegated   = 8
	exprWith      = 16
	exprBlock     = 32 // not { … }
)

const (
	termNil = iota
	termNull
	termFalse
	termTrue
	termNumber
	termString
	termVar
	termRef
	termArray
	termObject
	termSet
	termArrayComprehension
	termSetComprehension
	termObjectComprehension
	termCall
)

func (w *imageWriter) number(n int) { w.out = binary.AppendUvarint(w.out, uint64(n)) } //nolint:gosec // a length

func (w *imageWriter) string(s string) {
	n, ok := w.numbers[s]
	if !ok {
		n = len(w.strings)
		w.numbers[s], w.strings = n, append(w.strings, s)
	}
	w.number(n)
}

func flag(set bool, bit byte) byte {
	if set {
		return bit
	}
	return 0
}

func (w *imageWriter) rule(r *ast.Rule) {
	w.out = append(w.out, flag(r.Default, ruleDefault)|flag(r.Head.Assign, ruleAssign)|flag(r.Else != nil, ruleElse))
	w.string(r.Location.File)
	w.number(r.Location.Row)
	w.string(string(r.Head.Name))
	w.list(r.Head.Reference)
	w.list(r.Head.Args)
	w.term(r.Head.Key)
	w.term(r.Head.Value)
	w.body(r.Body)
	if r.Else != nil {
		w.rule(r.Else)
	}
}

func (w *imageWriter) body(b ast.Body) {
	w.number(len(b))
	for _, e := range b {
		w.expr(e)
	}
}

func (w *imageWriter) expr(e *ast.Expr) {
	flags := flag(e.Generated, exprGenerated) | flag(e.Negated, exprNegated) | flag(len(e.With) > 0, exprWith)
	row := 0
	if e.Location != nil {
		row = e.Location.Row
	}
	begin := func(kind byte) {
		w.out = append(w.out, flags|kind)
		w.number(row)
	}
	switch t := e.Terms.(type) {
	case *ast.Term:
		begin(exprTerm)
		w.term(t)
	case []*ast.Term:
		begin(exprTerms)
		w.list(t)
	case *ast.Every:
		begin(exprEvery)
		w.term(t.Key)
		w.term(t.Value)
		w.term(t.Domain)
		w.body(t.Body)
	case *ast.Not:
		begin(exprNot | flag(t.ExplicitBody, exprBlock))
		w.body(t.Body)
	default:
		w.err = fmt.Errorf("line %d: an image cannot hold %T", row, t)
	}
	if len(e.With) > 0 {
		w.number(len(e.With))
		for _, with := range e.With {
			w.term(with.Target)
			w.term(with.Value)
		}
	}
}

func (w *imageWriter) list(terms []*ast.Term) {
	w.number(len(terms))
	for _, t := range terms {
		w.term(t)
	}
}

func (w *imageWriter) kind(k byte) { w.out = append(w.out, k) }

func (w *imageWriter) text(k byte, s string) {
	w.kind(k)
	w.string(s)
}

func (w *imageWriter) term(t *ast.Term) {
	if t == nil {
		w.kind(termNil)
		return
	}
	switch v := t.Value.(type) {
	case ast.Null:
		w.kind(termNull)
	case ast.Boolean:
		w.kind(termFalse + flag(bool(v), 1))
	case ast.Number:
		w.text(termNumber, string(v))
	case ast.String:
		w.text(termString, string(v))
	case ast.Var:
		w.text(termVar, w.local(v))
	case ast.Ref:
		w.kind(termRef)
		w.list(v)
	case *ast.Array:
		w.kind(termArray)
		w.number(v.Len())
		v.Foreach(w.term)
	case ast.Set:
		w.kind(termSet)
		w.list(v.Slice())
	case ast.Call:
		w.kind(termCall)
		w.list(v)
	default:
		w.large(t)
	}
}

// local numbers the variables that the compiler made anew in each rule, so that an image does not change with the rules of others.
func (w *imageWriter) local(v ast.Var) string {
	if !strings.HasPrefix(string(v), "__local") {
		return string(v)
	}
	name, ok := w.locals[v]
	if !ok {
		name = fmt.Sprintf("__local%d__", len(w.locals))
		w.locals[v] = name
	}
	return name
}

func (w *imageWriter) large(t *ast.Term) {
	switch v := t.Value.(type) {
	case ast.Object:
		w.kind(termObject)
		w.number(v.Len())
		v.Foreach(func(key, value *ast.Term) {
			w.term(key)
			w.term(value)
		})
	case *ast.ArrayComprehension:
		w.kind(termArrayComprehension)
		w.term(v.Term)
		w.body(v.Body)
	case *ast.SetComprehension:
		w.kind(termSetComprehension)
		w.term(v.Term)
		w.body(v.Body)
	case *ast.ObjectComprehension:
		w.kind(termObjectComprehension)
		w.term(v.Key)
		w.term(v.Value)
		w.body(v.Body)
	default:
		w.err = fmt.Errorf("an image cannot hold %T", v)
	}
}
