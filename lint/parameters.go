package lint

import (
	"fmt"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"
)

// SetsParameters tells whether the configuration sets a parameter of a rule. Only these rules have to be known to CheckParameters.
func (c *Config) SetsParameters(id string) bool {
	if c == nil {
		return false
	}
	for pattern, setting := range c.Rules {
		if len(setting.Parameters) > 0 && Matches(pattern, id) {
			return true
		}
	}
	return false
}

// CheckParameters refuses a parameter that no rule has whose name or glob it is set for, and a value of another type than the
// parameter's: its rule would fail over it. The error says where it stands. Rules are those of SetsParameters, or all.
func (c *Config) CheckParameters(rules []*Rule) error {
	if c == nil {
		return nil
	}
	for _, pattern := range slices.Sorted(maps.Keys(c.Rules)) {
		parameters := c.Rules[pattern].Parameters
		for _, name := range slices.Sorted(maps.Keys(parameters)) {
			if err := checkParameter(pattern, name, parameters[name], rules); err != nil {
				return fmt.Errorf("%s: rules: %s: %w", c.at("rules", pattern, "parameters", name), pattern, err)
			}
		}
	}
	return nil
}

func checkParameter(pattern, name string, value any, rules []*Rule) error {
	var others []string
	matched, has := false, false
	for _, r := range rules {
		if !Matches(pattern, r.ID) {
			continue
		}
		matched = true
		p, ok := r.Parameters[name]
		if !ok {
			others = append(others, slices.Sorted(maps.Keys(r.Parameters))...)
			continue
		}
		has = true
		if err := p.Check(value); err != nil {
			return fmt.Errorf("parameter %s: %w", name, err)
		}
	}
	if has || !matched { // CheckRules speaks about names that match nothing
		return nil
	}
	if near := Nearest(name, others); near != "" {
		return fmt.Errorf("there is no parameter %q, did you mean %q?", name, near)
	}
	return fmt.Errorf("there is no parameter %q", name)
}

// at is the name of the configuration with the line and column of a key.
func (c *Config) at(keys ...string) string {
	var root yaml.Node
	if yaml.Unmarshal(c.text, &root) != nil || len(root.Content) == 0 {
		return c.Name
	}
	node, place := root.Content[0], c.Name
	for _, key := range keys {
		i := 0
		for i+1 < len(node.Content) && node.Content[i].Value != key {
			i += 2
		}
		if node.Kind != yaml.MappingNode || i+1 >= len(node.Content) {
			break
		}
		place = fmt.Sprintf("%s:%d:%d", c.Name, node.Content[i].Line, node.Content[i].Column)
		node = node.Content[i+1]
	}
	return place
}
