package snapshot_test

import (
	"path/filepath"
	"testing"

	"github.com/kslint/kslint/webhook/snapshot"
)

func TestDigest_isTheSameForTheSameAndAnotherForAnyOther(t *testing.T) {
	base := team().with(files{"lib/names/names.rego": "package policies.lib.names\n\nx := 1\n", "tables/more.yaml": "a: 1\n"})
	digest := func(policies files, config string) string {
		dir := t.TempDir()
		write(t, filepath.Join(dir, "p"), policies)
		write(t, filepath.Join(dir, "c"), files{".kslint.yaml": config})
		s := open(t, snapshot.Options{Policies: []string{filepath.Join(dir, "p")}, Config: filepath.Join(dir, "c", ".kslint.yaml")})
		if !s.Current().Sound() {
			t.Errorf("%+v", s.Status())
		}
		return s.Current().Digest
	}
	want := digest(base, "lang: en\n")
	if got := digest(base, "lang: en\n"); got != want {
		t.Errorf("two replicas differ: %s and %s", want, got)
	}
	if got := digest(base.with(files{"README.md": "x", "lib/names/names_test.rego": "x"}), "lang: en\n"); got != want {
		t.Error("what is no policy counts")
	}
	seen := map[string]string{want: "the first"}
	for name, got := range map[string]string{
		"rule":          digest(base.with(files{teamRule: base[teamRule] + "\n_x := 1\n"}), "lang: en\n"),
		"example":       digest(base.with(files{teamExample: "note\n" + base[teamExample]}), "lang: en\n"),
		"library":       digest(base.with(files{"lib/names/names.rego": "package policies.lib.names\n\nx := 2\n"}), "lang: en\n"),
		"table":         digest(base.with(files{"tables/more.yaml": "a: 2\n"}), "lang: en\n"),
		"configuration": digest(base, "lang: zh\n"),
		"a comment":     digest(base, "# why\nlang: en\n"),
	} {
		if other, ok := seen[got]; ok {
			t.Errorf("%s has the digest of %s", name, other)
		}
		seen[got] = name
	}
}
