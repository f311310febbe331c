package configuration

import (
	"context"
	"slices"
	"strings"
	"testing"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/admission/plugin/webhook"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/predicates/rules"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/cel/environment"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/configuration"
)

// oldest is the first version that has matchConditions without a feature gate.
var oldest = version.MajorMinor(1, 30)

type object = map[string]any

// request is what the API server is asked. What is empty is a person in the namespace shop.
type request struct {
	user      string
	groups    []string
	namespace string
	// resource is "deployments.apps", "pods/resize", "clusters.cluster.kubesphere.io".
	resource    string
	operation   admission.Operation
	object, old object
}

func (q request) attributes() *admission.VersionedAttributes {
	name, sub, _ := strings.Cut(q.resource, "/")
	group := schema.ParseGroupResource(name)
	named := q.object
	if named == nil {
		named = q.old
	}
	a := admission.NewAttributesRecord(
		asObject(q.object), asObject(q.old), schema.GroupVersionKind{Group: group.Group, Version: "v1", Kind: "Any"}, q.namespace,
		(&unstructured.Unstructured{Object: named}).GetName(), group.WithVersion("v1"), sub, q.operation, nil, false,
		&user.DefaultInfo{Name: q.user, Groups: q.groups},
	)
	return &admission.VersionedAttributes{
		Attributes: a, VersionedKind: a.GetKind(),
		VersionedObject: admission.NewLazyObject(asObject(q.object)), VersionedOldObject: admission.NewLazyObject(asObject(q.old)),
	}
}

// asObject is nil for nothing, not an interface that holds nothing.
func asObject(o object) runtime.Object {
	if o == nil {
		return nil
	}
	return &unstructured.Unstructured{Object: o}
}

// server asks a configuration as the API server does.
type server struct {
	t     *testing.T
	hooks []webhook.WebhookAccessor
	cel   cel.ConditionCompiler
}

func serverOf(t *testing.T, v configuration.Values, of *version.Version) *server {
	t.Helper()
	if err := v.Check(); err != nil {
		t.Fatal(err)
	}
	return serverWith(t, configuration.Build(v), of)
}

func serverWith(t *testing.T, c *admissionv1.ValidatingWebhookConfiguration, of *version.Version) *server {
	s := &server{t: t, cel: cel.NewConditionCompiler(environment.MustBaseEnvSet(of))}
	for i := range c.Webhooks {
		s.hooks = append(s.hooks, webhook.NewValidatingWebhookAccessor("", c.Name, &c.Webhooks[i]))
	}
	return s
}

// asks gives the entries that a request is sent to, and what is wrong with the first that cannot tell.
func (s *server) asks(q request) (names []string, err error) {
	s.t.Helper()
	a := q.attributes()
	for _, h := range s.hooks {
		match := func(r admissionv1.RuleWithOperations) bool {
			m := rules.Matcher{Rule: r, Attr: a.Attributes}
			return m.Matches()
		}
		if rules.IsExemptAdmissionConfigurationResource(a.Attributes) || !slices.ContainsFunc(h.GetRules(), match) || !s.selects(h, q) {
			continue
		}
		switch m := h.GetCompiledMatcher(s.cel).Match(context.Background(), a, nil, nil); {
		case m.Error != nil:
			return nil, m.Error
		case m.Matches:
			names = append(names, strings.TrimSuffix(h.GetName(), ".kslint.io"))
		}
	}
	return names, nil
}

// selects holds the namespace's name against the selector; what is in no namespace always matches, a namespace is judged as what is
// in it.
func (s *server) selects(h webhook.WebhookAccessor, q request) bool {
	s.t.Helper()
	if q.namespace == "" && q.resource != "namespaces" {
		return true
	}
	selector, err := h.GetParsedNamespaceSelector()
	if err != nil {
		s.t.Fatal(err)
	}
	return selector.Matches(labels.Set{configuration.NameLabel: q.namespace})
}

// everything has all entries, all of which fail closed: an error refuses, and is seen.
var everything = configuration.Values{
	Profile: lint.Strict, Secrets: true, GuardedLabels: []string{"tier", "team.example.com/name"},
	More: []schema.GroupResource{{Group: "argoproj.io", Resource: "rollouts"}},
}
