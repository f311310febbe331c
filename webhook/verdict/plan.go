package verdict

import (
	"strings"
	"sync"
	"sync/atomic"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/snapshot"
)

// plan is a snapshot with what follows from its configuration, worked out once.
type plan struct {
	*snapshot.Snapshot
	versions lint.Versions
	words    words
	observe  bool

	// modes by their modeKey.
	modes sync.Map
	kept  atomic.Int32
}

// planner keeps the plan of the snapshot that is in force.
type planner struct{ last atomic.Pointer[plan] }

func (x *planner) of(s *snapshot.Snapshot, said lint.Versions) *plan {
	if p := x.last.Load(); p != nil && p.Snapshot == s {
		return p
	}
	p := newPlan(s, said)
	x.last.Store(p) // two may make it at once, and both are right
	return p
}

func newPlan(s *snapshot.Snapshot, said lint.Versions) *plan {
	p := &plan{Snapshot: s, versions: lint.Versions{}, words: english, observe: true}
	if s.Config != nil {
		for product, text := range s.Config.Versions {
			if v, ok := lint.ParseVersion(text); ok {
				p.versions[product] = v
			}
		}
		if s.Config.Lang == lint.Chinese {
			p.words = chinese
		}
		if e := s.Config.Enforcement; e != nil && (e.Profile == lint.Enforce || e.Profile == lint.Strict) {
			p.observe = false
		}
	}
	for product, v := range said {
		p.versions[product] = v
	}
	return p
}

// auditEntry is the entry that sees the Pods of controllers: their template was judged before, so they are never denied.
const auditEntry = "pods-audit"

// most is the strictest that may be done to a request.
func (p *plan) most(entry string) lint.Action {
	if p.observe || entry == auditEntry {
		return lint.Warn
	}
	return lint.Deny
}

// match is how an entry of the configuration applies to a namespace.
type match byte

const (
	no match = iota
	yes
	// maybe is for a selector when the labels of the namespace are not known.
	maybe
)

// maxModes is how many modes are kept; a configuration with more combinations than that works some out anew.
const maxModes = 1024

// modeKey is what a mode depends on: how the namespace entries of the configuration match, and the kinds of facts that are not known.
type modeKey struct{ matches, unknown string }

// modeFor is how requests in a namespace are judged, "" for objects that are in none, while some kinds of facts are not known.
func (p *plan) modeFor(namespace string, labels func(string) (map[string]string, bool), unknown []string) *mode {
	key := modeKey{p.matches(namespace, labels), strings.Join(unknown, ",")}
	if m, ok := p.modes.Load(key); ok {
		return m.(*mode)
	}
	m := p.newMode([]byte(key.matches), unknown)
	if p.kept.Add(1) <= maxModes {
		p.modes.Store(key, m)
	}
	return m
}

// matches tells for each namespace entry of the configuration whether it applies.
func (p *plan) matches(namespace string, labels func(string) (map[string]string, bool)) string {
	if p.Config == nil || p.Config.Enforcement == nil || len(p.Config.Enforcement.Namespaces) == 0 {
		return ""
	}
	entries := p.Config.Enforcement.Namespaces
	key := make([]byte, len(entries))
	if namespace == "" {
		return string(key)
	}
	known, sure := labels(namespace)
	for i := range entries {
		key[i] = byte(matchOf(&entries[i], namespace, known, sure))
	}
	return string(key)
}

func matchOf(e *lint.NamespaceEnforcement, namespace string, labels map[string]string, sure bool) match {
	switch {
	case len(e.Names) > 0 && !lint.MatchesAny(e.Names, namespace):
		return no
	case e.Selector == nil:
		return yes
	case !sure:
		return maybe
	case e.Selector.Matches(labels):
		return yes
	}
	return no
}
