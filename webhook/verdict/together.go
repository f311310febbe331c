package verdict

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/document"
	"github.com/kslint/kslint/webhook/admission"
	"github.com/kslint/kslint/webhook/snapshot"
)

// together names the rules with scope: set that compare objects which the API server has, all of them: who has read these all can ask
// about the cluster what kslint lint asks about files. Left out are those about files of nodes and of KubeKey, about keys in Secrets,
// and about several clusters.
var together = []string{
	"antiaffinity-unsatisfiable", "cc-redis-ha-nodes", "ks-k8s-unsupported", "ks-master-only-scheduling", "ks-single-replica-on-ha",
	"pdb-blocks-drain", "rollout-deadlock", "storageclass-several-defaults", "webhook-stale-3x-on-4x",
}

// RulesCompared lists the rules of a snapshot that Compare asks, of those that run in any namespace at all.
func RulesCompared(s *snapshot.Snapshot) []*lint.Rule {
	p, all := newPlan(s, nil), anywhere(s)
	var compared []*lint.Rule
	for _, loaded := range s.Rules {
		if r := loaded.Rule; slices.Contains(together, r.ID) {
			if a := p.actionsOf(r, s.Config.Setting(r.ID), all); a.runs() {
				compared = append(compared, r)
			}
		}
	}
	return compared
}

// Compare asks rules about objects of one cluster together, at an instant, and tells what is to be said about each, in the order of the
// objects. Admission asks none of them but those that can judge by one object, and those only warn. An object that is too large to be
// judged is left out. Where it breaks off, nothing is said.
func (r *Reviewer) Compare(ctx context.Context, objects []*admission.Request, rules []*lint.Rule, at time.Time) (said [][]Standing) {
	p := r.plans.of(r.current(), r.options.Versions)
	said = make([][]Standing, len(objects))
	if len(objects) == 0 || len(rules) == 0 {
		return said
	}
	defer func() {
		if v := recover(); v != nil {
			r.options.Log.Error("a comparison broke off", "objects", len(objects))
			r.options.RuleFailed("")
			said = make([][]Standing, len(objects))
		}
	}()
	ids := make([]string, len(rules))
	for i, rule := range rules {
		ids[i] = rule.ID
	}
	set, modes := &lint.Set{}, make([]*mode, len(objects))
	for i, q := range objects {
		modes[i] = p.modeFor(q.Namespace, r.labels, nil)
		f := &lint.File{Source: &lint.Source{Name: strconv.Itoa(i), Data: q.Object}, Config: modes[i].config}
		if !manyDocuments(q.Object) {
			if all := document.Object(f.Source, known(q)); !tooMuch(all) {
				f.Documents = all
			}
		}
		lint.Classify(f.Documents)
		set.Files = append(set.Files, f)
	}
	lint.FindVersions([]*lint.Set{set}, p.versions)
	report := p.Engine.Compare(ctx, set, ids, at)
	p.waive(report, set.Files, at)
	for _, f := range report.Failures {
		r.options.RuleFailed(f.Rule)
		r.options.Log.Error("a rule could not be evaluated", "rule", f.Rule, "objects", len(objects))
	}
	for i, part := range apart(report, len(objects)) {
		found := modes[i].judge(part)
		for k := range found {
			if !slices.Contains(alone, found[k].rule) {
				found[k].action = min(found[k].action, lint.Audit)
			}
			said[i] = append(said[i], p.standing(&found[k], p.most(objects[i].Entry)))
		}
	}
	return said
}

// apart gives what a report says about each file; files are named by their number.
func apart(report *lint.Report, n int) []*lint.Report {
	parts := make([]*lint.Report, n)
	for i := range parts {
		parts[i] = &lint.Report{}
	}
	of := func(file string) *lint.Report {
		i, err := strconv.Atoi(file)
		if err != nil || i < 0 || i >= n {
			i = 0
		}
		return parts[i]
	}
	for _, f := range report.Findings {
		part := of(f.File)
		part.Findings = append(part.Findings, f)
	}
	for _, f := range report.Failures {
		part := of(f.File)
		part.Failures = append(part.Failures, f)
	}
	return parts
}
