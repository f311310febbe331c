package main

import (
	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/admission"
)

// entry says how an entry is answered without a verdict: as its failurePolicy would under the profile of the configuration,
// unless the configuration says more.
func entry(name string, c *lint.Config) (admission.Entry, bool) {
	e, ok := standard(name)
	if !ok {
		return e, false
	}
	profile := lint.Observe
	if c.Enforcement != nil && c.Enforcement.Profile != "" {
		profile = c.Enforcement.Profile
	}
	switch profile {
	case lint.Observe:
		e = admission.Entry{OnOverload: admission.Allow, OnError: admission.Warn}
	case lint.Strict:
		e.OnOverload = admission.Deny
		if name == openEntry {
			e.OnError = admission.Deny
		}
	}
	if c.OnOverload != "" {
		e.OnOverload = admission.Action(c.OnOverload)
	}
	if c.OnError != nil && e.OnError == admission.Deny {
		e.OnError = asAction(c.OnError.Error, e.OnError)
	}
	return e, true
}

// openEntry is the entry of what is judged as at workloads and fails open under enforce: nobody waits there for want of room.
const openEntry = "open"

func standard(name string) (admission.Entry, bool) {
	if name == openEntry {
		return admission.Entry{OnOverload: admission.Allow, OnError: admission.Warn}, true
	}
	e, ok := admission.StandardEntries()[name]
	return e, ok
}

// asAction makes an answer of what the configuration does with a rule that fails. Which rules failed is not known here: the
// strictest severity speaks for all.
func asAction(a lint.Action, unsaid admission.Action) admission.Action {
	switch a {
	case lint.Deny:
		return admission.Deny
	case lint.Warn:
		return admission.Warn
	case lint.Audit:
		return admission.Allow
	}
	return unsaid
}
