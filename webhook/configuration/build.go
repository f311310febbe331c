package configuration

import (
	"slices"

	admission "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kslint/kslint/lint"
)

// Names of the entries, as the API server counts and logs them.
const (
	Workloads       = "workloads.kslint.io"
	NewWorkloads    = "new-workloads.kslint.io"
	SystemWorkloads = "system-workloads.kslint.io"
	Configurations  = "configurations.kslint.io"
	Others          = "others.kslint.io"
	Secrets         = "secrets.kslint.io" //nolint:gosec // a name of an entry
	PodsAudit       = "pods-audit.kslint.io"
	Guard           = "guard.kslint.io"
)

// entry is one webhook of the configuration before an installation's values.
type entry struct {
	name string
	// path is the entry of the webhook's handler.
	path string
	// closed says that the entry fails closed under the profile enforce.
	closed     bool
	seconds    int32
	rules      []admission.RuleWithOperations
	conditions []admission.MatchCondition
	// within are requirements on the namespace beside those that keep the namespaces of Never out.
	within []metav1.LabelSelectorRequirement
	// labelled says that the user's selector holds for the entry.
	labelled bool
}

// Paths of the webhook's handler. At open a request is judged as at workloads, and let through where there is no room for it.
const (
	workloadsPath = "/workloads"
	openPath      = "/open"
	auditPath     = "/pods-audit"
	guardPath     = "/guard"
)

// entries is the layout: each request matches one of them at most.
func (v Values) entries() []entry {
	people, changed := byPeople(v.Controllers), specChanged()
	all := []entry{{
		name: Workloads, path: workloadsPath, closed: true, seconds: 3, rules: workloads(), labelled: true,
		within: notIn(v.System), conditions: []admission.MatchCondition{people, changed},
	}, {
		name: NewWorkloads, path: workloadsPath, closed: true, seconds: 3, rules: newWorkloads(), labelled: true,
		within: notIn(v.System), conditions: v.byOthers(),
	}}
	if len(v.System) > 0 {
		all = append(all, entry{
			name: SystemWorkloads, path: openPath, seconds: 3, rules: slices.Concat(workloads(), newWorkloads()), labelled: true,
			within: in(v.System), conditions: []admission.MatchCondition{people, changed},
		})
	}
	all = append(all, entry{
		name: Configurations, path: workloadsPath, closed: true, seconds: 3, rules: configurations(), labelled: true,
		within: in([]string{kubesphere}), conditions: []admission.MatchCondition{byName(), dataChanged()},
	}, entry{
		name: Others, path: openPath, seconds: 3, rules: slices.Concat(others(), more(v.More)), labelled: true,
		conditions: []admission.MatchCondition{people, anythingChanged()},
	}, entry{
		name: PodsAudit, path: auditPath, seconds: 1, rules: createdPods(), labelled: true,
		conditions: []admission.MatchCondition{byControllers(v.Controllers)},
	})
	if v.Secrets {
		all = append(all, entry{
			name: Secrets, path: openPath, seconds: 3, rules: secrets(), labelled: true,
			conditions: []admission.MatchCondition{ofTypeTLS(), dataChanged()},
		})
	}
	if keys := v.guarded(); len(keys) > 0 {
		all = append(all, entry{
			name: Guard, path: guardPath, closed: true, seconds: 3, rules: namespaces(),
			conditions: []admission.MatchCondition{labelsChanged(keys)},
		})
	}
	return all
}

// guarded are the labels of the guard: the named ones and those that choose what is judged at all.
func (v Values) guarded() []string {
	keys := slices.Clone(v.GuardedLabels)
	if s := v.NamespaceSelector; s != nil {
		for key := range s.MatchLabels {
			keys = append(keys, key)
		}
		for _, r := range s.MatchExpressions {
			keys = append(keys, r.Key)
		}
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	return slices.DeleteFunc(keys, func(key string) bool { return key == NameLabel }) // nobody can change it
}

// Build makes the configuration. It panics on values that Check refuses.
func Build(v Values) *admission.ValidatingWebhookConfiguration {
	if v.Check() != nil {
		panic(errUnchecked)
	}
	v = v.withDefaults()
	c := &admission.ValidatingWebhookConfiguration{
		TypeMeta:   metav1.TypeMeta{APIVersion: admission.SchemeGroupVersion.String(), Kind: "ValidatingWebhookConfiguration"},
		ObjectMeta: metav1.ObjectMeta{Name: v.Name},
	}
	for _, e := range v.entries() {
		c.Webhooks = append(c.Webhooks, v.webhook(e))
	}
	return c
}

func (v Values) webhook(e entry) admission.ValidatingWebhook {
	policy, match, none := admission.Ignore, admission.Equivalent, admission.SideEffectClassNone
	if v.Profile == lint.Strict || v.Profile == lint.Enforce && e.closed {
		policy = admission.Fail
	}
	port := int32(443)
	return admission.ValidatingWebhook{
		Name: e.name,
		ClientConfig: admission.WebhookClientConfig{
			Service:  &admission.ServiceReference{Namespace: v.Namespace, Name: v.Service, Path: &e.path, Port: &port},
			CABundle: v.CABundle,
		},
		Rules: e.rules, FailurePolicy: &policy, MatchPolicy: &match, NamespaceSelector: v.selector(e), MatchConditions: e.conditions,
		SideEffects: &none, TimeoutSeconds: &e.seconds, AdmissionReviewVersions: []string{"v1"},
	}
}

// selector is what the entry needs and the user's selector: both must hold.
func (v Values) selector(e entry) *metav1.LabelSelector {
	s := &metav1.LabelSelector{MatchExpressions: notIn(slices.Concat(Never(), []string{v.Namespace}, v.Exclude))}
	s.MatchExpressions = append(s.MatchExpressions, e.within...)
	if user := v.NamespaceSelector.DeepCopy(); user != nil && e.labelled {
		s.MatchLabels = user.MatchLabels
		s.MatchExpressions = append(s.MatchExpressions, user.MatchExpressions...)
	}
	return s
}

// NameLabel holds a namespace's name. The API server sets it, and nobody can change it.
const NameLabel = "kubernetes.io/metadata.name"

func in(names []string) []metav1.LabelSelectorRequirement {
	return requirement(metav1.LabelSelectorOpIn, names)
}

func notIn(names []string) []metav1.LabelSelectorRequirement {
	return requirement(metav1.LabelSelectorOpNotIn, names)
}

// requirement is none where there are no names.
func requirement(op metav1.LabelSelectorOperator, names []string) []metav1.LabelSelectorRequirement {
	if len(names) == 0 {
		return nil
	}
	return []metav1.LabelSelectorRequirement{{Key: NameLabel, Operator: op, Values: slices.Clone(names)}}
}
