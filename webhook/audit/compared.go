package audit

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/admission"
	"github.com/kslint/kslint/webhook/verdict"
)

// maxCompared is how many bytes of objects are held to be compared with each other. Decoded they take some ten times as much.
const maxCompared = 16 << 20

// maxCompare is how long all of them may take together, as maxJudge is for one object.
const maxCompare = time.Minute

// compared are the objects of a kind that rules compare, held until all kinds are read.
type compared struct {
	objects []*object
	bytes   int
	// aside is what one of these rules has said about an object by itself: it counts where the rule is not asked about all.
	aside []aside
}

type aside struct {
	object *object
	said   verdict.Standing
}

func (c *compared) merge(other compared) {
	c.objects = append(c.objects, other.objects...)
	c.bytes += other.bytes
	c.aside = append(c.aside, other.aside...)
}

// hold keeps an object where a rule that compares names what it may be, as long as there is room. Anybody's workloads are never compared.
func (c *compared) hold(k *kind, o *object, named map[lint.Target]bool, room int) {
	ordinary := slices.Contains(k.targets, lint.Workload) && !lint.IsKubeSpheres(o.Namespace)
	if ordinary || !slices.ContainsFunc(k.targets, func(t lint.Target) bool { return named[t] }) {
		return
	}
	if c.bytes += len(o.Object); c.bytes <= room {
		held := *o
		held.Object = bytes.Clone(o.Object) // of a page that need not be held
		c.objects = append(c.objects, &held)
	}
}

// targetsOf are what rules name.
func targetsOf(rules []*lint.Rule) map[lint.Target]bool {
	named := map[lint.Target]bool{}
	for _, r := range rules {
		for _, t := range r.Targets {
			named[t] = true
		}
	}
	return named
}

// compare asks the rules that compare objects.
func (p *pass) compare(ctx context.Context) {
	rules := p.comparable()
	requests := make([]*admission.Request, len(p.compared.objects))
	for i, o := range p.compared.objects {
		requests[i] = &o.Request
	}
	ctx, cancel := context.WithTimeout(ctx, maxCompare)
	defer cancel()
	for i, said := range p.reviewer.Compare(ctx, requests, rules, p.began) {
		p.found.tell(p.compared.objects[i], said, nil)
	}
	for i := range p.compared.aside {
		if a := &p.compared.aside[i]; !isAmong(rules, a.said.Rule) {
			p.found.tell(a.object, []verdict.Standing{a.said}, nil)
		}
	}
}

// comparable are the rules that can be asked: all that they name is known. What a PodDisruptionBudget keeps, for example, depends on
// whether there is an autoscaler.
func (p *pass) comparable() []*lint.Rule {
	if p.compared.bytes > maxCompared {
		p.found.put("", reportResult{
			Source: source, Policy: source, Result: outcomeError, Severity: "medium",
			Message: "there are more objects than the audit can compare: rules that look at several were not asked; kslint lint asks them about a dump",
		})
		return nil
	}
	return slices.DeleteFunc(slices.Clone(p.comparing), func(r *lint.Rule) bool {
		return slices.ContainsFunc(r.Targets, func(t lint.Target) bool { return p.blind[t] })
	})
}

// putAside leaves out what rules that compare objects have said about one by itself, until it is known whether they can be asked.
func (t *part) putAside(o *object, said []verdict.Standing) []verdict.Standing {
	return slices.DeleteFunc(said, func(s verdict.Standing) bool {
		compares := s.Rule != nil && isAmong(t.comparing, s.Rule)
		if compares {
			named := *o
			named.Object = nil
			t.harvest.compared.aside = append(t.harvest.compared.aside, aside{&named, s})
		}
		return compares
	})
}

func isAmong(rules []*lint.Rule, r *lint.Rule) bool {
	return slices.ContainsFunc(rules, func(one *lint.Rule) bool { return one.ID == r.ID })
}
