package document

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// dialect is the table of what the consumers' dialect is known for: want is the JSON that they make of a text, "" when they refuse it.
var dialect = []struct{ text, want string }{
	{"a: yes\nb: No\nc: ON\nd: off", `{"a": true, "b": false, "c": true, "d": false}`},
	{"a: y\nb: N", `{"a": true, "b": false}`},
	{"a: yEs\nb: nope\nc: other\nd: True\ne: FALSE\nf: tRUE", `{"a": "yEs", "b": "nope", "c": "other", "d": true, "e": false, "f": "tRUE"}`},
	{"y: 1", `{"true": 1}`},
	{"on: 1", `{"true": 1}`},
	{"no: 1", `{"false": 1}`},
	{"true: 1", `{"true": 1}`},
	{"1: a\n-2: b\n0x10: c\n1.5: d\n1e10: e\n089: f", `{"1": "a", "-2": "b", "16": "c", "1.5": "d", "1e+10": "e", "89": "f"}`},
	{"a: 0777\nb: 089\nc: 0o17\nd: 1e3\ne: 12e03", `{"a": 511, "b": 89, "c": 15, "d": 1000, "e": 12000}`},
	{"a: 0x1F\nb: 0b11\nc: 1_000\nd: +1\ne: -0b11\nf: 0_7", `{"a": 31, "b": 3, "c": 1000, "d": 1, "e": -3, "f": 7}`},
	{"a: 12:30\nb: 22:22\nc: 190:20:30", `{"a": "12:30", "b": "22:22", "c": "190:20:30"}`},
	{"a: 2024-01-02\nb: 2024-01-02T03:04:05Z\nc: 2024-1-2 3:4:5", `{"a": "2024-01-02", "b": "2024-01-02T03:04:05Z", "c": "2024-1-2 3:4:5"}`},
	{"2024-01-02: a", `{"2024-01-02": "a"}`},
	{"a: .inf", ""},
	{"a: -.INF", ""},
	{"a: .NaN", ""},
	{"a: ~\nb: null\nc:\nd: Null\ne: ''\nf: nULL", `{"a": null, "b": null, "c": null, "d": null, "e": "", "f": "nULL"}`},
	{"~: 1", ""},
	{": 1", ""},
	{"d: &d {a: 1}\nx:\n  a: 3\n  <<: *d", `{"d": {"a": 1}, "x": {"a": 1}}`},
	{"d: &d {a: 1}\nx:\n  <<: *d\n  a: 3", `{"d": {"a": 1}, "x": {"a": 3}}`},
	{"d: &d {a: 1}\ne: &e {b: 2}\nx:\n  <<: *d\n  <<: *e", `{"d": {"a": 1}, "e": {"b": 2}, "x": {"a": 1, "b": 2}}`},
	{"d: &d {a: 1}\ne: &e {a: 2}\nx:\n  <<: [*d, *e]", `{"d": {"a": 1}, "e": {"a": 2}, "x": {"a": 1}}`},
	{"x:\n  <<: {a: 1}\n  \"<<\": 2", `{"x": {"a": 1, "<<": 2}}`},
	{"<<: 3", ""},
	{"a: 1\nb: 2\na: 3", `{"a": 3, "b": 2}`},
	{"a: <<", `{"a": "<<"}`},
	{"- <<", `["<<"]`},
	{"a: 1\n\t\nb: 2", ""},
	{"a: 1\n\t# c\nb: 2", ""},
	{"- \ta: 1", ""},
	{"-\ta: 1", ""},
	{"\t# c\na: 1", ""},
	{"# c\n\t# d\na: 1", ""},
	{"# c\n\t\n# d\na: 1", ""},
	{"a: 1 # c\n\t# d\nb: 2", ""},
	{"? a\n:\t# c\n  b", ""},
	{"a:\t1\t# c\nb: 2\t\nc: [\n\t1]", `{"a": 1, "b": 2, "c": [1]}`},
	{"{\n\t\"a\": 1\n}", `{"a": 1}`},
	{"a: 1\r\nb: |\r\n  x\r\n  y\r\n", `{"a": 1, "b": "x\ny\n"}`},
	{"a: {{ .x }}", ""},
	{"a: ${X}\nb: $(X)\nc: __X__\nd: <x>\ne: \"{{ x }}\"\nf: !vault |\n  z", `{"a": "${X}", "b": "$(X)", "c": "__X__", "d": "<x>", "e": "{{ x }}", "f": "z"}`},
	{"a: @X@", ""},
	{"a: %x", ""},
	{"a: `x", ""},
	{"a: !!str 12\nb: !!int \"3\"\nc: !!float 3\nd: !!bool yes\ne: !!str\nf: !!null ''", `{"a": "12", "b": 3, "c": 3, "d": true, "e": "", "f": null}`},
	{"a: !!binary aGk=", `{"a": "hi"}`},
	{"a: ! 12\nb: ! \"13\"", `{"a": "12", "b": "13"}`},
	{"a: !foo\nb: !foo 12", `{"a": "", "b": "12"}`},
	{"a: !!int x", ""},
	{"a: !!null x", ""},
	{"a: !!binary .", ""},
	{"!!int \"1\": a", `{"1": "a"}`},
	{"!!map [1]", `[1]`},
	{"? [a]\n: 1", ""},
	{"? {a: 1}\n: 1", ""},
	{"a: &a [*a]", ""},
	{"a: *x", ""},
	{"a: &x 1\nb: *x\n*x : 2", `{"a": 1, "b": 1, "1": 2}`},
	{"a: 18446744073709551615\nb: 9007199254740993\nc: 1e400\nd: 123456789012345\ne: -0\nf: -0.0", `{"a": 18446744073709551615, "b": 9007199254740992, "c": "1e400", "d": 123456789012345, "e": 0, "f": 0}`},
	{"a: 1.0\nb: .5\nc: 1.\nd: 1e21\ne: 0.0000001\nf: 1.50", `{"a": 1, "b": 0.5, "c": 1, "d": 1e21, "e": 1e-7, "f": 1.5}`},
	{"a: 10.0.0.1\nb: 10.233.64.0/18\nc: 1Gi\nd: 100m\ne: v1.30\nf: 1.2.3\ng: 1-2\nh: 0xabcdefg\ni: 1e", `{"a": "10.0.0.1", "b": "10.233.64.0/18", "c": "1Gi", "d": "100m", "e": "v1.30", "f": "1.2.3", "g": "1-2", "h": "0xabcdefg", "i": "1e"}`},
	{"a: ---\nb: ...\nc: -\n", ""},
	{"a: ---\nb: ...\nc: --", `{"a": "---", "b": "...", "c": "--"}`},
	{"a: one\n  two\n\n  three", `{"a": "one two\nthree"}`},
	{"a: >\n  one\n  two\n", `{"a": "one two\n"}`},
	{"a: 1\n b: 2", ""},
	{"a: \"\\u263A \\x41\"", `{"a": "☺ A"}`},
	{"a: \x01", ""},
	{"[-, {-: 1}]", `["-", {"-": 1}]`},
	{"[a, b: 1]", `["a", {"b": 1}]`},
}

// seeds are texts that once told something.
var seeds = []string{
	"%YAML 1.1\n---\na: 1\n", "--- {a: 1}\n--- |\n x\n---#x\na: 1\n...\nb: 1\n... c\n", "#!/bin/sh\necho {{ x }}\n",
	"kind: List\nitems:\n- {a: 1}\n- kind: PodList\n  items: [{b: 2}]\n",
	configMap + "  kubesphere.yaml: |2\n     a: 1\n\tb: 2\n  a.yaml: \"a: \\\"{{ x }}\\\"\"\n",
	"a: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n<<: [{x: *c}]\n", "a: 1\r---\rb: \u0085\u2028c\n",
	`{"a": "\ud83d\ude00", "b": "` + "\x7f" + `"}`, "{\"a\": 1}\n[2] {\"b\": {{}}", "- - - a\n# kslint:ignore x -- y\n",
	"a: 'x\nb: \"{{ y }}\n", "true: 1\n\"true\": 2\nyes: 3\n", "? &x [&y a]\n: *y\n",
}

func TestValue_isTheConsumers(t *testing.T) {
	for _, row := range dialect {
		documents := decodeText(row.text)
		agree(t, []byte(row.text), documents)
		if row.want == "" {
			if len(documents) == 0 || documents[0].Problem == nil {
				t.Errorf("no problem: %q", row.text)
			}
			continue
		}
		want, err := decodeJSON([]byte(row.want))
		if err != nil {
			t.Fatal(err)
		}
		if len(documents) != 1 || documents[0].Value == nil || documents[0].Value.Compare(want) != 0 {
			t.Errorf("%q is %+v, want %s", row.text, documents[0], row.want)
		}
	}
}

func TestValue_ofOrdinaryScalarIsKnown(t *testing.T) {
	for _, text := range []string{
		"TCP", "UDP", "IfNotPresent", "Never", "On-Failure", "node1", "yesterday", "none", "~/x", "10.0.0.1", "10.233.64.0/18", "100m", "1Gi",
		"v1.30.4", "1.2.3", "8080", "-1", "0", "/usr/bin", "true", "False", "null", "", "2379-2380/tcp", "12:30", "*.local", "-v",
	} {
		if _, known := plain(text); !known {
			t.Errorf("the consumer would be asked about %q", text)
		}
	}
	for _, text := range []string{"yes", "N", "off", "0777", "1e3", "+1", ".5", ".inf", "0x1F", "1_000", "3.10", "1234567890123456", "-0"} {
		if _, known := plain(text); known {
			t.Errorf("the consumer would not be asked about %q", text)
		}
	}
}

// TestValue_needsNoConsumer holds the fast path to its name: what is ordinary is read once.
func TestValue_needsNoConsumer(t *testing.T) {
	text := "a: true\nb: [1, -2, 0, TCP, text, 'quoted', \"x\", 10.0.0.1, 100m, ~, null]\nc:\n  d: |\n    x! y\n  1: z\ne: !vault x\n"
	c := newPage([]byte(text)).chunk(0, len(text), 0)
	tree, err := c.grow([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var b builder
	if b.term(tree.root); b.unsure || c.lenient() {
		t.Error("the consumer would be asked")
	}
}

func TestValue_numbersAreWrittenAsJSON(t *testing.T) {
	for text, want := range map[string]string{
		"5": "5", "1e6": "1000000", "1e21": "1e+21", "1_0": "10", "1.50": "1.5", "18446744073709551615": "18446744073709552000", "1e-7": "1e-7",
	} {
		if got := decodeText("a: " + text)[0].Value.(ast.Object).Get(ast.StringTerm("a")).Value; got.String() != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
}

// corpus is the folder of real files beside the module, if the machine has it.
func corpus(t testing.TB) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; folder != filepath.Dir(folder); folder = filepath.Dir(folder) {
		found := filepath.Join(folder, "..", "shared", "corpus")
		if _, err := os.Stat(found); err == nil {
			return found
		}
	}
	t.Skip("no folder ../shared/corpus above this package")
	return ""
}

// eachFile hands over the YAML files of the corpus.
func eachFile(t *testing.T, visit func(name string, data []byte)) {
	t.Helper()
	err := filepath.WalkDir(corpus(t), func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(name) != ".yaml" && filepath.Ext(name) != ".yml" {
			return err
		}
		data, err := os.ReadFile(name)
		if err == nil {
			visit(name, data)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestValue_ofCorpus(t *testing.T) {
	eachFile(t, func(name string, data []byte) { checkFile(t, name, data) })
}

// checkFile compares every document of a file, Lists included, with what the consumer makes of its text.
func checkFile(t *testing.T, name string, data []byte) {
	t.Helper()
	var own []*lint.Document
	for _, d := range Decode(&lint.Source{Name: filepath.Base(name), Data: data}) {
		if d.Problem != nil {
			t.Logf("%s: %+v", name, *d.Problem)
		} else {
			exercise(t, d)
		}
		if d.Parent == nil {
			own = append(own, d)
		}
	}
	next := 0
	for _, text := range bytes.Split([]byte("\n"+string(data)), []byte("\n---")) {
		want, err := oracle(text)
		if _, null := want.(ast.Null); null {
			continue
		}
		wants := []ast.Value{want}
		if items, ok := lint.Field(want, "items").(*ast.Array); ok && strings.HasSuffix(lint.StringAt(want, "kind"), "List") {
			wants = nil
			for i := range items.Len() {
				wants = append(wants, items.Elem(i).Value)
			}
		}
		for _, want := range wants {
			if next >= len(own) {
				t.Fatalf("%s: only %d documents", name, next)
			}
			d := own[next]
			next++
			if err != nil || d.Problem != nil {
				if (err == nil) == (d.Problem != nil) {
					t.Errorf("%s: the consumer says %v, problem is %+v", name, err, d.Problem)
				}
				continue
			}
			if d.Value.Compare(conceal(want)) != 0 {
				t.Errorf("%s: document %d differs", name, d.Index)
			}
		}
	}
	if next != len(own) {
		t.Errorf("%s: %d documents, want %d", name, len(own), next)
	}
}
