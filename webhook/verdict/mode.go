package verdict

import (
	"slices"

	"github.com/kslint/kslint/lint"
)

// mode is which rules run in a namespace and what their findings become.
type mode struct {
	plan   *plan
	config *lint.Config
	rules  map[string]ruling
}

// ruling is what becomes of one rule's findings, by severity, and of a failure to evaluate it.
type ruling struct {
	rule     *lint.Rule
	severity lint.Severity // of the rule, as the configuration has it
	actions  actions
	onError  lint.Action
	firm     bool // an update is denied also for what was there before
}

// actions by severity.
type actions [lint.Error + 1]lint.Action

func (a *actions) every(action lint.Action) {
	for s := lint.Info; s <= lint.Error; s++ {
		a[s] = action
	}
}

// atLeast makes laxer actions as strict as one that may hold.
func (a *actions) atLeast(action lint.Action) {
	for s := lint.Info; s <= lint.Error; s++ {
		a[s] = max(a[s], action)
	}
}

func (a *actions) runs() bool { return max(a[lint.Info], a[lint.Warning], a[lint.Error]) > lint.Off }

// newMode works out what holds where the namespace entries match as they do. Rules that look at facts of an unknown kind are off.
func (p *plan) newMode(matches []byte, unknown []string) *mode {
	m := &mode{plan: p, rules: map[string]ruling{}}
	settings := map[string]lint.RuleConfig{}
	for _, loaded := range p.Rules {
		r := loaded.Rule
		setting := p.Config.Setting(r.ID)
		a := p.actionsOf(r, setting, matches)
		if slices.ContainsFunc(r.Facts, func(kind string) bool { return slices.Contains(unknown, kind) }) {
			a.every(lint.Off)
		}
		on := a.runs()
		setting.On = &on
		settings[r.ID] = setting
		one := ruling{rule: r, severity: r.Severity, actions: a, firm: !p.Config.Ratchets(r.ID)}
		if setting.Severity != 0 {
			one.severity = setting.Severity
		}
		// A rule that denies nothing does not deny by failing either.
		one.onError = min(onError(p.Config, r.ID, one.severity), a[one.severity])
		m.rules[r.ID] = one
	}
	m.config = p.Config.With(settings).AtAdmission()
	return m
}

// actionsOf is what becomes of a rule's findings: by severity, or as the enforcement says of the rule, or as the last of the
// namespace entries says. An entry that may or may not hold only makes it stricter.
func (p *plan) actionsOf(r *lint.Rule, setting lint.RuleConfig, matches []byte) actions {
	a := bySeverity(p.Config)
	off := setting.On != nil && !*setting.On
	if off || setting.On == nil && r.Off {
		a.every(lint.Off)
	}
	if off || p.Config == nil || p.Config.Enforcement == nil {
		return a
	}
	e := p.Config.Enforcement
	if said := saidOf(e.Rules, r.ID, &a); said != 0 {
		a.every(said)
	}
	for i, how := range matches {
		said := saidOf(e.Namespaces[i].Rules, r.ID, &a)
		switch {
		case said == 0:
		case match(how) == yes:
			a.every(said)
		case match(how) == maybe:
			a.atLeast(said)
		}
	}
	return a
}

// saidOf is what patterns say about a rule. One that does not run is switched on by a pattern that means it.
func saidOf(rules map[string]lint.Action, id string, a *actions) lint.Action {
	if a.runs() {
		return lint.ActionFor(rules, id)
	}
	return lint.SwitchesOn(rules, id)
}

func bySeverity(c *lint.Config) actions {
	a := actions{lint.Info: lint.Audit, lint.Warning: lint.Warn, lint.Error: lint.Deny}
	if c == nil || c.Enforcement == nil {
		return a
	}
	e := c.Enforcement
	for s, said := range map[lint.Severity]lint.Action{lint.Info: e.Info, lint.Warning: e.Warning, lint.Error: e.Error} {
		if said != 0 {
			a[s] = said
		}
	}
	return a
}

// onError is what becomes of a request when a rule cannot be evaluated: a webhook's own error denies under failurePolicy Ignore
// too, so this is said explicitly.
func onError(c *lint.Config, id string, s lint.Severity) lint.Action {
	action := lint.Warn
	if s == lint.Error {
		action = lint.Deny
	}
	if c == nil || c.OnError == nil {
		return action
	}
	bySeverity := map[lint.Severity]lint.Action{lint.Info: c.OnError.Info, lint.Warning: c.OnError.Warning, lint.Error: c.OnError.Error}
	if said := bySeverity[s]; said != 0 {
		action = said
	}
	if said := lint.ActionFor(c.OnError.Rules, id); said != 0 {
		action = said
	}
	return action
}
