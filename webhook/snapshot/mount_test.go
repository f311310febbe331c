package snapshot_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/snapshot"
)

func contextOf(t *testing.T) (context.Context, context.CancelFunc) {
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(stop)
	return ctx, stop
}

func TestMount_aConfigMapIsSwappedAsOne(t *testing.T) {
	dir := t.TempDir()
	mount(t, dir, team().with(files{".kslint.yaml": "rules: {team-missing: warning}\n"}))
	config := filepath.Join(dir, ".kslint.yaml")
	s := open(t, snapshot.Options{Policies: []string{dir}, Config: config})
	accepted(t, s, dir)
	accepted(t, s, config)
	mount(t, dir, rule("other", "{name} x").with(files{".kslint.yaml": "rules: {other: info}\n"}))
	s.Kick(t.Context())
	accepted(t, s, dir)
	accepted(t, s, config)
	if !speaks(t, s, "other") || s.Current().Config.Rules["other"].Severity != lint.Info {
		t.Error("policies and configuration of the new version are not in force")
	}
}

// A folder that somebody copies into file by file is taken when it is complete, whatever was seen in between.
func TestMount_aHalfWrittenFolderIsNotTaken(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, team())
	s := open(t, snapshot.Options{Policies: []string{dir}})
	before := s.Current().Digest
	next := team().with(rule("other", "{name} x"))
	write(t, dir, next.with(files{"rules/own/other/example.txtar": ""}))
	s.Kick(t.Context())
	refused(t, s, dir, "rules/own/other/example.txtar: is missing")
	if s.Current().Digest != before {
		t.Error("half of it is in force")
	}
	if err := os.WriteFile(filepath.Join(dir, "rules/own/other/example.txtar"), []byte(next["rules/own/other/example.txtar"]), 0o600); err != nil {
		t.Fatal(err)
	}
	s.Kick(t.Context())
	accepted(t, s, dir)
	if !speaks(t, s, "other") || !speaks(t, s, "team-missing") {
		t.Error("the whole of it is not in force")
	}
}

// TestSwap_underReaders swaps versions of a mount, broken ones among them, while others judge: whoever took a snapshot sees rules,
// configuration and digest of one version.
func TestSwap_underReaders(t *testing.T) {
	dir := t.TempDir()
	config := filepath.Join(dir, ".kslint.yaml")
	version := func(i int) files {
		return rule(fmt.Sprintf("team-%d", i), "{name} x").with(files{".kslint.yaml": fmt.Sprintf("rules: {team-%d: warning}\n", i)})
	}
	mount(t, dir, version(0))
	s := open(t, snapshot.Options{Policies: []string{dir}, Config: config})
	ctx, stop := contextOf(t)
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for ctx.Err() == nil {
				got := s.Current()
				ids := judged(t, got)
				if len(ids) != 1 {
					t.Errorf("got %q, want the one rule of a version", ids)
					return
				}
				if _, named := got.Config.Rules[ids[0]]; !named {
					t.Errorf("torn: the rule is %s, the configuration names %v", ids[0], got.Config.Rules)
					return
				}
				_ = s.Status()
			}
		})
	}
	digests := []string{s.Current().Digest}
	for i := range 6 {
		broken := version(i).with(files{fmt.Sprintf("rules/own/team-%d/rule.rego", i): "broken"})
		mount(t, dir, broken)
		s.Kick(t.Context())
		refused(t, s, dir, ":1: ")
		mount(t, dir, version(i+1))
		s.Kick(t.Context())
		accepted(t, s, dir)
		digests = append(digests, s.Current().Digest)
	}
	stop()
	readers.Wait()
	slices.Sort(digests)
	if len(slices.Compact(digests)) != 7 {
		t.Error("two versions have the same digest")
	}
}

func TestSources_thatCannotBePolicies(t *testing.T) {
	big := team().with(files{"tables/big.yaml": string(make([]byte, 17<<20))})
	for name, test := range map[string]struct {
		make   func(dir string)
		reason string
	}{
		"a file":          {func(dir string) { write(t, filepath.Dir(dir), files{filepath.Base(dir): "x"}) }, "is no folder"},
		"too much":        {func(dir string) { write(t, dir, big) }, "tables/big.yaml: the policies are larger than 16 MiB"},
		"a folder inside": {func(dir string) { write(t, dir, files{"tables/x.yaml/y": ""}) }, "tables/x.yaml: cannot be read"},
		"a dead link": {func(dir string) {
			if err := os.Symlink("nowhere", dir); err != nil {
				t.Fatal(err)
			}
		}, "no such folder"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "policies")
			test.make(dir)
			s := open(t, snapshot.Options{Policies: []string{dir}})
			refused(t, s, dir, test.reason)
			if len(s.Current().Rules) < 100 {
				t.Error("the built-in rules are not in force")
			}
		})
	}
}
