package lint_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/document"
)

func TestParseShard(t *testing.T) {
	for text, want := range map[string]lint.Shard{"0/1": {Count: 1}, "0/4": {Count: 4}, "3/4": {Index: 3, Count: 4}} {
		if got, err := lint.ParseShard(text); err != nil || got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "1", "4/4", "0/0", "-1/4", "1/-4", "a/4", "1/4/5", " 1/4", "0x1/4", "1/9999999"} {
		if got, err := lint.ParseShard(text); err == nil {
			t.Errorf("%q gives %v", text, got)
		}
	}
}

const kubeKeyText = "apiVersion: kubekey.kubesphere.io/v1alpha2\nkind: Cluster\nmetadata: {name: a}\nspec: {hosts: [], roleGroups: {}}\n"

// shards gives the sets of an input by the shard that has them, and fails where a file is in none or in two.
func shards(t *testing.T, dir string, count int) []string {
	t.Helper()
	var sets []string
	seen := map[string]bool{}
	for i := range count {
		in := lint.Input{Dir: dir, Paths: []string{"."}}
		share := lint.Divide(in, lint.Shard{Index: i, Count: count}, document.Decode)
		in.Own = share.Holds
		for _, s := range share.Sets(lint.Open(lint.Read(in), document.Decode)) {
			names := ""
			for _, f := range s.Files {
				names += " " + f.Name
				if seen[f.Name] {
					t.Errorf("%s is in two shards of %d", f.Name, count)
				}
				seen[f.Name] = true
			}
			sets = append(sets, s.Root+":"+names)
		}
	}
	slices.Sort(sets)
	return sets
}

// TestDivide_keepsSetsTogether: whatever the number of shards, the sets are those of the run without.
func TestDivide_keepsSetsTogether(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 12 {
		write(fmt.Sprintf("clusters/%d/config.yaml", i), kubeKeyText)
		write(fmt.Sprintf("clusters/%d/node/etc/etcd.env", i), "ETCD_NAME=a\n")
	}
	write("clusters/other.yaml", "a: 1\n")
	write("loose/b.yaml", "a: 1\n")
	write("several/a.yaml", kubeKeyText)
	write("several/b.yaml", kubeKeyText)
	write("several/deep/c.yaml", "a: 1\n")
	write("hidden/a.yaml", "apiVersion: \"kubekey.kubesphere\\u002eio/v1alpha2\"\nkind: Cluster\n")
	write("hidden/b/c.yaml", "a: 1\n")
	write("capital/a.yaml", "kind: Cluster\nspec: {hosts: [], ROLEGROUPS: {}}\n")
	write("capital/b/c.yaml", "a: 1\n")
	write("v4/config.yaml", "apiVersion: kubekey.kubesphere.io/v1\nkind: Config\n")
	write("v4/inventory.yaml", "apiVersion: kubekey.kubesphere.io/v1\nkind: Inventory\n")
	write("v4/x/y.yaml", "a: 1\n")
	want := shards(t, dir, 1)
	if !slices.Contains(want, "hidden: hidden/a.yaml hidden/b/c.yaml") || !slices.Contains(want, "capital: capital/a.yaml capital/b/c.yaml") || len(want) < 15 {
		t.Fatalf("%q", want)
	}
	for count := 2; count <= 7; count++ {
		if got := shards(t, dir, count); !slices.Equal(got, want) {
			t.Errorf("%d shards:\n%q\nexpected\n%q", count, got, want)
		}
	}
}

func TestDivide_setsStayWhereTheyAre(t *testing.T) {
	dir := t.TempDir()
	of := func(name string) (shard int) {
		for i := range 5 {
			if lint.Divide(lint.Input{Dir: dir, Paths: []string{"."}}, lint.Shard{Index: i, Count: 5}, document.Decode).Holds(name) {
				shard = i
			}
		}
		return shard
	}
	add := func(name string) {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name, "config.yaml"), []byte(kubeKeyText), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	add("b")
	before := of("b/config.yaml")
	used := map[int]bool{}
	for _, name := range []string{"a", "c", "d", "e", "f", "g", "h"} {
		add(name)
		used[of(name+"/config.yaml")] = true
		if of("b/config.yaml") != before {
			t.Fatalf("b moves when %s comes", name)
		}
	}
	if len(used) < 3 {
		t.Errorf("seven clusters lie in %d of 5 shards", len(used))
	}
}
