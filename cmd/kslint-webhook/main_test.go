package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/admission"
	"github.com/kslint/kslint/webhook/snapshot"
)

func TestRun_saysWhatIsWrongWithTheFlags(t *testing.T) {
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"version", 0, "kslint-webhook "},
		{"--help", 0, "-tls-cert-file"},
		{"serve", 2, `unknown command "serve"`},
		{"doctr", 2, `unknown command "doctr", did you mean "doctor"?`},
		{"--nonsense", 2, "-nonsense"},
		{"--tls-key-file=", 2, "are needed"},
		{"--max-review-bytes 7", 2, "below 1 MiB"},
		{"--pprof-address :6060", 2, "loopback"},
		{"--pprof-address 10.0.0.1:6060", 2, "loopback"},
		{"--client-name kube-apiserver", 2, "needs --client-ca-file"},
		{"--client-name a,,b --client-ca-file x", 2, "an element is empty"},
		{"--drain -1s", 2, "no less than 0"},
		{"--reload-interval 0s", 2, "more than 0"},
		{"--log-level loud", 2, "log-level"},
		{"--otlp-endpoint collector:4317", 2, "is no URL"},
		{"--otlp-endpoint http://collector:4318 --trace-ratio 2", 2, "expected 0 to 1"},
		{"--trace-ratio 0.1", 2, "--trace-ratio needs --otlp-endpoint"},
		{"--certificate-mode magic", 2, "none of files, cert-manager, self"},
		{"--certificate-mode self", 2, "needs --namespace"},
		{"--certificate-mode self --namespace a --leaf-lifetime 0s", 2, "more than 0"},
		{"--certificate-mode self --namespace a", 1, "--kubeconfig is needed"},
		{"--kubeconfig testdata/none", 1, "the kubeconfig cannot be used"},
	} {
		var out, errs bytes.Buffer
		code := run(strings.Fields(c.args), &out, &errs)
		if text := out.String() + errs.String(); code != c.code || !strings.Contains(text, c.says) || (out.Len() > 0) != (code == 0) {
			t.Errorf("%s: exit status %d: %s", c.args, code, text)
		}
	}
}

func TestPoliciesDetail_tellsOfExemptionsThatCountForNothing(t *testing.T) {
	config, err := lint.ParseConfig("c", "/", []byte("exemptions: [{rule: yaml-tab, reason: old}, {rule: yaml-tab, reason: old, owner: anna, expiry: 2020-01-01}]"))
	if err != nil {
		t.Fatal(err)
	}
	want := "0 rules, sha256:x; counts for nothing: exemptions[0] (yaml-tab): owner is missing: say who answers for it"
	if got := policiesDetail(&snapshot.Snapshot{Config: config, Digest: "sha256:x"}); got != want {
		t.Errorf("got %s", got)
	}
}

func TestEntry_followsTheProfileOfTheConfiguration(t *testing.T) {
	const deny, warn, allow = admission.Deny, admission.Warn, admission.Allow
	for _, c := range []struct {
		name, config     string
		workloads, audit admission.Entry
	}{
		{"no configuration", ``, admission.Entry{OnOverload: allow, OnError: warn}, admission.Entry{OnOverload: allow, OnError: warn}},
		{"enforce", `enforcement: {profile: enforce}`, admission.Entry{OnOverload: deny, OnError: deny}, admission.Entry{OnOverload: allow, OnError: allow}},
		{"strict", `enforcement: {profile: strict}`, admission.Entry{OnOverload: deny, OnError: deny}, admission.Entry{OnOverload: deny, OnError: allow}},
		{"enforce, and errors are warnings", `{enforcement: {profile: enforce}, onError: {error: warn}}`, admission.Entry{OnOverload: deny, OnError: warn}, admission.Entry{OnOverload: allow, OnError: allow}},
		{"enforce, and errors are for the audit", `{enforcement: {profile: enforce}, onError: {error: audit}}`, admission.Entry{OnOverload: deny, OnError: allow}, admission.Entry{OnOverload: allow, OnError: allow}},
		{"observe, and errors deny", `{onError: {error: deny}, onOverload: warn}`, admission.Entry{OnOverload: warn, OnError: warn}, admission.Entry{OnOverload: warn, OnError: warn}},
	} {
		config, err := lint.ParseConfig(".kslint.yaml", "/", []byte(c.config))
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]admission.Entry{"workloads": c.workloads, "guard": c.workloads, "pods-audit": c.audit} {
			if got, ok := entry(name, config); !ok || got != want {
				t.Errorf("%s: %s: %+v, want %+v", c.name, name, got, want)
			}
		}
		if _, ok := entry("other", config); ok {
			t.Error("there is no such entry")
		}
	}
}
