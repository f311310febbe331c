package policy

import (
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/policies"
)

// TestPrune_keepsWhatIsAsked holds the search by names against the compiler's own graph of dependencies, rule by rule.
func TestPrune_keepsWhatIsAsked(t *testing.T) {
	index, err := Open(Folder{Name: "policies", Files: policies.Files})
	if err != nil {
		t.Fatal(err)
	}
	rules, err := index.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules {
		p := &program{index: index, modules: map[string]*ast.Module{}, tables: map[string]any{}, capabilities: Capabilities()}
		if err := p.gather([]Loaded{r}); err != nil {
			t.Fatal(err)
		}
		places := map[string]bool{}
		whole := map[string]*ast.Module{}
		for name, m := range p.modules {
			whole[name] = m.Copy()
		}
		prune(p.modules)
		for _, m := range p.modules {
			for _, kept := range m.Rules {
				for ; kept != nil; kept = kept.Else {
					places[kept.Location.String()] = true
				}
			}
		}
		compiler := ast.NewCompiler().WithCapabilities(p.capabilities)
		if compiler.Compile(whole); compiler.Failed() {
			t.Fatal(compiler.Errors)
		}
		for _, needed := range reachable(compiler) {
			if !places[needed.Location.String()] {
				t.Errorf("%s needs %s of %s, which was left out", r.ID, needed.Head.Name, needed.Location)
			}
		}
	}
}

// reachable lists what a rule's module depends on, as the compiler sees it.
func reachable(c *ast.Compiler) []*ast.Rule {
	var all []*ast.Rule
	seen := map[*ast.Rule]bool{}
	var visit func(*ast.Rule)
	visit = func(rule *ast.Rule) {
		if seen[rule] {
			return
		}
		seen[rule] = true
		all = append(all, rule)
		for other := range c.Graph.Dependencies(rule) {
			if o, ok := other.(*ast.Rule); ok {
				visit(o)
			}
		}
	}
	for _, m := range c.Modules {
		if m.Package.Path.HasPrefix(ast.MustParseRef("data.policies.rules")) {
			for _, rule := range m.Rules {
				visit(rule)
			}
		}
	}
	return all
}
