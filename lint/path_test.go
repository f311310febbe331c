package lint_test

import (
	"testing"

	"github.com/kslint/kslint/lint"
)

func TestParsePath_readsWhatStringWrites(t *testing.T) {
	for _, p := range []lint.Path{
		nil,
		{"spec"},
		{"spec", "hosts", 0, "name"},
		{0},
		{0, 1, "a"},
		{"data", "kubesphere.yaml", "authentication", "jwtSecret"},
		{"a.b"},
		{""},
		{"a", "", "b"},
		{`"]`, 3},
		{"名称", "\x1b", "\xff"},
		{"12"},
		{"a[0]", 0},
	} {
		text := p.String()
		if back, err := lint.ParsePath(text); err != nil || back.String() != text || len(back) != len(p) {
			t.Errorf("%s becomes %s, %v", text, back, err)
		}
	}
	for _, text := range []string{".", "a.", "a..b", "[", "[x]", "[01]", "[-1", `["a]`, `["a"`, "a b", "[0]x", ".a"} {
		if p, err := lint.ParsePath(text); err == nil {
			t.Errorf("%s is read as %#v", text, p)
		}
	}
}
