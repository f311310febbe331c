package verdict

import (
	"context"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/admission"
)

// Findings are all that a review finds, before limits and actions.
func (r *Reviewer) Findings(ctx context.Context, q *admission.Request) []lint.Finding {
	p := r.plans.of(r.current(), r.options.Versions)
	var all []lint.Finding
	beside, unknown := r.options.Around(q.Namespace)
	for _, i := range r.judge(ctx, p.modeFor(q.Namespace, r.labels, unknown), q, q.Object, beside, r.clock()) {
		if i.found != nil {
			all = append(all, *i.found)
		}
	}
	return all
}

// Alone lists the rules of a set that are asked at admission.
func Alone() []string { return alone }

// Together lists the rules of a set that the audit asks about the cluster.
func Together() []string { return together }
