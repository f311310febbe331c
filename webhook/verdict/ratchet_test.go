package verdict_test

import (
	"strings"
	"testing"
)

// T31 (kyverno#15763, #17182, #9044): an update is denied only for what it makes worse.
func TestReview_T31_ratcheting(t *testing.T) {
	limited := func(name, limit string) map[string]any {
		c := container(name, "x:1")
		c["resources"] = map[string]any{"limits": map[string]any{"memory": limit}}
		return c
	}
	fails := func(o object) object { return o.with("metadata.annotations", map[string]any{"fail": "x"}) }
	for _, test := range []struct {
		name          string
		before, after object
		denied        int
		tolerated     int
	}{
		{"old bad, new same bad", bad, bad.with("spec.replicas", 2), 0, 1},
		{"old good, new bad", good, bad, 1, 0},
		{"old bad, new good", bad, good, 0, 0},
		{"old bad, another bad", bad, deployment(container("a", "y:bad")), 1, 0},
		{"old bad, the same and another bad", bad, deployment(container("a", "x:bad"), container("b", "x:bad")), 1, 1},
		{"old good and an edit of something else", good, good.with("spec.replicas", 2), 0, 0},
		{
			"a moved container", deployment(container("a", "x:bad"), container("b", "x:1")),
			deployment(container("b", "x:1"), container("a", "x:bad")), 0, 1,
		},
		{"a renamed container", bad, deployment(container("b", "x:bad")), 1, 0},
		{
			"the image goes to another container", deployment(container("a", "x:bad"), container("b", "x:1")),
			deployment(container("a", "x:1"), container("b", "x:bad")), 1, 0,
		},
		{
			"the same two", deployment(container("a", "x:bad"), container("b", "x:bad")),
			deployment(container("a", "x:bad"), container("b", "x:bad")).with("spec.replicas", 2), 0, 2,
		},
		{"a value that is written in another way", pod(limited("a", "1Gi")), pod(limited("a", "1024Mi")), 0, 1},
		{"a larger value", pod(limited("a", "1Gi")), pod(limited("a", "2Gi")), 1, 0},
		{"a rule that failed before fails again", fails(good), fails(good).with("spec.replicas", 2), 0, 1},
		{"a rule fails now", good, fails(good).with("spec.replicas", 2), 1, 0},
		{"a rule failed before, and another finds something new", fails(good), fails(bad), 1, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := asked(t, reviewer(t, enforce, nil), change(test.before, test.after))
			denied := 0
			if a.Message != "" {
				denied = len(strings.Split(a.Message, "\n"))
			}
			if a.Allowed != (test.denied == 0) || denied != test.denied || len(a.Warnings) != test.tolerated {
				t.Errorf("got %v\n%s\n%q", a.Allowed, a.Message, a.Warnings)
			}
			for _, w := range a.Warnings {
				if !strings.Contains(w, "existing violation, tolerated: ") && !strings.HasPrefix(w, "fails: ") {
					t.Errorf("got %q", w)
				}
			}
			if test.tolerated > 0 && !strings.Contains(a.Audit["rules"], ": tolerated") {
				t.Errorf("got %v", a.Audit)
			}
		})
	}
}

func TestReview_ratcheting_off(t *testing.T) {
	ratchet := func(rules string) string { return "enforcement: {profile: enforce, ratchet: {" + rules + "}}" }
	failing := good.with("metadata.annotations", map[string]any{"fail": "x"})
	for _, test := range []struct {
		name, config  string
		before, after object
		rules         string
	}{
		{"on where nothing is said", enforce, bad, bad.with("spec.replicas", 2), "bad-image: tolerated"},
		{"off for a rule", ratchet("bad-image: off"), bad, bad.with("spec.replicas", 2), "bad-image: deny"},
		{"off for another rule", ratchet("big-*: off"), bad, bad.with("spec.replicas", 2), "bad-image: tolerated"},
		{"the most exact pattern", ratchet("'*': off, bad-*: on"), bad, bad.with("spec.replicas", 2), "bad-image: tolerated"},
		{"one of two rules", ratchet("bad-image: off"), bad, bad.with("metadata.annotations", map[string]any{"fail": "x"}).with("spec.replicas", 2), "bad-image: deny, fails: deny on error"},
		{
			"the other one is tolerated all the same", ratchet("bad-image: off"), failing.with(inTemplate, containers(container("a", "x:bad"))),
			failing.with(inTemplate, containers(container("a", "x:bad"))).with("spec.replicas", 2), "bad-image: deny, fails: tolerated on error",
		},
		{"a rule that fails again", ratchet("fails: off"), failing, failing.with("spec.replicas", 2), "fails: deny on error"},
		{"what is mended passes", ratchet("'*': off"), bad, good, ""},
		{"an update that leaves the spec alone passes", ratchet("'*': off"), bad, bad.with("metadata.labels", map[string]any{"team": "b"}), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := asked(t, reviewer(t, test.config, nil), change(test.before, test.after))
			if a.Audit["rules"] != test.rules || a.Allowed == strings.Contains(test.rules, "deny") {
				t.Errorf("got %v %v, want %s", a.Allowed, a.Audit, test.rules)
			}
		})
	}
}

// TestReview_ratcheting_byTheReviewAlone: T10 (CVE-2021-25735): what was there is what the review says, nothing else.
func TestReview_ratcheting_withoutAnOldObject(t *testing.T) {
	q := change(good, bad)
	q.OldObject = nil
	if a := asked(t, reviewer(t, enforce, nil), q); a.Allowed {
		t.Error("T10: was allowed")
	}
	q.OldObject = []byte("{")
	if a := asked(t, reviewer(t, enforce, nil), q); a.Allowed {
		t.Error("T10: was allowed by an old object that nobody can read")
	}
	created := creation(bad)
	created.OldObject = bad.json()
	if a := asked(t, reviewer(t, enforce, nil), created); a.Allowed {
		t.Error("T10: a creation has nothing that was there")
	}
}

func TestReview_ratcheting_isRehearsedByObserve(t *testing.T) {
	a := asked(t, reviewer(t, "", nil), change(bad, bad.with("spec.replicas", 2)))
	if len(a.Warnings) != 1 || !strings.Contains(a.Warnings[0], "tolerated") || a.Audit["rules"] != "bad-image: tolerated" {
		t.Errorf("got %v", a)
	}
}
