package policy

import (
	"context"
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// podFilters are the pre-filters about what kslint.pod gives: the candidates of which at least one list has to be there. A rule that
// names one begins with these lists, so that Rego need not be asked to find them empty, which most are.
var podFilters = map[string][]*ast.Term{
	"unlimited":        keyUnlimited,
	"unlimited-cpu":    {keyUnlimited[0]},
	"unlimited-memory": {keyUnlimited[1]},
	"no-liveness":      {keyUnprobed[0]},
	"no-readiness":     {keyUnprobed[1]},
	"alike-probes":     {keyAlike},
	"odd-probes":       {keyOdd, keyInit},
	"named-ports":      {keyNamed, keyHooks},
	"hooks":            {keyHooks},
}

// podLook is what kslint.pod gives for one document, worked out once for the pre-filters and for all rules. It is for one goroutine.
type podLook struct {
	object ast.Value
	looked bool
	term   *ast.Term
	keys   []*ast.Term
}

func (l *podLook) look() *podLook {
	if !l.looked {
		l.looked = true
		l.term, l.keys = podOf(l.object)
	}
	return l
}

// passes tells whether a document gets through the pre-filter of a rule.
func (l *podLook) passes(r compiled, d *lint.Document) bool {
	if wanted, ok := podFilters[r.When]; ok {
		keys := l.look().keys
		return slices.ContainsFunc(wanted, func(key *ast.Term) bool { return slices.Contains(keys, key) })
	}
	return passes(r, d)
}

type podKey struct{}

// with lets kslint.pod find what was worked out.
func (l *podLook) with(ctx context.Context) context.Context {
	return context.WithValue(ctx, podKey{}, l)
}

// podTerm is kslint.pod.
func podTerm(ctx context.Context, object *ast.Term) *ast.Term {
	if l, ok := ctx.Value(podKey{}).(*podLook); ok && l.object == object.Value {
		return l.look().term
	}
	term, _ := podOf(object.Value)
	return term
}

// filterNames are all that metadata may name.
func filterNames() []string {
	names := slices.AppendSeq(slices.Collect(maps.Keys(filters)), maps.Keys(podFilters))
	slices.Sort(names)
	return names
}
