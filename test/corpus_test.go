package test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/document"
	"github.com/kslint/kslint/lint/policy"
	"github.com/kslint/kslint/policies"
)

// stock is all that untouched upstream files may give, apart from infos: rule, then files. Each is true of the file, and named
// in the catalogue as such.
var stock = map[string][]string{
	"kk-k8s-unsupported":    {"kubekey/v3.1.12/config-k8s-v1.19.16.yaml"},
	"etcd-single-member-ha": {"kubekey/v3.1.12/docs/config-example.yaml"},
	"autorenew-certs-off": {
		"node/external-etcd-v1.22/config.yaml",
		"node/v4-ha3-haproxy-v1.33/node1/etc/systemd/system/k8s-certs-renew.service",
		"node/v4-single-docker-v1.23/single/etc/systemd/system/k8s-certs-renew.service",
	},
	"ks-single-replica-on-ha": {"node/ha3-haproxy-containerd-v1.26/config.yaml"},
	"sec-insecure-registry":   {"node/ha3-haproxy-containerd-v1.26/config.yaml"},
}

// stockOfEach are what every install of a release has: published passwords and keys that its files do not change.
var stockOfEach = []string{"sec-default-admin-password", "sec-default-minio-keys"}

// TestCorpus_isQuiet lints untouched files of KubeKey, ks-installer and KubeSphere, each scenario as its users would.
func TestCorpus_isQuiet(t *testing.T) {
	corpus, err := filepath.Abs("../../shared/corpus")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(corpus); err != nil {
		t.Skip("the corpus of upstream files is not on this machine")
	}
	report := run(t, corpus)
	if report.Documents < 400 {
		t.Errorf("only %d documents were read", report.Documents)
	}
	for _, f := range report.Findings {
		if f.Severity > lint.Info && !slices.Contains(stock[f.Rule.ID], f.File) && !slices.Contains(stockOfEach, f.Rule.ID) {
			t.Errorf("%s:%d: %s: %s [%s]", f.File, f.Range.Line, f.Severity, f.Words(lint.English).Message, f.Rule.ID)
		}
	}
	for _, f := range report.Failures {
		t.Errorf("%s:%d: failed: %s %s", f.File, f.Range.Line, f.Reason, f.Rule)
	}
	for rule, files := range stock {
		for _, file := range files {
			if !slices.ContainsFunc(report.Findings, func(f lint.Finding) bool { return f.Rule.ID == rule && f.File == file }) {
				t.Errorf("%s is silent on %s", rule, file)
			}
		}
	}
}

// TestExamples_sayWhatTheyShould lints the examples that the README sends a newcomer to.
func TestExamples_sayWhatTheyShould(t *testing.T) {
	root, err := filepath.Abs("../examples")
	if err != nil {
		t.Fatal(err)
	}
	report := run(t, root)
	found := map[string]bool{}
	for _, f := range report.Findings {
		if strings.HasPrefix(f.File, "sound/") {
			t.Errorf("the sound cluster: %s:%d: %s [%s]", f.File, f.Range.Line, f.Words(lint.English).Message, f.Rule.ID)
		}
		found[f.Rule.ID] = true
	}
	for _, rule := range []string{"etcd-even-members", "role-unknown-host", "cidr-pod-service-overlap", "ksconfig-yaml-invalid"} {
		if !found[rule] {
			t.Errorf("the broken cluster does not show %s", rule)
		}
	}
}

// run lints a directory with all rules, none that is off by default.
func run(t *testing.T, dir string) *lint.Report {
	t.Helper()
	reading := lint.Read(lint.Input{Dir: dir, Paths: []string{dir}})
	files := lint.Open(reading, document.Decode)
	index, err := policy.Open(policy.Folder{Name: "policies", Files: policies.Files, Checked: true})
	if err != nil {
		t.Fatal(err)
	}
	rules, err := index.For(lint.Documents(files), lint.Choice{}.Named)
	if err != nil {
		t.Fatal(err)
	}
	sets := lint.Sets(files)
	lint.FindVersions(sets, nil)
	engine, err := index.Compile(rules, 1)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)
	report := engine.Check(context.Background(), sets, policy.Question{Now: now})
	lint.Waive(report, files, now)
	report.Finish(files)
	return report
}
