package policy

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Outcome is what became of one Rego test.
type Outcome struct {
	// File, with the folder's name in front, and Line are where the test stands.
	File string
	Line int
	Name string
	// Err says why it failed, nil when it passed.
	Err error
}

// Tests runs the rules called test_… of every _test.rego of a folder, by its place among those that were opened, in the order of files and
// lines. One passes when it is true; one with several cases, such as test_a[name], when each of them is. They are compiled with
// what rules may do, and all checks. An error says what does not compile.
func (x *Index) Tests(ctx context.Context, folder int) (all []Outcome, err error) {
	defer caught(&err)
	rules, err := x.In(folder)
	if err != nil {
		return nil, err
	}
	p := &program{index: x, modules: map[string]*ast.Module{}, tables: map[string]any{}, capabilities: Capabilities()}
	if err := p.gather(rules); err != nil {
		return nil, err
	}
	files, err := testFiles(x.folders[folder].Files)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		if err := p.add(folder, file); err != nil {
			return nil, err
		}
	}
	compiler := ast.NewCompiler().WithCapabilities(p.capabilities)
	if compiler.Compile(p.modules); compiler.Failed() {
		return nil, plain(compiler.Errors)
	}
	whole := part{compiler, p.store()}
	for _, file := range files {
		name := path.Join(x.folders[folder].Name, file)
		for _, test := range testsOf(p.modules[name]) {
			err := whole.holds(ctx, test.Ref().GroundPrefix())
			all = append(all, Outcome{File: name, Line: test.Location.Row, Name: string(test.Head.Ref()[0].Value.(ast.Var)), Err: err})
		}
	}
	return all, ctx.Err()
}

func testFiles(folder fs.FS) ([]string, error) {
	var all []string
	for _, pattern := range []string{"rules/*/*/*_test.rego", "lib/*/*_test.rego"} {
		files, err := fs.Glob(folder, pattern)
		if err != nil {
			return nil, err
		}
		all = append(all, files...)
	}
	return all, nil
}

// testsOf gives the tests of a module, one of those that share a name.
func testsOf(m *ast.Module) []*ast.Rule {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(m.Rules), func(r *ast.Rule) bool {
		name, ok := r.Head.Ref()[0].Value.(ast.Var)
		if !ok || !strings.HasPrefix(string(name), "test_") || seen[string(name)] {
			return true
		}
		seen[string(name)] = true
		return false
	})
}

// holds tells why a test does not pass.
func (p part) holds(ctx context.Context, test ast.Ref) error {
	const found = ast.Var("found")
	results, err := p.query(ctx, ast.NewBody(ast.Equality.Expr(ast.NewTerm(found), ast.NewTerm(test))), nil)
	switch {
	case err != nil:
		return err
	case len(results) == 0:
		return fmt.Errorf("it is undefined, expected true")
	}
	return isTrue(results[0][found].Value)
}

func isTrue(v ast.Value) error {
	cases, ok := v.(ast.Object)
	if !ok || cases.Len() == 0 {
		if ast.Compare(v, ast.Boolean(true)) != 0 {
			return fmt.Errorf("it is %v, expected true", v)
		}
		return nil
	}
	return cases.Iter(func(name, value *ast.Term) error {
		if err := isTrue(value.Value); err != nil {
			return fmt.Errorf("%v: %w", name, err)
		}
		return nil
	})
}
