package lint

import (
	"errors"
	"slices"
)

// Guard says who may change the labels of namespaces by which the webhook chooses what it does.
type Guard struct {
	// Users and Groups may; nobody else. Names are exact.
	Users  []string `json:"users,omitempty"`
	Groups []string `json:"groups,omitempty"`
	// Labels are keys beside those of the selectors of enforcement.namespaces.
	Labels []string `json:"labels,omitempty"`
}

// Allows tells whether somebody may change guarded labels.
func (g *Guard) Allows(user string, groups []string) bool {
	return slices.Contains(g.Users, user) || slices.ContainsFunc(groups, func(group string) bool { return slices.Contains(g.Groups, group) })
}

// GuardedLabels gives the keys of the labels that the guard keeps, in order; none where there is no guard.
func (e *Enforcement) GuardedLabels() []string {
	if e == nil || e.Guard == nil {
		return nil
	}
	keys := slices.Clone(e.Guard.Labels)
	for _, n := range e.Namespaces {
		if n.Selector == nil {
			continue
		}
		for key := range n.Selector.MatchLabels {
			keys = append(keys, key)
		}
		for _, r := range n.Selector.MatchExpressions {
			keys = append(keys, r.Key)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

func (e *Enforcement) checkGuard() error {
	switch g := e.Guard; {
	case g == nil:
		return nil
	case len(g.Users)+len(g.Groups) == 0:
		return errors.New("guard: users or groups is missing: say who may change the labels")
	case slices.Contains(slices.Concat(g.Users, g.Groups, g.Labels), ""):
		return errors.New("guard: a name is empty")
	case len(e.GuardedLabels()) == 0:
		return errors.New("guard: labels is missing, and no selector of namespaces names any")
	}
	return nil
}
