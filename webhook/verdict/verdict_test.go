package verdict_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/verdict"
)

var (
	good = deployment(container("a", "x:1"))
	bad  = deployment(container("a", "x:bad"))
)

func TestReview_enforcement(t *testing.T) {
	unlabelled := deployment(container("a", "x:1")).with("metadata.labels", map[string]any{})
	for _, test := range []struct {
		name, config, entry string
		object              object
		decision, rules     string
	}{
		{"sound", enforce, "workloads", good, "allow", ""},
		{"an error denies", enforce, "workloads", bad, "deny", "bad-image: deny"},
		{"the profile observe, which is the default, denies nothing", "", "workloads", bad, "warn", "bad-image: warn instead of deny"},
		{"nor whatever the actions are", "enforcement: {error: deny, rules: {bad-image: deny}}", "workloads", bad, "warn", "bad-image: warn instead of deny"},
		{"strict denies", "enforcement: {profile: strict}", "workloads", bad, "deny", "bad-image: deny"},
		{"the entry of controllers' pods denies nothing", enforce, "pods-audit", bad, "warn", "bad-image: warn instead of deny"},
		{"an info is for the audit log", enforce, "workloads", unlabelled, "audit", "label: audit"},
		{"a severity's action", "enforcement: {profile: enforce, error: audit}", "workloads", bad, "audit", "bad-image: audit"},
		{"a severity that is off", "enforcement: {profile: enforce, info: off}", "workloads", unlabelled, "allow", ""},
		{"a rule's action", "enforcement: {profile: enforce, rules: {label: deny}}", "workloads", unlabelled, "deny", "label: deny"},
		{"a rule that is off", "enforcement: {profile: enforce, rules: {bad-*: off}}", "workloads", bad, "allow", ""},
		{"the most exact pattern", "enforcement: {profile: enforce, rules: {bad-*: off, bad-image: warn}}", "workloads", bad, "warn", "bad-image: warn"},
		{"a severity of the configuration", "rules: {bad-image: warning}\n" + enforce, "workloads", bad, "warn", "bad-image: warn"},
		{"a rule that the configuration switches off", "rules: {bad-image: off}\n" + enforce, "workloads", bad, "allow", ""},
		{"a rule that the configuration switches on", "rules: {tenant: on}\n" + enforce, "workloads", good, "deny", "tenant: deny"},
		{"off wins over a glob of the enforcement", "rules: {tenant: off}\nenforcement: {profile: enforce, rules: {ten*: deny}}", "workloads", good, "allow", ""},
		{"an action switches a rule on", "enforcement: {profile: enforce, rules: {ten*: warn}}", "workloads", good, "warn", "tenant: warn"},
		{"an action for all switches nothing on", "enforcement: {profile: enforce, rules: {'*': deny}}", "workloads", good, "allow", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			q := creation(test.object)
			q.Entry = test.entry
			a := asked(t, reviewer(t, test.config, nil), q)
			if a.Allowed != (test.decision != "deny") || a.Audit["decision"] != test.decision || a.Audit["rules"] != test.rules {
				t.Errorf("got %v %v, want %s %s", a.Allowed, a.Audit, test.decision, test.rules)
			}
			if a.Audit["policy-digest"] != "sha256:x" {
				t.Errorf("got %v", a.Audit)
			}
			if (test.decision == "warn") != (len(a.Warnings) == 1) {
				t.Errorf("got %q", a.Warnings)
			}
		})
	}
}

// tenants enforces a rule that is off by default by name and by selector.
const tenants = `
enforcement:
  profile: enforce
  namespaces:
  - {names: [shop, 'team-*'], rules: {tenant: deny}}
  - {selector: {matchLabels: {tier: prod}}, rules: {tenant: deny}}
  - {selector: {matchLabels: {tier: test}}, rules: {tenant: warn}}
  - {names: ['lab-*'], selector: {matchExpressions: [{key: trial, operator: Exists}]}, rules: {'*': warn, tenant: audit}}
`

// T04 (CVE-2025-46342): a namespace that was not heard of yet, or whose labels cannot be asked, never skips a rule.
func TestReview_namespaces(t *testing.T) {
	namespaces := known{
		"shop": {}, "team-x": {"tier": "test"}, "plain": {}, "p": {"tier": "prod"}, "t": {"tier": "test"},
		"lab-a": {"trial": ""}, "lab-b": {}, "both": {"tier": "prod", "trial": ""},
	}
	for _, test := range []struct {
		name, namespace string
		known           known
		object          object
		want            string
	}{
		{"by name", "shop", namespaces, good, "deny"},
		{"what stands later decides", "team-x", namespaces, good, "warn"},
		{"by a glob, and unknown", "team-y", namespaces, good, "deny"},
		{"elsewhere the rule is off", "plain", namespaces, good, "allow"},
		{"by a selector", "p", namespaces, good, "deny"},
		{"by another selector", "t", namespaces, good, "warn"},
		{"by a name and a selector", "lab-a", namespaces, good, "audit"},
		{"by a name whose selector does not match", "lab-b", namespaces, good, "allow"},
		{"by a selector whose name does not match", "both", namespaces, good, "deny"},
		{"another rule there", "lab-a", namespaces, bad, "warn"},
		{"another rule elsewhere", "lab-b", namespaces, bad, "deny"},
		{"T04: an unknown namespace is judged by the strictest that could match", "new", namespaces, good, "deny"},
		{"T04: an entry that may make it laxer does not", "lab-new", namespaces, bad, "deny"},
		{"T04: nothing is known of any", "plain", nil, good, "deny"},
		{"an object in no namespace", "", namespaces, good, "allow"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := reviewer(t, tenants, test.known)
			a := asked(t, r, creation(test.object.with("metadata.namespace", test.namespace)))
			if a.Audit["decision"] != test.want || a.Allowed != (test.want != "deny") {
				t.Errorf("got %v, want %s", a.Audit, test.want)
			}
		})
	}
	if a := asked(t, reviewerOf(snapshotOf(t, tenants), nil, verdict.Options{}), creation(good.with("metadata.namespace", "plain"))); a.Allowed {
		t.Error("T04: without a source of namespaces an unknown one was let through")
	}
}

// T33 (polaris#465): the namespace is the request's where the object has none yet.
func TestReview_T33_theNamespaceIsTheRequests(t *testing.T) {
	o := deployment(container("a", "x:1"))
	delete(o["metadata"].(map[string]any), "namespace")
	delete(o["metadata"].(map[string]any), "name")
	o = o.with("metadata.generateName", "web-")
	q := creation(o)
	q.Namespace = "shop"
	if a := asked(t, reviewer(t, tenants, known{"shop": {}}), q); a.Allowed {
		t.Errorf("got %v", a)
	}
	exempt := enforce + "exemptions: [{rule: bad-image, reason: known, owner: anna, expiry: 2026-09-01, match: {namespace: shop}}]"
	q = creation(o.with(inTemplate, containers(container("a", "x:bad"))))
	for namespace, want := range map[string]bool{"shop": true, "bank": false} {
		q.Namespace = namespace
		if a := asked(t, reviewer(t, exempt, nil), q); a.Allowed != want {
			t.Errorf("%s: got %v", namespace, a)
		}
	}
}

// T05 (CVE-2024-48921), T11, T12: who may write an object, its owners or its namespace's labels grants no exemption.
func TestReview_exemptions(t *testing.T) {
	const config = enforce + `
exemptions:
- {rule: bad-image, reason: known, owner: anna, expiry: 2026-09-01, match: {kind: Deployment, namespace: shop, name: web}}
- {rule: bad-image, reason: known, owner: anna, expiry: 2026-08-01, match: {namespace: bank}}
- {rule: other-*, reason: known, owner: anna, expiry: 2026-09-01, match: {namespace: farm}}
- {rule: bad-image, reason: known, owner: anna, expiry: 2027-01-28, match: {namespace: pier}}
- {rule: bad-image, reason: known, owner: anna, expiry: 2027-01-29, match: {namespace: quay}}
- {rule: bad-image, reason: known, owner: anna, match: {namespace: road}}
- {rule: bad-image, reason: known, expiry: 2026-09-01, match: {namespace: yard}}
`
	ignoring := bad.with("metadata.annotations", map[string]any{lint.IgnoreAnnotation: "bad-image -- I say so"})
	for _, test := range []struct {
		name, config string
		object       object
		allowed      bool
	}{
		{"exact", config, bad, true},
		{"another name", config, bad.with("metadata.name", "web2"), false},
		{"another namespace", config, bad.with("metadata.namespace", "shop2"), false},
		{"another kind", config, pod(container("a", "x:bad")), false},
		{"expired", config, bad.with("metadata.namespace", "bank"), false},
		{"another rule's", config, bad.with("metadata.namespace", "farm"), false},
		{"it ends in 180 days", config, bad.with("metadata.namespace", "pier"), true},
		{"it ends in 181 days", config, bad.with("metadata.namespace", "quay"), false},
		{"it never ends", config, bad.with("metadata.namespace", "road"), false},
		{"nobody answers for it", config, bad.with("metadata.namespace", "yard"), false},
		{"nor where annotations are honoured", config + "annotations: allow", bad.with("metadata.namespace", "road"), false},
		{"an annotation is not honoured", enforce, ignoring, false},
		{"unless the configuration says so", enforce + "annotations: allow", ignoring, true},
		{"T11: an owner exempts nothing", enforce, bad.with("metadata.ownerReferences", []any{
			map[string]any{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "x", "uid": "y", "controller": true},
		}), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := asked(t, reviewer(t, test.config, nil), creation(test.object))
			if a.Allowed != test.allowed {
				t.Errorf("got %v %q", a.Allowed, a.Message)
			}
			if test.allowed && (a.Audit["rules"] != "bad-image: exempt" || len(a.Warnings) > 0) {
				t.Errorf("got %v %q", a.Audit, a.Warnings)
			}
		})
	}
}

// T38 (F8): what a rule that cannot be evaluated does is said by onError, and never hides the other rules.
func TestReview_onError(t *testing.T) {
	failing := good.with("metadata.annotations", map[string]any{"fail": "x"})
	soft := good.with("metadata.annotations", map[string]any{"soft": "s3cr3t"})
	both := bad.with("metadata.annotations", map[string]any{"fail": "s3cr3t", "soft": "y"})
	for _, test := range []struct {
		name, config string
		object       object
		want         string
	}{
		{"an error's failure denies", enforce, failing, "deny fails: deny on error"},
		{"a warning's failure warns", enforce, soft, "warn fails-softly: warn on error"},
		{"observe denies nothing", "", failing, "warn fails: warn instead of deny on error"},
		{"by severity", enforce + "onError: {error: warn, warning: deny}", failing, "warn fails: warn on error"},
		{"no stricter than the rule itself", enforce + "onError: {error: warn, warning: deny}", soft, "warn fails-softly: warn on error"},
		{"by rule", enforce + "onError: {rules: {fail*: audit}}", failing, "audit fails: audit on error"},
		{"a rule that only warns does not deny by failing", "enforcement: {profile: enforce, rules: {fails: warn}}", failing, "warn fails: warn on error"},
		{"the others are heard", enforce + "onError: {error: audit, warning: audit}", both, "deny bad-image: deny, fails-softly: audit on error, fails: audit on error"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var failed []string
			r := reviewerOf(snapshotOf(t, test.config), nil, verdict.Options{RuleFailed: func(rule string) { failed = append(failed, rule) }})
			a := asked(t, r, creation(test.object))
			if got := a.Audit["decision"] + " " + a.Audit["rules"]; got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			if len(failed) == 0 {
				t.Error("nobody was told of the failure")
			}
			if said := a.Message + strings.Join(a.Warnings, ""); strings.Contains(said, "s3cr3t") {
				t.Errorf("the object's text is told: %s", said)
			}
		})
	}
}

// T17: an evaluation ends with the request's time, and what could not be judged in time is no way around.
func TestReview_T17_endsAtTheDeadline(t *testing.T) {
	r := reviewer(t, enforce, nil)
	slow := bad.with("metadata.annotations", map[string]any{"slow": "yes"})
	for name, q := range map[string]func() *timed{
		"create": func() *timed { return &timed{nil, slow} },
		"update": func() *timed { return &timed{slow.with("spec.replicas", 1), slow} },
	} {
		ctx, cancel := context.WithTimeout(context.Background(), 400*time.Millisecond)
		began := time.Now()
		both := q()
		request := creation(both.after)
		if both.before != nil {
			request = change(both.before, both.after)
		}
		a := r.Review(ctx, request)
		cancel()
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("%s: took %s", name, took)
		}
		if a.Allowed || !strings.Contains(a.Message, "slow: the rule could not be evaluated in time") {
			t.Errorf("%s: got %v %q", name, a.Allowed, a.Message)
		}
		if strings.Contains(a.Audit["rules"], "fails") {
			t.Errorf("%s: the slow rule left no time for the others: %v", name, a.Audit)
		}
	}
}

type timed struct{ before, after object }
