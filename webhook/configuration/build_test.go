package configuration_test

import (
	"slices"
	"strings"
	"testing"

	admission "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/configuration"
	"github.com/kslint/kslint/webhook/verdict"
)

// everything has all entries.
var everything = configuration.Values{
	Secrets: true, GuardedLabels: []string{"tier"}, More: []schema.GroupResource{{Group: "argoproj.io", Resource: "rollouts"}},
}

func under(profile lint.Profile) *admission.ValidatingWebhookConfiguration {
	v := everything
	v.Profile = profile
	return configuration.Build(v)
}

func TestBuild_profiles(t *testing.T) {
	closed := map[lint.Profile][]string{
		lint.Observe: nil,
		lint.Enforce: {configuration.Workloads, configuration.NewWorkloads, configuration.Configurations, configuration.Guard},
		lint.Strict: {
			configuration.Workloads, configuration.NewWorkloads, configuration.SystemWorkloads, configuration.Configurations, configuration.Others,
			configuration.PodsAudit, configuration.Secrets, configuration.Guard,
		},
	}
	for profile, want := range closed {
		var got []string
		for _, w := range under(profile).Webhooks {
			if *w.FailurePolicy == admission.Fail {
				got = append(got, w.Name)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v fail closed, want %v", profile, got, want)
		}
	}
	observe := configuration.Build(configuration.Values{})
	if n := len(observe.Webhooks); n != 6 {
		t.Errorf("%d entries where nothing is chosen, want 6", n)
	}
}

// T15 (Gatekeeper and Polaris, Exact), T27 (kubernetes#128162): what holds for every entry.
func TestBuild_T15_everyEntry(t *testing.T) {
	for _, profile := range []lint.Profile{lint.Observe, lint.Enforce, lint.Strict} {
		names := map[string]bool{}
		for _, w := range under(profile).Webhooks {
			if names[w.Name] {
				t.Errorf("%s is there twice", w.Name)
			}
			names[w.Name] = true
			if *w.MatchPolicy != admission.Equivalent || *w.SideEffects != admission.SideEffectClassNone || !slices.Equal(w.AdmissionReviewVersions, []string{"v1"}) {
				t.Errorf("%s: matchPolicy %s, side effects %s, versions %v", w.Name, *w.MatchPolicy, *w.SideEffects, w.AdmissionReviewVersions)
			}
			if *w.TimeoutSeconds > 3 || w.Name == configuration.PodsAudit && *w.TimeoutSeconds > 1 {
				t.Errorf("%s waits for %d s", w.Name, *w.TimeoutSeconds)
			}
			if len(w.NamespaceSelector.MatchExpressions) == 0 {
				t.Errorf("%s: no selector", w.Name)
			}
			people := !slices.ContainsFunc(w.Rules, func(r admission.RuleWithOperations) bool { return !configuration.OnlyByPeople(r) })
			if (len(w.MatchConditions) == 0) != people || people != (w.Name == configuration.NewWorkloads) {
				t.Errorf("%s: %d conditions, only by people: %v", w.Name, len(w.MatchConditions), people)
			}
			for _, r := range w.Rules {
				if !slices.Equal(r.APIVersions, []string{"*"}) {
					t.Errorf("%s: another served version of %v is not matched", w.Name, r.Resources)
				}
				if slices.Contains(r.Operations, admission.Delete) || slices.Contains(r.Operations, admission.Connect) || slices.Contains(r.Operations, "*") {
					t.Errorf("%s: %v of %v", w.Name, r.Operations, r.Resources)
				}
			}
		}
	}
}

// served are the subresources that the API server of Kubernetes 1.36 serves for the kinds that are sent.
var served = map[string][]string{
	"pods":                   {"attach", "binding", "ephemeralcontainers", "eviction", "exec", "log", "portforward", "proxy", "resize", "status"},
	"replicationcontrollers": {"scale", "status"}, "daemonsets": {"status"}, "deployments": {"scale", "status"},
	"replicasets": {"scale", "status"}, "statefulsets": {"scale", "status"}, "cronjobs": {"status"}, "jobs": {"status"},
	"configmaps": nil, "secrets": nil,
}

// T02 (CVE-2026-30963): of each kind that is sent, all subresources are listed that the verdict looks at, and no others.
func TestRules_T02_subresources(t *testing.T) {
	listed := map[string]bool{}
	for _, w := range under(lint.Strict).Webhooks {
		if w.Name == configuration.Guard || w.Name == configuration.PodsAudit {
			continue // labels are the guard's whole matter; a Pod is sent there when it is made
		}
		for _, r := range w.Rules {
			for _, name := range r.Resources {
				listed[r.APIGroups[0]+" "+name] = true
			}
		}
	}
	for name := range listed {
		group, resource, _ := strings.Cut(name, " ")
		if parent, sub, ok := strings.Cut(resource, "/"); ok {
			if !listed[group+" "+parent] || !verdict.Judged(parent, sub) {
				t.Errorf("%s is listed and not judged, or without its resource", name)
			}
			continue
		}
		subs, known := served[resource]
		if !known {
			subs = []string{"status", "scale"} // of a resource of an extension there are no others
		}
		for _, sub := range subs {
			if verdict.Judged(resource, sub) != listed[name+"/"+sub] {
				t.Errorf("%s/%s: judged %v, listed %v", name, sub, verdict.Judged(resource, sub), listed[name+"/"+sub])
			}
		}
	}
	for _, sub := range []string{"status", "finalize"} {
		guard := configuration.Build(everything).Webhooks
		if last := guard[len(guard)-1]; !slices.Contains(last.Rules[0].Resources, "namespaces/"+sub) {
			t.Errorf("the guard does not see namespaces/%s", sub)
		}
	}
}

func TestCheck_saysWhatIsWrong(t *testing.T) {
	more := func(group, resource string) configuration.Values {
		return configuration.Values{More: []schema.GroupResource{{Group: group, Resource: resource}}}
	}
	for says, v := range map[string]configuration.Values{
		"unknown profile":              {Profile: "loose"},
		"no name of a configuration":   {Name: "a/b"},
		"no name of a namespace":       {Exclude: []string{"kube-*"}},
		"no name of a Service":         {Service: "1"},
		"never judged":                 {Namespace: "kubesphere-system"},
		"no name of a user":            {Controllers: []string{""}},
		"no key of a label":            {GuardedLabels: []string{"a b"}},
		"nodes is never sent":          more("", "nodes"),
		"leases.coordination.k8s.io":   more("coordination.k8s.io", "leases"),
		"expected a resource":          more("apps", "*"),
		"without a subresource":        more("apps", "deployments/scale"),
		"deployments.apps is sent any": more("apps", "deployments"),
		"secrets is sent any":          more("", "secrets"),
	} {
		if err := v.Check(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: got %v", says, err)
		}
	}
	if err := everything.Check(); err != nil {
		t.Error(err)
	}
	defer func() {
		if recover() == nil {
			t.Error("Build takes what Check refuses")
		}
	}()
	configuration.Build(more("", "nodes"))
}

// Controllers that a user names are left out of what they may well create, too.
func TestBuild_namedControllers(t *testing.T) {
	const argo = "system:serviceaccount:argo:argo-cd"
	for _, w := range configuration.Build(configuration.Values{Controllers: []string{argo}}).Webhooks {
		if w.Name == configuration.NewWorkloads && (len(w.MatchConditions) != 1 || !strings.Contains(w.MatchConditions[0].Expression, argo)) {
			t.Errorf("%v", w.MatchConditions)
		}
	}
}

func TestOnlyByPeople(t *testing.T) {
	create, update := admission.Create, admission.Update
	for _, c := range []struct {
		operations []admission.OperationType
		group      string
		resources  []string
		want       bool
	}{
		{[]admission.OperationType{create}, "apps", []string{"deployments", "statefulsets"}, true},
		{[]admission.OperationType{create}, "batch", []string{"cronjobs"}, true},
		{[]admission.OperationType{create, update}, "apps", []string{"deployments"}, false}, // the revision of a Deployment
		{[]admission.OperationType{"*"}, "apps", []string{"deployments"}, false},
		{nil, "apps", []string{"deployments"}, false},
		{[]admission.OperationType{create}, "apps", []string{"deployments", "replicasets"}, false},
		{[]admission.OperationType{create}, "apps", []string{"*"}, false},
		{[]admission.OperationType{create}, "*", []string{"deployments"}, false},
		{[]admission.OperationType{create}, "batch", []string{"jobs"}, false},
		{[]admission.OperationType{create}, "", []string{"pods"}, false},
	} {
		r := admission.RuleWithOperations{Operations: c.operations, Rule: admission.Rule{APIGroups: []string{c.group}, Resources: c.resources}}
		if got := configuration.OnlyByPeople(r); got != c.want {
			t.Errorf("%v of %v in %q: %v", c.operations, c.resources, c.group, got)
		}
	}
}
