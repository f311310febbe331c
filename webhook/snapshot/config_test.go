package snapshot_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/snapshot"
)

// both opens a Store on a folder of policies and a configuration in folders of their own.
func both(t *testing.T, policies files, config string) (s *snapshot.Store, dir, configDir, file string) {
	t.Helper()
	dir, configDir = t.TempDir(), t.TempDir()
	file = filepath.Join(configDir, ".kslint.yaml")
	write(t, dir, policies)
	write(t, configDir, files{".kslint.yaml": config})
	return open(t, snapshot.Options{Policies: []string{dir}, Config: file}), dir, configDir, file
}

func TestConfig_aGoodChangeIsTaken(t *testing.T) {
	s, _, configDir, file := both(t, team(), "lang: en\n")
	before := s.Current()
	write(t, configDir, files{".kslint.yaml": "lang: zh\n"})
	s.Kick(t.Context())
	accepted(t, s, file)
	if got := s.Current(); got.Config.Lang != lint.Chinese || got.Digest == before.Digest {
		t.Error("the configuration is the old one")
	}
	if s.Current().Engine != before.Engine {
		t.Error("the policies were compiled again for a change of the configuration")
	}
}

func TestConfig_aBadOneIsRefusedAndTheLastGoodOneStays(t *testing.T) {
	for text, reason := range map[string]string{
		"lnag: zh\n":                            `line 1: unknown key "lnag", did you mean "lang"?`,
		"lang: zh\nrules: [\n":                  "line 2: did not find",
		"lang: zh\nrules: {team-mising: off}\n": `no rule "team-mising", did you mean "team-missing"?`,
		"lang: zh\nrules: {team-missing: {parameters: {most: 3}}}\n": `.kslint.yaml:2:37: rules: team-missing: there is no parameter "most"`,
		"lang: zh\nrules: {etcd-*: loud}\n":                          `"loud": expected on, off`,
		"lang: zh\npolicies: [more]\n":                               "name them with --policies",
		"lang: zh\nenforcement: {error: refuse}\n":                   `"refuse": expected deny`,
	} {
		t.Run(text, func(t *testing.T) {
			s, _, configDir, file := both(t, team(), "lang: en\n")
			write(t, configDir, files{".kslint.yaml": text})
			s.Kick(t.Context())
			refused(t, s, file, reason)
			if !strings.Contains(status(t, s, file).Reason, file) {
				t.Errorf("the reason does not name the file: %s", status(t, s, file).Reason)
			}
			if s.Current().Config.Lang != lint.English {
				t.Error("the last good configuration is not in force")
			}
			fresh := open(t, snapshot.Options{Config: file})
			refused(t, fresh, file, "")
			if fresh.Current().Config == nil || fresh.Current().Config.Lang != "" {
				t.Error("a start with the bad configuration does not go without one")
			}
		})
	}
}

func TestConfig_aRemovedOneStaysInForce(t *testing.T) {
	s, _, configDir, file := both(t, team(), "lang: zh\n")
	write(t, configDir, nil)
	s.Kick(t.Context())
	refused(t, s, file, "no such file")
	if s.Current().Config.Lang != lint.Chinese {
		t.Error("the configuration is gone")
	}
}

func TestSet_whatChangesTogetherIsTakenOrRefusedTogether(t *testing.T) {
	broken := team().with(files{teamRule: "broken"})
	s, dir, configDir, file := both(t, team(), "lang: en\n")
	before := s.Current().Digest
	write(t, dir, broken)
	write(t, configDir, files{".kslint.yaml": "lang: zh\n"})
	s.Kick(t.Context())
	refused(t, s, dir, teamRule+":1: ")
	refused(t, s, file, "changed together with what was refused: ")
	if s.Current().Digest != before || s.Current().Config.Lang != lint.English {
		t.Error("half of the change is in force")
	}
	write(t, dir, rule("other", "{name} x"))
	s.Kick(t.Context())
	accepted(t, s, dir)
	accepted(t, s, file)
	if s.Current().Config.Lang != lint.Chinese || !speaks(t, s, "other") {
		t.Error("the mended set is not in force")
	}
}

func TestSet_aPolicyThatWasRefusedDoesNotHoldUpTheConfiguration(t *testing.T) {
	s, dir, configDir, file := both(t, team(), "lang: en\n")
	write(t, dir, team().with(files{teamRule: "broken"}))
	s.Kick(t.Context())
	since := status(t, s, dir).When
	write(t, configDir, files{".kslint.yaml": "rules: {team-missing: off}\n"})
	s.Kick(t.Context())
	refused(t, s, dir, teamRule+":1: ")
	accepted(t, s, file)
	if speaks(t, s, "team-missing") {
		t.Error("the configuration is not in force")
	}
	if !status(t, s, dir).When.Equal(since) {
		t.Error("the policies were refused anew")
	}
}

func TestSet_aRuleThatTheConfigurationNamesCannotGoAwayAlone(t *testing.T) {
	s, dir, configDir, file := both(t, team(), "rules: {team-missing: warning}\n")
	write(t, dir, rule("other", "{name} x"))
	s.Kick(t.Context())
	refused(t, s, dir, `no rule "team-missing"`)
	accepted(t, s, file)
	if !speaks(t, s, "team-missing") {
		t.Error("the rule went away")
	}
	write(t, configDir, files{".kslint.yaml": "rules: {other: warning}\n"})
	s.Kick(t.Context())
	accepted(t, s, dir)
	accepted(t, s, file)
	if !speaks(t, s, "other") || speaks(t, s, "team-missing") {
		t.Error("the new set is not in force")
	}
}
