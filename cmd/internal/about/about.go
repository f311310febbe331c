// Package about tells which kslint a program is.
package about

import (
	"fmt"
	"runtime/debug"

	"github.com/kslint/kslint/lint/policy"
	"github.com/kslint/kslint/policies"
)

// Program says what a program was built from.
type Program struct {
	Name     string `json:"name"`
	Version  string `json:"version"`
	Commit   string `json:"commit"`
	Policies string `json:"policies"` // the digest of the built-in rules
	Tables   string `json:"tables"`   // the day of the newest of their tables
}

// Of describes a program; release and revision are what the linker has set for a release, "" otherwise.
func Of(name, release, revision string) (Program, error) {
	rules, err := policy.Describe(policies.Files)
	return Program{name, Version(release), commit(revision), rules.Digest, rules.Tables}, err
}

// String is the program in lines.
func (p Program) String() string {
	return fmt.Sprintf("%s %s\ncommit %s\npolicies %s\ntables %s\n", p.Name, p.Version, p.Commit, p.Policies, p.Tables)
}

// Version is the release, or where there is none the version of the module; "devel" for what has neither.
func Version(release string) string {
	if release != "" {
		return release
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "devel"
}

// commit is the revision, or the commit that Go saw.
func commit(revision string) string {
	if revision != "" {
		return revision
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return s.Value
			}
		}
	}
	return "unknown"
}
