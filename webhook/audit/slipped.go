package audit

import (
	"context"
	"hash/maphash"
	"strings"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/verdict"
)

// maxDenied is how many violations of a kind are remembered from one pass to the next.
const maxDenied = 20_000

// denied are the violations of a kind that the webhook would deny, as one pass has seen them, and whether they slipped in.
type denied struct {
	began time.Time
	marks map[uint64]bool
	full  bool
}

func newDenied(began time.Time) *denied { return &denied{began: began, marks: map[uint64]bool{}} }

var seed = maphash.MakeSeed()

func markOf(o *object, s *verdict.Standing) uint64 { return maphash.String(seed, o.uid+"\x00"+s.Mark) }

func (d *denied) add(mark uint64, slipped bool) {
	if len(d.marks) >= maxDenied {
		d.full = true
		return
	}
	d.marks[mark] = slipped
}

// slipped gives the marks of what the webhook would have denied and did not: where it is certain, and nothing else. That is so where
// an entry of the live webhook configuration has the webhook asked about the object, and the violation came with a write that was made
// under the policies, the configuration and the labels of the namespace that are in force now: because the object was created then, or
// because the last pass has seen it without the violation. What was there before is nobody's slip, for an update is denied only for
// what it makes worse. A violation that comes by itself, when an exemption expires for example, is none either.
func (e *enforced) slipped(ctx context.Context, t *part, o *object, said []verdict.Standing) map[string]bool {
	if e == nil {
		return nil
	}
	found, then := map[string]bool{}, map[time.Time]map[string]bool{}
	deniedAt := func(at time.Time, mark string) bool {
		if then[at] == nil {
			then[at] = deniedAt(ctx, t, o, at)
		}
		return then[at][mark]
	}
	for i := range said {
		s := &said[i]
		if !deniable(s) {
			continue
		}
		mark := markOf(o, s)
		is := t.slippedBefore(o, s, mark)
		if from, late := e.cameLate(t, o, mark); !is && late {
			is = deniedAt(from, s.Mark) && deniedAt(o.lastWrite(), s.Mark)
		}
		if t.denied.add(mark, is); is {
			found[s.Mark] = true
		}
	}
	return found
}

// deniable tells whether the webhook denies this for what is written in the object: not for what stands around it, for metadata or a
// scale that may change without it, or for a fault of its own.
func deniable(s *verdict.Standing) bool {
	return s.Action == lint.Deny && !s.Failed && s.Exempt == "" && s.Path != "spec.replicas" && !strings.HasPrefix(s.Path, "metadata") &&
		s.Rule != nil && s.Rule.Scope == lint.OneDocument && len(s.Rule.Facts) == 0
}

func deniedAt(ctx context.Context, t *part, o *object, at time.Time) map[string]bool {
	all := map[string]bool{}
	for _, s := range t.inspect(ctx, o, at) {
		if deniable(&s) {
			all[s.Mark] = true
		}
	}
	return all
}

// slippedBefore tells whether that is known from the last pass or, at the first one, from the report of the last leader.
func (t *part) slippedBefore(o *object, s *verdict.Standing, mark uint64) bool {
	if before := t.last.kinds[t.kind]; before != nil {
		return before.denied.marks[mark]
	}
	one := resultOf(o, s, true)
	return t.there.slipped[one.key()]
}

// cameLate tells whether the violation came with a write under what is in force now, and the instant at which the object was without
// it: its creation, or the last pass.
func (e *enforced) cameLate(t *part, o *object, mark uint64) (from time.Time, late bool) {
	if !e.asks(o) {
		return from, false
	}
	settled := e.since
	if changed := e.namespaces[o.Namespace]; changed.After(settled) {
		settled = changed
	}
	if o.created.After(settled) {
		return o.created, true
	}
	before := t.last.kinds[t.kind]
	if before == nil || before.denied.full || !before.denied.began.After(settled) || !o.created.Before(before.denied.began.Add(-skew)) {
		return from, false
	}
	_, was := before.denied.marks[mark]
	return before.denied.began, !was && o.lastWrite().After(before.denied.began.Add(-skew))
}

// skew is by how much clocks may differ.
const skew = time.Minute
