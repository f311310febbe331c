package policy

import (
	"encoding/binary"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
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

// Images compiles every rule of the first folder with all checks and gives the files of its folder compiled/.
func (x *Index) Images() (map[string][]byte, error) {
	p := &program{index: x, modules: map[string]*ast.Module{}, tables: map[string]any{}, capabilities: Capabilities()}
	rules, err := x.All()
	if err != nil {
		return nil, err
	}
	if err := p.gather(rules); err != nil {
		return nil, err
	}
	compiler := ast.NewCompiler().WithCapabilities(p.capabilities)
	compiler.Compile(p.modules)
	if compiler.Failed() {
		return nil, plain(compiler.Errors)
	}
	byKey := map[string][]*ast.Module{}
	texts := map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(compiler.Modules)) {
		m := compiler.Modules[name]
		file, err := fs.ReadFile(x.folders[0].Files, name[len(x.folders[0].Name)+1:])
		if err != nil {
			return nil, err
		}
		key := packageKey(m.Package.Path)
		byKey[key], texts[key] = append(byKey[key], m), append(texts[key], string(file))
	}
	files := map[string][]byte{}
	for key, modules := range byKey {
		if files[path.Join(imageFolder, key+".bin")], err = writeImage(modules, imageSum(texts[key])); err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
	}
	return files, nil
}

// imageWriter collects the strings of an image while it writes the rest.
type imageWriter struct {
	numbers map[string]int
	strings []string
	locals  map[ast.Var]string
	out     []byte
	err     error
}

func writeImage(modules []*ast.Module, sum []byte) ([]byte, error) {
	w := &imageWriter{numbers: map[string]int{}}
	byName := map[string][]*ast.Rule{}
	for _, m := range modules {
		for _, r := range m.Rules {
			name := string(r.Head.Ref()[0].Value.(ast.Var))
			byName[name] = append(byName[name], r)
		}
	}
	var bodies []byte
	w.number(len(byName))
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		w.string(name)
		w.asks(byName[name])
		head := w.out
		w.out = nil
		for _, r := range byName[name] {
			w.locals = map[ast.Var]string{}
			w.rule(r)
		}
		bodies = append(bodies, w.out...)
		length := len(w.out)
		w.out = head
		w.number(length)
	}
	index := w.out
	w.out = append([]byte(imageMagic), sum...)
	w.number(len(w.strings))
	for _, s := range w.strings {
		w.number(len(s))
		w.out = append(w.out, s...)
	}
	return slices.Concat(w.out, index, bodies), w.err
}

// asks writes which rules and tables the rules of a name ask for.
func (w *imageWriter) asks(rules []*ast.Rule) {
	asked, tables := map[needed]bool{}, map[string]bool{}
	for _, r := range rules {
		ast.WalkRefs(r, func(ref ast.Ref) bool {
			if n, ok := neededBy(ref); ok {
				asked[n] = true
			}
			if len(ref) > 2 && ref.HasPrefix(tablesRef) {
				if name, ok := ref[2].Value.(ast.String); ok {
					tables[string(name)] = true
				} else {
					w.err = fmt.Errorf("%v names no table", ref)
				}
			}
			return false
		})
	}
	w.number(len(asked))
	for _, n := range slices.SortedFunc(maps.Keys(asked), compareNeeded) {
		w.string(n.key)
		w.string(n.name)
	}
	w.number(len(tables))
	for _, t := range slices.Sorted(maps.Keys(tables)) {
		w.string(t)
	}
}

func compareNeeded(a, b needed) int {
	return slices.Compare([]string{a.key, a.name}, []string{b.key, b.name})
}

var (
	tablesRef = ast.MustParseRef("data.tables")
	rulesRef  = ast.MustParseRef("data.policies.rules")
)

// neededBy tells what a reference to a package of policies leads to.
func neededBy(ref ast.Ref) (needed, bool) {
	depth := 0
	switch {
	case ref.HasPrefix(libraries):
		depth = len(libraries) + 1
	case ref.HasPrefix(rulesRef):
		depth = len(rulesRef) + 2
	default:
		return needed{}, false
	}
	if len(ref) < depth || !ref[:depth].IsGround() {
		return needed{}, false
	}
	n := needed{key: packageKey(ref[:depth]), name: everyName}
	if len(ref) > depth {
		if name, ok := ref[depth].Value.(ast.String); ok {
			n.name = string(name)
		}
	}
	return n, true
}

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
