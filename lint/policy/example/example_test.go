package example_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/policy"
	"github.com/kslint/kslint/lint/policy/example"
)

const archive = `bad/old: kubekey v3.0.13
bad/old: also other
-- bad/old/a.yaml --
kind: A
b: 1 # want: one # want: two
-- good/b.yaml --
kind: B
-- good/c.yaml --
kind: C
`

func TestParse_readsCases(t *testing.T) {
	cases, err := example.Parse([]byte(archive))
	if err != nil || len(cases) != 2 {
		t.Fatalf("got %+v, %v", cases, err)
	}
	bad, good := cases[0], cases[1]
	if !bad.Bad() || bad.Name != "bad/old" || bad.Files[0].Name != "a.yaml" || bad.Versions[lint.KubeKey].String() != "3.0.13" {
		t.Errorf("got %+v", bad)
	}
	if want := []string{"a.yaml:2: one", "a.yaml:2: two"}; !slices.Equal(bad.Wants, want) {
		t.Errorf("got %q, want %q", bad.Wants, want)
	}
	if good.Bad() || good.Name != "good" || len(good.Files) != 2 || len(good.Wants) != 0 {
		t.Errorf("got %+v", good)
	}
	if got := bad.Alone(&lint.Rule{ID: "own"}).Only; !slices.Equal(got, []string{"own", "other"}) {
		t.Errorf("got %q", got)
	}
	if got := string(bad.Open(nil)[0].Data); got != "kind: A\nb: 1\n" {
		t.Errorf("the wants are in the text: %q", got)
	}
}

func TestParse_refuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                                   "expected cases under bad/ and under good/",
		"-- bad/a.yaml --\na: 1 # want: x\n": "expected cases under bad/ and under good/",
		"-- bad/a.yaml --\na: 1\n-- good/a.yaml --\na: 1\n":              "bad: a bad case needs a line with # want",
		"-- other/a.yaml --\na: 1\n":                                     "other/a.yaml: expected bad/FILE",
		"bad/x: kubekey v3\n" + archive:                                  "there is no case bad/x",
		strings.Replace(archive, "kubekey v3.0.13", "kubekey latest", 1): `"latest" is no version`,
	} {
		if _, err := example.Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

// namespaces is a rule that names every Namespace, and one that cannot be evaluated.
func namespaces(t *testing.T, body string) (*policy.Engine, *lint.Rule) {
	t.Helper()
	text := `# METADATA
# title: Title
# description: Description.
# custom:
#   severity: warning
#   targets: [namespace]
#   default: off
#   message: "found {what}"
#   remediation: Fix it.
#   zh: {title: 标题, description: 说明。, message: "发现 {what}", remediation: 修复。}
package policies.rules.area["x"]

` + body
	index, err := policy.Open(policy.Folder{Name: "p", Files: fstest.MapFS{"rules/area/x/rule.rego": &fstest.MapFile{Data: []byte(text)}}})
	if err != nil {
		t.Fatal(err)
	}
	rules, err := index.All()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := index.Compile(rules, 1)
	if err != nil {
		t.Fatal(err)
	}
	return engine, rules[0].Rule
}

func TestRun_tellsEveryMistake(t *testing.T) {
	const found = `deny contains {"path": ["kind"], "args": {"what": input.document.value.metadata.name}}`
	for name, test := range map[string]struct{ body, want, mistake string }{
		"nothing":         {found, "found a", ""},
		"another message": {found, "found b", "a.yaml:2: found a: nobody asked for this finding"},
		"a missing one":   {`deny contains {"path": [], "args": {"what": 1}} if false`, "found a", "a.yaml:2: found a: the example asks"},
		"one that fails":  {`deny contains {"path": [], "args": {"what": to_number(input.document.value.kind)}}`, "found a", "failure: x the rule cannot be evaluated"},
	} {
		t.Run(name, func(t *testing.T) {
			engine, rule := namespaces(t, test.body)
			cases, err := example.Parse([]byte("-- bad/a.yaml --\napiVersion: v1\nkind: Namespace # want: " + test.want +
				"\nmetadata: {name: a}\n-- good/a.yaml --\nkind: Other\n"))
			if err != nil {
				t.Fatal(err)
			}
			got := cases[0].Run(t.Context(), engine, rule, cases[0].Alone(rule))
			if test.mistake == "" && len(got) > 0 || test.mistake != "" && !strings.Contains(strings.Join(got, "\n"), test.mistake) {
				t.Errorf("got %q, want %q", got, test.mistake)
			}
		})
	}
}
