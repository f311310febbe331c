package policy_test

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/document"
	"github.com/kslint/kslint/lint/policy"
)

// A user's folder may have libraries and tables that are called like ours: each folder's rules see its own.
func TestCompile_aFolderCannotChangeTheRulesOfAnother(t *testing.T) {
	body := `import data.policies.lib.word

deny contains {"path": [], "args": {"what": sprintf("%s %s", [word.said, data.tables.words.said])}}`
	folder := func(id, said string) policy.Folder {
		return policy.Folder{Name: id, Files: fstest.MapFS{
			"rules/area/" + id + "/rule.rego": source(id, onCluster, body),
			"lib/word/word.rego":              &fstest.MapFile{Data: []byte("package policies.lib.word\n\nsaid := \"" + said + "\"\n")},
			"tables/words.yaml":               &fstest.MapFile{Data: []byte("said: " + said + "\n")},
		}}
	}
	index, err := policy.Open(folder("ours", "sound"), folder("theirs", "other"))
	if err != nil {
		t.Fatal(err)
	}
	rules, err := index.All()
	if err != nil {
		t.Fatal(err)
	}
	whole, err := index.Compile(rules, 2)
	if err != nil {
		t.Fatal(err)
	}
	var parts []*policy.Engine
	for folder := range 2 {
		own, err := index.In(folder)
		if err != nil {
			t.Fatal(err)
		}
		part, err := index.Compile(own, 2)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, part)
	}
	want := []string{"a.yaml:1:1: found sound sound [ours]", "a.yaml:1:1: found other other [theirs]"}
	for name, engine := range map[string]*policy.Engine{"compiled": whole, "joined": policy.Join(parts...), "the other way": policy.Join(parts[1], parts[0])} {
		if got := spoken(t, engine); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

// spoken is what an engine says about a KubeKey configuration.
func spoken(t *testing.T, engine *policy.Engine) []string {
	t.Helper()
	s := &lint.Source{Name: "a.yaml", Data: []byte(kk)}
	f := &lint.File{Source: s, Documents: document.Decode(s)}
	lint.Classify(f.Documents)
	report := engine.Check(t.Context(), lint.Sets([]*lint.File{f}), policy.Question{})
	report.Sort()
	if len(report.Failures) > 0 {
		t.Errorf("failures: %+v", report.Failures)
	}
	return messages(report)
}

func TestIn_loadsTheRulesOfOneFolder(t *testing.T) {
	folder := func(id string) policy.Folder {
		return policy.Folder{Name: id, Files: fstest.MapFS{"rules/area/" + id + "/rule.rego": source(id, onCluster, "deny := set()")}}
	}
	index, err := policy.Open(folder("a"), folder("b"), folder("c"))
	if err != nil {
		t.Fatal(err)
	}
	rules, err := index.In(1)
	if err != nil || len(rules) != 1 || rules[0].ID != "b" {
		t.Errorf("got %v, %v", rules, err)
	}
}

func TestFiles_listsWhatPoliciesAreMadeOf(t *testing.T) {
	files := fstest.MapFS{}
	for _, name := range []string{
		"rules/a/x/rule.rego", "rules/a/x/rule_test.rego", "rules/a/x/example.txtar", "rules/rule.rego", "lib/n/n.rego",
		"lib/n/n_test.rego", "tables/t.yaml", "compiled/lib.n.bin", "README.md",
	} {
		files[name] = &fstest.MapFile{}
	}
	got, err := policy.Files(files)
	want := []string{"lib/n/n.rego", "rules/a/x/example.txtar", "rules/a/x/rule.rego", "tables/t.yaml"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}
