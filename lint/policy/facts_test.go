package policy_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kslint/kslint/lint/facts/facttest"
	"github.com/kslint/kslint/lint/policy"
)

const withFacts = "#   targets: [certificate, etcd-env]\n#   scope: set\n#   facts: [etcd]"

// TestCheck_facts holds that documents have one number, in facts and in input.set, and that a finding stands where facts say.
func TestCheck_facts(t *testing.T) {
	l := facttest.Write(facttest.KubeKey, 1, facttest.Ends("member-*", -300*24*time.Hour)) // the tests are at 2026-01-01
	files := map[string]string{"a-note.yaml": "just: a document\n"}
	for name, data := range l.Files {
		files[name] = string(data)
	}
	report := check(t, fstest.MapFS{"rules/area/x/rule.rego": source("x", withFacts, `
deny contains {"document": c.document, "path": c.path, "args": {"what": input.set[c.document].file}} if {
	some use in input.facts.etcd.in_use
	c := input.facts.certificates[use.certificate].certs[0]
	c.ends < input.facts.now
}

unchecked contains {"document": m.document, "needs": sprintf("%d of %d", [count(named), count(input.set)])} if {
	some m in input.facts.etcd.members
	named := [d | some d in input.set; d != null]
}
`)}, nil, nil, files)
	if got := messages(report); len(got) != 1 || got[0] != "node1/etc/ssl/etcd/ssl/member-node1.pem:1:1: found node1/etc/ssl/etcd/ssl/member-node1.pem [x]" {
		t.Errorf("got %q, failures %+v", got, report.Failures)
	}
	if len(report.Notes) != 1 || report.Notes[0].File != "node1/etc/etcd.env" || !strings.Contains(report.Notes[0].Reason, " of ") {
		t.Errorf("got notes %+v", report.Notes)
	}
}

func TestCheck_factsNeedADocument(t *testing.T) {
	rule := source("x", withFacts, `deny contains {"document": 0, "path": [], "args": {"what": count(input.set)}}`)
	report := check(t, fstest.MapFS{"rules/area/x/rule.rego": rule}, nil, nil, map[string]string{"a.yaml": kk})
	if got := messages(report); len(got) != 0 {
		t.Errorf("no document is of the rule's targets: got %q", got)
	}
	report = check(t, fstest.MapFS{"rules/area/x/rule.rego": rule}, nil, nil, map[string]string{"a.yaml": kk, "context-etcd.env": "ETCD_NAME=x\n"})
	if got := messages(report); len(got) != 0 {
		t.Errorf("context alone asks nothing: got %q", got)
	}
}

func TestMetadata_facts(t *testing.T) {
	for custom, want := range map[string]string{
		"#   targets: [etcd-env]\n#   facts: [etcd]":                        `rule.rego:7: a rule with facts: [etcd] needs scope: set`,
		"#   targets: [etcd-env]\n#   scope: set\n#   facts: [etcd, etdc]":  `rule.rego:8: unknown facts "etdc", expected hosts, certificates, etcd, kubeconfigs, webhooks, limits, services`,
		"#   targets: [workload]\n#   scope: set\n#   facts: [limits]":      `rule.rego:8: facts: [limits] are those of one document, a rule with scope: set cannot have them`,
		"#   targets: [workload]\n#   scope: set":                           `rule.rego:6: a rule with scope: set does not see all workloads, name kubesphere-workload or leave out the scope`,
		"#   targets: [etcd-env]\n#   scope: set\n#   fact: [etcd]":         `rule.rego:8: unknown key "fact" in the metadata, did you mean "facts"?`,
		"#   targets: [etcd-env]\n#   scope: document\n#   facts: [hosts]":  `rule.rego:8: a rule with facts: [hosts] needs scope: set`,
		"#   targets: [etcd-env]\n#   scope: set\n#   facts: {etcd: true}":  `rule.rego:8:`,
		"#   targets: [etcd-env]\n#   scope: set\n#   facts: [hosts, etcd]": "",
	} {
		index, err := policy.Open(policy.Folder{Name: "p", Files: fstest.MapFS{"rules/area/x/rule.rego": source("x", custom, "deny := {}")}})
		if err != nil {
			t.Fatal(err)
		}
		rules, err := index.All()
		switch {
		case want == "" && (err != nil || strings.Join(rules[0].Facts, " ") != "hosts etcd"):
			t.Errorf("%s: got %v", custom, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: got %v, want %s", custom, err, want)
		}
	}
}
