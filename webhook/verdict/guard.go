package verdict

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/admission"
)

// guardEntry is the entry that asks about labels of namespaces, by whatever subresource they are written.
const guardEntry = "guard"

// guard answers a request at guardEntry: the labels by which the configuration chooses what is enforced in a namespace are changed
// only by those whom the configuration names. What it does not name, anybody may change; so may anybody delete a namespace.
func (p *plan) guard(q *admission.Request) admission.Answer {
	if p.Config == nil || p.Config.Enforcement == nil || p.Config.Enforcement.Guard == nil {
		return p.passed("no guard")
	}
	e := p.Config.Enforcement
	if q.Operation != create && q.Operation != update {
		return p.passed("operation")
	}
	if q.Resource.Group != "" || q.Resource.Resource != "namespaces" {
		return p.passed("no namespace")
	}
	was, sure := labelsOf(q.OldObject)
	is, known := labelsOf(q.Object)
	if !sure || !known {
		return p.answer(judgement{{severity: lint.Error, action: lint.Deny, failed: unreadable}}, p.most(q.Entry))
	}
	changed := slices.DeleteFunc(e.GuardedLabels(), func(key string) bool {
		before, had := was[key]
		after, has := is[key]
		return had == has && before == after
	})
	switch {
	case len(changed) == 0:
		return p.passed("unchanged")
	case e.Guard.Allows(q.User, q.Groups):
		return p.guarded("allow", changed)
	}
	a := p.guarded(min(lint.Deny, p.most(q.Entry)).String(), changed)
	message := plain(own + ": " + fmt.Sprintf(p.words.guarded, strings.Join(changed, ", "), q.Name))
	if p.most(q.Entry) == lint.Deny {
		a.Allowed, a.Code, a.Message = false, http.StatusForbidden, message
	} else {
		a.Warnings = []string{cutRunes(message, admission.MaxWarningRunes)}
	}
	return a
}

func (p *plan) guarded(decision string, changed []string) admission.Answer {
	return admission.Answer{Allowed: true, Audit: map[string]string{
		"decision": decision, "policy-digest": p.Digest, "guarded-labels": cutBytes(strings.Join(changed, ", "), maxAudited),
	}}
}

// labelsOf gives the labels of an object, none of none; false where they cannot be read.
func labelsOf(object []byte) (map[string]string, bool) {
	var o struct{ Metadata metadata }
	if len(object) == 0 {
		return nil, true
	}
	if err := json.Unmarshal(object, &o); err != nil {
		return nil, false
	}
	return o.Metadata.Labels, true
}
