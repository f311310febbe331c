package certificate

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"sync/atomic"
	"testing"

	admission "k8s.io/api/admissionregistration/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes/fake"
	clienttesting "k8s.io/client-go/testing"
)

var target = Target{Namespace: "kslint-system", Service: "kslint-webhook", Secret: "kslint-webhook-ca", Configuration: "kslint"}

var quiet = slog.New(slog.DiscardHandler)

// newClient is an API server with an empty Secret and a configuration without a caBundle. Unlike the fake of client-go alone it
// compares resourceVersions when something is written.
func newClient() *fake.Clientset {
	webhook := func(name, service string) admission.ValidatingWebhook {
		none, exact := admission.SideEffectClassNone, admission.Exact
		return admission.ValidatingWebhook{
			Name: name, SideEffects: &none, MatchPolicy: &exact, AdmissionReviewVersions: []string{"v1"},
			ClientConfig: admission.WebhookClientConfig{Service: &admission.ServiceReference{Namespace: target.Namespace, Name: service}},
		}
	}
	c := fake.NewClientset(
		&core.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: target.Namespace, Name: target.Secret, ResourceVersion: "1"}, Type: core.SecretTypeOpaque},
		&admission.ValidatingWebhookConfiguration{
			ObjectMeta: metav1.ObjectMeta{Name: target.Configuration, UID: "u", ResourceVersion: "1"},
			Webhooks: []admission.ValidatingWebhook{
				webhook("workloads.kslint.io", target.Service), webhook("guard.kslint.io", target.Service), webhook("other.example.com", "other"),
			},
		},
	)
	var version atomic.Int64
	version.Store(1)
	stale := func(a clienttesting.Action, name, had string) error {
		there, err := c.Tracker().Get(a.GetResource(), a.GetNamespace(), name)
		if err != nil {
			return err
		}
		m, _ := meta.Accessor(there)
		if had != "" && had != m.GetResourceVersion() {
			return apierrors.NewConflict(a.GetResource().GroupResource(), name, fmt.Errorf("%s, not %s", m.GetResourceVersion(), had))
		}
		return nil
	}
	next := func() string { return strconv.FormatInt(version.Add(1), 10) }
	c.PrependReactor("create", "*", func(a clienttesting.Action) (bool, runtime.Object, error) {
		m, _ := meta.Accessor(a.(clienttesting.CreateAction).GetObject())
		m.SetResourceVersion(next())
		return false, nil, nil
	})
	c.PrependReactor("update", "*", func(a clienttesting.Action) (bool, runtime.Object, error) {
		m, _ := meta.Accessor(a.(clienttesting.UpdateAction).GetObject())
		if err := stale(a, m.GetName(), m.GetResourceVersion()); err != nil {
			return true, nil, err
		}
		m.SetResourceVersion(next())
		return false, nil, nil
	})
	c.PrependReactor("patch", "*", func(a clienttesting.Action) (bool, runtime.Object, error) {
		p := a.(clienttesting.PatchActionImpl)
		if p.GetPatchType() != types.ApplyPatchType {
			return true, nil, fmt.Errorf("a patch of type %s", p.GetPatchType())
		}
		u := &unstructured.Unstructured{}
		if err := json.Unmarshal(p.GetPatch(), &u.Object); err != nil {
			return true, nil, err
		}
		if err := stale(a, p.GetName(), u.GetResourceVersion()); err != nil {
			return true, nil, err
		}
		u.SetResourceVersion("")
		u.SetName(p.GetName())
		if err := c.Tracker().Apply(a.GetResource(), u, "", p.PatchOptions); err != nil {
			return true, nil, err
		}
		there, err := c.Tracker().Get(a.GetResource(), "", p.GetName())
		if err != nil {
			return true, nil, err
		}
		m, _ := meta.Accessor(there)
		m.SetResourceVersion(next())
		return true, there, c.Tracker().Update(a.GetResource(), there, "")
	})
	return c
}

func configurationOf(t testing.TB, c *fake.Clientset) *admission.ValidatingWebhookConfiguration {
	t.Helper()
	got, err := c.AdmissionregistrationV1().ValidatingWebhookConfigurations().Get(context.Background(), target.Configuration, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// write is somebody else's hand.
func write(t testing.TB, c *fake.Clientset, change func(*admission.ValidatingWebhookConfiguration, *core.Secret)) {
	t.Helper()
	v := configurationOf(t, c)
	s, err := c.CoreV1().Secrets(target.Namespace).Get(context.Background(), target.Secret, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	before, secret := v.DeepCopy(), s.DeepCopy()
	change(v, s)
	if !equality.Semantic.DeepEqual(before.Webhooks, v.Webhooks) {
		_, err = c.AdmissionregistrationV1().ValidatingWebhookConfigurations().Update(context.Background(), v, metav1.UpdateOptions{FieldManager: "hand"})
	}
	if err == nil && (fmt.Sprint(secret.Data, secret.Annotations) != fmt.Sprint(s.Data, s.Annotations)) {
		_, err = c.CoreV1().Secrets(target.Namespace).Update(context.Background(), s, metav1.UpdateOptions{FieldManager: "hand"})
	}
	if err != nil {
		t.Fatal(err)
	}
}
