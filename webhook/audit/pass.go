package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/snapshot"
	"github.com/kslint/kslint/webhook/verdict"
)

// What became of a kind in a pass, the label of a metric.
const (
	stateRead      = "read"
	stateForbidden = "forbidden"
	stateNotServed = "not-served"
	stateFailed    = "failed"
)

// pass is one look at everything, by one snapshot.
type pass struct {
	*leader
	snapshot *snapshot.Snapshot
	reviewer *verdict.Reviewer
	began    time.Time
	wanted   map[lint.Target]bool
	served   *served
	there    *reportsThere
	enforced *enforced // nil where nothing is denied, or it is not known what

	// comparing are the rules that compare objects, named what they speak about, blind what of that could not be read.
	comparing []*lint.Rule
	named     map[lint.Target]bool
	blind     map[lint.Target]bool
	compared  compared

	found        *results
	certificates *certificates
	born         map[string]bool // UIDs of what bears others
	states       map[string]int  // kinds
	incomplete   bool
}

// maxJudge is how long one object may take; nobody waits for it, but a rule that runs away must not end the audit.
const maxJudge = 10 * time.Second

// run looks at everything. It gives an error where nothing could be looked at.
func (l *leader) run(ctx context.Context) (*pass, error) {
	s := l.options.Snapshot()
	p := &pass{
		leader: l, snapshot: s, began: l.options.clock(), wanted: wanted(s), found: newResults(maxKept), certificates: newCertificates(),
		born: map[string]bool{}, states: map[string]int{}, comparing: verdict.RulesCompared(s), blind: map[lint.Target]bool{},
	}
	p.named = targetsOf(p.comparing)
	p.reviewer = verdict.New(func() *snapshot.Snapshot { return s }, l.known, l.options.clock, verdict.Options{
		Around: l.known.Around, RuleFailed: l.metrics.ruleFailed, Log: l.log,
	})
	l.last.under(s.Digest)
	var err error
	if p.served, err = discover(l.api.Discovery()); err != nil {
		l.metrics.failed("discovery")
		return nil, err
	}
	if p.there, err = l.reportsOf(ctx, p.served); err != nil {
		l.metrics.failed("report")
		p.there = &reportsThere{} // metrics are told all the same
	}
	l.tell("reports", err)
	p.enforced = l.enforcement(ctx, p)
	for i := range kinds {
		if k := &kinds[i]; k.judged(p.wanted) || k.judged(p.named) || k.certificates && l.options.Certificates {
			p.look(ctx, k)
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	p.compare(ctx)
	if l.options.SecretCertificates {
		p.lookAtSecrets(ctx)
	}
	return p, ctx.Err()
}

// look reads and judges a kind. What cannot be read is told and does not end the pass.
func (p *pass) look(ctx context.Context, k *kind) {
	r, ok := p.served.resources[schema.GroupResource{Group: k.group, Resource: k.resource}]
	if !ok {
		if err := p.served.unknown[k.group]; err != nil {
			p.failed(k, fmt.Errorf("its API is not available: %w", err))
			return
		}
		p.states[stateNotServed]++
		p.last.forget(k)
		if p.said[k.key()] != stateNotServed {
			p.said[k.key()] = stateNotServed
			p.log.Info("the API server does not serve a kind, which is passed over", "kind", k.name())
		}
		return
	}
	part := p.newPart(k, r)
	var err error
	if k.objects == nil {
		q := query{path: collection(k.group, r, k.resource)}
		err = p.each(ctx, q, p.options.Page, func() { part = p.newPart(k, r) }, func(item json.RawMessage) error { return part.add(ctx, item) })
	} else {
		err = part.addNamed(ctx)
	}
	switch {
	case ctx.Err() != nil:
	case err == nil:
		p.states[stateRead]++
		p.problem(k, nil)
		p.last.keep(k, part.harvest)
		p.take(part.harvest)
	case refused(err):
		p.states[stateForbidden]++
		p.metrics.failed(reasonOf(err))
		p.problem(k, err)
		p.last.forget(k)
		p.blinded(k)
		p.unread(k, "the audit may not read it")
	default:
		p.failed(k, err)
	}
}

// failed goes on with what the last pass has found of a kind. Where it is the first one, reports wait for the next.
func (p *pass) failed(k *kind, err error) {
	p.states[stateFailed]++
	p.metrics.failed(reasonOf(err))
	p.problem(k, err)
	switch old, tries := p.last.fallBack(k); {
	case old != nil:
		p.take(old)
		return
	case tries < maxTries:
		p.incomplete = true
	default:
		p.unread(k, "it cannot be read")
	}
	p.blinded(k)
}

// blinded says that nothing is known of what a kind's objects may be.
func (p *pass) blinded(k *kind) {
	for _, t := range k.targets {
		p.blind[t] = true
	}
}

// problem is told when it changes, not once each pass.
func (p *pass) problem(k *kind, err error) { p.tell(k.key(), err, "kind", k.name()) }

// unread says in the report of the cluster what was not looked at.
func (p *pass) unread(k *kind, why string) {
	p.found.put("", reportResult{
		Source: source, Policy: source, Result: outcomeError, Severity: "medium", Message: k.name() + ": " + why + ", and was not looked at",
	})
}

func (p *pass) take(h *harvest) {
	p.found.merge(h.found)
	p.certificates.merge(h.certificates)
	maps.Copy(p.born, h.born)
	p.compared.merge(h.compared)
}

// lookAtSecrets reads certificates and judges nothing.
func (p *pass) lookAtSecrets(ctx context.Context) {
	for _, q := range secretLists() {
		selector, found := q.parameters["fieldSelector"], newCertificates()
		err := p.each(ctx, q, p.options.Page, func() {}, func(item json.RawMessage) error {
			if err := found.addSecret(item, p.began); err != nil {
				p.metrics.failed("object")
			}
			return ctx.Err()
		})
		if ctx.Err() != nil {
			return
		}
		if p.tell("secrets "+selector, err, "kind", "secrets", "selector", selector); err != nil {
			p.metrics.failed(reasonOf(err))
			if found = p.last.secrets[selector]; found == nil || refused(err) {
				continue
			}
		}
		p.last.secrets[selector] = found
		p.certificates.merge(found)
	}
}
