package audit_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/kslint/kslint/webhook/audit"
)

func TestLeader_aChangeOfTheConfigurationIsAPass(t *testing.T) {
	s := world()
	s.add(deployments, deployment("shop", "web", faulty))
	store, file := configured(t, "{}\n")
	r := run(t, options(t, s, store), quick)
	r.await(t, 1)
	write(t, file, "rules: {"+rule+": off}\n")
	store.Kick(t.Context())
	r.await(t, 2)
	if s.report("shop") != nil {
		t.Error("the rule is off")
	}
	if m := r.metrics(); strings.Contains(m, "kslint_audit_findings{") || !strings.Contains(m, "kslint_policy_info{") {
		t.Error(m)
	}
}

// TestLeader_oneWorks: the other waits and tells nothing, until the Lease is given back.
func TestLeader_oneWorks(t *testing.T) {
	s := world()
	s.add(deployments, deployment("shop", "web", faulty))
	store, _ := configured(t, "{}\n")
	o := options(t, s, store)
	one := run(t, o, quick)
	one.await(t, 1)
	o.Replica = "b"
	other := run(t, o, quick)
	soon(t, "the other has asked for the Lease", other.log.String, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.asked["get /apis/coordination.k8s.io/v1/leases"] > 4
	})
	m := other.metrics()
	if !strings.Contains(m, "kslint_audit_leader 0") || strings.Contains(m, "kslint_audit_objects") || strings.Contains(m, "kslint_audit_last_pass") || other.passes() != 0 {
		t.Errorf("the other works: %s", m)
	}
	if detail, err := other.Ready(); err != nil || !strings.Contains(detail, "another replica leads") {
		t.Errorf("%s %v", detail, err)
	}
	one.end()
	if m := one.metrics(); !strings.Contains(m, "kslint_audit_leader 0") || strings.Contains(m, "kslint_audit_objects") {
		t.Errorf("who has ended still tells: %s", m)
	}
	other.await(t, 1)
	if detail, err := other.Ready(); err != nil || !strings.Contains(detail, "1 objects, 1 findings") || other.Live(t.Context()) != nil {
		t.Errorf("%s %v", detail, err)
	}
}

// TestLeader_givesTheLeaseBackWhenItsWorkHasEnded: nothing is asked after it.
func TestLeader_givesTheLeaseBackWhenItsWorkHasEnded(t *testing.T) {
	s := world()
	var released, late atomic.Bool
	s.answered = func(r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		switch lease := strings.Contains(r.URL.Path, "/leases/"); {
		case lease && r.Method == http.MethodPut && strings.Contains(string(body), `"holderIdentity":""`):
			released.Store(true)
		case !lease && released.Load():
			late.Store(true)
		}
	}
	for i := range 20 {
		s.add(deployments, deployment("shop", fmt.Sprintf("web-%d", i), faulty))
	}
	store, _ := configured(t, "{}\n")
	r := run(t, often(options(t, s, store)), quick)
	r.await(t, 2)
	r.end() // in the middle of a pass, or between two
	if !released.Load() || late.Load() {
		t.Errorf("given back: %v, asked after that: %v", released.Load(), late.Load())
	}
}

func TestParseReports(t *testing.T) {
	for _, good := range []string{"auto", "openreports", "wgpolicy", "none"} {
		if r, err := audit.ParseReports(good); err != nil || string(r) != good {
			t.Errorf("%s: %v", good, err)
		}
	}
	if _, err := audit.ParseReports("all"); err == nil {
		t.Error("all is none of them")
	}
}
