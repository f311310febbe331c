package audit_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/audit"
	"github.com/kslint/kslint/webhook/configuration"
)

// clock is set by hand.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.at }

func (c *clock) set(at time.Time) { c.mu.Lock(); defer c.mu.Unlock(); c.at = at }

// noon is when the audit begins; what is in force counts from settled on.
var (
	noon    = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)
	settled = noon.Add(5 * time.Minute)
)

// hook is our webhook configuration, made long ago.
func hook(t *testing.T, change func(webhook object)) object {
	t.Helper()
	text, err := json.Marshal(configuration.Build(configuration.Values{Profile: lint.Enforce}))
	if err != nil {
		t.Fatal(err)
	}
	var o object
	if err := json.Unmarshal(text, &o); err != nil {
		t.Fatal(err)
	}
	m := o["metadata"].(object)
	m["creationTimestamp"], m["managedFields"] = "2026-01-01T00:00:00Z", []object{
		// A rotation of the CA says nothing about what is asked.
		{"manager": "kslint-webhook-certificate", "operation": "Apply", "time": noon.Add(time.Hour).Format(time.RFC3339)},
	}
	for _, w := range o["webhooks"].([]any) {
		if change != nil {
			change(w.(object))
		}
	}
	return o
}

// at dates the creation of an object, and its last write.
func at(o object, created, last time.Time) object {
	m := o["metadata"].(object)
	m["creationTimestamp"] = created.Format(time.RFC3339)
	m["managedFields"] = []object{
		{"manager": "kubectl", "operation": "Update", "time": last.Format(time.RFC3339)},
		{"manager": "kube-controller-manager", "operation": "Update", "subresource": "status", "time": last.Add(24 * time.Hour).Format(time.RFC3339)},
	}
	return o
}

// slipped lists the objects of which the reports say that they slipped in.
func (s *server) slipped(namespaces ...string) (all []string) {
	for _, namespace := range namespaces {
		report := s.report(namespace)
		results, _ := report["results"].([]any)
		for i, r := range results {
			if properties, _ := r.(object)["properties"].(object); properties["slippedIn"] == "true" {
				all = append(all, namespace+"/"+names(report)[i])
			}
		}
	}
	slices.Sort(all)
	return all
}

const enforce = "enforcement: {profile: enforce}\n"

// T35: of what exists, that is said to have slipped in of which it is certain.
func TestSlippedIn_T35_isSaidOnlyWhereItIsCertain(t *testing.T) {
	before, after := settled.Add(-time.Minute), settled.Add(time.Minute)
	for _, c := range []struct {
		name   string
		config string
		hook   func(webhook object) // nil for ours as it is
		none   bool                 // no configuration at all
		object object
		want   bool
	}{
		{"made while it was in force", enforce, nil, false, at(deployment("shop", "web", faulty), after, after), true},
		{"made before", enforce, nil, false, at(deployment("shop", "web", faulty), before, before), false},
		{"made before, written later", enforce, nil, false, at(deployment("shop", "web", faulty), before, after), false},
		{"nothing is denied", "{}\n", nil, false, at(deployment("shop", "web", faulty), after, after), false},
		{"this is not denied", "enforcement: {profile: enforce, error: warn}\n", nil, false, at(deployment("shop", "web", faulty), after, after), false},
		{"annotations exempt", enforce + "annotations: allow\n", nil, false, at(deployment("shop", "web", faulty), after, after), false},
		{"there is no webhook", enforce, nil, true, at(deployment("shop", "web", faulty), after, after), false},
		{"its namespace is left out", enforce, nil, false, at(deployment("kube-system", "web", faulty), after, after), false},
		{"its namespace has other labels since", enforce, nil, false, at(deployment("new", "web", faulty), after, after), false},
		{"a controller has made it", enforce, nil, false, owned(at(deployment("shop", "web", faulty), after, after), "Rollout", "x"), false},
		{"a condition of somebody's", enforce, func(w object) {
			conditions, _ := w["matchConditions"].([]any)
			w["matchConditions"] = append(conditions, object{"name": "mine", "expression": "request.userInfo.username != 'root'"})
		}, false, at(deployment("shop", "web", faulty), after, after), false},
		{"an objectSelector", enforce, func(w object) { w["objectSelector"] = object{"matchLabels": object{"a": "b"}} }, false, at(deployment("shop", "web", faulty), after, after), false},
		{"creations are not asked about", enforce, func(w object) {
			for _, r := range w["rules"].([]any) {
				r.(object)["operations"] = []string{"UPDATE"}
			}
		}, false, at(deployment("shop", "web", faulty), after, after), false},
		{"changes are not asked about", enforce, func(w object) {
			for _, r := range w["rules"].([]any) {
				r.(object)["operations"] = []string{"CREATE"}
			}
		}, false, at(deployment("shop", "web", faulty), after, after), false},
		{"it never denies", enforce, func(w object) { w["clientConfig"].(object)["service"].(object)["path"] = "/pods-audit" }, false, at(deployment("shop", "web", faulty), after, after), false},
	} {
		s := world()
		s.add("/api/v1/namespaces", namespace("kube-system"))
		s.add("/api/v1/namespaces", at(namespace("new"), noon.Add(-time.Hour), after.Add(time.Minute)))
		if !c.none {
			s.add(hooks, hook(t, c.hook))
		}
		s.add(deployments, c.object)
		store, _ := configured(t, c.config)
		clock := &clock{at: noon}
		times := quick
		times.Settle = 0
		r := run(t, options(t, s, store).At(clock.now), times)
		r.await(t, 1)
		got := s.slipped("shop", "kube-system", "new")
		if c.want != (len(got) == 1) {
			t.Errorf("%s: %v: %s", c.name, got, r.log)
		}
		if m := r.metrics(); !strings.Contains(m, fmt.Sprintf("kslint_audit_slipped_in_objects %d\n", len(got))) {
			t.Errorf("%s: the metric says otherwise", c.name)
		}
		r.end()
	}
}

// TestSlippedIn_byAnUpdate: a pass has seen the object without the violation. It stays said, by the next leader too.
func TestSlippedIn_byAnUpdate(t *testing.T) {
	s := world()
	s.add(hooks, hook(t, nil))
	s.add(deployments, at(deployment("shop", "good", sound), noon.Add(-time.Hour), noon.Add(-time.Hour)))
	s.add(deployments, at(deployment("shop", "old", faulty), noon.Add(-time.Hour), noon.Add(-time.Hour)))
	s.add(deployments, at(deployment("shop", "exempt", faulty), noon.Add(-time.Hour), noon.Add(-time.Hour)))
	store, _ := configured(t, enforce+"exemptions: [{rule: "+rule+", match: {kind: Deployment, namespace: shop, name: exempt}, reason: r, owner: o, expiry: 2026-08-02}]\n")
	clock := &clock{at: noon}
	times := quick
	times.Settle = 0
	o := often(options(t, s, store)).At(clock.now)
	r := run(t, o, times)
	r.await(t, 1)
	clock.set(noon.Add(time.Hour))
	r.await(t, r.passes()+2)
	if got := s.slipped("shop"); len(got) != 0 {
		t.Errorf("nothing was written: %s", got)
	}
	later := noon.Add(14 * time.Hour) // the exemption has expired meanwhile
	for _, name := range []string{"good", "old", "exempt"} {
		uid := s.find(deployments, "shop", name)["metadata"].(object)["uid"]
		changed := at(deployment("shop", name, faulty), noon.Add(-time.Hour), later.Add(-time.Minute))
		changed["metadata"].(object)["uid"] = uid
		s.add(deployments, changed)
	}
	clock.set(later)
	r.await(t, r.passes()+2)
	const want = "[shop/good]"
	if got := s.slipped("shop"); fmt.Sprint(got) != want {
		t.Errorf("%s: want %s", got, want)
	}
	s.written()
	r.await(t, r.passes()+2)
	r.end()
	next := run(t, o, times)
	next.await(t, 2)
	if got := s.slipped("shop"); fmt.Sprint(got) != want || len(s.written()) != 0 {
		t.Errorf("the next leader says %s", got)
	}
}

// TestSlippedIn_outlivesALeader: what is in force counts from when it was first seen, not from when this leader began; but where
// nobody has looked for a while, it may have been otherwise.
func TestSlippedIn_outlivesALeader(t *testing.T) {
	for _, c := range []struct {
		name string
		gone bool
		want bool
	}{{"another replica goes on", false, true}, {"nobody looked for an hour", true, false}} {
		s := world()
		s.add(hooks, hook(t, nil))
		store, _ := configured(t, enforce)
		clock := &clock{at: noon}
		times := quick
		times.Settle = 0
		o := options(t, s, store).At(clock.now)
		one := run(t, o, times)
		one.await(t, 1)
		one.end()
		s.add(deployments, at(deployment("shop", "web", faulty), noon.Add(10*time.Minute), noon.Add(10*time.Minute)))
		if c.gone {
			s.do(func() {
				spec := s.find(leases, "kslint-system", "kslint-audit")["spec"].(object)
				spec["renewTime"] = time.Now().Add(-time.Hour).UTC().Format("2006-01-02T15:04:05.000000Z")
			})
		}
		clock.set(noon.Add(20 * time.Minute))
		other := run(t, o, times)
		other.await(t, 1)
		if got := s.slipped("shop"); c.want != (len(got) == 1) {
			t.Errorf("%s: %v", c.name, got)
		}
		kept := s.find(leases, "kslint-system", "kslint-audit-enforcement")["metadata"].(object)["annotations"].(object)
		if kept["kslint.io/policy-digest"] != store.Current().Digest {
			t.Errorf("%s: %v", c.name, slices.Collect(maps.Keys(kept)))
		}
		other.end()
	}
}

// TestSlippedIn_knowsOurOwnEntries: the conditions of the entries that may deny are understood as they are made.
func TestSlippedIn_knowsOurOwnEntries(t *testing.T) {
	if n := audit.Understood(); n < 3 {
		t.Errorf("%d conditions", n)
	}
}
