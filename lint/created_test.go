package lint_test

import (
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

func TestAsCreated(t *testing.T) {
	for given, want := range map[string]string{
		`{"metadata":{"name":"a","uid":"1"},"spec":{}}`:              `{"metadata":{"name":"a"},"spec":{}}`,
		`{"metadata":{"uid":"1","resourceVersion":"7"},"status":{}}`: `{"metadata":{"uid":"1","resourceVersion":"7"},"status":{}}`,
		`{"metadata":{"name":"a"},"uid":"1"}`:                        `{"metadata":{"name":"a"},"uid":"1"}`,
		`{"metadata":"x"}`:                                           `{"metadata":"x"}`,
		`[]`:                                                         `[]`,
		`{"spec":{"template":{"metadata":{"uid":"1"}}},"metadata":null}`: `{"spec":{"template":{"metadata":{"uid":"1"}}},"metadata":null}`,
	} {
		d := &lint.Document{Value: ast.MustParseTerm(given).Value}
		if d.AsCreated(); d.Value.Compare(ast.MustParseTerm(want).Value) != 0 {
			t.Errorf("%s: got %v", given, d.Value)
		}
	}
}
