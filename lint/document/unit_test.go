package document

import (
	"testing"

	"github.com/kslint/kslint/lint"
)

func TestUnit_valuesAsSystemd(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"sections", "[Unit]\nA=1\n[Service]\nB=2\n", `{"Service": {"B": ["2"]}, "Unit": {"A": ["1"]}}`},
		{"a section that comes again", "[Unit]\nA=1\n[Install]\n[Unit]\nA=2\n", `{"Install": {}, "Unit": {"A": ["1", "2"]}}`},
		{"comments", "# x\n[Unit]\n; A=1\n  # A=2\nB=1 # c\n", `{"Unit": {"B": ["1 # c"]}}`},
		{"blanks", "  [Unit] \n  A \t=  x y\t\n", `{"Unit": {"A": ["x y"]}}`},
		{"carriage returns", "[Unit]\r\nA=1\r\n", `{"Unit": {"A": ["1"]}}`},
		{"byte order mark", "\uFEFF[Unit]\nA=1\n", `{"Unit": {"A": ["1"]}}`},
		{"outside of a section", "X=1\n[Unit]\nA=1\n", `{"Unit": {"A": ["1"]}}`},
		{"no assignment", "[Unit]\nA\n=1\n[\nB=1\n", `{"Unit": {"B": ["1"]}}`},
		{"equals signs", "[Service]\nEnvironment=\"A=1\" B=2\n", `{"Service": {"Environment": ["\"A=1\" B=2"]}}`},
		{"continuation", "[Service]\nE=a \\\n  b\\\nc\nF=1\n", `{"Service": {"E": ["a    b c"], "F": ["1"]}}`},
		{"continuation over comments", "[Service]\nE=a\\\n# x\n  ; y\nb\n", `{"Service": {"E": ["a b"]}}`},
		{"continuation of nothing", "[Service]\nE=a\\\n\nF=1\n", `{"Service": {"E": ["a"], "F": ["1"]}}`},
		{"continuation at the end", "[Service]\nE=a\\", `{"Service": {"E": ["a"]}}`},
		{"escaped backslash", "[Service]\nE=a\\\\\nF=1\n", `{"Service": {"E": ["a\\\\"], "F": ["1"]}}`},
		{"a comment does not go on", "[Service]\n# E=a \\\nF=1\n", `{"Service": {"F": ["1"]}}`},
		{"reset", "[Service]\nE=a\nE=b\nE=\nE=c\n", `{"Service": {"E": ["c"]}}`},
		{"reset to nothing", "[Service]\nE=a\nE=\n", `{"Service": {"E": []}}`},
		{"other sections", "[X-Own]\nA=1\n[Unit]\n", `{"Unit": {}, "X-Own": {"A": ["1"]}}`},
		{"a section without a name", "[Unit]\nA=1\n[]\nB=1\n", `{"Unit": {"A": ["1"]}}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := decodeNamed(t, "x.service", test.text)
			if got := d.Value.String(); got != test.want {
				t.Errorf("%q is\n%s\nwant\n%s", test.text, got, test.want)
			}
			if d.Format != lint.Unit || d.Written != nil {
				t.Errorf("document is %+v", d)
			}
		})
	}
}

func TestUnit_places(t *testing.T) {
	tests := []struct {
		name, text string
		path       lint.Path
	}{
		{"value", "[Service]\nA=1\nB =  «x y» \n", lint.Path{"Service", "B", 0}},
		{"second value", "[Service]\nA=1\n[Unit]\n[Service]\nA=«2»\n", lint.Path{"Service", "A", 1}},
		{"value behind a reset", "[Service]\nA=1\nA=\nA=«2»\n", lint.Path{"Service", "A", 0}},
		{"value over lines", "[Service]\nA=«a \\\n# c\n  b»\nB=1\n", lint.Path{"Service", "A", 0}},
		{"key", "[Service]\nA=1\n «A» = 2\n", lint.Path{"Service", "A"}},
		{"reset", "[Service]\nA=1\n«A»=\n", lint.Path{"Service", "A", 0}},
		{"missing value", "[Service]\n«A»=1\n", lint.Path{"Service", "A", 7}},
		{"missing key", "[Unit]\n«[Service]»\nA=1\n", lint.Path{"Service", "Restart"}},
		{"missing section", "«# c»\n[Unit]\n", lint.Path{"Service", "Restart"}},
		{"all", "«[Unit]»\nA=1\n", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text, want := marked(t, test.text)
			if got := decodeNamed(t, "x.service", text).Locate(test.path); got != want {
				t.Errorf("%s is at %+v, want %+v in %q", test.path, got, want, text)
			}
		})
	}
}

func TestScript(t *testing.T) {
	for text, want := range map[string]string{
		"#!/bin/bash\nset -e\n": `{"lines": ["#!/bin/bash", "set -e"]}`,
		"a\r\n\r\n  b":          `{"lines": ["a", "", "  b"]}`,
		"\uFEFFa\n":             `{"lines": ["a"]}`,
	} {
		if got := decodeNamed(t, "etcd-backup.sh", text).Value.String(); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
	if documents := Decode(&lint.Source{Name: "etcd-backup.sh"}); len(documents) != 0 {
		t.Errorf("an empty script has %d documents", len(documents))
	}
}

func TestScript_places(t *testing.T) {
	for _, test := range []struct {
		text string
		path lint.Path
	}{
		{"a\n  «b c» \r\nd\n", lint.Path{"lines", 1}},
		{"«a»\n\nb\n", lint.Path{"lines", 9}},
		{"«a»\nb\n", nil},
		{"a\n\n«b»", lint.Path{"lines", 2}},
		{"a\n«»\nb", lint.Path{"lines", 1}},
	} {
		text, want := marked(t, test.text)
		if got := decodeNamed(t, "etcd-backup.sh", text).Locate(test.path); got != want {
			t.Errorf("%s is at %+v, want %+v in %q", test.path, got, want, text)
		}
	}
}
