package lint_test

import (
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kslint/kslint/lint"
)

const enforcing = `
enforcement:
  profile: enforce
  error: deny
  warning: audit
  info: off
  rules: {etcd-*: warn, etcd-x: off}
  ratchet: {etcd-*: off, workload-y: on}
  namespaces:
  - names: [shop-*]
    selector:
      matchLabels: {team: shop}
      matchExpressions: [{key: tier, operator: In, values: [prod]}]
    rules: {workload-*: deny}
onError: {error: warn, rules: {etcd-x: audit}}
onOverload: allow
annotations: allow
`

func TestParseConfig_readsTheWebhooksKeys(t *testing.T) {
	c, err := lint.ParseConfig("c", "/", []byte(enforcing))
	if err != nil {
		t.Fatal(err)
	}
	e := c.Enforcement
	if e.Profile != lint.Enforce || e.Error != lint.Deny || e.Warning != lint.Audit || e.Info != lint.Off {
		t.Errorf("got %+v", e)
	}
	if want := map[string]lint.Action{"etcd-*": lint.Warn, "etcd-x": lint.Off}; !maps.Equal(e.Rules, want) {
		t.Errorf("got %v", e.Rules)
	}
	for id, want := range map[string]bool{"etcd-x": false, "workload-y": true, "yaml-tab": true} {
		if c.Ratchets(id) != want {
			t.Errorf("ratchet of %s: want %v", id, want)
		}
	}
	if n := e.Namespaces[0]; n.Names[0] != "shop-*" || n.Selector.MatchLabels["team"] != "shop" || n.Rules["workload-*"] != lint.Deny {
		t.Errorf("got %+v", n)
	}
	if c.OnError.Error != lint.Warn || c.OnError.Rules["etcd-x"] != lint.Audit || c.OnOverload != lint.OverloadAllow || !c.HonoursAnnotations() {
		t.Errorf("got %+v", c)
	}
	if err := c.CheckRules([]string{"etcd-x", "workload-y"}); err != nil {
		t.Error(err)
	}
	if err := c.CheckRules([]string{"etcd-x"}); err == nil || !strings.Contains(err.Error(), `no rule "workload-*"`) {
		t.Errorf("got %v", err)
	}
	c.Enforcement.Ratchet["etcd-yy"] = false
	if err := c.CheckRules([]string{"etcd-x", "workload-y"}); err == nil || err.Error() != `c: enforcement: ratchet: no rule "etcd-yy", did you mean "etcd-x"?` {
		t.Errorf("got %v", err)
	}
}

func TestParseConfig_mistakesInTheWebhooksKeys(t *testing.T) {
	for text, want := range map[string]string{
		"enforcment: {}":                                       `unknown key "enforcment", did you mean "enforcement"?`,
		"enforcement: {eror: deny}":                            `unknown key "eror", did you mean "error"?`,
		"enforcement: {error: refuse}":                         `"refuse": expected deny, warn, audit or off`,
		"enforcement: {error: true}":                           `true: expected deny, warn, audit or off`,
		"enforcement: {profile: loud}":                         `enforcement: unknown profile "loud", expected observe, enforce or strict`,
		"enforcement: {ratchet: {x: deny}}":                    `"deny": expected on or off`,
		"enforcement: {ratchets: {x: off}}":                    `unknown key "ratchets", did you mean "ratchet"?`,
		"enforcement: {rules: {x: 1}}":                         `1: expected deny`,
		"enforcement: {namespaces: [{rules: {x: deny}}]}":      `namespaces[0]: names or a selector is missing`,
		"enforcement: {namespaces: [{names: [a]}]}":            `namespaces[0]: rules is missing`,
		"enforcement: {namespaces: [{names: ['[']}]}":          `"[" is no name and no glob`,
		"enforcement: {namespaces: [{selector: {label: {}}}]}": `unknown key "label"`,
		"enforcement: {namespaces: [{selector: {matchExpressions: [{key: a, operator: in}]}}]}":                  `unknown operator "in", expected In, NotIn, Exists or DoesNotExist`,
		"enforcement: {namespaces: [{selector: {matchExpressions: [{key: a, operator: In}]}}]}":                  `In needs values`,
		"enforcement: {namespaces: [{selector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}}]}": `Exists takes no values`,
		"enforcement: {namespaces: [{selector: {matchExpressions: [{operator: Exists}]}}]}":                      `key is missing`,
		"onError: {error: off}":                            `onError: a rule that cannot be evaluated is never passed over`,
		"onError: {fatal: deny}":                           `unknown key "fatal"`,
		"onOverload: queue":                                `onOverload: unknown value "queue"`,
		"annotations: deny":                                `annotations: unknown value "deny", expected allow`,
		"rules: {x: off}\nenforcement: {rules: {x: deny}}": `rules switches "x" off, enforcement says deny`,
		"rules: {x: off}\nenforcement: {namespaces: [{names: [a], rules: {x: warn}}]}": `rules switches "x" off, enforcement says warn`,
	} {
		if _, err := lint.ParseConfig("c", "/", []byte(text)); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

func TestActionFor_theMostExactPatternDecides(t *testing.T) {
	rules := map[string]lint.Action{"*": lint.Audit, "workload-*": lint.Warn, "workload-x": lint.Deny, "workload-off-*": lint.Off}
	for id, want := range map[string]lint.Action{"a": lint.Audit, "workload-a": lint.Warn, "workload-x": lint.Deny, "workload-off-a": lint.Off} {
		if got := lint.ActionFor(rules, id); got != want {
			t.Errorf("%s: got %s, want %s", id, got, want)
		}
	}
	if got := lint.SwitchesOn(rules, "a"); got != 0 {
		t.Errorf("the pattern * switched a rule on: %s", got)
	}
	if got := lint.SwitchesOn(rules, "workload-a"); got != lint.Warn {
		t.Errorf("got %s", got)
	}
	if got := lint.ActionFor(nil, "a"); got != 0 {
		t.Errorf("got %s", got)
	}
}

// TestSelector_matchesAsKubernetesDoes holds random selectors and labels against apimachinery's own.
func TestSelector_matchesAsKubernetesDoes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	keys, values := []string{"a", "b", "c"}, []string{"", "x", "y"}
	pick := func(from []string) string { return from[r.IntN(len(from))] }
	seen := map[bool]int{}
	for range 5000 {
		own, theirs := lint.Selector{MatchLabels: map[string]string{}}, metav1.LabelSelector{MatchLabels: map[string]string{}}
		for range r.IntN(2) {
			k, v := pick(keys), pick(values)
			own.MatchLabels[k], theirs.MatchLabels[k] = v, v
		}
		for range r.IntN(3) {
			one := lint.Requirement{Key: pick(keys), Operator: pick([]string{"In", "NotIn", "Exists", "DoesNotExist"})}
			if strings.HasSuffix(one.Operator, "In") {
				one.Values = []string{pick(values), pick(values)}
			}
			own.MatchExpressions = append(own.MatchExpressions, one)
			theirs.MatchExpressions = append(theirs.MatchExpressions, metav1.LabelSelectorRequirement{
				Key: one.Key, Operator: metav1.LabelSelectorOperator(one.Operator), Values: one.Values,
			})
		}
		found := map[string]string{}
		for range r.IntN(4) {
			found[pick(keys)] = pick(values)
		}
		selector, err := metav1.LabelSelectorAsSelector(&theirs)
		if err != nil {
			t.Fatal(err)
		}
		want := selector.Matches(labels.Set(found))
		seen[want]++
		if got := own.Matches(found); got != want {
			t.Errorf("%+v against %v: got %v", own, found, got)
		}
	}
	if seen[true] < 500 || seen[false] < 500 {
		t.Errorf("%v proves little", seen)
	}
	if (*lint.Selector)(nil).Matches(map[string]string{}) {
		t.Error("no selector matched something")
	}
}

func TestConfig_With_settlesSingleRules(t *testing.T) {
	c, err := lint.ParseConfig("c", "/", []byte("rules: {a: off, b: off}"))
	if err != nil {
		t.Fatal(err)
	}
	on := true
	settled := c.With(map[string]lint.RuleConfig{"a": {On: &on}})
	if s := settled.Setting("a"); !*s.On {
		t.Error("a is still off")
	}
	if s := settled.Setting("b"); *s.On {
		t.Error("b is on")
	}
	if s := c.Setting("a"); *s.On {
		t.Error("the configuration itself has changed")
	}
	if s := (*lint.Config)(nil).With(nil).Setting("a"); s.On != nil {
		t.Error("nothing was said about a")
	}
}

func TestExempt_honoursExemptionsAndNothingElse(t *testing.T) {
	c, err := lint.ParseConfig("c", "/", []byte(`
exemptions:
- {rule: a, reason: known, expiry: 2026-09-01, match: {namespace: shop, kind: Deployment, name: web}}
- {rule: b, reason: known, expiry: 2026-07-01}`))
	if err != nil {
		t.Fatal(err)
	}
	object := lint.Resource{Kind: "Deployment", Namespace: "shop", Name: "web"}
	other := lint.Resource{Kind: "Deployment", Namespace: "bank", Name: "web"}
	r := &lint.Report{Findings: []lint.Finding{
		{Rule: &lint.Rule{ID: "a"}, File: "f", Object: object},
		{Rule: &lint.Rule{ID: "a"}, File: "f", Object: other},
		{Rule: &lint.Rule{ID: "b"}, File: "f", Object: object},
	}}
	lint.Exempt(r, []*lint.File{{Source: &lint.Source{Name: "f"}, Config: c}}, time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC))
	for i, want := range []string{"known", "", ""} {
		if got := r.Findings[i].Waived; got != want {
			t.Errorf("finding %d: waived for %q, want %q", i, got, want)
		}
	}
}
