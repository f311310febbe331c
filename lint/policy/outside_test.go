package policy

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/open-policy-agent/opa/v1/ast"
)

// T18 (CVE-2026-22039, CVE-2022-36085): a rule reaches nothing but its input, neither by a call nor in the place of another
// function.
func TestCapabilities_nothingReachesOut(t *testing.T) {
	allowed := map[string]bool{}
	for _, b := range Capabilities().Builtins {
		allowed[b.Name] = true
		if b.IsNondeterministic() && b.Name != "io.jwt.decode_verify" && !strings.HasPrefix(b.Name, "io.jwt.encode_sign") {
			t.Errorf("%s does not depend on its arguments alone", b.Name)
		}
	}
	if c := Capabilities(); c.AllowNet == nil || len(c.AllowNet) > 0 {
		t.Error("schemas may be fetched")
	}
	if err := compiles("deny contains {\"path\": [], \"args\": {\"what\": x}} if x := count([1]) with count as sum"); err != nil {
		t.Fatal(err) // else what follows would prove nothing
	}
	for _, name := range outside {
		if ast.BuiltinMap[name] == nil {
			t.Errorf("%s is no builtin any more", name)
		}
		if allowed[name] {
			t.Errorf("%s is allowed", name)
		}
		for _, body := range []string{
			"deny contains {\"path\": [], \"args\": {\"what\": x}} if x := " + name + "(1)",
			"deny contains {\"path\": [], \"args\": {\"what\": x}} if x := count([1]) with count as " + name,
			"deny contains {\"path\": [], \"args\": {\"what\": x}} if x := f(1) with f as " + name + "\n\nf(x) := x",
		} {
			if compiles(body) == nil {
				t.Errorf("%s: is compiled", body)
			}
		}
	}
}

// compiles is the mistake in a rule with this body.
func compiles(body string) error {
	index, err := Open(Folder{Name: "p", Files: fstest.MapFS{"rules/area/x/rule.rego": &fstest.MapFile{Data: []byte(`# METADATA
# title: Title
# description: Description.
# custom:
#   severity: warning
#   targets: [namespace]
#   message: "found {what}"
#   remediation: Fix it.
#   zh: {title: 标题, description: 说明。, message: "发现 {what}", remediation: 修复。}
package policies.rules.area["x"]

` + body + "\n")}}})
	if err != nil {
		return err
	}
	rules, err := index.All()
	if err != nil {
		return err
	}
	_, err = index.Compile(rules, 1)
	return err
}
