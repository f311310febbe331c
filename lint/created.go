package lint

import "github.com/open-policy-agent/opa/v1/ast"

// AsCreated takes the uid from an object that is being created, so that rules see what its author has written: the API server gives
// one before anybody reviews it, and to a rule an object with a uid is an export of what is there already. That has a resourceVersion
// too.
func (d *Document) AsCreated() {
	whole, ok := d.Value.(ast.Object)
	if !ok {
		return
	}
	metadata, ok := Field(whole, "metadata").(ast.Object)
	if !ok || Field(metadata, "uid") == nil || Field(metadata, "resourceVersion") != nil {
		return
	}
	d.Value = without(whole, "metadata", ast.NewTerm(without(metadata, "uid", nil)))
}

// without is an object with another value for a key, or without it where the value is nil.
func without(o ast.Object, key string, value *ast.Term) ast.Object {
	items := make([][2]*ast.Term, 0, o.Len())
	o.Foreach(func(k, v *ast.Term) {
		if name, _ := k.Value.(ast.String); string(name) == key {
			v = value
		}
		if v != nil {
			items = append(items, [2]*ast.Term{k, v})
		}
	})
	return ast.NewObject(items...)
}
