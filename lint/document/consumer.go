package document

import (
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"sigs.k8s.io/yaml"
)

// consult reads a text with the very library that kubectl, KubeKey and the API server read with. Its verdict is the law.
func consult(text []byte) (v ast.Value, err error) {
	defer func() {
		if r := recover(); r != nil {
			v, err = nil, fmt.Errorf("yaml: %v", r)
		}
	}()
	converted, err := yaml.YAMLToJSON(text)
	if err != nil {
		return nil, err
	}
	return decodeJSON(converted)
}

// height counts the levels of collections in a value, but no further than limit.
func height(v ast.Value, limit int) int {
	deepest := 0
	if limit == 0 {
		return 0
	}
	visit := func(t *ast.Term) { deepest = max(deepest, height(t.Value, limit-1)) }
	switch v := v.(type) {
	case ast.Object:
		v.Foreach(func(_, t *ast.Term) { visit(t) })
	case *ast.Array:
		v.Foreach(visit)
	default:
		return 0
	}
	return deepest + 1
}
