package document

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kslint/kslint/lint"
)

// TestDecode_sideBySide decodes a large stream, whose documents are decoded on all cores, and the same documents one by one.
func TestDecode_sideBySide(t *testing.T) {
	var pieces []string
	for i := range 200 {
		pieces = append(pieces, fmt.Sprintf("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c%d}\ndata:\n  a.yaml: |\n    b: %d\n  text: %s\n",
			i, i, strings.Repeat("x", 2000)))
	}
	pieces[7], pieces[100] = "a: [\n", "a: {{ .x }}\n"
	documents := Decode(&lint.Source{Name: "a.yaml", Data: []byte(strings.Join(pieces, "---\n"))})
	line, at := 0, 0
	for _, piece := range pieces {
		for _, want := range Decode(&lint.Source{Name: "a.yaml", Data: []byte(piece)}) {
			got := documents[at]
			if got.Index != at || got.Start().Line != want.Start().Line+line {
				t.Fatalf("document %d stands in line %d, want %d", got.Index, got.Start().Line, want.Start().Line+line)
			}
			if got.Problem == nil != (want.Problem == nil) || want.Problem == nil && got.Value.Compare(want.Value) != 0 {
				t.Fatalf("got %v, %v, want %v, %v", got.Value, got.Problem, want.Value, want.Problem)
			}
			at++
		}
		line += strings.Count(piece, "\n") + 1
	}
	if at != len(documents) {
		t.Errorf("%d documents, want %d", len(documents), at)
	}
}

// TestDecode_sideBySideWithinTheBudget lets many documents expand aliases that together are more than the file may: the same ones
// are refused every time.
func TestDecode_sideBySideWithinTheBudget(t *testing.T) {
	heavy := "a: &a \"" + strings.Repeat("x", 10_000) + "\"\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: [*b, *b, *b, *b, *b, *b, *b, *b]\n"
	text := strings.Repeat(heavy+"---\n", 100)
	refused := func() string {
		var all []int
		for _, d := range Decode(&lint.Source{Name: "a.yaml", Data: []byte(text)}) {
			if d.Problem != nil {
				all = append(all, d.Index)
			}
		}
		return fmt.Sprint(all)
	}
	first := refused()
	if first == "[]" {
		t.Fatal("nothing is refused")
	}
	for range 3 {
		if second := refused(); second != first {
			t.Fatalf("refused are %s, then %s", first, second)
		}
	}
}
