// Package verdict judges admission requests: it decides what is looked at, asks the engine, and makes of its findings what the
// configuration says. It reads nothing but the request, the snapshot and what its caller already knows.
package verdict

import (
	"context"
	"log/slog"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/document"
	"github.com/kslint/kslint/lint/policy"
	"github.com/kslint/kslint/webhook/admission"
	"github.com/kslint/kslint/webhook/snapshot"
)

// Namespaces knows the labels of namespaces without asking the API server.
type Namespaces interface {
	// Labels gives the labels of a namespace; known is false for one that was not heard of yet.
	Labels(name string) (labels map[string]string, known bool)
}

// Options are what a Reviewer may be given beside its sources. The zero value is enough.
type Options struct {
	// Versions are those that flags say; they count before the configuration's.
	Versions lint.Versions
	// Around, when set, gives the LimitRanges and Services that are known of a namespace, decoded and classified, and names the kinds
	// of facts about it (see package facts) that are not known yet: a rule that looks at any of these is not asked, because silence is
	// better than a false alarm. It must not wait.
	Around func(namespace string) (beside []*lint.Document, unknown []string)
	// RuleFailed, when set, is told each rule that could not be evaluated, and "" when the review itself broke.
	RuleFailed func(rule string)
	// Log is told the same; slog.Default where it is nil.
	Log *slog.Logger
}

// Reviewer judges admission requests. It is safe for concurrent use.
type Reviewer struct {
	current    func() *snapshot.Snapshot
	namespaces Namespaces
	clock      func() time.Time
	options    Options
	plans      planner
}

// New makes a Reviewer. current gives the snapshot in force, which a review is judged by from beginning to end; namespaces may be
// nil, when nothing is known of any; clock tells the instant that dates are judged at.
func New(current func() *snapshot.Snapshot, namespaces Namespaces, clock func() time.Time, o Options) *Reviewer {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.RuleFailed == nil {
		o.RuleFailed = func(string) {}
	}
	if o.Around == nil {
		o.Around = func(string) ([]*lint.Document, []string) { return nil, nil }
	}
	return &Reviewer{current: current, namespaces: namespaces, clock: clock, options: o}
}

// Review judges a request. It always answers: what breaks on the way is an answer by onError.
func (r *Reviewer) Review(ctx context.Context, q *admission.Request) (a admission.Answer) {
	var p *plan
	defer func() {
		if v := recover(); v != nil {
			r.options.Log.Error("a review broke off", "kind", q.Kind.Kind, "uid", q.UID)
			r.options.RuleFailed("")
			a = p.broken(q.Entry)
		}
	}()
	p = r.plans.of(r.current(), r.options.Versions)
	if q.Entry == guardEntry {
		return p.guard(q)
	}
	if why := passedOver(q); why != "" {
		return p.passed(why)
	}
	beside, unknown := r.options.Around(q.Namespace) // once: what is and what was are judged by the same
	m := p.modeFor(q.Namespace, r.labels, unknown)
	now := r.clock()
	found := r.judge(ctx, m, q, q.Object, beside, now)
	if q.Operation == update && len(q.OldObject) > 0 && found.tolerable() {
		before := r.judge(ctx, m, q, q.OldObject, beside, now)
		found.tolerate(before)
	}
	return p.answer(found, p.most(q.Entry))
}

func (r *Reviewer) labels(namespace string) (map[string]string, bool) {
	if r.namespaces == nil {
		return nil, false
	}
	return r.namespaces.Labels(namespace)
}

// judge asks the engine about one object, the request's new one or its old one.
func (r *Reviewer) judge(ctx context.Context, m *mode, q *admission.Request, raw []byte, beside []*lint.Document, now time.Time) judgement {
	if manyDocuments(raw) {
		return judgement{m.unjudged(tooLarge)}
	}
	p := m.plan
	f := &lint.File{Source: &lint.Source{Name: "request", Data: raw}, Config: m.config}
	f.Documents = document.ValidObject(f.Source, known(q)) // the review is valid JSON, or it would not be one
	f.Documents[0].AsCreated()
	lint.Classify(f.Documents)
	if f.Documents[0].Problem != nil {
		return judgement{m.unjudged(unreadable)}
	}
	if tooMuch(f.Documents) {
		return judgement{m.unjudged(tooLarge)}
	}
	lint.FindVersions([]*lint.Set{{Files: []*lint.File{f}}}, p.versions)
	together, each := shares(ctx)
	report := p.Engine.Review(ctx, policy.Review{
		File: f, Alone: alone, Beside: beside, Now: now, Together: together, Each: each,
	})
	p.waive(report, []*lint.File{f}, now)
	for _, failure := range report.Failures {
		if failure.Rule != "" { // why may quote the object, so it is not logged
			r.options.RuleFailed(failure.Rule)
			r.options.Log.Error("a rule could not be evaluated", "rule", failure.Rule, "late", failure.Reason == policy.TooLate, "kind", q.Kind.Kind, "uid", q.UID)
		}
	}
	return m.judge(report)
}

// shares divides the time that is left: half of it for all rules together, as nearly always suffices; where it does not, an
// eighth for each one, so that some that take long leave time for the others.
func shares(ctx context.Context) (together, each time.Duration) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return 0, 0
	}
	left := max(time.Until(deadline), time.Nanosecond)
	return left/2 + 1, left/8 + 1
}

// waive marks what exemptions have accepted and, only where the configuration says so, what annotations of the object have.
func (p *plan) waive(report *lint.Report, files []*lint.File, now time.Time) {
	if p.Config.HonoursAnnotations() {
		lint.Waive(report, files, now)
		return
	}
	lint.Exempt(report, files, now)
}

// known is what a request says about its object beside the text.
func known(q *admission.Request) lint.Resource {
	o := lint.Resource{APIVersion: q.Kind.Version, Kind: q.Kind.Kind, Namespace: q.Namespace, Name: q.Name}
	if q.Kind.Group != "" && q.Kind.Version != "" {
		o.APIVersion = q.Kind.Group + "/" + q.Kind.Version
	}
	if q.Resource.Group == "" && q.Resource.Resource == "namespaces" {
		o.Namespace = "" // it is not in itself
	}
	return o
}

// alone names the rules with scope: set that judge an object by itself, and so are asked at admission; whatever the configuration
// says, they only warn. All others of that scope are the audit's.
var alone = []string{
	"cert-not-yet-valid", "k8s-cert-expired", "kubeconfig-cert-expired", "shared-static-webhook-key", "webhook-ca-expired",
	"pdb-blocks-drain",                            // of the labels that KubeSphere's own Deployments have in every release
	"ks-core-memory-low", "liveness-wrong-target", // but for what the cluster's size and a ConfigMap would add
}
