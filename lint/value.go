package lint

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Field follows keys through objects; nil when one is missing.
func Field(v ast.Value, keys ...string) ast.Value {
	for _, key := range keys {
		object, ok := v.(ast.Object)
		if !ok {
			return nil
		}
		term := object.Get(ast.InternedTerm(key))
		if term == nil {
			return nil
		}
		v = term.Value
	}
	return v
}

// StringAt follows keys to a string; "" when there is none.
func StringAt(v ast.Value, keys ...string) string {
	text, _ := Field(v, keys...).(ast.String)
	return string(text)
}

// fold is Field with keys matched without regard to case, as KubeKey matches them; an exact match wins.
func fold(v ast.Value, keys ...string) ast.Value {
	for _, key := range keys {
		object, ok := v.(ast.Object)
		if !ok {
			return nil
		}
		if term := object.Get(ast.InternedTerm(key)); term != nil {
			v = term.Value
			continue
		}
		v = nil
		object.Foreach(func(k, term *ast.Term) {
			if name, ok := k.Value.(ast.String); ok && v == nil && strings.EqualFold(string(name), key) {
				v = term.Value
			}
		})
	}
	return v
}
