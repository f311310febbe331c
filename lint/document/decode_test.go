package document

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/kslint/kslint/lint"
)

// outline writes documents short: their values, or the kinds of their problems with place and reason.
func outline(documents []*lint.Document) []string {
	var lines []string
	for _, d := range documents {
		line := fmt.Sprint(d.Value)
		if p := d.Problem; p != nil {
			line = fmt.Sprintf("%s %d:%d-%d:%d %s", p.Kind, p.Range.Line, p.Range.Column, p.Range.EndLine, p.Range.EndColumn, p.Reason)
		}
		lines = append(lines, line)
	}
	return lines
}

func checkOutline(t *testing.T, text string, want []string) {
	t.Helper()
	if got := outline(decodeText(text)); !reflect.DeepEqual(got, want) {
		t.Errorf("%q is\n%s\nwant\n%s", text, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestDecode_stream(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"empty", "", nil},
		{"blank", " \n\t\n\r\n", nil},
		{"comments", "# a\n  # b\n", nil},
		{"null", "---\n~\n", nil},
		{"separators only", "---\n---\n# c\n---\n", nil},
		{"separators", "a: 1\n---\nb: 2\n--- \t\nc: 3\n--- # text\nd: 4\n---#x\ne: 5\n", []string{`{"a": 1}`, `{"b": 2}`, `{"c": 3}`, `{"d": 4}`, `{"e": 5}`}},
		{"carriage returns", "a: 1\r\n---\r\nb: 2\r\n", []string{`{"a": 1}`, `{"b": 2}`}},
		{"content on the separator", "a: 1\n--- {b: 2}\n--- !x\nc: 3\n", []string{`{"a": 1}`, `{"b": 2}`, `{"c": 3}`}},
		{"block on the separator", "--- |\n text\n", []string{"not-a-map 1:5-1:6 expected a mapping, found plain text"}},
		{"mapping on the separator", "--- a: 1\n", []string{"syntax 1:1-1:9 mapping values are not allowed in this context"}},
		{"no separator", "a: 1\n----\nb: 2\n", []string{"syntax 2:1-2:5 expected a colon behind this text"}},
		{"separator inside of a block", "a: |\n  ---\n  x\n", []string{`{"a": "---\nx\n"}`}},
		{"terminator", "a: 1\n...\n# c\n...\n", []string{`{"a": 1}`}},
		{"content behind the terminator", "a: 1\n...\nb: 2\n---\nc: 3\n", []string{`{"a": 1}`, `{"b": 2}`, `{"c": 3}`}},
		{"content on the terminator", "a: 1\n... {b: 2}\n", []string{`{"a": 1}`, `{"b": 2}`}},
		{"directives", "%YAML 1.1\n# c\n---\na: 1\n", []string{`{"a": 1}`}},
		{"directive without a document start", "%YAML 1.1\na: 1\n", []string{"syntax 2:1-2:5 expected the document to end"}},
		{"byte order marks", "\uFEFFa: 1\n---\n\uFEFFb: 2\n", []string{`{"a": 1}`, `{"b": 2}`}},
		{"a broken document", "a: 1\n---\nb: [\n---\nc: 3\n", []string{`{"a": 1}`, "syntax 3:1-3:5 expected a value", `{"c": 3}`}},
		{"sequence", "- a\n- 1\n", []string{`["a", 1]`}},
		{"plain text", "just\ntext\n---\na: 1\n", []string{"not-a-map 1:1-2:5 expected a mapping, found plain text", `{"a": 1}`}},
		{"script", "#!/bin/sh\nset -e\necho 'a: b'\n", []string{"not-a-map 1:1-1:10 a script, not YAML"}},
		{"script with a document inside", "#!/bin/sh\nset -e\n---\na: 1\n", []string{"not-a-map 1:1-1:10 a script, not YAML"}},
		{"YAML with an interpreter", "#!/usr/bin/env ansible\n- hosts: all\n", []string{`[{"hosts": "all"}]`}},
		{"JSON", "[{\"a\": 1},\n\t{\"b\": 2}]", []string{`[{"a": 1}, {"b": 2}]`}},
		{"JSON stream", "{\"a\": 1}\n{\"b\": 2}{\"c\": 3}", []string{`{"a": 1}`, `{"b": 2}`, `{"c": 3}`}},
		{"JSON with escapes that YAML refuses", `{"a": "\ud83d\ude00\\ud83d", "b": "\/` + "\x7f" + `"}`, []string{`{"a": "😀\\ud83d", "b": "/\x7f"}`}},
		{"List", "kind: List\nitems:\n- {a: 1}\n- {kind: PodList, items: [{b: 2}]}\n---\nc: 3\n", []string{`{"a": 1}`, `{"b": 2}`, `{"c": 3}`}},
		{"List of aliases", "x: &x {a: 1}\nkind: List\nitems: [*x, *x]\n", []string{`{"a": 1}`, `{"a": 1}`}},
		{"empty List", "kind: List\nitems: []\n", nil},
		{"a kind that only ends so", "kind: AllowList\nitems: [a]\n", []string{`{"items": ["a"], "kind": "AllowList"}`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { checkOutline(t, test.text, test.want) })
	}
}

func TestDecode_problem(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"binary", "a: 1\x00", "binary 0:0-0:0 binary data"},
		{"UTF-16", "\xff\xfea\x00", "not-utf8 1:1-1:2 expected UTF-8"},
		{"UTF-16, big endian", "\xfe\xff\x00a", "not-utf8 1:1-1:2 expected UTF-8"},
		{"GBK", "a: 1\nname: \xbd\xda\xb5\xe3\xd2\xbb # \xb5\xda\xd2\xbb\n", "not-utf8 2:7-2:8 expected UTF-8, this looks like GBK"},
		{"Latin 1", "name: caf\xe9 au lait\n", "not-utf8 1:10-1:11 expected UTF-8"},
		{"tab", "a:\n\tb: 1\n", "tab 2:1-2:2 a tab stands where only spaces may"},
		{"tab behind spaces", "a:\n  b: 1\n  \tc: 1\n", "tab 3:3-3:4 a tab stands where only spaces may"},
		{"tab behind a dash", "a:\n- \tb: 1\n", "tab 2:3-2:4 a tab stands where only spaces may"},
		{"tab right behind a dash", "-\ta: 1\n", "tab 1:2-1:3 a tab stands where only spaces may"},
		{"tab on a blank line", "a: 1\n\t\nb: 2\n", "tab 2:1-2:2 a tab stands where only spaces may"},
		{"tab before a comment", "a: 1\n---\n# c\n\t# d\nb: 1\n", `{"a": 1}|tab 4:1-4:2 a tab stands where only spaces may`},
		{"no tab to blame", "a: @x\nb: \"\t\"\n", "syntax 1:1-1:6 found a character that no value begins with"},
		{"tab in a block scalar", "a: |\n  x\n\ty\nb: 1\n", "tab 3:1-3:2 a tab stands where only spaces may"},
		{"indentation", "a: 1\n b: 2\n", "syntax 2:2-2:6 mapping values are not allowed in this context"},
		{"dedentation", "a:\n    b: 1\n  c: 2\n", "syntax 3:3-3:7 expected another key with the same indentation"},
		{"dedentation in the second document", "x: 1\n---\na:\n    b: 1\n  c: 2\n", `{"x": 1}|syntax 5:3-5:7 expected another key with the same indentation`},
		{"key among items", "a: 1\n---\n- a\nb: 1\n", `{"a": 1}|syntax 4:1-4:5 expected another item with the same indentation`},
		{"no colon", "a: 1\nbcd\nc: 2\n", "syntax 2:1-2:4 expected a colon behind this text"},
		{"text in front of a mapping", "bcd\nc: 2\n", "syntax 2:1-2:5 mapping values are not allowed in this context"},
		{"open quote", "a: 1\nb: 'x\nc: y\n", "syntax 2:1-2:6 a quoted string is never closed"},
		{"open quote on the first line", "b: \"x\nc: y\nd: z\n", "syntax 1:1-1:6 a quoted string is never closed"},
		{"open quote on the last line", "a: 1\nb: \"x", "syntax 2:1-2:6 a quoted string is never closed"},
		{"open bracket", "a: 1\nb: [x\nc: y\n", "syntax 3:1-3:5 expected a comma or a closing bracket"},
		{"infinity", "a: 1\nb: .inf\n", "syntax 2:4-2:8 JSON has no infinity and no not-a-number"},
		{"null key", "a: 1\n~: 2\n", "syntax 2:1-2:2 null cannot be a key"},
		{"list as key", "a: 1\n? [x]\n: 2\n", "syntax 2:3-2:6 a mapping or a list cannot be a key"},
		{"wrong tag", "a: !!int x\n", "syntax 1:10-1:11 the text does not fit its tag"},
		{"scalar to merge", "a:\n  <<: 3\n", "syntax 2:7-2:8 only mappings can be merged"},
		{"scalar among what is merged", "d: &d {a: 1}\na:\n  <<: [*d, 3]\n", "syntax 3:12-3:13 only mappings can be merged"},
		{"a key too long", "x: 1\n" + strings.Repeat("a", 1100) + ": 1\n", "syntax 2:1-2:1104 expected a colon behind this text"},
		{"aliases beyond what the consumer allows", bomb(4, 9, "[x, x, x, x, x, x, x, x, x]"), "alias-bomb 2:10-2:13 aliases expand beyond measure"},
		{"unknown anchor", "a: 1\nb: *secret\n", "syntax 2:4-2:11 refers to an anchor that is not defined"},
		{"control character", "a: 1\nb: x\x01\n", "syntax 2:5-2:6 found a control character"},
		{"anchor in itself", "a: &a {b: [*a]}\n", "alias-bomb 1:12-1:14 an alias stands inside of its own anchor"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { checkOutline(t, test.text, strings.Split(test.want, "|")) })
	}
}

func TestDecode_template(t *testing.T) {
	tests := []struct {
		name, text string
		template   bool
	}{
		{"plain value", "a: {{ .x }}\n", true},
		{"in the middle of a plain scalar", "a: x-{{ .x }}\n", true},
		{"on a line of its own", "{{- if .x }}\na: 1\n{{- end }}\n", true},
		{"at the beginning", "{{ include \"x\" . }}\n", true},
		{"Jinja", "{% if x %}\na: 1\n{% endif %}\n", true},
		{"in JSON", "{\"a\": {{ .x }}}\n", true},
		{"below a block scalar", "a: |\n  x\n{{ .y }}\n", true},
		{"quoted and plain", "a: \"{{ .x }}\"\nb: {{ .y }}\n", true},
		{"double quoted", "a: \"{{ .x }}\"\n", false},
		{"single quoted over lines", "a: 'x\n  {{ .x }}'\n", false},
		{"quoted key", "\"{{ x }}\": 1\n", false},
		{"literal block", "a: |\n  x\n\n  {{ .x }}\nb: 1\n", false},
		{"literal block with an indicator", "a:\n  b: |2\n      {{ .x }}\n    {{ .y }}\n", false},
		{"folded block", "a:\n- >-\n  {{ .x }}\n", false},
		{"comment", "a: 1 # {{ .x }}\n# {% y %}\nb: 1\n", false},
		{"braces of flow", "a: { {b: 1}: 2}\n", false},
		{"JSON in braces", "{\"a\":{\"b\":{}}}\n", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := decodeText(test.text)[0]
			if got := d.Problem != nil && d.Problem.Kind == lint.Template; got != test.template {
				t.Errorf("template: %t, problem: %+v", got, d.Problem)
			}
		})
	}
}

// TestDecode_brokenButNoTemplate holds a fault to be told although a string of the document looks like a template.
func TestDecode_brokenButNoTemplate(t *testing.T) {
	checkOutline(t, "a: |\n  {{ $labels.x }}\nb: \"{{ y }}\" # {{ z }}\nc:\n\td: 1\n", []string{"tab 5:1-5:2 a tab stands where only spaces may"})
}

func TestDecode_object(t *testing.T) {
	d := decodeText("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: 1}\n")[0]
	if want := (lint.Resource{APIVersion: "apps/v1", Kind: "Deployment", Name: "a"}); d.Object != want {
		t.Errorf("object is %+v, want %+v", d.Object, want)
	}
	if d.Format != lint.YAML || d.Source.Name != "test.yaml" || d.Index != 0 {
		t.Errorf("document is %+v", d)
	}
}

func TestDecode_format(t *testing.T) {
	tests := []struct {
		name, text string
		want       lint.Format
	}{
		{"a.yaml", "a: 1", lint.YAML},
		{"a.yaml", " {a: 1}", lint.JSON},
		{"a.yaml", "[1]", lint.JSON},
		{"a.json", "a: 1", lint.JSON},
		{"a.yaml", "{{ x }}", lint.YAML},
		{"a.json", "{% x %}", lint.YAML},
	}
	for _, test := range tests {
		d := Decode(&lint.Source{Name: test.name, Data: []byte(test.text)})[0]
		if d.Format != test.want || (d.Written == nil) != (test.want == lint.JSON) {
			t.Errorf("%s: %q is %s", test.name, test.text, d.Format)
		}
	}
}

func TestDecode_embedded(t *testing.T) {
	secret := func(text string) string {
		return "apiVersion: v1\nkind: Secret\ndata:\n  x.yaml: " + base64.StdEncoding.EncodeToString([]byte(text)) + "\n"
	}
	tests := []struct {
		name, text string
		want       []string // without the outer document
	}{
		{"payload", configMap + "  kubesphere.yaml: |\n    a: 1\n", []string{`data["kubesphere.yaml"] {"a": 1}`}},
		{"several", configMap + "  b.yml: 'b: 2'\n  a.yaml: 'a: 1'\n  c.txt: 'c: 3'\n", []string{`data["a.yaml"] {"a": 1}`, `data["b.yml"] {"b": 2}`}},
		{"stream", configMap + "  a.yaml: |\n    a: 1\n    ---\n    b: 2\n", []string{`data["a.yaml"] {"a": 1}`, `data["a.yaml"] {"b": 2}`}},
		{"empty payload", configMap + "  ks-config.yaml: ''\n", []string{`data["ks-config.yaml"] null`}},
		{"commented payload", configMap + "  local_config.yaml: |\n    # a: 1\n", []string{`data["local_config.yaml"] null`}},
		{"scalar payload", configMap + "  kubesphere.yaml: text\n", []string{`data["kubesphere.yaml"] "text"`}},
		{"other empty strings", configMap + "  a.yaml: ''\n  b.yaml: text\n  c.yaml: ~\n  d.yaml: 7\n", nil},
		{"broken", configMap + "  a.yaml: |\n    a: 1\n     b: 2\n", []string{`data["a.yaml"] syntax 6:6-6:10 mapping values are not allowed in this context`}},
		{"tab", configMap + "  a.yaml: |\n    a:\n    \tb: 2\n", []string{`data["a.yaml"] tab 6:5-6:6 a tab stands where only spaces may`}},
		{"tab in quotes", configMap + "  a.yaml: \"a:\\n\\tb: 2\"\n", []string{`data["a.yaml"] tab 4:11-4:23 a tab stands where only spaces may`}},
		{"template", configMap + "  a.yaml: |\n    a: {{ .x }}\n", []string{`data["a.yaml"] template 5:8-5:10 a template, no YAML before it is rendered`}},
		{"Secret", secret("a: 1\n"), []string{`data["x.yaml"] {"a": "<secret>"}`}},
		{"binary Secret", secret("a: 1\x00"), []string{`data["x.yaml"] binary 4:11-4:19 binary data`}},
		{"not base64", "apiVersion: v1\nkind: Secret\ndata:\n  x.yaml: 'a: 1'\nstringData:\n  y.yaml: 'b: 2'\n", []string{`stringData["y.yaml"] {"b": "<secret>"}`}},
		{"another apiVersion", "apiVersion: v2\nkind: ConfigMap\ndata:\n  a.yaml: 'a: 1'\n", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			documents := decodeText(test.text)
			lines := outline(documents)[1:]
			var got []string
			for i, d := range documents[1:] {
				if d.Parent != documents[0] || d.Index != i+1 {
					t.Errorf("document %d: parent %p, index %d", i+1, d.Parent, d.Index)
				}
				got = append(got, d.Prefix.String()+" "+lines[i])
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("embedded are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

func TestDecode_order(t *testing.T) {
	documents := decodeText("a: 1\n---\n" + configMap + "  a.yaml: |\n    apiVersion: v1\n    kind: ConfigMap\n    data: {b.yaml: 'b: 2'}\n---\nc: 3\n")
	if len(documents) != 5 {
		t.Fatalf("%d documents", len(documents))
	}
	for i, d := range documents {
		if d.Index != i {
			t.Errorf("document %d has index %d", i, d.Index)
		}
	}
	inner := documents[3]
	if inner.Parent != documents[2] || documents[2].Parent != documents[1] || inner.Root() != documents[1] {
		t.Error("the parents are wrong")
	}
	if got := inner.FullPath(lint.Path{"b"}).String(); got != `data["a.yaml"].data["b.yaml"].b` {
		t.Errorf("full path is %s", got)
	}
}

// TestDecode_secretsStaySecret holds that no reason quotes a document: it may be the plain text of a Secret.
func TestDecode_secretsStaySecret(t *testing.T) {
	for _, text := range []string{
		"a: *hunter2", "? {hunter2: 1}\n: 2", "a: !!int hunter2", "a: !!null hunter2", "hunter2", "a: 'hunter2", "a: [hunter2", "<<: hunter2",
		"a: &hunter2 [*hunter2]", "hunter2\nhunter2: 1", "a: !hunter2!x 1", "~: hunter2", "a: hunter2: b", "a: @hunter2", "%hunter2\na: 1", "{{ hunter2 }}",
	} {
		outer := "apiVersion: v1\nkind: Secret\ndata:\n  kubesphere.yaml: " + base64.StdEncoding.EncodeToString([]byte(text)) + "\n"
		for _, d := range decodeText(outer) {
			told := fmt.Sprintf("%+v", d.Problem)
			if d.Problem != nil {
				told = d.Problem.Reason
			}
			if written := d.Written().String(); strings.Contains(told+written, "hunter2") {
				t.Errorf("%q: %s %s", text, told, written)
			}
		}
	}
}
