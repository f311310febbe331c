package document

import (
	"testing"

	"github.com/kslint/kslint/lint"
)

// TestProblem_tabOnlyWhereTheParserStopped: other characters share the message, and a tab further down may be sound.
func TestProblem_tabOnlyWhereTheParserStopped(t *testing.T) {
	for _, test := range []struct {
		text string
		kind lint.ProblemKind
		line int
	}{
		{"a: 1\nb: @X@\nc: |\n  text\n  more\n  \tcode\nd: 1\n", lint.Syntax, 2},
		{"a:\n\tb: 1\n", lint.Tab, 2},
		{"a:\n\n\n# c\n\tb: 1\n", lint.Tab, 5},
		{"a:\n- b\n-\tc: 1\n  d: 1\n", lint.Tab, 3},
	} {
		d := Decode(&lint.Source{Name: "a.yaml", Data: []byte(test.text)})[0]
		if d.Problem == nil || d.Problem.Kind != test.kind || d.Problem.Range.Line != test.line {
			t.Errorf("%q: got %+v, want %s in line %d", test.text, d.Problem, test.kind, test.line)
		}
	}
}
