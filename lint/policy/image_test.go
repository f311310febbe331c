package policy

import (
	"fmt"
	"regexp"
	"slices"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/policies"
)

// TestImage_isWhatWasCompiled writes and reads the image of every package, and compares rule by rule.
func TestImage_isWhatWasCompiled(t *testing.T) {
	index, err := Open(Folder{Name: "policies", Files: policies.Files})
	if err != nil {
		t.Fatal(err)
	}
	rules, err := index.All()
	if err != nil {
		t.Fatal(err)
	}
	p := &program{index: index, modules: map[string]*ast.Module{}, tables: map[string]any{}, capabilities: Capabilities()}
	if err := p.gather(rules); err != nil {
		t.Fatal(err)
	}
	compiler := ast.NewCompiler().WithCapabilities(p.capabilities)
	compiler.Compile(p.modules)
	if compiler.Failed() {
		t.Fatal(compiler.Errors)
	}
	compared := 0
	for name, m := range compiler.Modules {
		data, err := writeImage([]*ast.Module{m}, make([]byte, 16))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		i, err := newImage(packageKey(m.Package.Path), string(data), make([]byte, 16))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		s := images{tables: map[string]bool{}, asked: map[needed]bool{}}
		for name := range i.rules {
			i.take(name, &s)
		}
		if !i.module.Package.Path.Equal(m.Package.Path) {
			t.Errorf("%s: the package is %v", name, i.module.Package.Path)
		}
		compared += len(m.Rules)
		got, want := written(i.module.Rules), written(m.Rules)
		for n := range want {
			if n >= len(got) || got[n] != want[n] {
				t.Fatalf("%s: got %v, want %s", name, got[min(n, len(got)):min(n+1, len(got))], want[n])
			}
		}
	}
	t.Logf("%d rules", compared)
}

// written are rules as text, with what the text does not tell.
func written(rules []*ast.Rule) []string {
	var all []string
	for _, r := range rules {
		text := r.Ref().String() + " " + r.Location.String() + " " + r.String()
		ast.WalkExprs(r, func(e *ast.Expr) bool {
			text += fmt.Sprint(" ", e.Location.Row, e.Index, e.Generated)
			return false
		})
		numbers := map[string]string{}
		all = append(all, localName.ReplaceAllStringFunc(text, func(name string) string {
			if _, ok := numbers[name]; !ok {
				numbers[name] = fmt.Sprint("local", len(numbers))
			}
			return numbers[name]
		}))
	}
	slices.Sort(all)
	return all
}

var localName = regexp.MustCompile(`__local[0-9]+__`)

// TestImage_ofOldTextIsNotUsed changes a text after its image was made.
func TestImage_ofOldTextIsNotUsed(t *testing.T) {
	data, err := writeImage(nil, imageSum([]string{"a"}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := newImage("main", string(data), imageSum([]string{"a"})); err != nil {
		t.Error(err)
	}
	for _, texts := range [][]string{{"b"}, {"a", ""}, {}} {
		if _, err := newImage("main", string(data), imageSum(texts)); err == nil {
			t.Errorf("the image of %q serves %q", "a", texts)
		}
	}
}
