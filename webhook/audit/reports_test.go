package audit_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kslint/kslint/webhook/audit"
)

// often has passes follow one another.
func often(o audit.Options) audit.Options {
	o.Interval = time.Millisecond
	return o
}

// T28: ten passes over what does not change write nothing.
func TestReports_T28_areNotWrittenAgain(t *testing.T) {
	s := world()
	for _, name := range []string{"shop", "bank"} {
		s.add(deployments, deployment(name, "web", faulty))
	}
	s.refused["/apis/apps/v1/daemonsets"] = 403 // the cluster has a report too
	store, _ := configured(t, "{}\n")
	r := run(t, often(options(t, s, store)), quick)
	r.await(t, 1)
	if got := len(s.written()); got != 3 {
		t.Errorf("%d reports written, want 3", got)
	}
	r.await(t, r.passes()+10)
	if got := s.written(); len(got) != 0 {
		t.Errorf("10 passes have written %s", got)
	}
	r.end()
	again := run(t, often(options(t, s, store)), quick)
	again.await(t, 2)
	if got := s.written(); len(got) != 0 {
		t.Errorf("the next leader has written %s", got)
	}
}

func TestReports_followWhatChanges(t *testing.T) {
	s := world()
	s.add(deployments, deployment("shop", "web", faulty))
	s.add(deployments, deployment("bank", "web", faulty))
	foreign := object{"metadata": object{"namespace": "other", "name": "kslint"}, "summary": object{}}
	s.add(reports, foreign)
	store, _ := configured(t, "{}\n")
	r := run(t, often(options(t, s, store)), quick)
	r.await(t, 1)
	s.written()
	s.do(func() { s.objects[deployments] = s.objects[deployments][1:] })
	r.await(t, r.passes()+2)
	if got := s.written(); len(got) != 1 || !strings.HasPrefix(got[0], "DELETE /apis/openreports.io/v1alpha1/namespaces/shop/reports/kslint") {
		t.Errorf("nothing is left to say: %s", got)
	}
	if s.report("other") == nil {
		t.Error("a report without our label is deleted")
	}
	s.do(func() { s.find(reports, "bank", "kslint")["results"] = []any{} })
	r.await(t, r.passes()+2)
	if got := s.written(); len(got) != 1 || len(names(s.report("bank"))) != 1 {
		t.Errorf("a report that somebody has emptied is not mended: %s", got)
	}
}

// TestReports_areOfTheAPIThatIsInstalled: the server of the tests refuses what the schema of the CRD does not declare.
func TestReports_areOfTheAPIThatIsInstalled(t *testing.T) {
	const open, policy = "openreports.io/v1alpha1/", "wgpolicyk8s.io/v1alpha2/"
	crds := map[string][]string{
		open:   {open + "reports/Report", "-" + open + "clusterreports/ClusterReport"},
		policy: {policy + "policyreports/PolicyReport", "-" + policy + "clusterpolicyreports/ClusterPolicyReport"},
	}
	for _, c := range []struct {
		installed []string
		flag      audit.Reports
		want      string // the group that is written, "" for none
		problem   bool
	}{
		{[]string{open, policy}, audit.Auto, open, false},
		{[]string{policy}, audit.Auto, policy, false},
		{[]string{open, policy}, audit.WGPolicy, policy, false},
		{nil, audit.Auto, "", false},
		{[]string{policy}, audit.OpenReports, "", true},
		{[]string{open}, audit.NoReports, "", false},
	} {
		s := world()
		s.served = slices.DeleteFunc(s.served, func(one string) bool { return strings.Contains(one, "eports/") })
		for _, group := range c.installed {
			s.served = append(s.served, crds[group]...)
		}
		s.add(deployments, deployment("shop", "web", faulty))
		s.refused["/apis/apps/v1/daemonsets"] = 403
		store, _ := configured(t, "{}\n")
		o := options(t, s, store)
		o.Reports = c.flag
		r := run(t, o, quick)
		r.await(t, 1)
		for _, w := range s.written() {
			if c.want == "" || !strings.HasPrefix(w, "PATCH /apis/"+c.want) || !strings.Contains(w, "kslint?fieldManager=kslint-audit&force=true") || !strings.Contains(w, " application/apply-patch+yaml ") {
				t.Errorf("%v, %s: %s", c.installed, c.flag, w)
			}
		}
		stored := 0
		for path, all := range s.objects {
			if strings.Contains(path, "eports") {
				stored += len(all)
			}
		}
		if want := map[bool]int{true: 2}[c.want != ""]; stored != want {
			t.Errorf("%v, %s: %d reports, want %d: %s", c.installed, c.flag, stored, want, r.log)
		}
		if problem := !strings.Contains(r.metrics(), `kslint_audit_errors_total{reason="report"} 0`); problem != c.problem {
			t.Errorf("%v, %s: problem %v", c.installed, c.flag, problem)
		}
		r.end()
	}
}

// TestReports_areBounded: the summary counts what the results have no room for, the gravest stay, and one says how many are left out.
func TestReports_areBounded(t *testing.T) {
	s := world()
	const each, n = 25, audit.MaxResults + 500
	for i := range n / each {
		o := deployment("shop", fmt.Sprintf("web-%04d", i), faulty)
		pod := o["spec"].(object)["template"].(object)["spec"].(object)
		one := pod["containers"].([]object)[0]
		for len(pod["containers"].([]object)) < each {
			another := maps.Clone(one)
			another["name"] = fmt.Sprintf("app-%d", len(pod["containers"].([]object)))
			pod["containers"] = append(pod["containers"].([]object), another)
		}
		s.add(deployments, o)
	}
	store, _ := configured(t, "{}\n")
	o := options(t, s, store)
	o.Page = 500
	r := run(t, o, quick)
	r.await(t, 1)
	report := s.report("shop")
	results := report["results"].([]any)
	last, _ := json.Marshal(results[len(results)-1])
	text, _ := json.Marshal(report)
	if report["summary"].(object)["fail"] != float64(n) || len(results) > audit.MaxResults || len(text) > audit.MaxResultBytes {
		t.Errorf("%d results, %d bytes, summary %v", len(results), len(text), report["summary"])
	}
	if want := fmt.Sprintf("%d more results are left out", n-len(results)+1); !strings.Contains(string(last), want) {
		t.Errorf("%s: %s is missing", last, want)
	}
	if got := names(report); !slices.IsSorted(got) || got[0] != "web-0000" {
		t.Error("they have no order")
	}
	if keys := slices.Sorted(maps.Keys(results[0].(object))); !slices.Contains(keys, "message") {
		t.Error(keys)
	}
}
