package verdict_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"
	"sigs.k8s.io/yaml"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/document"
	"github.com/kslint/kslint/lint/policy"
	"github.com/kslint/kslint/policies"
	"github.com/kslint/kslint/webhook/admission"
	"github.com/kslint/kslint/webhook/snapshot"
	"github.com/kslint/kslint/webhook/verdict"
)

// everyRule are the rules that the binary carries.
var everyRule = sync.OnceValues(func() (*policy.Engine, []policy.Loaded) {
	index, err := policy.Open(policy.Folder{Name: "policies", Files: policies.Files, Checked: true})
	if err != nil {
		panic(err)
	}
	all, err := index.All()
	if err != nil {
		panic(err)
	}
	engine, err := index.Compile(all, 1)
	if err != nil {
		panic(err)
	}
	return engine, all
})

// inCluster are the targets that the API server has: objects, and what stands in their strings.
var inCluster = []lint.Target{
	lint.ClusterConfiguration, lint.KSInstallerConfig, lint.KubeSphereConfig, lint.KSConsoleConfig, lint.Workload,
	lint.KubeSphereWorkload, lint.Corefile, lint.PDB, lint.HPA, lint.Node, lint.LimitRange, lint.Namespace, lint.Service, lint.StorageClass,
	lint.Kubeconfig, lint.Secret, lint.Certificate, lint.WebhookConfig, lint.CRD, lint.APIService, lint.KubeSphereCluster,
}

// leftOut are the rules with a target of the cluster that are not asked at admission: they look at a whole set, and must not judge
// by what is not in a review. They are the audit's. A new one is added here, or to those that judge an object alone.
var leftOut = []string{
	"antiaffinity-unsatisfiable", "apiserver-cert-missing-san", "cc-etcd-monitoring-localhost", "cc-etcd-monitoring-secret",
	"cc-member-jwtsecret", "cc-redis-ha-nodes", "etcd-ca-expired", "etcd-cert-expired", "etcd-cert-expires-soon",
	"etcd-cert-key-mismatch", "etcd-cert-unknown-ca", "etcd-cert-wrong-usage", "k8s-ca-expires", "k8s-cert-expires-soon",
	"ks-k8s-unsupported", "ks-master-only-scheduling", "ks-single-replica-on-ha",
	"nodelocaldns-disabled-drift", "registry-cert-expired", "rollout-deadlock", "storageclass-several-defaults", "webhook-cabundle-mismatch", "webhook-cert-no-san",
	"webhook-stale-3x-on-4x",
}

// ofText are the rules about how YAML is written: the API server has none.
var ofText = []string{"yaml-duplicate-key", "yaml-tab"}

// unseen are the document-scope rules with a target of the cluster whose examples show them in files of nodes only.
var unseen = []string{}

func TestReview_T09_whichRulesAreAsked(t *testing.T) {
	_, all := everyRule()
	var left, text []string
	for _, r := range all {
		ours := slices.ContainsFunc(r.Targets, func(t lint.Target) bool { return slices.Contains(inCluster, t) })
		switch {
		case r.Scope == lint.OneDocument && r.NeedYAML && slices.Contains(r.Targets, lint.AnyYAML):
			text = append(text, r.ID)
		case r.Scope == lint.OneSet && ours && !slices.Contains(verdict.Alone(), r.ID):
			left = append(left, r.ID)
		}
	}
	if !slices.Equal(left, leftOut) {
		t.Errorf("left out:\n%q, named here:\n%q", left, leftOut)
	}
	if !slices.Equal(text, ofText) {
		t.Errorf("about text:\n%q, named here:\n%q", text, ofText)
	}
	for _, id := range verdict.Alone() {
		if !slices.ContainsFunc(all, func(r policy.Loaded) bool { return r.ID == id && r.Scope == lint.OneSet }) {
			t.Errorf("there is no rule %s with scope: set", id)
		}
	}
}

// TestReview_parity: for every document-scope rule, every object of every rule's example gives the same findings as a file and as
// a review.
func TestReview_parity(t *testing.T) {
	_, all := everyRule()
	seen := map[string]int{}
	for _, c := range cases(t) {
		file, review := asFile(t, c), asReview(t, c)
		for _, line := range review {
			seen[strings.Fields(line)[0]]++
		}
		if !slices.Equal(file, review) {
			t.Errorf("%s: as a file\n  %s\nas a review\n  %s", c.name, strings.Join(file, "\n  "), strings.Join(review, "\n  "))
		}
	}
	var missing []string
	for _, r := range all {
		ours := slices.ContainsFunc(r.Targets, func(t lint.Target) bool { return slices.Contains(inCluster, t) })
		if r.Scope == lint.OneDocument && ours && seen[r.ID] == 0 {
			missing = append(missing, r.ID)
		}
	}
	if !slices.Equal(missing, unseen) {
		t.Errorf("never seen:\n%q, named here:\n%q", missing, unseen)
	}
}

// one is an object of an example.
type one struct {
	name     string
	rule     string // whose example it is of, which is on
	versions lint.Versions
	yaml     []byte
	json     []byte
}

var (
	separator = regexp.MustCompile(`(?m)^---[ \t]*(#.*)?$`)
	wanted    = regexp.MustCompile(`[ \t]*# want: [^\r\n]*`)
	caseLine  = regexp.MustCompile(`^((?:bad|good)(?:/\S+)?): (kubekey|kubernetes|kubesphere) (\S+)$`)
)

func cases(t *testing.T) []one {
	t.Helper()
	names, err := fs.Glob(policies.Files, "rules/*/*/example.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var all []one
	for _, name := range names {
		data, err := policies.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		archive := txtar.Parse(data)
		versions := said(string(archive.Comment))
		for _, f := range archive.Files {
			c := one{name: path.Base(path.Dir(name)) + "/" + f.Name, rule: path.Base(path.Dir(name))}
			parts := strings.Split(f.Name, "/")
			if c.versions = versions[parts[0]]; len(parts) > 2 {
				c.versions = versions[parts[0]+"/"+parts[1]]
			}
			for _, text := range separator.Split(wanted.ReplaceAllString(string(f.Data), ""), -1) {
				all = append(all, c.objectsIn(text)...)
			}
		}
	}
	if len(all) < 500 {
		t.Fatalf("%d objects prove little", len(all))
	}
	return all
}

func said(comment string) map[string]lint.Versions {
	versions := map[string]lint.Versions{}
	for line := range strings.Lines(comment) {
		m := caseLine.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			continue
		}
		if versions[m[1]] == nil {
			versions[m[1]] = lint.Versions{}
		}
		versions[m[1]][lint.Product(m[2])], _ = lint.ParseVersion(m[3])
	}
	return versions
}

// ofNodes are groups of files that look like objects and that no API server has.
var ofNodes = regexp.MustCompile(`^(kubekey\.kubesphere\.io|kubeadm\.k8s\.io|kubelet\.config\.k8s\.io|kubeproxy\.config\.k8s\.io)/`)

func (c one) objectsIn(text string) []one {
	raw, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		return nil
	}
	var o struct {
		APIVersion, Kind string
		Items            []json.RawMessage
	}
	if json.Unmarshal(raw, &o) != nil || o.APIVersion == "" || o.Kind == "" || ofNodes.MatchString(o.APIVersion) || o.APIVersion == "v1" && o.Kind == "Config" {
		return nil
	}
	if !strings.HasSuffix(o.Kind, "List") {
		c.yaml, c.json = []byte(text), raw
		return []one{c}
	}
	var all []one
	for _, item := range o.Items {
		if written, err := yaml.JSONToYAML(item); err == nil {
			all = append(all, c.objectsIn(string(written))...)
		}
	}
	return all
}

func asFile(t *testing.T, c one) []string {
	t.Helper()
	engine, _ := everyRule()
	yes := true
	f := &lint.File{
		Source: &lint.Source{Name: "request", Data: c.yaml},
		Config: &lint.Config{Rules: map[string]lint.RuleConfig{c.rule: {On: &yes}}},
	}
	f.Documents = document.Decode(f.Source)
	lint.Classify(f.Documents)
	sets := lint.Sets([]*lint.File{f})
	lint.FindVersions(sets, c.versions)
	return lines(engine.Check(context.Background(), sets, policy.Question{Now: instant}).Findings)
}

// byRule are reviewers with a rule switched on.
var byRule = map[string]*verdict.Reviewer{}

func asReview(t *testing.T, c one) []string {
	t.Helper()
	key := c.rule + fmt.Sprint(c.versions)
	if byRule[key] == nil {
		engine, all := everyRule()
		config, err := lint.ParseConfig("c", "/", []byte("rules: {"+c.rule+": on}\n"+enforce))
		if err != nil {
			t.Fatal(err)
		}
		s := &snapshot.Snapshot{Engine: engine, Rules: all, Config: config}
		byRule[key] = reviewerOf(s, known{}, verdict.Options{Versions: c.versions})
	}
	return lines(byRule[key].Findings(context.Background(), c.request()))
}

func (c one) request() *admission.Request {
	var o object
	if err := json.Unmarshal(c.json, &o); err != nil {
		panic(err)
	}
	return creation(o)
}

// lines are findings of rules of one document, as users read them.
func lines(found []lint.Finding) []string {
	var all []string
	for _, f := range found {
		if f.Rule.Scope != lint.OneDocument || slices.Contains(ofText, f.Rule.ID) {
			continue
		}
		words := f.Words(lint.English)
		all = append(all, fmt.Sprintf("%s %s %s: %s (%s) %q", f.Rule.ID, f.Severity, f.Path, words.Message, words.Remediation, f.Identity))
	}
	slices.Sort(all)
	return all
}
