package document

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// writtenNodes writes what is told of each node as one line: path, tag, style, text, anchor.
func writtenNodes(t *testing.T, d *lint.Document) string {
	t.Helper()
	var lines []string
	lint.Field(d.Written(), "nodes").(ast.Object).Foreach(func(path, entry *ast.Term) {
		line := path.String() + " " + lint.StringAt(entry.Value, "tag") + " " + lint.StringAt(entry.Value, "style")
		for _, name := range []string{"text", "anchor"} {
			if v := lint.Field(entry.Value, name); v != nil {
				line += fmt.Sprintf(" %s=%s", name, v)
			}
		}
		lines = append(lines, line)
	})
	return strings.Join(lines, "\n")
}

func TestWritten_nodes(t *testing.T) {
	text := `a: yes
b: "yes"
c: 'x'
d: 0777
e: 1e3
f: 2024-01-02
g: ~
h:
i: |
  x
j: >
  x
k: {l: [1]}
m: &x !!str 1
mm: *x
o: !vault x
p: &y {q: 1}
r: *y
s: &z
<<: *y
`
	want := `[] !!map block
["a"] !!bool plain text="yes"
["b"] !!str double
["c"] !!str single
["d"] !!int plain text="0777"
["e"] !!float plain text="1e3"
["f"] !!str plain
["g"] !!null plain text="~"
["h"] !!null plain text=""
["i"] !!str literal
["j"] !!str folded
["k"] !!map flow
["k", "l"] !!seq flow
["k", "l", 0] !!int plain text="1"
["m"] !!str plain anchor="x"
["mm"] !!str plain
["o"] !vault plain
["p"] !!map flow anchor="y"
["p", "q"] !!int plain text="1"
["r"] !!map flow
["s"] !!null plain text="" anchor="z"`
	if got := writtenNodes(t, decodeText(text)[0]); got != want {
		t.Errorf("written is\n%s\nwant\n%s", got, want)
	}
}

func TestWritten_ofItem(t *testing.T) {
	got := writtenNodes(t, decodeText("kind: List\nitems:\n- {a: 1}\n- b: on\n")[1])
	if want := "[] !!map block\n[\"b\"] !!bool plain text=\"on\""; got != want {
		t.Errorf("written is\n%s\nwant\n%s", got, want)
	}
}

func TestWritten_ofSecretHasNoText(t *testing.T) {
	for i, d := range decodeText("apiVersion: v1\nkind: Secret\ndata: {b: 1234}\nstringData:\n  a.yaml: |\n    pin: 1234\n") {
		if got := d.Written().String(); strings.Contains(got, "1234") {
			t.Errorf("document %d: %s", i, got)
		}
	}
}

func TestWritten_doubled(t *testing.T) {
	tests := []struct {
		name, text, want string // want lists path, key, same, mapping
	}{
		{"none", "a: 1\nb: {a: 1}\n", ""},
		{"at the root", "a: 1\nb: 2\na: 3\n", `["a"] "a" false []`},
		{"the same value", "a: {x: 1}\na: {x: 0x1}\n", `["a"] "a" true []`},
		{"three times", "a: 1\na: 1\na: 2\n", `["a"] "a" false []`},
		{"in flow", "cni: {type: cilium, type: calico}\n", `["cni", "type"] "type" false ["cni"]`},
		{"in an item", "a:\n- b: 1\n  b: 2\n", `["a", 0, "b"] "b" false ["a", 0]`},
		{"quoted", "a: 1\n\"a\": 1\n", `["a"] "a" true []`},
		{"letter case", "a: 1\nA: 1\n", ""},
		{"words", "yes: 1\ntrue: 2\n", ""},
		{"quoted words", "yes: 1\n\"yes\": 2\n", `["yes"] "yes" false []`},
		{"merge keys", "d: &d {a: 1}\nx:\n  a: 1\n  <<: *d\n  <<: *d\n", ""},
		{"hidden by a later key", "a: {b: 1, b: 2}\na: 3\n", `["a", "b"] "b" false ["a"]|["a"] "a" false []`},
		{"values with aliases", "x: &x [1]\na: *x\na: [1]\n", `["a"] "a" true []`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := decodeText(test.text)[0]
			var got []string
			lint.Field(d.Written(), "doubled").(*ast.Array).Foreach(func(entry *ast.Term) {
				line := fmt.Sprintln(lint.Field(entry.Value, "path"), lint.Field(entry.Value, "key"), lint.Field(entry.Value, "same"), lint.Field(entry.Value, "mapping"))
				got = append(got, strings.TrimSpace(line))
			})
			var want []string
			if test.want != "" {
				want = strings.Split(test.want, "|")
			}
			slices.Sort(got)
			if !reflect.DeepEqual(got, want) {
				t.Errorf("doubled is %q, want %q", got, want)
			}
			if d.Doubled != (want != nil) {
				t.Errorf("Doubled is %t", d.Doubled)
			}
		})
	}
}

func TestWritten_doubledOfItems(t *testing.T) {
	documents := decodeText("kind: List\nitems:\n- a: 1\n- b: {c: 1, c: 2}\n")
	if documents[0].Doubled || !documents[1].Doubled {
		t.Errorf("Doubled is %t, %t", documents[0].Doubled, documents[1].Doubled)
	}
	if d := decodeText(`{"a": 1, "a": 2}`)[0]; d.Doubled {
		t.Error("JSON is doubled")
	}
}

func TestWritten_error(t *testing.T) {
	for text, want := range map[string]string{
		"x: 1\n---\na:\n\tb: 1\n": `{"kind": "tab", "line": 4, "column": 1}`,
		"a: 1\n b: 2\n":           `{"kind": "syntax", "line": 2, "column": 2}`,
		"a: {{ .x }}\n":           "",
		"a: 1\n":                  "",
	} {
		documents := decodeText(text)
		got := lint.Field(documents[len(documents)-1].Written(), "error")
		if want == "" {
			if got != nil {
				t.Errorf("%q: error is %v", text, got)
			}
			continue
		}
		var v any
		if err := json.Unmarshal([]byte(want), &v); err != nil {
			t.Fatal(err)
		}
		if wanted := fromJSON(v); got == nil || got.Compare(wanted) != 0 {
			t.Errorf("%q: error is %v, want %v", text, got, wanted)
		}
	}
}
