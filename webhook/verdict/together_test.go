package verdict_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/policy"
	"github.com/kslint/kslint/webhook/admission"
	"github.com/kslint/kslint/webhook/verdict"
)

// What is compared is there: every rule named exists, sees a set, and names an object that the API server has.
func TestCompare_asksRulesOfASet(t *testing.T) {
	_, all := everyRule()
	for _, id := range verdict.Together() {
		i := slices.IndexFunc(all, func(r policy.Loaded) bool { return r.ID == id && r.Scope == lint.OneSet })
		if i < 0 {
			t.Errorf("there is no rule %s with scope: set", id)
			continue
		}
		if !slices.ContainsFunc(all[i].Targets, func(t lint.Target) bool { return slices.Contains(inCluster, t) }) {
			t.Errorf("%s looks at nothing that the API server has", id)
		}
	}
}

// Whatever the objects are, each gets its own findings, and what cannot be read gets none.
func TestCompare_oddObjects(t *testing.T) {
	r := everyRuleOn(t)
	_, all := everyRule()
	var rules []*lint.Rule
	for _, loaded := range all {
		if slices.Contains(verdict.Together(), loaded.ID) {
			rules = append(rules, loaded.Rule)
		}
	}
	class := func(name string) *admission.Request {
		return &admission.Request{
			Kind: admission.GroupVersionKind{Group: "storage.k8s.io", Version: "v1", Kind: "StorageClass"}, Name: name, Operation: "CREATE",
			Object: []byte(`{"metadata":{"uid":"` + name + `","annotations":{"storageclass.kubernetes.io/is-default-class":"true"}}}`),
		}
	}
	objects := []*admission.Request{class("a"), class("b")}
	many := `{"kind":"Deployment","apiVersion":"apps/v1","spec":{"template":{"spec":{"containers":[` + strings.Repeat(`{"name":"a"},`, 2000) + `{}]}}}}`
	documents := `{"data":{"a":"` + strings.Repeat(`\n---\na`, 2000) + `"}}`
	for _, text := range []string{many, documents, "{", "[]", "null", "", `{"kind":"Node","spec":7}`, `{"spec":{"replicas":-1,"template":[]}}`} {
		q := class("odd")
		q.Object = []byte(text)
		objects = append(objects, q)
	}
	said := r.Compare(context.Background(), objects, rules, time.Now())
	if len(said) != len(objects) || len(said[0]) != 1 || said[0][0].Rule.ID != "storageclass-several-defaults" || said[0][0].Action != lint.Audit {
		t.Errorf("got %+v", said)
	}
	for i := range said[1:] {
		if len(said[i+1]) > 0 {
			t.Errorf("%s: got %+v", objects[i+1].Object, said[i+1])
		}
	}
	if got := r.Compare(context.Background(), nil, rules, time.Now()); len(got) != 0 {
		t.Errorf("of nothing: %+v", got)
	}
}
