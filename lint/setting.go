package lint

import (
	"path"
	"slices"
	"strings"
)

// Matches tells whether a rule's name is matched by a name or glob (etcd-*).
func Matches(pattern, id string) bool {
	ok, err := path.Match(pattern, id)
	return err == nil && ok
}

// Setting is what a configuration says about one rule, the most exact pattern last and so in force.
func (c *Config) Setting(id string) RuleConfig {
	var setting RuleConfig
	if c == nil {
		return setting
	}
	if settled, ok := c.settled[id]; ok {
		return settled
	}
	patterns := make([]string, 0, len(c.Rules))
	for pattern := range c.Rules {
		if Matches(pattern, id) {
			patterns = append(patterns, pattern)
		}
	}
	slices.SortFunc(patterns, func(a, b string) int { return moreExact(a, b, id) })
	for _, pattern := range patterns {
		r := c.Rules[pattern]
		if r.On != nil {
			setting.On = r.On
		}
		if r.Severity != 0 {
			setting.Severity = r.Severity
		}
		if r.Parameters != nil {
			setting.Parameters = r.Parameters
		}
	}
	return setting
}

// moreExact orders the exact name last, longer globs behind shorter ones.
func moreExact(a, b, id string) int {
	switch {
	case a == id:
		return 1
	case b == id:
		return -1
	case len(a) != len(b):
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

// With is the configuration with settings of single rules in force, whatever its patterns say. Those who ask about the same rules
// again and again settle all of them once.
func (c *Config) With(settings map[string]RuleConfig) *Config {
	var settled Config
	if c != nil {
		settled = *c
	}
	settled.settled = settings
	return &settled
}
