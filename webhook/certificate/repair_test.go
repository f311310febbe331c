package certificate

import (
	"slices"
	"testing"

	admission "k8s.io/api/admissionregistration/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
)

// T23: whatever somebody does to the caBundle is put right with the next look, and nothing else of the configuration is touched.
func TestLeader_repairsTheCABundle(t *testing.T) {
	other := must(t)(NewAuthority(epoch, day))
	w := newWorld(t, 1)
	w.everybody()
	right := configurationOf(t, w.client)
	w.blind = true // it breaks on purpose
	for name, change := range map[string]func(v *admission.ValidatingWebhookConfiguration){
		"emptied": func(v *admission.ValidatingWebhookConfiguration) { v.Webhooks[0].ClientConfig.CABundle = nil },
		"one more": func(v *admission.ValidatingWebhookConfiguration) {
			v.Webhooks[1].ClientConfig.CABundle = append(v.Webhooks[1].ClientConfig.CABundle, encode(other.Certificate)...)
		},
		"another": func(v *admission.ValidatingWebhookConfiguration) {
			v.Webhooks[0].ClientConfig.CABundle = encode(other.Certificate)
		},
		"no certificate": func(v *admission.ValidatingWebhookConfiguration) {
			v.Webhooks[0].ClientConfig.CABundle = []byte("Cg==")
		},
		"all are emptied": func(v *admission.ValidatingWebhookConfiguration) {
			for i := range v.Webhooks {
				v.Webhooks[i].ClientConfig.CABundle = nil
			}
		},
	} {
		write(t, w.client, func(v *admission.ValidatingWebhookConfiguration, _ *core.Secret) { change(v) })
		w.run(w.leaders[0], w.leaders[0].sync)
		got := configurationOf(t, w.client)
		if !equality.Semantic.DeepEqual(got.Webhooks, right.Webhooks) {
			t.Errorf("%s: it is not as it was", name)
		}
	}
	if len(right.Webhooks) != 3 || right.Webhooks[0].SideEffects == nil || len(right.Webhooks[2].ClientConfig.CABundle) != 0 {
		t.Error("more than the caBundle is written")
	}
	for _, m := range right.ManagedFields {
		if m.Manager == manager && (m.Operation != "Apply" || !slices.Contains([]string{ownedFields}, m.FieldsV1.GetRawString())) {
			t.Errorf("%s %s", m.Operation, m.FieldsV1.GetRawString())
		}
	}
	before := w.client.Actions()
	w.everybody()
	for _, a := range w.client.Actions()[len(before):] {
		if a.GetVerb() != "get" && a.GetVerb() != "list" {
			t.Errorf("at rest there is nothing to write: %s %s", a.GetVerb(), a.GetResource().Resource)
		}
	}
}

const ownedFields = `{"f:webhooks":{"k:{\"name\":\"guard.kslint.io\"}":{".":{},"f:clientConfig":{"f:caBundle":{}},"f:name":{}},"k:{\"name\":\"workloads.kslint.io\"}":{".":{},"f:clientConfig":{"f:caBundle":{}},"f:name":{}}}}`
