package policy

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// part is a share of the rules, compiled together with the tables that they look things up in.
type part struct {
	compiler *ast.Compiler
	store    storage.Store
}

// answer is what rules say: findings and what they did not check, each with the rule's id.
type answer struct {
	findings, unchecked []any
}

// eval asks rules together: one query that names each of them. It was measured against one entrypoint in Rego that is told
// the rules by its input: looking them up there cost a tenth of all, and turning the answer into Go values half as much.
func (e *Engine) eval(ctx context.Context, rules []compiled, input ast.Value) (a answer, err error) {
	defer caught(&err)
	p := e.parts[rules[0].part]
	body := make(ast.Body, 0, len(rules))
	ask := func(v ast.Var, what ast.Ref) {
		expr := ast.Equality.Expr(ast.NewTerm(v), ast.NewTerm(what))
		expr.Index = len(body)
		body = append(body, expr)
	}
	for i, r := range rules {
		ask(denyVar(i), r.deny)
		if r.unchecked != nil {
			ask(uncheckedVar(i), r.unchecked)
		}
	}
	results, err := p.query(ctx, body, ast.NewTerm(input))
	if err != nil {
		return answer{}, err
	}
	if len(results) != 1 {
		return answer{}, fmt.Errorf("%d rules gave %d results, expected one", len(rules), len(results))
	}
	return collected(rules, results[0])
}

// query gives the results of a body; a builtin that fails fails it, and it ends with ctx. input is nil where there is none.
func (p part) query(ctx context.Context, body ast.Body, input *ast.Term) (topdown.QueryResultSet, error) {
	transaction, err := p.store.NewTransaction(ctx)
	if err != nil {
		return nil, err
	}
	defer p.store.Abort(ctx, transaction)
	cancel, stop := cancelWith(ctx)
	defer stop()
	return topdown.NewQuery(body).WithCompiler(p.compiler).WithStore(p.store).WithTransaction(transaction).
		WithInput(input).WithStrictBuiltinErrors(true).WithCancel(cancel).Run(ctx)
}

func denyVar(i int) ast.Var { return ast.Var("deny" + strconv.Itoa(i)) }

func uncheckedVar(i int) ast.Var { return ast.Var("unchecked" + strconv.Itoa(i)) }

// cancelWith ends an evaluation when its context does.
func cancelWith(ctx context.Context) (topdown.Cancel, func()) {
	if ctx.Done() == nil {
		return nil, func() {}
	}
	cancel := topdown.NewCancel()
	stop := context.AfterFunc(ctx, cancel.Cancel)
	return cancel, func() { stop() }
}

func collected(rules []compiled, result topdown.QueryResult) (a answer, err error) {
	for i, r := range rules {
		if a.findings, err = appendAll(a.findings, r.ID, result[denyVar(i)]); err != nil {
			return a, fmt.Errorf("%s: deny %w", r.ID, err)
		}
		if r.unchecked == nil {
			continue
		}
		if a.unchecked, err = appendAll(a.unchecked, r.ID, result[uncheckedVar(i)]); err != nil {
			return a, fmt.Errorf("%s: unchecked %w", r.ID, err)
		}
	}
	return a, nil
}

// appendAll adds the elements of a set, each with the rule that it is from.
func appendAll(list []any, rule string, found *ast.Term) ([]any, error) {
	set, ok := found.Value.(ast.Set)
	if !ok {
		return list, errors.New("is no set, expected deny contains …")
	}
	for _, element := range set.Slice() {
		value, err := ast.JSON(element.Value)
		if err != nil {
			return list, err
		}
		fault, ok := value.(map[string]any)
		if !ok {
			return list, fmt.Errorf("holds %v, expected an object", element)
		}
		fault["rule"] = rule
		list = append(list, fault)
	}
	return list, nil
}
