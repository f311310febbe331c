package main

import (
	"testing"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/admission"
	"github.com/kslint/kslint/webhook/configuration"
)

func TestEntry_openLetsThroughWhatItHasNoRoomFor(t *testing.T) {
	for profile, want := range map[lint.Profile]admission.Entry{
		lint.Observe: {OnOverload: admission.Allow, OnError: admission.Warn},
		lint.Enforce: {OnOverload: admission.Allow, OnError: admission.Warn},
		lint.Strict:  {OnOverload: admission.Deny, OnError: admission.Deny},
	} {
		got, ok := entry(openEntry, &lint.Config{Enforcement: &lint.Enforcement{Profile: profile}})
		if !ok || got != want {
			t.Errorf("%s: %+v, want %+v", profile, got, want)
		}
	}
}

// The handler has an entry for each path of the configuration, and answers for want of room as the failurePolicy would.
func TestEntry_isThereForEachPathAndAgreesWithTheFailurePolicy(t *testing.T) {
	for _, profile := range []lint.Profile{lint.Observe, lint.Enforce, lint.Strict} {
		c := configuration.Build(configuration.Values{Profile: profile, Secrets: true, GuardedLabels: []string{"tier"}})
		for _, w := range c.Webhooks {
			e, ok := entry((*w.ClientConfig.Service.Path)[1:], &lint.Config{Enforcement: &lint.Enforcement{Profile: profile}})
			if closed := *w.FailurePolicy == "Fail"; !ok || closed != (e.OnOverload == admission.Deny) {
				t.Errorf("%s: %s: failurePolicy %s, without room %s, known %v", profile, w.Name, *w.FailurePolicy, e.OnOverload, ok)
			}
		}
	}
}
