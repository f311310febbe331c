package policy

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
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
