package audit

import (
	"context"
	"encoding/json"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	registration "k8s.io/api/admissionregistration/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/configuration"
	"github.com/kslint/kslint/webhook/snapshot"
)

// enforced is what the webhook denies, as far as it is known.
type enforced struct {
	// since is when what is in force now had reached every replica of the webhook.
	since   time.Time
	entries []registration.ValidatingWebhook
	// namespaces are when the metadata of each was last written: its labels may decide.
	namespaces map[string]time.Time
	labels     func(namespace string) (map[string]string, bool)
}

// enforcement looks at the webhook configuration. It gives nil where nothing is denied and where it is not known what is.
func (l *leader) enforcement(ctx context.Context, p *pass) *enforced {
	since, ok, err := l.inForce(ctx, p.snapshot.Digest)
	if err != nil {
		l.metrics.failed("lease")
	}
	if l.tell("enforcement", err); !ok || !denies(p.snapshot) {
		return nil
	}
	c, err := l.api.AdmissionregistrationV1().ValidatingWebhookConfigurations().Get(ctx, l.options.Configuration, meta.GetOptions{})
	if err != nil {
		l.metrics.failed("configuration")
	}
	if l.tell("webhook configuration", err, "name", l.options.Configuration); err != nil {
		return nil
	}
	if changed := lastChange(c); changed.After(since) {
		since = changed
	}
	e := &enforced{since: since.Add(l.options.times.settle), namespaces: map[string]time.Time{}, labels: l.known.Labels}
	for _, w := range c.Webhooks {
		if understood(&w) {
			e.entries = append(e.entries, w)
		}
	}
	q := query{path: "/api/v1/namespaces", metadata: true}
	err = l.each(ctx, q, l.options.Page, func() {}, func(item json.RawMessage) error {
		o, err := readObject(item, "", "namespaces", servedResource{version: "v1", kind: "Namespace"})
		if err == nil {
			e.namespaces[o.Name] = o.lastWrite()
		}
		return err
	})
	if l.tell("namespaces", err); err != nil {
		l.metrics.failed(reasonOf(err))
		return nil
	}
	return e
}

// denies tells whether the webhook denies anything, and whether what it denies follows from more than metadata: an annotation that
// exempts may come and go without it.
func denies(s *snapshot.Snapshot) bool {
	e := s.Config.Enforcement
	return e != nil && (e.Profile == lint.Enforce || e.Profile == lint.Strict) && !s.Config.HonoursAnnotations()
}

// bundlers are the managers of fields that write the caBundle alone.
var bundlers = []string{"kslint-webhook-certificate", "cert-manager-cainjector", "cainjector"}

// lastChange is when a configuration was last made to ask about something else.
func lastChange(c *registration.ValidatingWebhookConfiguration) time.Time {
	last := c.CreationTimestamp.Time
	for _, f := range c.ManagedFields {
		if f.Time != nil && f.Time.After(last) && !slices.Contains(bundlers, f.Manager) {
			last = f.Time.Time
		}
	}
	return last
}

// understood tells whether it is known which requests an entry is asked about: its conditions are those of kslint's own entries as
// they are without additions, and it may deny.
func understood(w *registration.ValidatingWebhook) bool {
	if s := w.ClientConfig.Service; s == nil || s.Path == nil || !denying[path.Base(*s.Path)] {
		return false
	}
	if s := w.ObjectSelector; s != nil && len(s.MatchLabels)+len(s.MatchExpressions) > 0 {
		return false
	}
	return !slices.ContainsFunc(w.MatchConditions, func(c registration.MatchCondition) bool { return !conditions()[squeezed(c.Expression)] })
}

// denying are the entries, by the last element of their path, at which the webhook may deny what is written in an object.
var denying = map[string]bool{"workloads": true, "open": true}

// conditions are those of kslint's entries: controllers and nodes are left out, updates that change nothing but metadata and status,
// and ConfigMaps with other names than KubeSphere's.
var conditions = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for _, w := range configuration.Build(configuration.Values{}).Webhooks {
		if !denying[path.Base(*w.ClientConfig.Service.Path)] {
			continue
		}
		for _, c := range w.MatchConditions {
			all[squeezed(c.Expression)] = true
		}
	}
	return all
})

// squeezed is an expression without spaces, which say nothing in it.
func squeezed(text string) string { return strings.Join(strings.Fields(text), "") }

// asks tells whether entries have the webhook asked whenever the object is created or changed, by whomever but controllers.
func (e *enforced) asks(o *object) bool {
	if o.owner != "" {
		return false
	}
	about := func(operation registration.OperationType) bool {
		return slices.ContainsFunc(e.entries, func(w registration.ValidatingWebhook) bool {
			return e.selects(&w, o) && byName(&w, o) && hears(&w, o, operation)
		})
	}
	return about(registration.Create) && about(registration.Update)
}

// byName tells whether a condition that names ConfigMaps names this one.
func byName(w *registration.ValidatingWebhook, o *object) bool {
	return o.Resource.Resource != "configmaps" || !slices.ContainsFunc(w.MatchConditions, func(c registration.MatchCondition) bool {
		return strings.Contains(c.Expression, `"configmaps"`) && !strings.Contains(c.Expression, strconv.Quote(o.Name))
	})
}

func (e *enforced) selects(w *registration.ValidatingWebhook, o *object) bool {
	if o.Namespace == "" {
		return true
	}
	if _, listed := e.namespaces[o.Namespace]; !listed {
		return false
	}
	found, known := e.labels(o.Namespace)
	selector, err := meta.LabelSelectorAsSelector(w.NamespaceSelector)
	if err != nil || !known {
		return false
	}
	return w.NamespaceSelector == nil || selector.Matches(labels.Set(found))
}

// hears tells whether an entry's rules name an operation on the object, and on each subresource by which it was changed.
func hears(w *registration.ValidatingWebhook, o *object, operation registration.OperationType) bool {
	names := []string{o.Resource.Resource}
	for _, written := range o.writes {
		if written.Subresource == "resize" || written.Subresource == "ephemeralcontainers" {
			names = append(names, o.Resource.Resource+"/"+written.Subresource)
		}
	}
	for _, name := range names {
		if !slices.ContainsFunc(w.Rules, func(r registration.RuleWithOperations) bool {
			return holds(r.APIGroups, o.Kind.Group) && holds(r.Resources, name) &&
				(slices.Contains(r.Operations, operation) || slices.Contains(r.Operations, registration.OperationAll))
		}) {
			return false
		}
	}
	return true
}

// holds tells whether a list of a rule names something: "*" names everything but subresources, "*/*" those too.
func holds(list []string, name string) bool {
	return slices.ContainsFunc(list, func(one string) bool {
		return one == name || one == "*/*" || one == "*" && !strings.Contains(name, "/")
	})
}
