package document

import (
	"encoding/base64"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// marked takes the marks « and » out of a text and says which range they enclosed.
func marked(t *testing.T, text string) (string, lint.Range) {
	t.Helper()
	before, rest, opened := strings.Cut(text, "«")
	within, after, closed := strings.Cut(rest, "»")
	if !opened || !closed {
		t.Fatalf("no marks in %q", text)
	}
	point := func(s string) (int, int) {
		return strings.Count(s, "\n") + 1, utf8.RuneCountInString(s[strings.LastIndex(s, "\n")+1:]) + 1
	}
	var r lint.Range
	r.Line, r.Column = point(strings.TrimPrefix(before, "\uFEFF"))
	r.EndLine, r.EndColumn = point(strings.TrimPrefix(before, "\uFEFF") + within)
	return before + within + after, r
}

func decodeText(text string) []*lint.Document {
	return Decode(&lint.Source{Name: "test.yaml", Data: []byte(text)})
}

func TestPlace_ofValue(t *testing.T) {
	tests := []struct {
		name, text string
		document   int
		path       lint.Path
	}{
		{"plain scalar", "a: 1\nb: «two words» # c\n", 0, lint.Path{"b"}},
		{"plain scalar at the end", "a: «1»", 0, lint.Path{"a"}},
		{"plain over lines", "a: «one\n  two\n\n  three»\nb: 2\n", 0, lint.Path{"a"}},
		{"double quoted", `a: «"x \" y"» # c`, 0, lint.Path{"a"}},
		{"single quoted", "a: «'it''s'»\n", 0, lint.Path{"a"}},
		{"quoted over lines", "a: «\"x\n  y\"»\nb: 1\n", 0, lint.Path{"a"}},
		{"literal block", "a: «|-»\n  x\n  y\nb: 1\n", 0, lint.Path{"a"}},
		{"folded block with a comment", "a: «>2  # c»\n   x\n", 0, lint.Path{"a"}},
		{"tag before the value", "a: !vault «x»\n", 0, lint.Path{"a"}},
		{"tag before a literal block", "a: !vault «|»\n  x\n", 0, lint.Path{"a"}},
		{"anchor before the value", "a: &x «1»\nb: *x\n", 0, lint.Path{"a"}},
		{"anchor on nothing", "a: «&x»\nb: 1\n", 0, lint.Path{"a"}},
		{"empty value", "«a»:\nb: 1\n", 0, lint.Path{"a"}},
		{"empty value in quotes", "a: «\"\"»\n", 0, lint.Path{"a"}},
		{"empty item", "- a\n«-»\n- b\n", 0, lint.Path{1}},
		{"flow mapping", "a: «{b: 1, c: [2, 3]}» # c\n", 0, lint.Path{"a"}},
		{"flow mapping over lines", "a: «{\n  b: 1, # }\n  c: ,\n}»\n", 0, lint.Path{"a"}},
		{"empty flow sequence", "a: «[ ]»\n", 0, lint.Path{"a"}},
		{"flow with an empty last value", "a: «{b: 1, c: }»\n", 0, lint.Path{"a"}},
		{"single pair in a flow sequence", "a: [x, «b: 1»]\n", 0, lint.Path{"a", 1}},
		{"inside of flow", "a: {b: [1, «\"x\"»]}\n", 0, lint.Path{"a", "b", 1}},
		{"block mapping", "«a»:\n  b: 1\n", 0, lint.Path{"a"}},
		{"block sequence", "«a»:\n- 1\n", 0, lint.Path{"a"}},
		{"mapping in a sequence", "a:\n- «name»: x\n  y: 1\n", 0, lint.Path{"a", 0}},
		{"sequence in a sequence", "- - «x»\n  - y\n", 0, lint.Path{0}},
		{"root mapping", "# c\n«a»: 1\nb: 2\n", 0, lint.Path{}},
		{"root sequence", "# c\n«-» a\n- b\n", 0, lint.Path{}},
		{"root in flow", "«{a: 1}»\n", 0, lint.Path{}},
		{"quoted key", "\"a b\": «{}»\n", 0, lint.Path{"a b"}},
		{"integer key", "1: «x»\n", 0, lint.Path{"1"}},
		{"boolean key", "on: «x»\n", 0, lint.Path{"true"}},
		{"doubled key", "a: 1\nb: 2\na: «3»\n", 0, lint.Path{"a"}},
		{"Chinese text before", "a: {名字: 节点一, b: «值»}\n", 0, lint.Path{"a", "b"}},
		{"Chinese key", "名字: «节点一»\n", 0, lint.Path{"名字"}},
		{"beyond the basic plane", "a: [😀, «😀x»]\n", 0, lint.Path{"a", 1}},
		{"tab before the value", "a:\t«1»\t# c\n", 0, lint.Path{"a"}},
		{"tab in the value", "a: [\"\t\", «\"\tb\"»]\n", 0, lint.Path{"a", 1}},
		{"carriage returns", "a: 1\r\nb: «x»\r\nc: 3\r\n", 0, lint.Path{"b"}},
		{"plain over lines with carriage returns", "a: «x\r\n  y»\r\nb: 1\r\n", 0, lint.Path{"a"}},
		{"literal with carriage returns", "a: «|»\r\n  x\r\n", 0, lint.Path{"a"}},
		{"byte order mark", "\uFEFFa: «1»\n", 0, lint.Path{"a"}},
		{"alias", "a: &x {b: 1}\nc: «*x»\n", 0, lint.Path{"c"}},
		{"below an alias", "a: &x {b: «1»}\nc: *x\n", 0, lint.Path{"c", "b"}},
		{"merged key", "d: &d {x: «1»}\na:\n  <<: *d\n  y: 2\n", 0, lint.Path{"a", "x"}},
		{"key in front of a merge", "d: &d {x: «1»}\na:\n  x: 2\n  <<: *d\n", 0, lint.Path{"a", "x"}},
		{"key behind a merge", "d: &d {x: 1}\na:\n  <<: *d\n  x: «2»\n", 0, lint.Path{"a", "x"}},
		{"merge of several", "d: &d {x: «1»}\ne: &e {x: 2}\na:\n  <<: [*d, *e]\n", 0, lint.Path{"a", "x"}},
		{"merge of a merge", "d: &d {x: «1»}\ne: &e {<<: *d}\na: {<<: *e}\n", 0, lint.Path{"a", "x"}},
		{"second document", "a: 1\n---\n# c\nb: «2»\n", 1, lint.Path{"b"}},
		{"document on its marker", "a: 1\n--- {b: «2»}\n", 1, lint.Path{"b"}},
		{"document behind a terminator", "a: 1\n...\nb: «2»\n", 1, lint.Path{"b"}},
		{"byte order mark on its own line", "a: 1\n---\n\uFEFFb: 1\nc: «2»\n", 1, lint.Path{"c"}},
		{"byte order mark of a later document", "a: 1\n---\n\uFEFFb: 1\nc: «2»\n", 1, lint.Path{"c"}},
		{"item of a List", "kind: List\nitems:\n- kind: A\n  x: 1\n- kind: B\n  x: «2»\n", 1, lint.Path{"x"}},
		{"item of a List as a whole", "kind: List\nitems:\n- «kind»: A\n", 0, lint.Path{}},
		{"JSON", "{\n\t\"a\": {\"b\": [1, «\"x\"»]}\n}\n", 0, lint.Path{"a", "b", 1}},
		{"JSON with pairs of surrogates", `{"a": "\ud83d\ude00", "b": «"\ud83d\ude00"»}`, 0, lint.Path{"b"}},
		{"second value of a JSON stream", "{\"a\": 1} {\"b\": «2»}\n", 1, lint.Path{"b"}},
		{"Unicode line break", "a: \"x\u2028y\"\nb: «2»\n", 0, lint.Path{"b"}},
		{"lone carriage return", "a: 1\rb: «2»\n", 0, lint.Path{"b"}},
		{"next line", "a: 1\u0085b: 2\nc: «3»\n", 0, lint.Path{"c"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text, want := marked(t, test.text)
			checkPlace(t, text, test.document, test.path, want)
		})
	}
}

func checkPlace(t *testing.T, text string, document int, path lint.Path, want lint.Range) {
	t.Helper()
	documents := decodeText(text)
	if len(documents) <= document {
		t.Fatalf("%d documents", len(documents))
	}
	d := documents[document]
	if d.Problem != nil {
		t.Fatalf("problem: %+v", *d.Problem)
	}
	if got := d.Where.Locate(path); got != want {
		t.Errorf("%s is at %+v, want %+v in\n%s", path, got, want, text)
	}
}

func TestPlace_ofMissingValue(t *testing.T) {
	tests := []struct {
		name, text string
		document   int
		path       lint.Path
	}{
		{"at the root", "# c\n«kind»: A\nx: 1\n", 0, lint.Path{"spec"}},
		{"at a root in flow", "«{»kind: A}\n", 0, lint.Path{"spec", "x"}},
		{"at a root sequence", "«-» a\n", 0, lint.Path{7}},
		{"in a mapping", "a: 1\n«spec»:\n  x: 1\n", 0, lint.Path{"spec", "hosts", 0, "name"}},
		{"in a flow mapping", "«spec»: {x: 1}\n", 0, lint.Path{"spec", "hosts"}},
		{"in a null", "«spec»:\n", 0, lint.Path{"spec", "hosts"}},
		{"in a scalar", "«spec»: text\n", 0, lint.Path{"spec", "hosts"}},
		{"in an item", "hosts:\n- a: 1\n- «b»: 1\n", 0, lint.Path{"hosts", 1, "name"}},
		{"in an item in flow", "hosts:\n- «{b: 1}»\n", 0, lint.Path{"hosts", 0, "name"}},
		{"beyond the items", "«hosts»:\n- a: 1\n", 0, lint.Path{"hosts", 1}},
		{"in an alias", "a: &x {b: 1}\n«c»: *x\n", 0, lint.Path{"c", "d"}},
		{"deeper in an alias", "a: &x {«b»: {y: 1}}\nc: *x\n", 0, lint.Path{"c", "b", "d"}},
		{"with an index into a mapping", "«a»: {b: 1}\n", 0, lint.Path{"a", 0}},
		{"in an item of a List", "kind: List\nitems:\n- «kind»: A\n", 0, lint.Path{"spec"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text, want := marked(t, test.text)
			checkPlace(t, text, test.document, test.path, want)
		})
	}
}

const configMap = "apiVersion: v1\nkind: ConfigMap\ndata:\n"

func TestPlace_ofEmbedded(t *testing.T) {
	tests := []struct {
		name, text string
		document   int
		path       lint.Path
	}{
		{"literal", configMap + "  kubesphere.yaml: |\n    a: 1\n    b: «x»\n", 1, lint.Path{"b"}},
		{"literal with an indicator", configMap + "  kubesphere.yaml: |1-\n     a: {b: «x»}\n", 1, lint.Path{"a", "b"}},
		{"literal with blank lines", configMap + "  kubesphere.yaml: |+\n\n\n    # c\n\n    b: «x»\n\n", 1, lint.Path{"b"}},
		{"literal with a tag", configMap + "  kubesphere.yaml: !!str |\n    b: «x»\n", 1, lint.Path{"b"}},
		{"literal with carriage returns", configMap + "  kubesphere.yaml: |\r\n    a: 1\r\n    b: «x»\r\n", 1, lint.Path{"b"}},
		{"literal in Chinese", configMap + "  kubesphere.yaml: |\n    名字: [节点, «二»]\n", 1, lint.Path{"名字", 1}},
		{"literal with several documents", configMap + "  a.yaml: |\n    a: 1\n    ---\n    a: «2»\n", 2, lint.Path{"a"}},
		{"literal below an alias", "x: &x |\n  a: «1»\n" + configMap + "  a.yaml: *x\n", 1, lint.Path{"a"}},
		{"literal that is merged", "x: &x\n  a.yaml: |\n    a: «1»\n" + configMap + "  <<: [*x, *x]\n", 1, lint.Path{"a"}},
		{"missing in a literal", configMap + "  kubesphere.yaml: |\n    «a»:\n      b: 1\n", 1, lint.Path{"a", "c"}},
		{"double quoted", configMap + "  kubesphere.yaml: «\"a: 1\\nb: 2\\n\"»\n", 1, lint.Path{"b"}},
		{"single quoted", configMap + "  kubesphere.yaml: «'a: 1'»\n", 1, lint.Path{"a"}},
		{"folded", configMap + "  kubesphere.yaml: «>-»\n    a: 1\n\n    b: 2\n", 1, lint.Path{"b"}},
		{"plain", configMap + "  kubesphere.yaml: «text»\n", 1, lint.Path{}},
		{"another ending", configMap + "  x.yml: «'[1]'»\n", 1, lint.Path{0}},
		{
			"base64", "apiVersion: v1\nkind: Secret\ndata:\n  x.yaml: «" +
				base64.StdEncoding.EncodeToString([]byte("a: 1\nb: 2\n")) + "»\n", 1, lint.Path{"b"},
		},
		{"stringData", "apiVersion: v1\nkind: Secret\nstringData:\n  x.yaml: |\n    a: «1»\n", 1, lint.Path{"a"}},
		{
			"literal in a literal", configMap + "  a.yaml: |\n    apiVersion: v1\n    kind: ConfigMap\n    data:\n" +
				"      b.yaml: |\n        x: «y»\n", 2, lint.Path{"x"},
		},
		{
			"literal in a quoted string",
			configMap + `  a.yaml: «"apiVersion: v1\nkind: ConfigMap\ndata:\n  b.yaml: |\n    x: y"»` + "\n", 2,
			lint.Path{"x"},
		},
		{"empty payload", configMap + "  kubesphere.yaml: «\"\"»\n", 1, lint.Path{"x"}},
		{"empty literal payload", configMap + "  kubesphere.yaml: «|»\n", 1, lint.Path{"x"}},
		{
			"in the second document", "a: 1\n---\n" + configMap + "  kubesphere.yaml: |\n    b: «x»\n", 2, lint.Path{"b"},
		},
		{
			"in an item of a List",
			"kind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  data:\n    a.yaml: |\n      b: «x»\n", 1,
			lint.Path{"b"},
		},
		{"lines of Unicode in a literal", configMap + "  a.yaml: |\n    a: x\u2028    y: 1\n    b: «x»\n", 1, lint.Path{"b"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text, want := marked(t, test.text)
			checkPlace(t, text, test.document, test.path, want)
		})
	}
}

// TestPlace_ofCorpus reads the text at the place of every scalar, which must be the scalar's value again.
func TestPlace_ofCorpus(t *testing.T) {
	checked, embedded := 0, 0
	eachFile(t, func(name string, data []byte) {
		lines := strings.Split(strings.TrimPrefix(string(data), "\uFEFF"), "\n")
		for _, d := range Decode(&lint.Source{Name: filepath.Base(name), Data: data}) {
			if d.Problem != nil || d.Parent != nil && d.Where.Locate(nil) == d.Parent.Where.Locate(d.Prefix) {
				continue // a string that is one place as a whole
			}
			eachScalar(nil, d.Value, func(path lint.Path, value ast.Value) {
				r := d.Where.Locate(path)
				if r.Line != r.EndLine || value == secretMark {
					return
				}
				text := string([]rune(lines[r.Line-1])[r.Column-1 : r.EndColumn-1])
				if strings.HasPrefix(text, "|") || strings.HasPrefix(text, ">") || strings.HasPrefix(text, "*") {
					return
				}
				if d.Format == lint.Lines {
					if got, _ := value.(ast.String); strings.TrimSpace(string(got)) != text {
						t.Errorf("%s: %s at %+v is %q, the value is %v", name, path, r, text, value)
					}
					return
				}
				got, err := consult([]byte("- " + text))
				list, ok := got.(*ast.Array)
				null := value.Compare(ast.NullValue) == 0
				if err != nil || !ok || list.Elem(0).Value.Compare(value) != 0 && (!null || text != path[len(path)-1]) {
					t.Errorf("%s: %s at %+v is %q, the value is %v", name, path, r, text, value)
				}
				if checked++; d.Parent != nil {
					embedded++
				}
			})
		}
	})
	t.Logf("%d scalars, %d of them embedded", checked, embedded)
}

func eachScalar(path lint.Path, v ast.Value, visit func(lint.Path, ast.Value)) {
	switch v := v.(type) {
	case ast.Object:
		v.Foreach(func(key, term *ast.Term) { eachScalar(path.Join(string(key.Value.(ast.String))), term.Value, visit) })
	case *ast.Array:
		for i := range v.Len() {
			eachScalar(path.Join(i), v.Elem(i).Value, visit)
		}
	default:
		visit(path, v)
	}
}
