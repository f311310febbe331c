package configuration

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	admission "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/runtime/schema"
	valid "k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kslint/kslint/lint"
)

// Values are what an installation chooses; the zero value of each has the default that it names.
type Values struct {
	// Profile says which entries fail closed. Default: observe, none of them.
	Profile lint.Profile
	// Name of the ValidatingWebhookConfiguration; default kslint-webhook.
	Name string
	// Namespace and Service are where the API server finds the webhook, on port 443; default kslint-system and kslint-webhook.
	Namespace, Service string
	// CABundle is PEM. It is left out where another is its owner: the webhook itself, or cert-manager.
	CABundle []byte
	// Exclude names namespaces whose objects are never sent, beside kube-system, kube-public, kube-node-lease and the webhook's own.
	Exclude []string
	// System names the namespaces of KubeSphere's own components. Their workloads are judged like others, but fail closed under
	// strict only: an upgrade of KubeSphere does not wait. Default where it is nil: SystemNamespaces.
	System []string
	// Controllers are users, as in system:serviceaccount:argo-rollouts:argo-rollouts, who make Pods and workloads of templates that
	// were judged before, beside the controllers of Kubernetes. Their requests do not wait; Pods are still seen by pods-audit.
	Controllers []string
	// NamespaceSelector narrows all entries but the guard. Its labels are guarded: who may change them chooses what is judged.
	NamespaceSelector *metav1.LabelSelector
	// More are resources that no built-in rule judges at admission: workloads of other operators, kinds of your own policies.
	More []schema.GroupResource
	// Secrets sends TLS Secrets, keys included; the webhook parses the certificates and drops the rest.
	Secrets bool
	// GuardedLabels are labels of namespaces that only those may change whom the webhook's configuration names.
	GuardedLabels []string
}

// SystemNamespaces are those of KubeSphere's components: those that ks-installer makes (3.x, and some of 2.x that stay), and what
// 4.x still uses of them.
func SystemNamespaces() []string {
	return []string{
		"kubesphere-system", "kubesphere-controls-system", "kubesphere-monitoring-system", "kubesphere-monitoring-federated",
		"kubesphere-logging-system", "kubesphere-devops-system", "kubesphere-devops-worker", "kubesphere-alerting-system",
		"openpitrix-system", "kube-federation-system", "istio-system", "kubeedge",
	}
}

// Never are the namespaces that keep the cluster alive, of which nothing is sent; the webhook's own joins them.
func Never() []string {
	return []string{metav1.NamespaceSystem, metav1.NamespacePublic, "kube-node-lease"}
}

func (v Values) withDefaults() Values {
	orDefault(&v.Profile, lint.Observe)
	orDefault(&v.Name, "kslint-webhook")
	orDefault(&v.Namespace, "kslint-system")
	orDefault(&v.Service, "kslint-webhook")
	if v.System == nil {
		v.System = SystemNamespaces()
	}
	return v
}

func orDefault[S ~string](s *S, d S) {
	if *s == "" {
		*s = d
	}
}

// Check says what is wrong with values, in one line.
func (v Values) Check() error {
	v = v.withDefaults()
	if !slices.Contains([]lint.Profile{lint.Observe, lint.Enforce, lint.Strict}, v.Profile) {
		return fmt.Errorf("unknown profile %q, expected observe, enforce or strict", v.Profile)
	}
	if len(valid.IsDNS1123Subdomain(v.Name)) > 0 {
		return fmt.Errorf("%.100q is no name of a configuration", v.Name)
	}
	if len(valid.IsDNS1035Label(v.Service)) > 0 {
		return fmt.Errorf("%.100q is no name of a Service", v.Service)
	}
	for _, n := range slices.Concat([]string{v.Namespace}, v.Exclude, v.System) {
		if len(valid.IsDNS1123Label(n)) > 0 {
			return fmt.Errorf("%.100q is no name of a namespace", n)
		}
	}
	if v.Namespace == kubesphere {
		return fmt.Errorf("the webhook's own namespace is never judged, so it cannot be %s", kubesphere)
	}
	for _, u := range v.Controllers {
		if u == "" || strings.ContainsFunc(u, func(r rune) bool { return r < ' ' }) {
			return fmt.Errorf("%.100q is no name of a user", u)
		}
	}
	if errs := validation.ValidateLabelSelector(v.NamespaceSelector, validation.LabelSelectorValidationOptions{}, field.NewPath("namespace selector")); len(errs) > 0 {
		return errs[0]
	}
	for _, key := range v.GuardedLabels {
		if len(valid.IsQualifiedName(key)) > 0 {
			return fmt.Errorf("%.100q is no key of a label", key)
		}
	}
	return v.checkMore()
}

// untouchable are the resources that keep a cluster alive or let it be repaired: they are never sent, whoever asks for it.
// "" stands for all of a group.
var untouchable = map[string][]string{
	"":                             {"nodes", "events", "endpoints", "namespaces", "bindings"},
	"coordination.k8s.io":          {""},
	"discovery.k8s.io":             {""},
	"events.k8s.io":                {""},
	"certificates.k8s.io":          {""},
	"rbac.authorization.k8s.io":    {""},
	"authentication.k8s.io":        {""},
	"authorization.k8s.io":         {""},
	"apiregistration.k8s.io":       {""},
	"apiextensions.k8s.io":         {""},
	"admissionregistration.k8s.io": {""},
	"flowcontrol.apiserver.k8s.io": {""},
}

// Untouchable gives the resources of a rule that must never be sent, "*" for a rule that says everything.
func Untouchable(r admission.Rule) []string {
	var found []string
	for _, name := range r.Resources {
		resource, _, _ := strings.Cut(name, "/")
		if resource == "*" {
			return []string{"*"}
		}
		for _, group := range r.APIGroups {
			if not := untouchable[group]; group == "*" || slices.Contains(not, "") || slices.Contains(not, resource) {
				found = append(found, name)
				break
			}
		}
	}
	return found
}

func (v Values) checkMore() error {
	sent := map[schema.GroupResource]bool{}
	for _, r := range slices.Concat(workloads(), configurations(), others(), secrets()) {
		for _, name := range r.Resources {
			sent[schema.GroupResource{Group: r.APIGroups[0], Resource: name}] = true
		}
	}
	for _, m := range v.More {
		switch not := untouchable[m.Group]; {
		case len(valid.IsDNS1123Label(m.Resource)) > 0 || m.Group != "" && len(valid.IsDNS1123Subdomain(m.Group)) > 0:
			return fmt.Errorf("%.100q: expected a resource and its group, as in rollouts.argoproj.io, without a subresource", m.String())
		case slices.Contains(not, "") || slices.Contains(not, m.Resource):
			return fmt.Errorf("%s is never sent: the cluster could not be repaired without the webhook", m)
		case sent[m]:
			return fmt.Errorf("%s is sent anyway or twice, or has a switch of its own", m)
		}
		sent[m] = true
	}
	return nil
}

// errUnchecked is what Build panics with: it is the caller's fault.
var errUnchecked = errors.New("configuration: Build needs values that Check accepts")
