package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/document"
	"github.com/kslint/kslint/lint/policy"
	"github.com/kslint/kslint/lint/policy/example"
	"github.com/kslint/kslint/policies"
	"github.com/kslint/kslint/test/e2e/cluster"
	"github.com/kslint/kslint/webhook/configuration"

	admissionv1 "k8s.io/api/admissionregistration/v1"
)

func builtIn() policy.Folder {
	return policy.Folder{Name: "policies", Files: policies.Files, Checked: true}
}

// object is one of an example.
type object struct {
	name                  string // rule/case/file#number
	yaml                  []byte
	versions              lint.Versions
	apiVersion, kind      string
	namespace, objectName string
}

// without is the object of a cluster whose versions nobody says.
func (o object) without() object { o.versions = nil; return o }

// decode reads an object as its author has written it, also what the API server has given back for it.
func (o object) decode(f *lint.File) {
	f.Documents = document.Decode(f.Source)
	f.Documents[0].AsCreated()
	lint.Classify(f.Documents)
}

// separator is between the documents of a file.
var separator = regexp.MustCompile(`(?m)^---[ \t]*(#.*)?$`)

// ofNodes are groups of files that look like objects and that no API server has.
var ofNodes = regexp.MustCompile(`^(kubekey\.kubesphere\.io|kubeadm\.k8s\.io|kubelet\.config\.k8s\.io|kubeproxy\.config\.k8s\.io)/`)

// examples are the objects of the examples of all rules.
func examples(t *testing.T) (all []object) {
	t.Helper()
	names, err := fs.Glob(policies.Files, "rules/*/*/example.txtar")
	must(t, err)
	for _, name := range names {
		data, err := policies.Files.ReadFile(name)
		must(t, err)
		cases, err := example.Parse(data)
		must(t, err)
		for _, c := range cases {
			for _, f := range c.Files {
				for _, o := range objects(path.Join(path.Base(path.Dir(name)), c.Name, f.Name), example.Plain(f.Data)) {
					o.versions = c.Versions
					all = append(all, o)
				}
			}
		}
	}
	if len(all) < 500 {
		t.Fatalf("%d objects prove little", len(all))
	}
	return all
}

// objects are those of a file.
func objects(name string, data []byte) (all []object) {
	for i, text := range separator.Split(string(data), -1) {
		all = append(all, object{name: fmt.Sprintf("%s#%d", name, i)}.in(text)...)
	}
	return all
}

// in gives the object that a text is, or those of a list.
func (o object) in(text string) []object {
	raw, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		return nil
	}
	var head struct {
		APIVersion, Kind string
		Metadata         struct{ Name, Namespace string }
		Items            []json.RawMessage
	}
	if json.Unmarshal(raw, &head) != nil || head.APIVersion == "" || head.Kind == "" || ofNodes.MatchString(head.APIVersion) ||
		head.APIVersion == "v1" && head.Kind == "Config" {
		return nil
	}
	if !strings.HasSuffix(head.Kind, "List") {
		o.yaml, o.apiVersion, o.kind, o.objectName, o.namespace = []byte(text), head.APIVersion, head.Kind, head.Metadata.Name, head.Metadata.Namespace
		return []object{o}
	}
	var all []object
	for i, item := range head.Items {
		if written, err := yaml.JSONToYAML(item); err == nil {
			one := o
			one.name = fmt.Sprintf("%s.%d", o.name, i)
			all = append(all, one.in(string(written))...)
		}
	}
	return all
}

// resources are those that the API server serves, by apiVersion and kind.
type resources struct {
	known      map[string]resource
	namespaces map[string]bool
}

type resource struct {
	name       string
	namespaced bool
}

// served gives all that is served, KubeSphere's kinds of testdata/crds.yaml among it.
func served(t *testing.T) *resources {
	t.Helper()
	s := &resources{known: map[string]resource{}, namespaces: map[string]bool{}}
	eventually(t, "the kinds are served", func() bool {
		for _, r := range discovered(t) {
			if !strings.Contains(r.Name, "/") {
				s.known[r.groupVersion+" "+r.Kind] = resource{r.Name, r.Namespaced}
			}
		}
		return s.known["installer.kubesphere.io/v1alpha1 ClusterConfiguration"].name != ""
	})
	return s
}

// create asks the API server to make an object, which nothing comes of; nil where it has no such kind.
func (s *resources) create(t *testing.T, o object) *cluster.Answer {
	t.Helper()
	r, ok := s.known[o.apiVersion+" "+o.kind]
	if !ok {
		return nil
	}
	url := "/apis/" + o.apiVersion
	if !strings.Contains(o.apiVersion, "/") {
		url = "/api/" + o.apiVersion
	}
	if r.namespaced {
		namespace := o.home()
		s.haveNamespace(t, namespace)
		url += "/namespaces/" + namespace
	}
	a, err := world.Admin.Do(context.Background(), http.MethodPost, url+"/"+r.name+"?dryRun=All&fieldManager=e2e", o.yaml)
	must(t, err)
	return a
}

// home is the namespace that an object is made in, where it says none that of KubeSphere's core if it is part of it: rules know it by
// its name.
func (o object) home() string {
	switch {
	case o.namespace != "":
		return o.namespace
	case strings.HasPrefix(o.objectName, "ks-"), o.objectName == "kubesphere-config", o.kind == "ClusterConfiguration":
		return "kubesphere-system"
	}
	return "default"
}

func (s *resources) haveNamespace(t *testing.T, name string) {
	t.Helper()
	if s.namespaces[name] {
		return
	}
	s.namespaces[name] = true
	a, err := world.Admin.Do(context.Background(), http.MethodPost, "/api/v1/namespaces", []byte(`{apiVersion: v1, kind: Namespace, metadata: {name: "`+name+`"}}`))
	must(t, err)
	if a.Code == http.StatusCreated {
		t.Cleanup(func() { kubectl(t, "", "delete", "namespace", name, "--wait=false") })
	}
}

// installForAll applies a configuration that asks about whatever is created anywhere.
func (h *hook) installForAll() {
	h.t.Helper()
	c := configuration.Build(configuration.Values{CABundle: h.ca.PEM})
	c.Webhooks = c.Webhooks[:1]
	w := &c.Webhooks[0]
	w.NamespaceSelector, w.MatchConditions = nil, nil
	w.Rules = []admissionv1.RuleWithOperations{{
		Operations: []admissionv1.OperationType{admissionv1.Create},
		Rule:       admissionv1.Rule{APIGroups: []string{"*"}, APIVersions: []string{"*"}, Resources: []string{"*"}},
	}}
	text, err := json.Marshal(c)
	must(h.t, err)
	h.apply(string(text))
	eventually(h.t, "the webhook is asked", func() bool { return asked(h.t) })
}
