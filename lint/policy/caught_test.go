package policy

import (
	"context"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
)

// A panic while a rule is evaluated, here because there is no compiler, is the failure of that rule.
func TestEval_aPanicIsAnError(t *testing.T) {
	e := &Engine{parts: []part{{store: inmem.New()}}}
	r := compiled{deny: ast.MustParseRef("data.policies.rules.a.b.deny")}
	if _, err := e.eval(context.Background(), []compiled{r}, ast.NewObject()); err == nil {
		t.Error("the panic is no error")
	} else {
		t.Log(err)
	}
}
