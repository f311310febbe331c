package audit_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// world is a server with two namespaces.
func world() *server {
	s := newServer()
	for _, name := range []string{"shop", "bank"} {
		s.add("/api/v1/namespaces", namespace(name))
	}
	return s
}

// report gives the one of a namespace, "" for the cluster's; nil where there is none.
func (s *server) report(namespace string) object {
	path := reports
	if namespace == "" {
		path = creports
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.find(path, namespace, "kslint")
}

// names lists the objects that results are about, in their order.
func names(report object) (all []string) {
	results, _ := report["results"].([]any)
	for _, r := range results {
		resources, _ := r.(object)["resources"].([]any)
		for _, o := range resources {
			all = append(all, o.(object)["name"].(string))
		}
	}
	return all
}

func TestPass_judgesWhatExistsInPages(t *testing.T) {
	s := world()
	for i := range 10 {
		memory := sound
		if i%2 == 1 {
			memory = faulty
		}
		s.add(deployments, deployment("shop", fmt.Sprintf("web-%d", i), memory))
	}
	store, _ := configured(t, "enforcement: {profile: enforce}\n")
	r := run(t, options(t, s, store), quick)
	r.await(t, 1)
	if got := fmt.Sprint(names(s.report("shop"))); got != "[web-1 web-3 web-5 web-7 web-9]" {
		t.Error(got)
	}
	if s.report("bank") != nil {
		t.Error("a report of nothing")
	}
	metrics := r.metrics()
	for _, want := range []string{
		`kslint_audit_findings{rule="` + rule + `",severity="error"} 5`, "kslint_audit_objects 10", "kslint_audit_leader 1",
		`kslint_audit_kinds{state="read"}`, "kslint_audit_slipped_in_objects 0", "kslint_audit_last_pass_timestamp_seconds 1",
	} {
		if !strings.Contains(metrics, want) {
			t.Errorf("%s is missing: %s", want, metrics)
		}
	}
	s.do(func() {
		if s.largest != 3 || s.asked["list "+deployments] != 4 {
			t.Errorf("%d items at once, %d pages", s.largest, s.asked["list "+deployments])
		}
	})
}

// TestPass_whatAReportSays: the shape of the CRD, severity and outcome, action, and what an exemption makes of a finding.
func TestPass_whatAReportSays(t *testing.T) {
	s := world()
	s.add(deployments, deployment("shop", "web", faulty))
	s.add(deployments, deployment("bank", "old", faulty))
	store, _ := configured(t, `{enforcement: {profile: enforce}, exemptions: [{rule: `+rule+`, match: {kind: Deployment, namespace: bank, name: old}, reason: replaced soon, owner: bank, expiry: `+time.Now().AddDate(0, 0, 90).Format(time.DateOnly)+`}]}`)
	r := run(t, options(t, s, store), quick)
	r.await(t, 1)
	for namespace, want := range map[string]struct{ result, action, exemption string }{
		"shop": {"fail", "deny", ""}, "bank": {"skip", "audit", "replaced soon"},
	} {
		report := s.report(namespace)
		text, _ := json.Marshal(report)
		results, _ := report["results"].([]any)
		if len(results) != 1 || report["source"] != "kslint" || report["summary"].(object)[want.result] != 1.0 {
			t.Fatalf("%s: %s", namespace, text)
		}
		one := results[0].(object)
		properties := one["properties"].(object)
		exemption, _ := properties["exemption"].(string)
		if one["policy"] != rule || one["result"] != want.result || one["severity"] != "high" || properties["action"] != want.action || exemption != want.exemption ||
			properties["path"] != "spec.template.spec.containers[0].resources.requests.memory" || one["message"] == "" || properties["remediation"] == "" {
			t.Errorf("%s: %s", namespace, text)
		}
	}
	if m := r.metrics(); !strings.Contains(m, `kslint_audit_findings{rule="`+rule+`",severity="error"} 1`) {
		t.Error("what is exempt is no finding")
	}
}

// TestPass_anExpiredPlaceInTheList: 410 with a token goes on there, without one the kind is read again, and nothing is told twice.
func TestPass_anExpiredPlaceInTheList(t *testing.T) {
	for _, c := range []struct {
		name   string
		tokens []string
		pages  int
	}{
		{"goes on", []string{"3"}, 5},
		{"begins again", []string{""}, 6},
		{"begins again twice", []string{"", ""}, 8},
	} {
		s := world()
		for i := range 10 {
			s.add(deployments, deployment("shop", fmt.Sprintf("web-%d", i), faulty))
		}
		s.expire[deployments] = c.tokens
		store, _ := configured(t, "{}\n")
		r := run(t, options(t, s, store), quick)
		r.await(t, 1)
		if got := len(names(s.report("shop"))); got != 10 || !strings.Contains(r.metrics(), "kslint_audit_objects 10\n") {
			t.Errorf("%s: %d results", c.name, got)
		}
		s.do(func() {
			if got := s.asked["list "+deployments]; got != c.pages {
				t.Errorf("%s: %d pages", c.name, got)
			}
		})
		r.end()
	}
}

// TestPass_aKindThatCannotBeRead: it is one line, a metric and a result, and the others are read.
func TestPass_aKindThatCannotBeRead(t *testing.T) {
	for _, c := range []struct {
		name          string
		path          string
		status        int
		state, reason string
	}{
		{"forbidden", "/apis/apps/v1/daemonsets", http.StatusForbidden, "forbidden", "forbidden"},
		{"broken", "/apis/apps/v1/daemonsets", http.StatusInternalServerError, "failed", "api"},
		{"its API is down", "/apis/batch/v1", http.StatusServiceUnavailable, "failed", "api"},
	} {
		s := world()
		s.add(deployments, deployment("shop", "web", faulty))
		s.refused[c.path] = c.status
		store, _ := configured(t, "{}\n")
		r := run(t, options(t, s, store), quick)
		r.await(t, 1)
		if len(names(s.report("shop"))) != 1 {
			t.Errorf("%s: the others are not read", c.name)
		}
		metrics := r.metrics()
		if !strings.Contains(metrics, `kslint_audit_kinds{state="`+c.state+`"}`) || strings.Contains(metrics, `kslint_audit_errors_total{reason="`+c.reason+`"} 0`) {
			t.Errorf("%s: %s", c.name, metrics)
		}
		text, _ := json.Marshal(s.report(""))
		if !strings.Contains(string(text), "was not looked at") {
			t.Errorf("%s: the report of the cluster says nothing: %s", c.name, text)
		}
		r.end()
	}
}

// TestPass_whatFailsForAMomentChangesNoReport: what was found before stays until it can be read again.
func TestPass_whatFailsForAMomentChangesNoReport(t *testing.T) {
	s := world()
	s.add(deployments, deployment("shop", "web", faulty))
	store, _ := configured(t, "{}\n")
	o := options(t, s, store)
	o.Interval = quick.Retry
	r := run(t, o, quick)
	r.await(t, 1)
	s.written()
	s.do(func() { s.refused[deployments] = http.StatusInternalServerError })
	r.await(t, r.passes()+2)
	if w := s.written(); len(w) != 0 {
		t.Errorf("written: %s", w)
	}
	if !strings.Contains(r.metrics(), `kslint_audit_findings{rule="`+rule+`",severity="error"} 1`) {
		t.Error(r.metrics())
	}
}

// TestPass_whatControllersMake: it is judged by its template alone, if the owner is there; anybody may write an ownerReference.
func TestPass_whatControllersMake(t *testing.T) {
	s := world()
	d := deployment("shop", "web", faulty)
	d["metadata"].(object)["uid"] = "d"
	s.add(deployments, d)
	set := owned(deployment("shop", "web-1", faulty), "Deployment", "d")
	set["metadata"].(object)["uid"] = "r"
	s.add("/apis/apps/v1/replicasets", set)
	for name, uid := range map[string]string{"web-1-1": "r", "forged": "none", "bare": ""} {
		p := object{
			"metadata": object{"namespace": "shop", "name": name, "creationTimestamp": "2026-01-02T00:00:00Z"},
			"spec":     deployment("", "", faulty)["spec"].(object)["template"].(object)["spec"],
		}
		if uid != "" {
			owned(p, "ReplicaSet", uid)
		}
		s.add(pods, p)
	}
	store, _ := configured(t, "{}\n")
	r := run(t, options(t, s, store), quick)
	r.await(t, 1)
	if got := fmt.Sprint(names(s.report("shop"))); got != "[web bare forged]" {
		t.Error(got)
	}
}
