package verdict_test

import (
	"strings"
	"testing"

	"github.com/kslint/kslint/webhook/admission"
)

const guarding = `
  guard: {users: [ann], groups: [platform], labels: [team]}
  namespaces: [{selector: {matchLabels: {tier: tenant}}, rules: {tenant: deny}}]
`

func space(labels map[string]any) object {
	return object{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": "shop", "labels": labels}}
}

// T12 (Capsule CVE-2025-55205): a label that chooses what is enforced is set, changed and removed by those only whom the
// configuration names, through the namespace and both of its subresources.
func TestReview_T12_guardedLabels(t *testing.T) {
	tenant, platform, none := space(map[string]any{"tier": "tenant"}), space(map[string]any{"tier": "platform"}), space(nil)
	for _, test := range []struct {
		name          string
		before, after object
		user, group   string
		decision      string
	}{
		{"set", none, tenant, "eve", "dev", "deny"},
		{"changed", tenant, platform, "eve", "dev", "deny"},
		{"removed", tenant, none, "eve", "dev", "deny"},
		{"emptied", tenant, space(map[string]any{"tier": ""}), "eve", "dev", "deny"},
		{"set at creation", nil, tenant, "eve", "dev", "deny"},
		{"another that is named", none, space(map[string]any{"team": "a"}), "eve", "dev", "deny"},
		{"by a user who may", tenant, platform, "ann", "dev", "allow"},
		{"by a group that may", tenant, platform, "eve", "platform", "allow"},
		{"by a user called like the group", tenant, platform, "platform", "dev", "deny"},
		{"by a group called like the user", tenant, platform, "eve", "ann", "deny"},
		{"another label", tenant, space(map[string]any{"tier": "tenant", "a": "b"}), "eve", "dev", "skip: unchanged"},
		{"none at creation", nil, space(map[string]any{"a": "b"}), "eve", "dev", "skip: unchanged"},
	} {
		for _, sub := range []string{"", "status", "finalize"} {
			operation := "UPDATE"
			if test.before == nil {
				operation = "CREATE"
			}
			q := request(operation, test.before, test.after)
			q.Entry, q.SubResource, q.User, q.Groups = "guard", sub, test.user, []string{test.group, "system:authenticated"}
			a := asked(t, reviewer(t, "enforcement:\n  profile: enforce"+guarding, nil), q)
			if a.Allowed != (test.decision != "deny") || a.Audit["decision"] != test.decision {
				t.Errorf("%s, %q: allowed %v, %v", test.name, sub, a.Allowed, a.Audit)
			}
			if !a.Allowed && !strings.Contains(a.Message, "of namespace shop is guarded") {
				t.Errorf("%s: %s", test.name, a.Message)
			}
		}
	}
}

func TestReview_guardWarnsUnderObserve(t *testing.T) {
	q := request("UPDATE", space(map[string]any{"tier": "a"}), space(nil))
	q.Entry, q.User = "guard", "eve"
	a := asked(t, reviewer(t, "lang: zh\nenforcement:"+guarding, nil), q)
	if !a.Allowed || a.Audit["decision"] != "warn" || a.Audit["guarded-labels"] != "tier" || len(a.Warnings) != 1 || !strings.Contains(a.Warnings[0], "受保护") {
		t.Errorf("got %+v", a)
	}
}

// What the guard is asked beside is let through; what it cannot read is not.
func TestReview_guardOfOtherThings(t *testing.T) {
	config := "enforcement:\n  profile: enforce" + guarding
	tenant := space(map[string]any{"tier": "tenant"})
	odd := func(labels string) *admission.Request {
		q := request("UPDATE", tenant, tenant)
		q.Object = []byte(`{"metadata":` + labels + `}`)
		return q
	}
	for _, test := range []struct {
		name, config string
		request      *admission.Request
		decision     string
	}{
		{"no guard", enforce, request("CREATE", nil, tenant), "skip: no guard"},
		{"a deletion", config, request("DELETE", tenant, nil), "skip: operation"},
		{"a Deployment", config, request("CREATE", nil, bad), "skip: no namespace"},
		{"null labels", config, odd(`{"labels": null}`), "deny"},
		{"null metadata", config, odd(`null`), "deny"},
		{"labels of another type", config, odd(`{"labels": ["tier"]}`), "deny"},
		{"an old object that is no object", config, func() *admission.Request {
			q := request("UPDATE", tenant, tenant)
			q.OldObject = []byte(`[]`)
			return q
		}(), "deny"},
	} {
		test.request.Entry, test.request.User = "guard", "eve"
		if a := asked(t, reviewer(t, test.config, nil), test.request); a.Audit["decision"] != test.decision {
			t.Errorf("%s: %v", test.name, a.Audit)
		}
	}
}
