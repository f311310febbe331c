package policy_test

import (
	"testing"
	"testing/fstest"

	"github.com/kslint/kslint/lint/policy"
)

func TestDescribe(t *testing.T) {
	files := func(change map[string]string) fstest.MapFS {
		all := fstest.MapFS{}
		for name, text := range map[string]string{
			"rules/a/b/rule.rego": "package b", "lib/c/c.rego": "package c", "lib/c/c_test.rego": "package c",
			"tables/d.yaml": "# about it\nas_of: \"2026-08-21\"\n", "tables/e.yaml": "as_of: 2026-11-26\n", "tables/f.yaml": "a: 1\n",
		} {
			all[name] = &fstest.MapFile{Data: []byte(text)}
		}
		for name, text := range change {
			all[name] = &fstest.MapFile{Data: []byte(text)}
		}
		return all
	}
	describe := func(change map[string]string) policy.About {
		about, err := policy.Describe(files(change))
		if err != nil {
			t.Fatal(err)
		}
		return about
	}
	own := describe(nil)
	if own.Tables != "2026-11-26" || len(own.Digest) != len("sha256:")+32 {
		t.Errorf("%+v", own)
	}
	for name, changed := range map[string]bool{
		"rules/a/b/rule.rego": true, "lib/c/c.rego": true, "tables/e.yaml": true, "rules/a/x/rule.rego": true,
		"lib/c/c_test.rego": false, "compiled/x.bin": false, "README.md": false,
	} {
		if got := describe(map[string]string{name: "package other"}).Digest; (got != own.Digest) != changed {
			t.Errorf("%s changes: the digest changes is %v", name, got != own.Digest)
		}
	}
	if about, err := policy.Describe(fstest.MapFS{}); err != nil || about.Tables != "" {
		t.Errorf("%+v, %v", about, err)
	}
}
