package deploy

import (
	"encoding/json"
	"reflect"
	"testing"

	admission "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// The chart's template and the command make the same webhooks of the same values.
func TestChart_webhooksAreThoseOfTheCommand(t *testing.T) {
	webhook := command(t, "kslint-webhook")
	for name, flags := range map[string][]string{
		"nothing": {}, "enforce": {"--profile=enforce"}, "strict": {"--profile=strict"}, "cert-manager": {},
		"everything": {
			"--profile=enforce", "--exclude-namespace=sandbox", "--system-namespace=kubesphere-system", "--secrets",
			"--controller=system:serviceaccount:argo-rollouts:argo-rollouts", "--namespace-selector=kslint=on,stage notin (dev)",
			"--more=clonesets.apps.kruise.io", "--guard-label=stage", "--guard-label=tier",
		},
	} {
		out, status := run(t, webhook, append([]string{"configuration"}, flags...)...)
		if status != 0 {
			t.Fatalf("%s: exit status %d: %s", name, status, out)
		}
		var want admission.ValidatingWebhookConfiguration
		must(t, yaml.UnmarshalStrict([]byte(out), &want))
		got, idle := configuration(t, matrix[name])
		if !reflect.DeepEqual(got, want.Webhooks) {
			a, _ := yaml.Marshal(got)
			b, _ := yaml.Marshal(want.Webhooks)
			t.Errorf("%s: the chart has\n%s\nand the command\n%s", name, a, b)
		}
		// An entry that is not wanted is there all the same, so that it can be wanted and not wanted any more: see the template.
		if len(got)+idle != 8 {
			t.Errorf("%s: %d entries and %d without rules", name, len(got), idle)
		}
	}
}

// configuration gives the webhooks of a release that have rules, and the number of the others.
func configuration(t *testing.T, text string) (all []admission.ValidatingWebhook, idle int) {
	t.Helper()
	var c admission.ValidatingWebhookConfiguration
	for _, o := range objects(t, text) {
		if o.GetKind() == "ValidatingWebhookConfiguration" {
			convert(t, o, &c)
		}
	}
	for _, w := range c.Webhooks {
		if len(w.Rules) == 0 {
			idle++
			continue
		}
		all = append(all, w)
	}
	return all, idle
}

func convert(t *testing.T, o *unstructured.Unstructured, into any) {
	t.Helper()
	data, err := json.Marshal(o.Object)
	must(t, err)
	must(t, json.Unmarshal(data, into))
}
