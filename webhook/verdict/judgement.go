package verdict

import (
	"cmp"
	"slices"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/policy"
)

// judgement is what was found about one object.
type judgement []item

// item is a finding with what becomes of it, or a failure.
type item struct {
	// rule is the id, "" where the object itself cannot be read.
	rule     string
	severity lint.Severity
	action   lint.Action
	path     string
	// found is nil for a failure, which is of some kind then.
	found  *lint.Finding
	failed failure
	// mark is what ratcheting knows the item by.
	mark string
	// firm says that it is not to be tolerated, whatever was there before.
	firm bool
	// tolerated says that it was there before the update; exempt that an exemption accepts it.
	tolerated, exempt bool
}

// failure is a sort of what could not be judged.
type failure int

const (
	none failure = iota
	cannotEvaluate
	tooLate
	unreadable
	unreadableText
	tooLarge
	internal
)

// judge says what becomes of a report's findings and failures. Notes say what was not looked at, which is nobody's fault.
func (m *mode) judge(report *lint.Report) judgement {
	j := make(judgement, 0, len(report.Findings)+len(report.Failures))
	for i := range report.Findings {
		f := &report.Findings[i]
		ruling, ok := m.rules[f.Rule.ID]
		if !ok {
			continue // an ignore that waives nothing
		}
		one := item{rule: f.Rule.ID, severity: f.Severity, action: ruling.actions[f.Severity], path: f.Path.String(), found: f, firm: ruling.firm}
		if slices.Contains(alone, one.rule) {
			one.action = min(one.action, lint.Warn)
		}
		if one.action == lint.Off {
			continue
		}
		if f.Waived != "" {
			one.exempt, one.action = true, lint.Audit
		}
		j = append(j, one)
	}
	for _, f := range report.Failures {
		j = append(j, m.failure(f))
	}
	slices.SortStableFunc(j, func(a, b item) int {
		return cmp.Or(cmp.Compare(b.severity, a.severity), cmp.Compare(a.rule, b.rule), cmp.Compare(a.path, b.path))
	})
	return j
}

func (m *mode) failure(f lint.Failure) item {
	ruling, ok := m.rules[f.Rule]
	if !ok { // of a string in the object, which nobody may ever read
		return item{severity: lint.Warning, action: lint.Warn, failed: unreadableText, mark: "unreadable"}
	}
	one := item{rule: f.Rule, severity: ruling.severity, action: ruling.onError, failed: cannotEvaluate, mark: "failed\x00" + f.Rule, firm: ruling.firm}
	if f.Reason == policy.TooLate {
		one.failed = tooLate
	}
	if slices.Contains(alone, f.Rule) {
		one.action = min(one.action, lint.Warn)
	}
	return one
}

// unjudged is the item of an object that no rule has seen.
func (m *mode) unjudged(why failure) item {
	return item{
		severity: lint.Error, action: onError(m.plan.Config, "", lint.Error), failed: why, mark: "unjudged object",
		firm: !m.plan.Config.Ratchets(""),
	}
}

// tolerable tells whether the item refuses the request, and need not if it was there before. A rule that ran out of time and an object
// that is too large to be judged always do: they would be ways around every rule.
func (i *item) tolerable() bool {
	return i.action == lint.Deny && !i.firm && i.failed != tooLate && i.failed != tooLarge
}

func (j judgement) tolerable() bool {
	return slices.ContainsFunc(j, func(i item) bool { return i.tolerable() })
}

// strictest is the strictest action of all items, allowing nothing beyond most.
func (j judgement) strictest(most lint.Action) lint.Action {
	strictest := lint.Off
	for _, i := range j {
		strictest = max(strictest, min(i.action, most))
	}
	return strictest
}
