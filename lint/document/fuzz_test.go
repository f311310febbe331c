package document

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"sigs.k8s.io/yaml"

	"github.com/kslint/kslint/lint"
)

// oracle is what the consumer makes of a text, found without anything of this package's.
func oracle(text []byte) (ast.Value, error) {
	converted, err := yaml.YAMLToJSON(text)
	if err != nil {
		return nil, err
	}
	var v any
	if err := json.Unmarshal(converted, &v); err != nil {
		return nil, err
	}
	value, err := ast.InterfaceToValue(v)
	return value, err
}

// agree checks one document of one chunk against the consumer's verdict.
func agree(t *testing.T, text []byte, documents []*lint.Document) {
	t.Helper()
	want, err := oracle(text)
	var first *lint.Document
	if len(documents) > 0 {
		first = documents[0]
	}
	_, null := want.(ast.Null)
	switch {
	case first != nil && first.Problem != nil:
		agreeProblem(t, text, first.Problem, want, err)
	case err != nil && (first == nil || first.Format != lint.JSON || !json.Valid(text)):
		if first != nil || !bare(text) {
			t.Fatalf("no problem, the consumer says %v:\n%q", err, text)
		}
	case first == nil && err == nil && !null:
		t.Fatalf("no document, the consumer has %v:\n%q", want, text)
	case first != nil && err == nil && first.Value.Compare(conceal(want)) != 0:
		if !colliding(text) && !agreesByChance(text, first.Value) {
			t.Fatalf("value is %v, the consumer has %v:\n%q", first.Value, want, text)
		}
	}
}

// agreesByChance asks again: the consumer may keep another of two keys that differ to YAML and not to JSON.
func agreesByChance(text []byte, value ast.Value) bool {
	for range 30 {
		if want, err := oracle(text); err == nil && value.Compare(conceal(want)) == 0 {
			return true
		}
	}
	return false
}

// colliding tells whether the consumer's value is left to chance.
func colliding(text []byte) bool {
	c := newPage(text).chunk(0, len(text), 0)
	tree, err := c.grow(text)
	if err != nil {
		return false
	}
	var b builder
	b.term(tree.root)
	return b.colliding || b.merging && otherKeys(tree.root)
}

func agreeProblem(t *testing.T, text []byte, p *lint.Problem, want ast.Value, err error) {
	t.Helper()
	switch p.Kind {
	case lint.Syntax, lint.Tab:
		// Text behind the end of a document is overlooked, as the consumer does, unless aliases could be hidden so.
		if c := newPage(text).chunk(0, len(text), 0); err == nil && !c.mayHideAliases(nil) {
			t.Fatalf("%s, the consumer has %v:\n%q", p.Reason, want, text)
		}
	case lint.NotAMap:
		switch want.(type) {
		case ast.Object, *ast.Array:
			if !bytes.HasPrefix(text, []byte("#!")) {
				t.Fatalf("not a map, the consumer has %v:\n%q", want, text)
			}
		}
	}
	if p.Range.Line < 1 && p.Kind != lint.Binary {
		t.Fatalf("%s has no place: %+v\n%q", p.Kind, p.Range, text)
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	for _, row := range dialect {
		f.Add([]byte(row.text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<14 {
			return
		}
		documents := Decode(&lint.Source{Name: "fuzz.yaml", Data: data})
		for i, d := range documents {
			if d.Index != i || (d.Value == nil) != (d.Problem != nil) {
				t.Fatalf("document %d of %q: %+v", i, data, d)
			}
			exercise(t, d)
		}
		single(t, data, documents)
	})
}

// single compares texts that are one document with what the consumer makes of them.
func single(t *testing.T, data []byte, documents []*lint.Document) {
	p := newPage(bytes.TrimPrefix(data, byteOrderMark))
	if unreadable(newPage(data)) != nil || len(documents) > 0 && documents[0].Format == lint.PEM {
		return
	}
	chunks := split(p)
	if len(chunks) != 1 || (&decoder{source: &lint.Source{}}).format(chunks[0], nil) == lint.JSON && chunks[0].values() != nil {
		return
	}
	text := chunks[0].text()
	if want, err := oracle(text); err == nil {
		if _, isList := lint.Field(want, "items").(*ast.Array); isList {
			return
		}
	}
	agree(t, text, documents)
}

// exercise asks a document for everything that it tells.
func exercise(t *testing.T, d *lint.Document) {
	t.Helper()
	var walk func(path lint.Path, v ast.Value)
	steps := 0
	walk = func(path lint.Path, v ast.Value) {
		if steps++; steps > 1000 {
			return
		}
		for _, asked := range []lint.Path{path, path.Join("none", 3)} {
			if r := d.Where.Locate(asked); r.Line < 1 || r.EndLine < r.Line || r.EndLine == r.Line && r.EndColumn < r.Column {
				t.Fatalf("%s is at %+v", asked, r)
			}
		}
		switch v := v.(type) {
		case ast.Object:
			v.Foreach(func(key, term *ast.Term) { walk(path.Join(string(key.Value.(ast.String))), term.Value) })
		case *ast.Array:
			for i := range v.Len() {
				walk(path.Join(i), v.Elem(i).Value)
			}
		}
	}
	if d.Problem == nil {
		walk(nil, d.Value)
	}
	if d.Written != nil {
		d.Written()
	}
}
