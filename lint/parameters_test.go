package lint_test

import (
	"slices"
	"testing"

	"github.com/kslint/kslint/lint"
)

func TestConfig_checkParameters(t *testing.T) {
	rules := []*lint.Rule{
		{ID: "etcd-most", Parameters: map[string]lint.Parameter{"most": {Type: "number"}, "names": {Type: "strings"}}},
		{ID: "etcd-none"},
		{ID: "pod-most", Parameters: map[string]lint.Parameter{"most": {Type: "string"}}},
	}
	for text, want := range map[string]string{
		"rules: {etcd-most: {parameters: {most: 3, names: [a]}}}":    "",
		"rules: {etcd-*: {parameters: {most: 3}}, etcd-none: error}": "", // one of the matched has it
		"rules: {etcd-most: error}":                                  "",
		"rules:\n  etcd-most:\n    parameters:\n      mots: 3\n":     `c:4:7: rules: etcd-most: there is no parameter "mots", did you mean "most"?`,
		"rules:\n  etcd-most:\n    parameters:\n      most: many\n":  `c:4:7: rules: etcd-most: parameter most: expected a value of type number, found many`,
		"rules: {etcd-most: {parameters: {names: [1]}}}":             `c:1:34: rules: etcd-most: parameter names: expected a value of type strings, found [1]`,
		"rules: {etcd-none: {parameters: {most: 3}}}":                `c:1:34: rules: etcd-none: there is no parameter "most"`,
		"rules: {'*': {parameters: {most: 3}}}":                      `c:1:28: rules: *: parameter most: expected a value of type string, found 3`,
		"rules: {other: {parameters: {most: 3}}}":                    "", // CheckRules refuses the name
	} {
		c, err := lint.ParseConfig("c", "/", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		concerned := slices.DeleteFunc(slices.Clone(rules), func(r *lint.Rule) bool { return !c.SetsParameters(r.ID) })
		for _, known := range [][]*lint.Rule{rules, concerned} {
			got := ""
			if err := c.CheckParameters(known); err != nil {
				got = err.Error()
			}
			if got != want {
				t.Errorf("%s: got %q of %d rules, want %q", text, got, len(known), want)
			}
		}
	}
	if (*lint.Config)(nil).SetsParameters("etcd-most") {
		t.Error("no configuration has no parameters")
	}
}
