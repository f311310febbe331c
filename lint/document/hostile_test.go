package document

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/kslint/kslint/lint"
)

// exhaust decodes a text and asks for places and the rest; that it comes to an end is what the tests here are about.
func exhaust(text string) []*lint.Document {
	documents := decodeText(text)
	for _, d := range documents {
		d.Where.Locate(lint.Path{"a", 0, "b"})
		if d.Written != nil {
			d.Written()
		}
	}
	return documents
}

// bomb writes levels of lists, each of width aliases of the one before.
func bomb(levels, width int, first string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "a0: &a0 %s\n", first)
	for i := 1; i <= levels; i++ {
		aliases := strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), width), ", ")
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i, i, aliases)
	}
	return b.String()
}

func TestHostile_problems(t *testing.T) {
	const mega = 1 << 20
	tests := []struct {
		name, text string
		want       lint.ProblemKind // "" when it can be read
	}{
		{"10,000 levels of flow", "a: " + strings.Repeat("[", 10000) + strings.Repeat("]", 10000), lint.TooDeep},
		{"5 million brackets", strings.Repeat("[", 5*mega), lint.TooDeep},
		{"10,000 levels of items", strings.Repeat("- ", 10000) + "x", lint.TooDeep},
		{"1,500 levels of blocks", nested(1500), lint.TooDeep},
		{"as many levels as are allowed", nested(lint.MaxDepth), ""},
		{"one level more", nested(lint.MaxDepth + 1), lint.TooDeep},
		{"levels that an alias brings", "a: &a " + nestedFlow(600) + "\nb: " + strings.Repeat("[", 600) + "*a" + strings.Repeat("]", 600), lint.TooDeep},
		{"billion laughs", bomb(10, 10, "[lol, lol]"), lint.AliasBomb},
		{"billion laughs by merging", strings.ReplaceAll(strings.ReplaceAll(bomb(40, 2, "{x: y}"), "[", "{<<: ["), "]", "]}"), lint.AliasBomb},
		{"few aliases of much text", bomb(1, 2000, strings.Repeat("x", mega)), lint.AliasBomb},
		{"aliases behind the end", "[&a " + strings.Repeat("x", 1000) + strings.Repeat(", *a", 5000) + "]\"", lint.Syntax},
		{"self-containing anchor", "a: &a\n  b: &b [*b]\n", lint.AliasBomb},
		{"a lawful number of aliases", bomb(2, 10, "[x, y]"), ""},
		{"one line of text", "a: " + strings.Repeat("x", 5*mega), ""},
		{"one quoted line", "a: \"" + strings.Repeat("x ", mega/2) + "\"", ""},
		{"one line of JSON", "{" + strings.Repeat("\"a\": \"{{\", ", mega/10) + "\"b\": 1}", ""},
		{"one line of template", "a: [" + strings.Repeat("\"{{\", ", mega/6) + "{{ x }}]", lint.Template},
		{"many keys that are doubled", manyKeys(20000) + manyKeys(20000), ""},
		{"comments with braces", strings.Repeat("# {{ x }} ' \"\n", mega/14) + "a: 1", ""},
		{"comments with ignores", "a:\n" + strings.Repeat("# kslint:ignore r -- x\n", mega/24) + "  b: 1", ""},
		{"many items with ignores", "kind: List\nitems:\n" + strings.Repeat("- a: 1 # kslint:ignore r -- x\n", 3000), ""},
		{"many separators", strings.Repeat("---\n", mega) + "a: 1", ""},
		{"many quotes", "a: [" + strings.Repeat("'', ", mega/4), lint.Syntax},
		{"many open quotes", strings.Repeat("\t'{{\n", mega/5), lint.Template},
		{"many tags", "a: " + strings.Repeat("!!int ", mega/6) + "1", lint.Syntax},
		{"a long number", "a: " + strings.Repeat("1", mega), ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			documents := exhaust(test.text)
			if len(documents) == 0 {
				t.Fatal("no documents")
			}
			var got lint.ProblemKind
			if p := documents[0].Problem; p != nil {
				got = p.Kind
			}
			if got != test.want {
				t.Errorf("problem is %q, want %q: %+v", got, test.want, documents[0].Problem)
			}
		})
	}
}

func nested(levels int) string {
	var b strings.Builder
	for i := range levels {
		fmt.Fprintf(&b, "%sa:\n", strings.Repeat(" ", i))
	}
	return b.String()
}

func nestedFlow(levels int) string { return strings.Repeat("[", levels) + strings.Repeat("]", levels) }

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "k%d: %d\n", i, i)
	}
	return b.String()
}

// TestHostile_embedded nests ConfigMaps in each other, and lets aliases multiply strings that are documents.
func TestHostile_embedded(t *testing.T) {
	text := []byte("a: 1\n")
	for range 40 {
		text = append([]byte(configMap+"  a.yaml: |\n"), indent(text)...)
	}
	if documents := exhaust(string(text)); len(documents) != 41 {
		t.Errorf("%d documents", len(documents))
	}
	var b strings.Builder
	b.WriteString("x: &x \"" + strings.Repeat("a", 60000) + ": {}\"\n" + configMap)
	for i := range 300 {
		fmt.Fprintf(&b, "  k%d.yaml: *x\n", i)
	}
	documents := exhaust(b.String())
	if last := documents[len(documents)-1]; last.Problem == nil || last.Problem.Kind != lint.AliasBomb {
		t.Errorf("%d documents, the last %+v", len(documents), last)
	}
}

// TestHostile_manyInAString looks at no more documents of a string than anybody keeps there.
func TestHostile_manyInAString(t *testing.T) {
	for n, want := range map[int]int{maxInString: maxInString + 1, maxInString + 1: 2} {
		text := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("---\na: 1\n", n)))
		documents := exhaust("apiVersion: v1\nkind: Secret\ndata:\n  x.yaml: " + text + "\n")
		if len(documents) != want {
			t.Errorf("%d in a string: %d documents, want %d", n, len(documents), want)
		}
		if last := documents[len(documents)-1]; (last.Problem != nil) != (want == 2) {
			t.Errorf("%d in a string: %v", n, last.Problem)
		}
	}
}

func indent(text []byte) []byte {
	lines := bytes.SplitAfter(text, []byte("\n"))
	return append([]byte("    "), bytes.Join(lines[:len(lines)-1], []byte("    "))...)
}

// TestHostile_sharedAliases walks a tree that is small and would be endless if aliases were followed.
func TestHostile_sharedAliases(t *testing.T) {
	text := bomb(60, 9, "{a: 1, a: 2, b: \"{{ x }}\"} # kslint:ignore r -- x")
	c := newPage([]byte(text)).chunk(0, len(text), 0)
	tree, err := c.grow([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	p := part{Document: &lint.Document{Source: &lint.Source{}, Format: lint.YAML}, tree: tree, node: tree.root}
	p.complete(c)
	p.Written()
	anyDoubled(tree.root)
	c.ignores(c.strings(tree))
	p.Where.Locate(lint.Path{"a60", 0, 0, 0, 0, 0, "none"})
	merged := "d0: &d0 {a: 1}\n"
	for i := 1; i < 40; i++ {
		merged += fmt.Sprintf("d%d: &d%d {<<: [*d%d, *d%d]}\n", i, i, i-1, i-1)
	}
	m := newPage([]byte(merged)).chunk(0, len(merged), 0)
	if tree, err = m.grow([]byte(merged)); err != nil {
		t.Fatal(err)
	}
	locator{tree: tree, top: tree.root}.Locate(lint.Path{"d39", "none"})
}
