package policy

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

var (
	noCandidates       = ast.InternedEmptyObject
	keyAbove, keyHooks = ast.StringTerm("above"), ast.StringTerm("hooks")
	keyAlike, keyInit  = ast.StringTerm("alike"), ast.StringTerm("init")
	keyOdd, keyNamed   = ast.StringTerm("odd"), ast.StringTerm("named")
	keyUnlimited       = []*ast.Term{ast.StringTerm("unlimited cpu"), ast.StringTerm("unlimited memory")}
	keyUnprobed        = []*ast.Term{ast.StringTerm("unprobed livenessProbe"), ast.StringTerm("unprobed readinessProbe")}
	unlimited          = []string{"cpu", "memory"}
	unprobed           = []string{"livenessProbe", "readinessProbe"}
	besideInit         = append([]string{"lifecycle"}, probeKinds...)
)

// candidates are the containers and probes of a pod that rules have to look at, by what for. Most pods have next to none: a rule that
// begins with them costs nothing where nothing is wrong.
type candidates struct {
	keys  []*ast.Term
	lists [][]*ast.Term
}

func (c *candidates) add(key, one *ast.Term) {
	i := slices.Index(c.keys, key)
	if i < 0 {
		i = len(c.keys)
		c.keys, c.lists = append(c.keys, key), append(c.lists, nil)
	}
	c.lists[i] = append(c.lists[i], one)
}

func (c *candidates) term() *ast.Term {
	if len(c.keys) == 0 {
		return noCandidates
	}
	items := make([][2]*ast.Term, len(c.keys))
	for i, key := range c.keys {
		items[i] = ast.Item(key, ast.ArrayTerm(c.lists[i]...))
	}
	return ast.ObjectTerm(items...)
}

func (c *candidates) container(term *ast.Term, value ast.Value, kind *ast.Term, own holding) {
	is := func(so bool, key *ast.Term) {
		if so {
			c.add(key, term)
		}
	}
	for i, resource := range unlimited {
		is(kind != kindEphemeral && !slices.Contains(own.limited, resource), keyUnlimited[i])
	}
	for i, probe := range unprobed {
		is(kind == kindContainer && absent(lint.Field(value, probe)), keyUnprobed[i])
	}
	is(own.exceeds, keyAbove)
	is(holdsAny(own.unusual), keyUnusual)
	is(holdsAny(own.extended), keyExtended)
	is(isObject(value, "lifecycle"), keyHooks)
	is(isObject(value, "livenessProbe") && isObject(value, "readinessProbe") && !differ(value), keyAlike)
	is(kind == kindInit && slices.ContainsFunc(besideInit, func(f string) bool { return isObject(value, f) }), keyInit)
}

func (c *candidates) probe(term *ast.Term, value ast.Object, handlers []*ast.Term) {
	if !isPlain(value, handlers) {
		c.add(keyOdd, term)
	}
	if hasNamedPort(value, handlers) {
		c.add(keyNamed, term)
	}
}

// differ tells whether liveness and readiness ask for two different paths, so that nobody need look any closer.
func differ(container ast.Value) bool {
	path := func(probe string) string { return lint.StringAt(lint.Field(container, probe, "httpGet"), "path") }
	a, b := path("livenessProbe"), path("readinessProbe")
	whole := func(path string) bool { return path == "" || path == "/" }
	return a != b && !whole(a) && !whole(b)
}

// absent tells whether a field counts as one that is not there: it is null or "".
func absent(v ast.Value) bool {
	switch v := v.(type) {
	case nil, ast.Null:
		return true
	case ast.String:
		return v == ""
	}
	return false
}

func holdsAny(list *ast.Term) bool { return list.Value.(*ast.Array).Len() > 0 } //nolint:forcetypeassert // made by holdingOf

func isObject(holder ast.Value, field string) bool {
	_, ok := lint.Field(holder, field).(ast.Object)
	return ok
}
