package document

import (
	"fmt"
	"strings"
	"testing"

	"github.com/kslint/kslint/lint"
)

// TestLetGo_placesStay decodes the same documents in a small and in a large file: places and what is written are the same.
func TestLetGo_placesStay(t *testing.T) {
	one := "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: %s # c\ndata: {a: &x \"1\", b: *x, b: 2}\n"
	small := fmt.Sprintf(one, "n0") + "---\n" + fmt.Sprintf(one, "n1")
	large := small + "---\n" + strings.Repeat("# a long comment that nobody reads\n", largeFile/30) + "a: 1\n"
	before := Decode(&lint.Source{Name: "a.yaml", Data: []byte(small)})
	after := Decode(&lint.Source{Name: "a.yaml", Data: []byte(large)})
	for i, d := range before {
		if _, freed := after[i].Where.(regrown); !freed {
			t.Fatalf("document %d keeps its tree", i)
		}
		for _, path := range []lint.Path{nil, {"metadata", "name"}, {"data", "b"}, {"data", "missing"}, {"spec"}} {
			if got, want := after[i].Locate(path), d.Locate(path); got != want {
				t.Errorf("document %d, %s: got %v, want %v", i, path, got, want)
			}
		}
		if got, want := after[i].Written().String(), d.Written().String(); got != want {
			t.Errorf("document %d: written %s, want %s", i, got, want)
		}
	}
}
