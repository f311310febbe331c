package policy

import (
	"context"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/types"
)

// builtins of ours, each behind a library. A builtin that gives nil is undefined.
var builtins = []struct {
	is   ast.Builtin
	does func(context.Context, *ast.Term) *ast.Term
}{
	// lib/workload: in Rego it was the dearest part of every rule on workloads.
	{ast.Builtin{
		Name: "kslint.pod",
		Description: "The pod template of an object: path, value, containers (each with path, value, name, kind, amounts, unusual, " +
			"extended), probes (each with path, value, kind, container, handlers), candidates, amounts, unusual, extended, cores, patch.",
		Decl: types.NewFunction(types.Args(types.A), types.A),
	}, podTerm},
	// lib/quantity: in Rego one amount cost some 60 µs.
	{ast.Builtin{
		Name:        "kslint.amount",
		Description: "What a quantity of Kubernetes amounts to, exactly: 1Gi is 1073741824, 250m is 0.25.",
		Decl:        types.NewFunction(types.Args(types.A), types.N),
	}, func(_ context.Context, x *ast.Term) *ast.Term { return amountTerm(x) }},
}

// OPA knows builtins by a register of the process, as it does its own.
func init() {
	for i := range builtins {
		b := &builtins[i]
		ast.RegisterBuiltin(&b.is)
		topdown.RegisterBuiltinFunc(b.is.Name, func(c topdown.BuiltinContext, operands []*ast.Term, found func(*ast.Term) error) error {
			if v := b.does(c.Context, operands[0]); v != nil {
				return found(v)
			}
			return nil
		})
	}
}
