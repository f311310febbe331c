package snapshot

import (
	"context"
	"errors"
	"slices"

	"golang.org/x/tools/txtar"

	"github.com/kslint/kslint/lint"
)

// judge takes what the sources hold now, as far as it is good, and says in the status what became of each source.
//
// What changed within one look belongs together: it is taken whole or refused whole, and then the last good content of all of it
// stays. A source that was refused before does not hold up a later change of another. At start nothing is in force that could
// stay, so only what is broken itself is left out (changed is nil).
func (s *Store) judge(ctx context.Context, now []content, changed []int) {
	s.seen = now
	set, reasons := slices.Clone(now), make([]string, len(now))
	for !sameAll(set, s.good) {
		bad := s.emptied(set)
		if bad == nil {
			var made *Snapshot
			if made, bad = s.build(ctx, set); bad == nil {
				s.good, s.compiled = set, made
				s.conclude(made, reasons)
				return
			}
		}
		if ctx.Err() != nil {
			s.seen = make([]content, len(now)) // not judged: the next look does it
			return
		}
		if !s.fallBack(set, changed, bad, reasons) {
			blame(reasons, bad)
			break
		}
	}
	s.conclude(s.Current(), reasons)
}

// emptied finds a folder that had rules and has none any more: a mount that is gone looks the same, and must not switch them off.
func (s *Store) emptied(set []content) *fault {
	for i, c := range set {
		if c.err == nil && len(c.files) == 0 && len(s.good[i].files) > 0 {
			return &fault{i, errors.New(s.sources[i].Name + ": holds no policies any more; those that it held stay until a restart")}
		}
	}
	return nil
}

// fallBack puts the last good content in the place of what is at fault, and of what changed together with it. It is false when
// nothing is left to put back.
func (s *Store) fallBack(set []content, changed []int, bad *fault, reasons []string) bool {
	back := []int{bad.source}
	if slices.Contains(changed, bad.source) || set[bad.source].same(s.good[bad.source]) {
		back = append(back, changed...)
	}
	moved := false
	for _, i := range back {
		if set[i].same(s.good[i]) {
			continue
		}
		set[i], moved = s.good[i], true
		if reasons[i] = line(bad.err); i != bad.source {
			reasons[i] = "changed together with what was refused: " + reasons[i]
		}
	}
	return moved
}

// blame gives every source that has no reason of its own the one that nothing else could be taken for.
func blame(reasons []string, bad *fault) {
	for i, reason := range reasons {
		if reason == "" {
			reasons[i] = line(bad.err)
		}
	}
}

// conclude writes and logs the status of the user's sources, and puts the snapshot in force.
func (s *Store) conclude(snapshot *Snapshot, reasons []string) {
	when := s.options.Clock()
	for i := range s.sources {
		before, now := s.status[i+1], s.sources[i]
		now.State, now.Digest, now.When = Accepted, s.good[i].digest, when
		if !s.seen[i].same(s.good[i]) {
			now.State, now.Reason = Rejected, reasons[i]
		}
		if now.State == before.State && now.Digest == before.Digest && now.Reason == before.Reason {
			continue
		}
		s.status[i+1] = now
		s.tell(now)
		if now.Kind == configurationKind && now.State == Accepted {
			s.tellExemptions(now.Name, snapshot.Config)
		}
	}
	s.publish(snapshot)
}

func (s *Store) tell(source Source) {
	if source.State == Rejected {
		s.options.Log.Error("refused, the last good content stays", "source", source.Name, "kind", source.Kind, "reason", source.Reason)
		return
	}
	s.options.Log.Info("accepted", "source", source.Name, "kind", source.Kind, "digest", source.Digest)
}

// tellExemptions tells of exemptions that count for nothing here; who wrote them thinks that they count.
func (s *Store) tellExemptions(name string, config *lint.Config) {
	for _, why := range config.Inert(s.options.Clock()) {
		s.options.Log.Warn("an exemption counts for nothing", "source", name, "reason", why.Error())
	}
}

// digest is that of all policies and the configuration together.
func (s *Store) digest(set []content) string {
	parts := []txtar.File{{Name: policyKind, Data: []byte(s.builtIn)}}
	for i, c := range set {
		if c.digest != "" {
			parts = append(parts, txtar.File{Name: s.sources[i].Kind, Data: []byte(c.digest)})
		}
	}
	return digest(parts)
}
