package policy

import (
	"encoding/json"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// image is one package, of which the rules are read that are asked for.
type image struct {
	module  *ast.Module
	strings []string
	terms   []*ast.Term // vars and strings made already, by their place in strings
	rules   map[string]imageEntry
	taken   map[string]bool
	file    string
}

type imageEntry struct {
	asks   []needed
	tables []string
	body   string
}

// imageReader reads on in an image. An image is made by us and its sum was compared: there is no other reason for it to be
// broken than a bug, and then it panics.
type imageReader struct {
	*image
	text string
	at   int
}

func newImage(key, data string, sum []byte) (*image, error) {
	head := imageMagic + string(sum)
	if !strings.HasPrefix(data, head) {
		return nil, errNoImage
	}
	i := &image{rules: map[string]imageEntry{}, taken: map[string]bool{}}
	r := imageReader{image: i, text: data, at: len(head)}
	i.strings = make([]string, r.number())
	for n := range i.strings {
		length := r.number()
		i.strings[n] = r.text[r.at : r.at+length]
		r.at += length
	}
	i.terms = make([]*ast.Term, 2*len(i.strings))
	path := policiesRef.Copy()
	for part := range strings.SplitSeq(key, ".") {
		path = append(path, ast.StringTerm(part))
	}
	i.module = &ast.Module{Package: &ast.Package{Path: path}}
	lengths := make([]int, r.number())
	names := make([]string, len(lengths))
	for n := range lengths {
		names[n] = r.string()
		e := imageEntry{asks: make([]needed, r.number())}
		for j := range e.asks {
			e.asks[j] = needed{r.string(), r.string()}
		}
		e.tables = make([]string, r.number())
		for j := range e.tables {
			e.tables[j] = r.string()
		}
		lengths[n] = r.number()
		i.rules[names[n]] = e
	}
	for n, length := range lengths {
		e := i.rules[names[n]]
		e.body = r.text[r.at : r.at+length]
		r.at += length
		i.rules[names[n]] = e
	}
	return i, nil
}

// take reads the rules of a name, once, and asks for what they ask. A rule need not have every name that Go asks for.
func (i *image) take(name string, s *images) {
	if i.taken[name] {
		return
	}
	i.taken[name] = true
	e := i.rules[name]
	for _, n := range e.asks {
		s.ask(n.key, n.name)
	}
	for _, t := range e.tables {
		s.tables[t] = true
	}
	r := imageReader{image: i, text: e.body}
	for r.at < len(r.text) {
		i.module.Rules = append(i.module.Rules, r.rule())
	}
}

func (r *imageReader) byte() byte {
	b := r.text[r.at]
	r.at++
	return b
}

func (r *imageReader) number() int {
	n := 0
	for shift := 0; ; shift += 7 {
		b := r.byte()
		n |= int(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
	}
}

func (r *imageReader) string() string { return r.strings[r.number()] }

func (r *imageReader) rule() *ast.Rule {
	flags := r.byte()
	r.file = r.string()
	rule := &ast.Rule{Default: flags&ruleDefault != 0, Module: r.module, Location: r.location()}
	rule.Head = &ast.Head{Name: ast.Var(r.string()), Reference: r.ref(), Assign: flags&ruleAssign != 0, Location: rule.Location}
	if n := r.number(); n > 0 {
		rule.Head.Args = r.list(n)
	}
	rule.Head.Key, rule.Head.Value = r.term(), r.term()
	rule.Body = r.body()
	if flags&ruleElse != 0 {
		rule.Else = r.rule()
	}
	return rule
}

func (r *imageReader) location() *ast.Location {
	return &ast.Location{File: r.file, Row: r.number(), Col: 1}
}

func (r *imageReader) body() ast.Body {
	body := make(ast.Body, r.number())
	for i := range body {
		body[i] = r.expr()
		body[i].Index = i
	}
	return body
}

func (r *imageReader) expr() *ast.Expr {
	flags := r.byte()
	e := &ast.Expr{Generated: flags&exprGenerated != 0, Negated: flags&exprNegated != 0, Location: r.location()}
	switch flags & exprKind {
	case exprTerm:
		e.Terms = r.term()
	case exprTerms:
		e.Terms = r.list(r.number())
	case exprEvery:
		e.Terms = &ast.Every{Key: r.term(), Value: r.term(), Domain: r.term(), Body: r.body(), Location: e.Location}
	case exprNot:
		e.Terms = &ast.Not{Body: r.body(), ExplicitBody: flags&exprBlock != 0, Location: e.Location}
	}
	if flags&exprWith != 0 {
		e.With = make([]*ast.With, r.number())
		for i := range e.With {
			e.With[i] = &ast.With{Target: r.term(), Value: r.term(), Location: e.Location}
		}
	}
	return e
}

func (r *imageReader) list(n int) []*ast.Term {
	all := make([]*ast.Term, n)
	for i := range all {
		all[i] = r.term()
	}
	return all
}

func (r *imageReader) ref() ast.Ref { return r.list(r.number()) }

func (r *imageReader) pairs() [][2]*ast.Term {
	all := make([][2]*ast.Term, r.number())
	for i := range all {
		all[i] = [2]*ast.Term{r.term(), r.term()}
	}
	return all
}

func (r *imageReader) term() *ast.Term {
	switch kind := r.byte(); kind {
	case termNull:
		return ast.NullTerm()
	case termFalse, termTrue:
		return ast.InternedTerm(kind == termTrue)
	case termNumber:
		return ast.NumberTerm(json.Number(r.string()))
	case termString, termVar:
		return r.word(kind == termVar)
	case termRef:
		return ast.NewTerm(r.ref())
	case termArray:
		return ast.ArrayTerm(r.ref()...)
	case termObject:
		return ast.ObjectTerm(r.pairs()...)
	case termSet:
		return ast.SetTerm(r.ref()...)
	case termArrayComprehension:
		return ast.ArrayComprehensionTerm(r.term(), r.body())
	case termSetComprehension:
		return ast.SetComprehensionTerm(r.term(), r.body())
	case termObjectComprehension:
		return ast.ObjectComprehensionTerm(r.term(), r.term(), r.body())
	case termCall:
		return ast.NewTerm(ast.Call(r.ref()))
	}
	return nil
}

// word shares the terms of equal texts.
func (r *imageReader) word(isVar bool) *ast.Term {
	n := r.number()
	at := 2 * n
	if isVar {
		at++
	}
	if r.terms[at] == nil {
		r.terms[at] = ast.StringTerm(r.strings[n])
		if isVar {
			r.terms[at] = ast.VarTerm(r.strings[n])
		}
	}
	return r.terms[at]
}
