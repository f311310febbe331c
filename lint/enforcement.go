package lint

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Action is what becomes of a finding at admission. Actions are ordered: a later one is stricter. The zero value says nothing.
type Action int

// The actions: off does not even ask the rule, audit leaves a trace in the audit log, warn tells the user, deny refuses the
// request.
const (
	Off Action = iota + 1
	Audit
	Warn
	Deny
)

var actionNames = map[Action]string{Off: "off", Audit: "audit", Warn: "warn", Deny: "deny"}

// String is the name of the action in configurations and audit annotations.
func (a Action) String() string { return actionNames[a] }

// UnmarshalJSON reads deny, warn, audit or off. YAML has made false of off before.
func (a *Action) UnmarshalJSON(data []byte) error {
	var word string
	if string(data) == "false" {
		word = "off"
	} else if err := json.Unmarshal(data, &word); err != nil {
		return fmt.Errorf("%s: expected deny, warn, audit or off", data)
	}
	for action, name := range actionNames {
		if name == word {
			*a = action
			return nil
		}
	}
	return fmt.Errorf("%q: expected deny, warn, audit or off", word)
}

// Profile is how much the webhook may do with what it finds.
type Profile string

// The profiles: observe denies nothing, whatever the actions are; enforce and strict do what the actions say. How these two differ
// is a matter of the webhook's configuration in the cluster: what happens while no replica answers.
const (
	Observe Profile = "observe"
	Enforce Profile = "enforce"
	Strict  Profile = "strict"
)

// Enforcement says what the webhook does with findings.
type Enforcement struct {
	// Profile is observe where nothing is said.
	Profile Profile `json:"profile,omitempty"`
	// Error, Warning and Info are the actions by severity: deny, warn and audit where nothing is said.
	Error   Action `json:"error,omitempty"`
	Warning Action `json:"warning,omitempty"`
	Info    Action `json:"info,omitempty"`
	// Rules by name or glob: an action whatever the severity. The most exact pattern decides.
	Rules map[string]Action `json:"rules,omitempty"`
	// Ratchet by name or glob: off where an update is denied also for what was there before. The most exact pattern decides; where
	// none matches, it is on.
	Ratchet map[string]Switch `json:"ratchet,omitempty"`
	// Namespaces say otherwise for some namespaces; what stands later decides.
	Namespaces []NamespaceEnforcement `json:"namespaces,omitempty"`
	// Guard says who may change the labels that Namespaces go by; nil for everybody who may write namespaces.
	Guard *Guard `json:"guard,omitempty"`
}

// NamespaceEnforcement is what holds in the namespaces that match both its names and its selector, so far as it has them.
type NamespaceEnforcement struct {
	// Names are names or globs; one of them must match.
	Names []string `json:"names,omitempty"`
	// Selector is held against the labels of the namespace.
	Selector *Selector `json:"selector,omitempty"`
	// Rules by name or glob. A rule that is off by default is on where a pattern other than "*" gives it an action.
	Rules map[string]Action `json:"rules,omitempty"`
}

// OnError is what becomes of a request when a rule cannot be evaluated, by the rule's severity, or by rule.
type OnError struct {
	Error   Action            `json:"error,omitempty"`
	Warning Action            `json:"warning,omitempty"`
	Info    Action            `json:"info,omitempty"`
	Rules   map[string]Action `json:"rules,omitempty"`
}

// OnOverload is what becomes of a request that no replica has room for.
type OnOverload string

// What may be done without looking at an object. Where nothing is said, an entry with failurePolicy Fail denies and one with
// Ignore allows.
const (
	OverloadDeny  OnOverload = "deny"
	OverloadWarn  OnOverload = "warn"
	OverloadAllow OnOverload = "allow"
)

// allowed is the one value of annotations.
const allowed = "allow"

// HonoursAnnotations tells whether the webhook takes the ignores in annotations: anybody who may write an object may write them.
func (c *Config) HonoursAnnotations() bool { return c != nil && c.Annotations == allowed }

// checkWebhook refuses what is decoded and makes no sense.
func (c *Config) checkWebhook() error {
	if c.Annotations != "" && c.Annotations != allowed {
		return fmt.Errorf("annotations: unknown value %q, expected allow", c.Annotations)
	}
	if !slices.Contains([]OnOverload{"", OverloadDeny, OverloadWarn, OverloadAllow}, c.OnOverload) {
		return fmt.Errorf("onOverload: unknown value %q, expected deny, warn or allow", c.OnOverload)
	}
	if err := c.OnError.check(); err != nil {
		return fmt.Errorf("onError: %w", err)
	}
	if err := c.Enforcement.check(); err != nil {
		return fmt.Errorf("enforcement: %w", err)
	}
	return c.checkContradiction()
}

func (o *OnError) check() error {
	if o == nil {
		return nil
	}
	for _, a := range append(slices.Collect(maps.Values(o.Rules)), o.Error, o.Warning, o.Info) {
		if a == Off {
			return fmt.Errorf("a rule that cannot be evaluated is never passed over, expected deny, warn or audit")
		}
	}
	return nil
}

func (e *Enforcement) check() error {
	if e == nil {
		return nil
	}
	if profiles := []Profile{"", Observe, Enforce, Strict}; !slices.Contains(profiles, e.Profile) {
		return fmt.Errorf("unknown profile %q, expected observe, enforce or strict", e.Profile)
	}
	for i, n := range e.Namespaces {
		if len(n.Names) == 0 && n.Selector == nil {
			return fmt.Errorf("namespaces[%d]: names or a selector is missing: say which namespaces", i)
		}
		if err := checkGlobs(n.Names); err != nil {
			return fmt.Errorf("namespaces[%d]: names: %w", i, err)
		}
		if err := n.Selector.check(); err != nil {
			return fmt.Errorf("namespaces[%d]: selector: %w", i, err)
		}
		if len(n.Rules) == 0 {
			return fmt.Errorf("namespaces[%d]: rules is missing: say what holds there", i)
		}
	}
	return e.checkGuard()
}

// checkContradiction finds a rule that is switched off by name and enforced by name: it would not run, and nobody would know.
func (c *Config) checkContradiction() error {
	for _, rules := range c.enforced() {
		for _, id := range slices.Sorted(maps.Keys(rules)) {
			own, named := c.Rules[id]
			if named && own.On != nil && !*own.On && rules[id] > Off {
				return fmt.Errorf("rules switches %q off, enforcement says %s", id, rules[id])
			}
		}
	}
	return nil
}

// enforced lists every place where the configuration names rules for the webhook.
func (c *Config) enforced() []map[string]Action {
	var all []map[string]Action
	if c.OnError != nil {
		all = append(all, c.OnError.Rules)
	}
	if c.Enforcement != nil {
		all = append(all, c.Enforcement.Rules)
		for _, n := range c.Enforcement.Namespaces {
			all = append(all, n.Rules)
		}
	}
	return all
}

// ActionFor gives what the most exact of the patterns that match says about a rule, 0 for nothing.
func ActionFor(rules map[string]Action, id string) Action {
	best := mostExact(rules, id)
	return rules[best]
}

// SwitchesOn gives what rules say about one that is off by default: "*" alone speaks about the rules that run.
func SwitchesOn(rules map[string]Action, id string) Action {
	if best := mostExact(rules, id); best != "*" {
		return rules[best]
	}
	return 0
}

func mostExact[T any](rules map[string]T, id string) string {
	best := ""
	for pattern := range rules {
		if Matches(pattern, id) && (best == "" || moreExact(pattern, best, id) > 0) {
			best = pattern
		}
	}
	return best
}
