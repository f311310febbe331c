package configuration

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/cel/environment"

	"github.com/kslint/kslint/webhook/configuration"
)

// odd are objects that the API server may send, and some that only a resource of an extension could be.
var odd = map[string]object{
	"none":                 nil,
	"empty":                {},
	"without spec":         {"metadata": object{"name": "a"}},
	"null spec":            {"metadata": object{"name": "a"}, "spec": nil, "data": nil, "type": nil},
	"null metadata":        {"metadata": nil, "spec": object{}},
	"null labels":          {"metadata": object{"name": "a", "labels": nil}, "spec": object{"replicas": int64(1)}},
	"labels":               {"metadata": object{"name": "a", "labels": object{"tier": "a"}}, "spec": object{"replicas": int64(2)}},
	"null label":           {"metadata": object{"name": "a", "labels": object{"tier": nil}}},
	"ending":               {"metadata": object{"name": "a", "deletionTimestamp": "2026-08-01T00:00:00Z"}},
	"spec of another type": {"metadata": object{"name": "a"}, "spec": "text", "data": []any{int64(1)}, "type": int64(7)},
	"all of another type":  {"metadata": "text", "spec": true, "data": 1.5, "type": object{}},
	"spec of a list":       {"metadata": object{"labels": object{}}, "spec": []any{nil}},
}

// T25, T32: under Fail, a matchCondition that errs refuses the request without asking us. None does, whatever comes, for the
// oldest API server that has them and for the newest.
func TestConditions_neverFail(t *testing.T) {
	for _, of := range []*version.Version{oldest, environment.DefaultCompatibilityVersion()} {
		s := serverOf(t, everything, of)
		n := 0
		for _, resource := range listed(everything) {
			for _, operation := range []admission.Operation{admission.Create, admission.Update, admission.Delete, admission.Connect} {
				for name, o := range odd {
					for before, old := range odd {
						q := request{resource: resource, operation: operation, object: o, old: old}
						n++
						if _, err := s.asks(q); err != nil {
							t.Errorf("%s, %s %s: %s after %s: %v", of, operation, resource, name, before, err)
						}
					}
				}
			}
		}
		if n < 1000 {
			t.Errorf("only %d requests", n)
		}
	}
}

// The witness: one that is not total is seen by the test above.
func TestConditions_aPartialOneIsSeen(t *testing.T) {
	c := configuration.Build(everything)
	c.Webhooks[0].MatchConditions = append(c.Webhooks[0].MatchConditions, admissionv1.MatchCondition{
		Name: "partial", Expression: "object.spec.replicas == 1",
	})
	_, err := serverWith(t, c, oldest).asks(request{
		namespace: "shop", resource: "replicasets.apps", operation: admission.Create, object: odd["empty"],
	})
	if err == nil || !strings.Contains(err.Error(), "no such key") {
		t.Errorf("got %v", err)
	}
}

// What comparing costs is bounded by the API server; the largest objects and many names stay below it.
func TestConditions_stayWithinTheBudget(t *testing.T) {
	v := everything
	for i := range 300 {
		v.Controllers = append(v.Controllers, fmt.Sprintf("system:serviceaccount:operators-%d:operator", i))
	}
	for i := range 50 {
		v.GuardedLabels = append(v.GuardedLabels, fmt.Sprintf("example.com/label-%d", i))
	}
	s := serverOf(t, v, oldest)
	var env []any
	for i := range 10000 {
		env = append(env, object{"name": fmt.Sprint(i), "value": strings.Repeat("<", 150)})
	}
	large := func(last string) object {
		all := slices.Concat(env, []any{object{"name": "last", "value": last}})
		return object{
			"metadata": object{"name": "kubesphere-config"}, "type": "kubernetes.io/tls",
			"spec": object{"containers": []any{object{"env": all}}}, "data": object{"a": strings.Repeat("<", 1<<20) + last},
		}
	}
	for _, resource := range listed(v) {
		for _, namespace := range []string{"shop", "kubesphere-system"} {
			q := request{namespace: namespace, resource: resource, operation: admission.Update, object: large("a"), old: large("b")}
			if _, err := s.asks(q); err != nil {
				t.Errorf("%s in %s: %v", resource, namespace, err)
			}
		}
	}
}

// listed are the resources and subresources that the rules of a configuration name, as "pods/resize" and "deployments.apps".
func listed(v configuration.Values) []string {
	var all []string
	seen := map[string]bool{}
	for _, w := range configuration.Build(v).Webhooks {
		for _, r := range w.Rules {
			for _, name := range r.Resources {
				if r.APIGroups[0] != "" {
					name += "." + r.APIGroups[0]
				}
				if !seen[name] {
					seen[name] = true
					all = append(all, name)
				}
			}
		}
	}
	return all
}
