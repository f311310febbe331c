package lint_test

import (
	"testing"

	"github.com/kslint/kslint/lint"
)

func TestParseVersion_whatFilesSay(t *testing.T) {
	for text, want := range map[string]string{
		"v1.26.14": "1.26.14", "1.26": "1.26", "v1.21.4-k3s": "1.21.4", "1.28.9+k3s1": "1.28.9", "v1.22.12-eks-1234": "1.22.12",
		"latest": "", "nightly-20230101": "", "release-3.4": "", "v1": "", "1.2.3.4": "", "": "", "v1.x": "",
	} {
		v, ok := lint.ParseVersion(text)
		if ok != (want != "") || ok && v.String() != want {
			t.Errorf("%q: got %v, %v", text, v, ok)
		}
	}
}

func TestConstraint_holds(t *testing.T) {
	for _, test := range []struct {
		bounds, version string
		want            bool
	}{
		{">=3.2 <3.5", "3.4.1", true},
		{">=3.2 <3.5", "3.5.0", false},
		{">=3.2 <3.5", "3.2", true},
		{"=1.26.3", "1.26.3", true},
		{"<=1.26", "1.26.3", false},
		{">1.26", "1.26.3", true},
	} {
		c, err := lint.ParseConstraint(test.bounds)
		if err != nil {
			t.Fatal(err)
		}
		v, _ := lint.ParseVersion(test.version)
		if got := c.Holds(v); got != test.want {
			t.Errorf("%s on %s: got %v", test.bounds, test.version, got)
		}
	}
	for _, text := range []string{"", "3.4", ">=x", "=>3.4", ">= 3.4"} {
		if _, err := lint.ParseConstraint(text); err == nil {
			t.Errorf("%q is a range?", text)
		}
	}
}
