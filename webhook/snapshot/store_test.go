package snapshot_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kslint/kslint/webhook/snapshot"
)

func TestStore_withoutSourcesServesEveryBuiltInRule(t *testing.T) {
	s := open(t, snapshot.Options{})
	got := s.Current()
	if len(got.Rules) < 100 || got.Engine == nil || got.Config == nil || got.Digest == "" || got.Built.IsZero() || !got.Sound() {
		t.Errorf("got %d rules, %+v", len(got.Rules), got.Sources)
	}
	accepted(t, s, "built-in")
}

func TestStore_theBuiltInPoliciesPassTheirSelfTest(t *testing.T) {
	s := open(t, snapshot.Options{})
	s.Prove(t.Context())
	accepted(t, s, "built-in")
}

func TestStore_takesAGoodChangeOfPolicies(t *testing.T) {
	dir := t.TempDir()
	s := open(t, snapshot.Options{Policies: []string{dir}})
	before := s.Current()
	if speaks(t, s, "team-missing") {
		t.Fatal("an empty folder holds a rule")
	}
	accepted(t, s, dir)
	write(t, dir, team())
	s.Kick(t.Context())
	accepted(t, s, dir)
	if !speaks(t, s, "team-missing") {
		t.Error("the new rule does not speak")
	}
	if s.Current().Digest == before.Digest || len(s.Current().Rules) != len(before.Rules)+1 {
		t.Error("the snapshot is the old one")
	}
	if got := judged(t, before); len(got) != 0 {
		t.Errorf("the old snapshot changed under whoever uses it: %q", got)
	}
}

// T30: one bad policy blocks neither a start nor the others.
func TestStore_refusesABadPolicyAndKeepsTheLastGoodOne(t *testing.T) {
	for name, test := range map[string]struct {
		change files
		reason string
	}{
		"syntax":            {files{teamRule: team()[teamRule] + "deny contains {\n"}, teamRule + ":"},
		"unknown target":    {files{teamRule: strings.Replace(team()[teamRule], "[namespace]", "[namespaces]", 1)}, teamRule + `:6: unknown target "namespaces"`},
		"unknown key":       {files{teamRule: strings.Replace(team()[teamRule], "severity:", "severitty:", 1)}, `unknown key "severitty"`},
		"unsafe variable":   {files{teamRule: team()[teamRule] + "\nx := y\n"}, teamRule + ":16: var y is unsafe"},
		"reaches out":       {files{teamRule: team()[teamRule] + "\nx := http.send({})\n"}, "undefined function http.send"},
		"another package":   {files{teamRule: strings.Replace(team()[teamRule], `own["team-missing"]`, `own["other"]`, 1)}, "expected package policies.rules.own"},
		"no example":        {files{teamExample: ""}, teamExample + ": is missing"},
		"an example by one": {files{teamExample: strings.Replace(team()[teamExample], "good/", "bad/other/", 1)}, "a bad case needs a line with # want"},
		"a recipe":          {files{teamExample: team()[teamExample] + "-- good/x/a.pem --\nmake: ca x\n"}, teamExample + ":11: holds a recipe"},
		"silent on bad":     {files{teamRule: strings.Replace(team()[teamRule], "not input", "input", 1)}, "example.txtar: bad/namespace.yaml:3: a names no team"},
		"fails at run time": {files{teamRule: team()[teamRule] + "\ndeny contains {\"path\": [], \"args\": {\"name\": to_number(input.document.value.kind)}}\n"}, "to_number"},
		"a built-in id":     {rule("etcd-even-members", "{name} x"), `the rule "etcd-even-members" stands in`},
		"half a file":       {files{teamRule: team()[teamRule][:250]}, teamRule + ":"},
		"no rules any more": {files{teamRule: "", teamExample: ""}, "holds no policies any more"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, team())
			s := open(t, snapshot.Options{Policies: []string{dir}})
			before := s.Current()
			write(t, dir, team().with(test.change))
			s.Kick(t.Context())
			refused(t, s, dir, test.reason)
			if s.Current().Digest != before.Digest || s.Current().Engine != before.Engine || !speaks(t, s, "team-missing") {
				t.Error("the last good policies are not in force")
			}
			write(t, dir, team())
			s.Kick(t.Context())
			accepted(t, s, dir)

			write(t, dir, team().with(test.change))
			fresh := open(t, snapshot.Options{Policies: []string{dir}})
			if len(fresh.Current().Rules) < 100 {
				t.Error("a start with the bad policy does not serve the built-in ones")
			}
			if name != "no rules any more" { // at start that is a folder without rules
				refused(t, fresh, dir, test.reason)
			}
		})
	}
}

func TestStore_aRemovedFolderSwitchesNothingOff(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "policies")
	write(t, dir, team())
	s := open(t, snapshot.Options{Policies: []string{dir}})
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	s.Kick(t.Context())
	refused(t, s, dir, "no such folder")
	if !speaks(t, s, "team-missing") {
		t.Error("the rules of the removed folder are gone")
	}
}

func TestStore_startsWithWhatIsSoundOfItsSources(t *testing.T) {
	dir := t.TempDir()
	good, bad, config := filepath.Join(dir, "good"), filepath.Join(dir, "bad"), filepath.Join(dir, ".kslint.yaml")
	write(t, good, team())
	write(t, bad, rule("broken", "{name} x").with(files{"rules/own/broken/rule.rego": "# METADATA\n"}))
	write(t, dir+"/c", files{".kslint.yaml": "rules: {team-missing: warning, broken: off}\n"})
	if err := os.Rename(dir+"/c/.kslint.yaml", config); err != nil {
		t.Fatal(err)
	}
	s := open(t, snapshot.Options{Policies: []string{bad, good, filepath.Join(dir, "nowhere")}, Config: config})
	refused(t, s, bad, "rules/own/broken/rule.rego:1: ")
	refused(t, s, filepath.Join(dir, "nowhere"), "no such folder")
	accepted(t, s, good)
	accepted(t, s, config)
	if !speaks(t, s, "team-missing") || len(s.Current().Config.Rules) != 2 {
		t.Error("the sound sources are not in force")
	}
}

func TestStore_twoOfThemAreIndependent(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, team())
	with, without := open(t, snapshot.Options{Policies: []string{dir}}), open(t, snapshot.Options{})
	if !speaks(t, with, "team-missing") || speaks(t, without, "team-missing") {
		t.Error("one Store's policies are in the other")
	}
	write(t, dir, rule("other", "{name} x"))
	with.Kick(t.Context())
	if speaks(t, without, "other") || !speaks(t, with, "other") || with.Current().Digest == without.Current().Digest {
		t.Error("a change of one is not a change of it alone")
	}
}

func TestRun_takesAChangeAtTheNextInterval(t *testing.T) {
	dir := t.TempDir()
	s := open(t, snapshot.Options{Policies: []string{dir}, Interval: time.Millisecond})
	ctx, stop := contextOf(t)
	done := make(chan struct{})
	go func() { s.Run(ctx); close(done) }()
	write(t, dir, team())
	for !speaks(t, s, "team-missing") {
		select {
		case <-time.After(10 * time.Millisecond):
		case <-t.Context().Done():
			t.Fatal("the change is never taken")
		}
	}
	stop()
	<-done
}
