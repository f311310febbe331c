package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	admission "k8s.io/api/admissionregistration/v1"
	"sigs.k8s.io/yaml"
)

func TestConfiguration_printsWhatTheFlagsSay(t *testing.T) {
	var out, errs bytes.Buffer
	code := run(strings.Fields(`configuration --profile enforce --namespace guard --service s --name other --exclude-namespace legacy
		--system-namespace ks --controller system:serviceaccount:argo:argo --more rollouts.argoproj.io,installplans.kubesphere.io
		--namespace-selector tier=tenant --secrets --guard-label team`), &out, &errs)
	var c admission.ValidatingWebhookConfiguration
	if err := yaml.UnmarshalStrict(out.Bytes(), &c); code != 0 || err != nil || errs.Len() > 0 {
		t.Fatalf("exit status %d: %v %s", code, err, errs.String())
	}
	text := out.String()
	for _, part := range []string{
		"name: other\n", "namespace: guard\n", "name: s\n", "- legacy\n", "- ks\n", "system:serviceaccount:argo:argo", "- rollouts\n",
		"- installplans\n", "tier: tenant\n", "name: secrets.kslint.io\n", `["team", "tier"].exists`,
	} {
		if !strings.Contains(text, part) {
			t.Errorf("there is no %q", part)
		}
	}
	if strings.Contains(text, "kslint-system") || strings.Contains(text, "caBundle") || strings.Contains(text, "creationTimestamp") || strings.Contains(text, "kubesphere-monitoring-system") {
		t.Error("there is what the flags replace, or a caBundle")
	}
	closed := slices.DeleteFunc(c.Webhooks, func(w admission.ValidatingWebhook) bool { return *w.FailurePolicy != admission.Fail })
	if len(closed) != 4 {
		t.Errorf("%d entries fail closed, want 4", len(closed))
	}
}

func TestConfiguration_saysWhatIsWrong(t *testing.T) {
	for args, says := range map[string]string{
		"--profile loose":            "unknown profile",
		"--more nodes":               "never sent",
		"--namespace-selector a=b=c": "--namespace-selector",
		"--nonsense":                 "-nonsense",
		"now":                        "takes no arguments",
		"--namespace kube_system":    "no name of a namespace",
	} {
		var out, errs bytes.Buffer
		if code := run(strings.Fields("configuration "+args), &out, &errs); code != 2 || out.Len() > 0 || !strings.Contains(errs.String(), says) {
			t.Errorf("%s: exit status %d: %s%s", args, code, out.String(), errs.String())
		}
	}
	var out, errs bytes.Buffer
	if code := run([]string{"configuration", "--help"}, &out, &errs); code != 0 || !strings.Contains(out.String(), "-guard-label") {
		t.Errorf("exit status %d: %s", code, errs.String())
	}
}
