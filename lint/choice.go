package lint

import (
	"fmt"
	"maps"
	"slices"
)

// Choice is what one run wants of all rules: the flags --only and --skip, over each file's configuration.
type Choice struct{ Only, Skip []string }

// Check refuses names and globs that match no rule.
func (c Choice) Check(ids []string) error {
	for _, list := range []struct {
		flag     string
		patterns []string
	}{{"--only", c.Only}, {"--skip", c.Skip}} {
		for _, pattern := range list.patterns {
			if err := known(pattern, ids); err != nil {
				return fmt.Errorf("%s: %w", list.flag, err)
			}
		}
	}
	return nil
}

// CheckRules refuses names in a configuration that match no rule.
func (c *Config) CheckRules(ids []string) error {
	for pattern := range c.Rules {
		if err := known(pattern, ids); err != nil {
			return fmt.Errorf("%s: rules: %w", c.Name, err)
		}
	}
	for _, rules := range c.enforced() {
		for _, pattern := range slices.Sorted(maps.Keys(rules)) {
			if err := known(pattern, ids); err != nil {
				return fmt.Errorf("%s: enforcement: %w", c.Name, err)
			}
		}
	}
	if c.Enforcement != nil {
		for _, pattern := range slices.Sorted(maps.Keys(c.Enforcement.Ratchet)) {
			if err := known(pattern, ids); err != nil {
				return fmt.Errorf("%s: enforcement: ratchet: %w", c.Name, err)
			}
		}
	}
	for _, e := range c.Exemptions {
		if err := known(e.Rule, ids); err != nil {
			return fmt.Errorf("%s: exemptions: %w", c.Name, err)
		}
	}
	return nil
}

func known(pattern string, ids []string) error {
	for _, id := range ids {
		if Matches(pattern, id) {
			return nil
		}
	}
	if near := Nearest(pattern, ids); near != "" {
		return fmt.Errorf("no rule %q, did you mean %q?", pattern, near)
	}
	return fmt.Errorf("no rule %q; kslint rules lists them", pattern)
}

// Named tells whether --only or --skip leave a rule in, before any file's configuration is asked.
func (c Choice) Named(id string) bool {
	return (len(c.Only) == 0 || MatchesAny(c.Only, id)) && !MatchesAny(c.Skip, id)
}

// Runs tells whether a rule runs on the files of a configuration.
func (c Choice) Runs(r *Rule, config *Config) bool {
	if !c.Named(r.ID) {
		return false
	}
	if len(c.Only) > 0 {
		return true
	}
	if on := config.Setting(r.ID).On; on != nil {
		return *on
	}
	return !r.Off
}

// MatchesAny tells whether any of some names or globs matches a name.
func MatchesAny(patterns []string, id string) bool {
	for _, p := range patterns {
		if Matches(p, id) {
			return true
		}
	}
	return false
}
