package lint_test

import (
	"testing"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/document"
)

const ordinary = `apiVersion: apps/v1
kind: Deployment
metadata: {name: app, namespace: shop, annotations: {kslint.io/ignore: "x -- why", "a-key-that-is-longer-than-any-that-is-kept": "é\n"}}
spec:
  replicas: 3
  paused: true
  ratio: 1.50e3
  template:
    spec:
      hostNetwork: false
      volumes: []
      affinity: {}
      nodeName: null
      containers:
      - {name: app, image: "", args: [--a, 18446744073709551615, -1]}
`

func TestOpen_packsOrdinaryWorkloadsOfLargeRuns(t *testing.T) {
	large := make([]byte, 2<<20)
	for i := range large {
		large[i] = '#'
	}
	open := func(text string, beside []byte) *lint.Document {
		r := &lint.Reading{Sources: []*lint.Source{{Name: "a.yaml", Data: []byte(text)}, {Name: "b.yaml", Data: beside}}}
		return lint.Open(r, document.Decode)[0].Documents[0]
	}
	plain, packed := open(ordinary, nil), open(ordinary, large)
	if plain.Value == nil || packed.Value != nil {
		t.Fatalf("the small run has the value: %t, the large one: %t", plain.Value != nil, packed.Value != nil)
	}
	if packed.Content().Compare(plain.Value) != 0 || plain.Content().Compare(plain.Value) != 0 {
		t.Errorf("got %v, want %v", packed.Content(), plain.Value)
	}
	whole := packed.Unpacked()
	if whole.Value == nil || whole.Value.Compare(plain.Value) != 0 || packed.Value != nil {
		t.Errorf("got %v, want %v", whole.Value, plain.Value)
	}
	for _, path := range []lint.Path{nil, {"spec", "template", "spec", "containers", 0, "image"}, {"spec", "missing"}} {
		if got, want := whole.Locate(path), plain.Locate(path); got != want {
			t.Errorf("%v: got %v, want %v", path, got, want)
		}
	}
	if plain.Unpacked() != plain {
		t.Error("what is not packed is copied")
	}
	const other = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
	if open(other, large).Value == nil {
		t.Error("what rules see together with others is packed")
	}
}

func TestWaive_annotationsOfPackedDocuments(t *testing.T) {
	r := &lint.Reading{Sources: []*lint.Source{{Name: "a.yaml", Data: []byte(ordinary)}, {Name: "b.yaml", Data: make([]byte, 2<<20)}}}
	files := lint.Open(r, document.Decode)
	d := files[0].Documents[0]
	report := &lint.Report{Findings: []lint.Finding{{Rule: &lint.Rule{ID: "x"}, File: "a.yaml", Object: d.Object}}}
	lint.Waive(report, files, time.Now())
	if d.Value != nil || len(report.Findings) != 1 || report.Findings[0].Waived != "why" {
		t.Errorf("packed: %t, got %+v", d.Value == nil, report.Findings)
	}
}

func TestContent_ofNothing(t *testing.T) {
	if v := (&lint.Document{}).Content(); v != nil {
		t.Errorf("got %v", v)
	}
	if v := (&lint.Document{Value: ast.NullValue}).Content(); v != ast.NullValue {
		t.Errorf("got %v", v)
	}
}
