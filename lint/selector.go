package lint

import (
	"fmt"
	"path"
	"slices"
)

// Selector is a label selector of Kubernetes: all its parts must match.
type Selector struct {
	MatchLabels      map[string]string `json:"matchLabels,omitempty"`
	MatchExpressions []Requirement     `json:"matchExpressions,omitempty"`
}

// Requirement is one of a selector's expressions.
type Requirement struct {
	Key string `json:"key"`
	// Operator is In, NotIn, Exists or DoesNotExist.
	Operator string   `json:"operator"`
	Values   []string `json:"values,omitempty"`
}

// Matches holds labels against the selector as Kubernetes does. An empty selector matches everything, none matches nothing.
func (s *Selector) Matches(labels map[string]string) bool {
	if s == nil {
		return false
	}
	for key, value := range s.MatchLabels {
		if found, ok := labels[key]; !ok || found != value {
			return false
		}
	}
	return !slices.ContainsFunc(s.MatchExpressions, func(r Requirement) bool { return !r.matches(labels) })
}

func (r Requirement) matches(labels map[string]string) bool {
	value, ok := labels[r.Key]
	switch r.Operator {
	case "In":
		return ok && slices.Contains(r.Values, value)
	case "NotIn": // holds without the label too
		return !ok || !slices.Contains(r.Values, value)
	case "Exists":
		return ok
	}
	return !ok // DoesNotExist
}

func (s *Selector) check() error {
	if s == nil {
		return nil
	}
	for i, r := range s.MatchExpressions {
		switch r.Operator {
		case "In", "NotIn":
			if len(r.Values) == 0 {
				return fmt.Errorf("matchExpressions[%d]: %s needs values", i, r.Operator)
			}
		case "Exists", "DoesNotExist":
			if len(r.Values) > 0 {
				return fmt.Errorf("matchExpressions[%d]: %s takes no values", i, r.Operator)
			}
		default:
			return fmt.Errorf("matchExpressions[%d]: unknown operator %q, expected In, NotIn, Exists or DoesNotExist", i, r.Operator)
		}
		if r.Key == "" {
			return fmt.Errorf("matchExpressions[%d]: key is missing", i)
		}
	}
	return nil
}

func checkGlobs(patterns []string) error {
	for _, p := range patterns {
		if _, err := path.Match(p, ""); err != nil || p == "" {
			return fmt.Errorf("%q is no name and no glob", p)
		}
	}
	return nil
}
