package policy

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

var (
	keyPath, keyValue, keyName, keyKind = ast.StringTerm("path"), ast.StringTerm("value"), ast.StringTerm("name"), ast.StringTerm("kind")
	keyPatch, keyContainers             = ast.StringTerm("patch"), ast.StringTerm("containers")
	keyProbes, keyContainer             = ast.StringTerm("probes"), ast.StringTerm("container")
	keyHandlers, keyAmounts             = ast.StringTerm("handlers"), ast.StringTerm("amounts")
	keyUnusual, keyExtended             = ast.StringTerm("unusual"), ast.StringTerm("extended")
	keyCores, keyCandidates             = ast.StringTerm("cores"), ast.StringTerm("candidates")
	noName                              = ast.StringTerm("")
	kindContainer, kindInit             = ast.StringTerm("container"), ast.StringTerm("init")
	kindSidecar, kindEphemeral          = ast.StringTerm("sidecar"), ast.StringTerm("ephemeral")
)

// containerLists are the fields of a pod spec that hold containers, in the order in which rules see them.
var containerLists = []string{"containers", "initContainers", "ephemeralContainers"}

// podOf is nil for what has no list of containers; keys are those of its candidates.
func podOf(object ast.Value) (term *ast.Term, keys []*ast.Term) {
	path := lint.PodPath(lint.Resource{APIVersion: lint.StringAt(object, "apiVersion"), Kind: lint.StringAt(object, "kind")})
	p := pod{object: object, keys: path, spec: lint.Field(object, path...)}
	list, ok := lint.Field(p.spec, "containers").(*ast.Array)
	if !ok {
		return nil, nil
	}
	for _, key := range path {
		p.path = append(p.path, ast.StringTerm(key))
	}
	for _, field := range containerLists {
		p.add(field)
	}
	own := holdingOf(p.spec)
	p.cores = highest(p.cores, own.cores)
	cores := ast.InternedTerm(0)
	if p.cores != nil {
		cores = ast.NewTerm(p.cores)
	}
	term = ast.ObjectTerm(
		ast.Item(keyPath, ast.ArrayTerm(p.path...)),
		ast.Item(keyValue, ast.NewTerm(p.spec)),
		ast.Item(keyContainers, ast.ArrayTerm(p.containers...)),
		ast.Item(keyAmounts, own.amounts),
		ast.Item(keyUnusual, own.unusual),
		ast.Item(keyExtended, own.extended),
		ast.Item(keyCores, cores),
		ast.Item(keyProbes, ast.ArrayTerm(p.probes...)),
		ast.Item(keyCandidates, p.candidates.term()),
		ast.Item(keyPatch, ast.BooleanTerm(list.Len() == 0 || p.imageless || p.hasDirective())),
	)
	return term, p.candidates.keys
}

type pod struct {
	object     ast.Value
	keys       []string
	spec       ast.Value
	path       []*ast.Term
	containers []*ast.Term
	probes     []*ast.Term
	elements   []ast.Value
	candidates candidates
	cores      ast.Value // the highest cpu
	imageless  bool
}

func (p *pod) add(field string) {
	list, ok := lint.Field(p.spec, field).(*ast.Array)
	if !ok {
		return
	}
	for i := range list.Len() {
		element := list.Elem(i)
		if _, ok := element.Value.(ast.Object); !ok {
			continue
		}
		name := noName
		if s, ok := lint.Field(element.Value, "name").(ast.String); ok {
			name = ast.NewTerm(s)
		}
		path := slices.Concat(p.path, []*ast.Term{ast.StringTerm(field), ast.InternedTerm(i)})
		own, kind := holdingOf(element.Value), kindOf(field, element.Value)
		p.cores = highest(p.cores, own.cores)
		container := ast.ObjectTerm(
			ast.Item(keyPath, ast.ArrayTerm(path...)), ast.Item(keyValue, element), ast.Item(keyName, name),
			ast.Item(keyKind, kind), ast.Item(keyAmounts, own.amounts), ast.Item(keyUnusual, own.unusual),
			ast.Item(keyExtended, own.extended))
		p.containers = append(p.containers, container)
		p.candidates.container(container, element.Value, kind, own)
		p.addProbes(container, element.Value, path)
		p.elements = append(p.elements, element.Value)
		switch image := lint.Field(element.Value, "image").(type) {
		case nil, ast.Null:
			p.imageless = true
		case ast.String:
			p.imageless = p.imageless || image == ""
		}
	}
}

func kindOf(field string, container ast.Value) *ast.Term {
	switch {
	case field == "containers":
		return kindContainer
	case field == "ephemeralContainers":
		return kindEphemeral
	case lint.StringAt(container, "restartPolicy") == "Always":
		return kindSidecar
	}
	return kindInit
}

// hasDirective tells whether a directive of a strategic merge patch ($patch, $setElementOrder …) stands on the way to the pod
// spec, in it, or in its containers.
func (p *pod) hasDirective() bool {
	value := p.object
	for _, key := range p.keys {
		if hasDollar(value) {
			return true
		}
		value = lint.Field(value, key)
	}
	if hasDollar(p.spec) {
		return true
	}
	for _, element := range p.elements {
		if hasDollar(element) {
			return true
		}
	}
	return false
}

func hasDollar(v ast.Value) bool {
	object, ok := v.(ast.Object)
	if !ok {
		return false
	}
	return object.Until(func(key, _ *ast.Term) bool {
		name, _ := key.Value.(ast.String)
		return strings.HasPrefix(string(name), "$")
	})
}
