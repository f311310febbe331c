package policy_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/document"
	"github.com/kslint/kslint/lint/policy"
)

// source is a rule with more metadata under custom and a body.
func source(id, custom, body string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte(fmt.Sprintf(`# METADATA
# title: Title
# description: Description.
# custom:
#   severity: warning
%s
#   message: "found {what}"
#   remediation: Fix it.
#   zh: {title: 标题, description: 说明。, message: "发现 {what}", remediation: 修复。}
package policies.rules.area[%q]

%s
`, custom, id, body))}
}

const onCluster = "#   targets: [kubekey-cluster]"

// check lints files with rules, each file a source of its own.
func check(t *testing.T, rules fstest.MapFS, config *lint.Config, said lint.Versions, files map[string]string) *lint.Report {
	t.Helper()
	index, err := policy.Open(policy.Folder{Name: "p", Files: rules})
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := index.All()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := index.Compile(loaded, 1)
	if err != nil {
		t.Fatal(err)
	}
	var all []*lint.File
	for name, text := range files {
		s := &lint.Source{Name: name, Data: []byte(text), Context: strings.HasPrefix(name, "context-")}
		f := &lint.File{Source: s, Documents: document.Decode(s), Config: config}
		lint.Classify(f.Documents)
		all = append(all, f)
	}
	sets := lint.Sets(all)
	lint.FindVersions(sets, said)
	report := engine.Check(context.Background(), sets, policy.Question{Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
	lint.Waive(report, all, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	report.Finish(all)
	return report
}

func messages(r *lint.Report) []string {
	var all []string
	for _, f := range r.Findings {
		all = append(all, fmt.Sprintf("%s:%d:%d: %s [%s]", f.File, f.Range.Line, f.Range.Column, f.Words(lint.English).Message, f.Rule.ID))
	}
	return all
}

const kk = `apiVersion: kubekey.kubesphere.io/v1alpha2
kind: Cluster
metadata: {name: sample}
spec:
  hosts: [{name: a}]
  kubernetes: {version: v1.26.15}
`

func TestCheck_aFailingRuleHidesNothing(t *testing.T) {
	report := check(t, fstest.MapFS{
		"rules/area/fails/rule.rego": source("fails", onCluster, `deny contains {"path": [], "args": {"what": x}} if x := to_number(input.document.value.metadata.name)`),
		"rules/area/finds/rule.rego": source("finds", onCluster, `deny contains {"path": ["spec", "kubernetes", "version"], "args": {"what": input.document.value.metadata.name}}`),
	}, nil, nil, map[string]string{"a.yaml": kk})
	if got := messages(report); len(got) != 1 || got[0] != "a.yaml:6:25: found sample [finds]" {
		t.Errorf("got %q", got)
	}
	if len(report.Failures) != 1 || report.Failures[0].Rule != "fails" || report.Failures[0].File != "a.yaml" ||
		!strings.Contains(report.Failures[0].Reason, "to_number") {
		t.Errorf("got failures %+v", report.Failures)
	}
}

func TestCheck_malformedFindings(t *testing.T) {
	for body, want := range map[string]string{
		`deny contains {"args": {"what": 1}}`:                                 "a finding needs a path",
		`deny contains {"path": [], "args": {}}`:                              `lacks the argument "what"`,
		`deny contains {"path": [], "args": {"what": 1}, "message": "other"}`: `no message "other"`,
		`deny contains {"path": [1.5], "args": {"what": 1}}`:                  "1.5 in a path is no index",
		`deny contains {"path": [], "args": {"what": 1}, "document": 7}`:      "document 7 is none of the set's 1",
		`deny := {"path": []}`:                                                "is no set",
		`deny contains "x"`:                                                   `holds "x", expected an object`,
		`deny contains {"path": ["spec", true], "args": {"what": 1}}`:         "neither a key nor an index",
	} {
		report := check(t, fstest.MapFS{"rules/area/x/rule.rego": source("x", onCluster, body)}, nil, nil, map[string]string{"a.yaml": kk})
		if len(report.Findings) != 0 || len(report.Failures) != 1 || !strings.Contains(report.Failures[0].Reason, want) {
			t.Errorf("%s: got %q, %+v", body, messages(report), report.Failures)
		}
	}
}

func TestCheck_versions(t *testing.T) {
	always := `deny contains {"path": [], "args": {"what": "x"}}`
	v := func(text string) lint.Version { one, _ := lint.ParseVersion(text); return one }
	for _, test := range []struct {
		name, custom string
		said         lint.Versions
		found, notes int
	}{
		{"the file says a version within", "#   versions: {kubernetes: '>=1.24'}", nil, 1, 0},
		{"the file says a version outside", "#   versions: {kubernetes: '<1.24'}", nil, 0, 0},
		{"the file wins over the flag", "#   versions: {kubernetes: '<1.24'}", lint.Versions{lint.Kubernetes: v("1.20")}, 0, 0},
		{"unknown is not run and leaves a note", "#   versions: {kubekey: '<3.1'}", nil, 0, 1},
		{"unknown runs where the rule says so", "#   versions: {kubekey: '<3.1'}\n#   unknown: run", nil, 1, 0},
		{"the flag says it", "#   versions: {kubekey: '<3.1'}", lint.Versions{lint.KubeKey: v("3.0.13")}, 1, 0},
		{"both must hold", "#   versions: {kubekey: '<3.1', kubernetes: '<1.24'}", lint.Versions{lint.KubeKey: v("3.0.13")}, 0, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			report := check(t, fstest.MapFS{"rules/area/x/rule.rego": source("x", onCluster+"\n"+test.custom, always)},
				nil, test.said, map[string]string{"a.yaml": kk})
			if len(report.Findings) != test.found || len(report.Notes) != test.notes || len(report.Failures) != 0 {
				t.Errorf("got %q, notes %+v, failures %+v", messages(report), report.Notes, report.Failures)
			}
		})
	}
}

func TestCheck_parametersAndSeverity(t *testing.T) {
	rule := source("x", onCluster+"\n#   parameters: {most: {type: number, default: 3, description: Most., zh: 上限}}",
		`deny contains {"path": [], "args": {"what": input.parameters.x.most}}`)
	report := check(t, fstest.MapFS{"rules/area/x/rule.rego": rule}, nil, nil, map[string]string{"a.yaml": kk})
	if got := messages(report); len(got) != 1 || !strings.Contains(got[0], "found 3") {
		t.Errorf("the default: got %q", got)
	}
	config, err := lint.ParseConfig(".kslint.yaml", "/", []byte("rules: {x: {severity: info, parameters: {most: 5}}}"))
	if err != nil {
		t.Fatal(err)
	}
	report = check(t, fstest.MapFS{"rules/area/x/rule.rego": rule}, config, nil, map[string]string{"a.yaml": kk})
	if got := messages(report); len(got) != 1 || !strings.Contains(got[0], "found 5") || report.Findings[0].Severity != lint.Info {
		t.Errorf("as configured: got %q", got)
	}
}

func TestCheck_set(t *testing.T) {
	rule := source("x", "#   targets: [cluster-configuration, kubekey-cluster]\n#   scope: set", `
deny contains {"document": i, "path": ["metadata", "name"], "args": {"what": count(input.set)}} if {
	some i, d in input.set
	d.target == "cluster-configuration"
}

unchecked contains {"document": 0, "needs": "a second cluster"} if count(input.set) < 3
`)
	cc := "apiVersion: installer.kubesphere.io/v1alpha1\nkind: ClusterConfiguration\nmetadata:\n  name: ks-installer\n"
	report := check(t, fstest.MapFS{"rules/area/x/rule.rego": rule}, nil, nil, map[string]string{"a.yaml": kk, "b.yaml": cc, "other.yaml": "a: 1"})
	if got := messages(report); len(got) != 1 || got[0] != "b.yaml:4:9: found 2 [x]" {
		t.Errorf("got %q", got)
	}
	if len(report.Notes) != 1 || report.Notes[0].Reason != "not checked: needs a second cluster" || report.Notes[0].Rule != "x" {
		t.Errorf("got notes %+v", report.Notes)
	}
	report = check(t, fstest.MapFS{"rules/area/x/rule.rego": rule}, nil, nil, map[string]string{"a.yaml": kk, "context-b.yaml": cc})
	if got := messages(report); len(got) != 0 {
		t.Errorf("context is read, not reported: got %q", got)
	}
}

func TestCompile_mistakes(t *testing.T) {
	for _, test := range []struct{ name, body, want string }{
		{"syntax", "deny contains {", "p/rules/area/x/rule.rego:"},
		{"reaching out", `deny contains {"path": [], "args": {"what": http.send({"method": "get", "url": "http://127.0.0.1"})}}`, "undefined function http.send"},
		{"an unsafe variable", `deny contains {"path": [], "args": {"what": y}}`, "var y is unsafe"},
	} {
		t.Run(test.name, func(t *testing.T) {
			index, err := policy.Open(policy.Folder{Name: "p", Files: fstest.MapFS{
				"rules/area/x/rule.rego": source("x", onCluster, test.body),
			}})
			if err != nil {
				t.Fatal(err)
			}
			rules, err := index.All()
			if err != nil {
				t.Fatal(err)
			}
			if _, err = index.Compile(rules, 1); err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "rule.rego:") {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestCompile_packageIsTheFolder(t *testing.T) {
	index, err := policy.Open(policy.Folder{Name: "p", Files: fstest.MapFS{
		"rules/area/y/rule.rego": source("x", onCluster, `deny contains 1 if false`),
	}})
	if err != nil {
		t.Fatal(err)
	}
	rules, err := index.All()
	if err != nil {
		t.Fatal(err)
	}
	_, err = index.Compile(rules, 1)
	if err == nil || !strings.Contains(err.Error(), `expected package policies.rules.area["y"]`) {
		t.Errorf("got %v", err)
	}
}
