package document

import (
	"reflect"
	"testing"

	"github.com/kslint/kslint/lint"
)

func TestIgnores_ofDocument(t *testing.T) {
	tests := []struct {
		name, text string
		want       []lint.Ignore
	}{
		{"none", "a: 1 # ignore\n", nil},
		{"behind a value", "a: 1  # kslint:ignore rule-a -- because\n", []lint.Ignore{{Line: 1, Column: 7, Rules: []string{"rule-a"}, Reason: "because"}}},
		{"on its own line", "a:\n  # kslint:ignore rule-a,rule-b -- x -- y\n  b: 1\n", []lint.Ignore{{Line: 2, Column: 3, Alone: true, Rules: []string{"rule-a", "rule-b"}, Reason: "x -- y"}}},
		{"globs and blanks", "#kslint:ignore  etcd-*, rule-b --because\n\na: 1\n", []lint.Ignore{{Line: 1, Column: 1, Alone: true, Rules: []string{"etcd-*", "rule-b"}, Reason: "because"}}},
		{"no reason", "a: 1 # kslint:ignore rule-a\n", []lint.Ignore{{Line: 1, Column: 6, Rules: []string{"rule-a"}}}},
		{"no rule", "a: 1 # kslint:ignore -- x\n", []lint.Ignore{{Line: 1, Column: 6, Rules: []string{}, Reason: "x"}}},
		{"carriage returns", "a: 1 # kslint:ignore r -- x\r\n", []lint.Ignore{{Line: 1, Column: 6, Rules: []string{"r"}, Reason: "x"}}},
		{"Chinese text", "名: 值 # kslint:ignore r -- 理由\n", []lint.Ignore{{Line: 1, Column: 6, Rules: []string{"r"}, Reason: "理由"}}},
		{"in a string", "a: \"# kslint:ignore r -- x\"\nb: 'x\n  # kslint:ignore r -- x'\n", nil},
		{"in a block scalar", "a: |\n  # kslint:ignore r -- x\n", nil},
		{"behind the indicator of a block scalar", "a: | # kslint:ignore r -- x\n  b\n", []lint.Ignore{{Line: 1, Column: 6, Rules: []string{"r"}, Reason: "x"}}},
		{"in a plain scalar", "a: b#kslint:ignore r -- x\n", nil},
		{"another word", "a: 1 # kslint:ignored r -- x\n# see kslint:ignore r\n", nil},
		{"in a document with a fault", "a: 1\n\tb: 1 # kslint:ignore r -- x\n", []lint.Ignore{{Line: 2, Column: 7, Rules: []string{"r"}, Reason: "x"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := decodeText(test.text)[0].Ignores; !reflect.DeepEqual(got, test.want) {
				t.Errorf("ignores are %+v, want %+v", got, test.want)
			}
		})
	}
}

// TestIgnores_ofEach counts the lines of the ignores of each document.
func TestIgnores_ofEach(t *testing.T) {
	const mark = " # kslint:ignore r -- x\n"
	tests := []struct {
		name, text string
		want       [][]int
	}{
		{"stream", "a: 1" + mark + "---\nb: 1" + mark, [][]int{{1}, {3}}},
		{"List", "kind: List" + mark + "items:\n- a: 1" + mark + mark + "- b: 1" + mark, [][]int{{1, 3}, {4, 5}}},
		{"literal", configMap + "  a.yaml: |" + mark + "    a: 1" + mark + "   " + mark + "    b: 1\n", [][]int{{4}, {5, 6}}},
		{"stream in a literal", configMap + "  a.yaml: |\n    a: 1\n    ---\n    b: 1" + mark, [][]int{nil, nil, {7}}},
		{"quoted", configMap + "  a.yaml: \"a: 1 # kslint:ignore r -- x\"\n", [][]int{nil, nil}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got [][]int
			for _, d := range decodeText(test.text) {
				var lines []int
				for _, ignore := range d.Ignores {
					lines = append(lines, ignore.Line)
				}
				got = append(got, lines)
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("lines are %v, want %v", got, test.want)
			}
		})
	}
}
