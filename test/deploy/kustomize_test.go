package deploy

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

const (
	kustomizePath = root + "/deploy/kustomize"
	generatedHead = "# Generated from deploy/helm/kslint by make generate; do not edit.\n"
)

var profiles = []string{"observe", "enforce", "strict"}

// The base is the chart under observe, as it is rendered with no values: hooks and tests are Helm's.
func TestGenerated_kustomize(t *testing.T) {
	want := map[string]string{}
	files, err := release{}.render(t)
	must(t, err)
	base := []string{"namespace.yaml"}
	for _, name := range sorted(files) {
		if text := resources(t, name, files[name]); text != "" {
			base = append(base, filepath.Base(name))
			want["base/"+filepath.Base(name)] = generatedHead + text
		}
	}
	want["base/namespace.yaml"] = generatedHead + namespaceYAML
	want["base/kustomization.yaml"] = generatedHead + kustomization("resources", base)
	for _, profile := range profiles {
		text := generatedHead + kustomization("resources", []string{"../../base"})
		if profile != "observe" {
			text += patches(t, profile)
		}
		want["overlays/"+profile+"/kustomization.yaml"] = text
	}
	hold(t, kustomizePath, want)
}

const namespaceYAML = `apiVersion: v1
kind: Namespace
metadata:
  name: kslint-system
  labels:
    pod-security.kubernetes.io/enforce: restricted
`

func kustomization(key string, values []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n%s:\n", key)
	for _, v := range values {
		fmt.Fprintf(&b, "- %s\n", v)
	}
	return b.String()
}

// resources are the objects of a template that are there for good, as YAML.
func resources(t *testing.T, name, text string) string {
	t.Helper()
	var b strings.Builder
	if !strings.HasSuffix(name, ".yaml") {
		return ""
	}
	for _, o := range split(t, name, text) {
		if isHook(o) {
			continue
		}
		withoutHelm(o.Object)
		data, err := yaml.Marshal(o.Object)
		must(t, err)
		if b.Len() > 0 {
			b.WriteString("---\n")
		}
		b.Write(data)
	}
	return b.String()
}

// withoutHelm takes out the labels that say that Helm has made something, wherever they are.
func withoutHelm(node any) {
	switch n := node.(type) {
	case values:
		for key, value := range n {
			switch key {
			case "helm.sh/chart", "app.kubernetes.io/managed-by", "app.kubernetes.io/instance":
				delete(n, key)
			default:
				withoutHelm(value)
			}
		}
	case []any:
		for _, value := range n {
			withoutHelm(value)
		}
	}
}

// patches make a profile of the base: what the API server does while no replica answers, and the configuration.
func patches(t *testing.T, profile string) string {
	t.Helper()
	observe, other := named(objects(t, "")), named(objects(t, "profile: "+profile))
	var b strings.Builder
	text := other["ConfigMap/kslint-config"].Object["data"].(values)["kslint.yaml"].(string)
	fmt.Fprintf(&b, "patches:\n- target: {kind: ConfigMap, name: kslint-config}\n  patch: |-\n    - {op: replace, path: /data/kslint.yaml, value: %q}\n", text)
	b.WriteString("- target: {kind: ValidatingWebhookConfiguration, name: kslint-webhook}\n  patch: |-\n")
	fmt.Fprintf(&b, "    - {op: replace, path: /metadata/annotations/kslint.io~1profile, value: %s}\n", profile)
	const webhooks = "ValidatingWebhookConfiguration/kslint-webhook"
	before := observe[webhooks].Object["webhooks"].([]any)
	for i, w := range other[webhooks].Object["webhooks"].([]any) {
		if policy := w.(values)["failurePolicy"]; policy != before[i].(values)["failurePolicy"] {
			fmt.Fprintf(&b, "    - {op: replace, path: /webhooks/%d/failurePolicy, value: %s} # %s\n", i, policy, w.(values)["name"])
		}
	}
	return b.String()
}

func named(all []*unstructured.Unstructured) map[string]*unstructured.Unstructured {
	m := map[string]*unstructured.Unstructured{}
	for _, o := range all {
		m[id(o)] = o
	}
	return m
}

// What kustomize builds of an overlay is what Helm renders of the profile, and the namespace.
func TestKustomize_buildsWhatHelmRenders(t *testing.T) {
	for _, profile := range profiles {
		built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), filepath.Join(kustomizePath, "overlays", profile))
		must(t, err)
		text, err := built.AsYaml()
		must(t, err)
		got := named(split(t, profile, string(text)))
		for _, want := range objects(t, "profile: "+profile) {
			if isHook(want) {
				continue
			}
			withoutHelm(want.Object)
			o := got[id(want)]
			delete(got, id(want))
			if o == nil {
				t.Errorf("%s: there is no %s", profile, id(want))
			} else if !reflect.DeepEqual(o.Object, want.Object) {
				t.Errorf("%s: %s is not the chart's", profile, id(want))
			}
		}
		if left := sorted(got); !slices.Equal(left, []string{"Namespace/" + namespace}) {
			t.Errorf("%s: kustomize alone has %q", profile, left)
		}
	}
}

// hold compares the files of a folder with what they have to be, and rewrites them with -update. The folder has no others.
func hold(t *testing.T, folder string, want map[string]string) {
	t.Helper()
	if *update {
		must(t, os.RemoveAll(folder))
		for name, text := range want {
			file := filepath.Join(folder, name)
			must(t, os.MkdirAll(filepath.Dir(file), 0o755))
			must(t, os.WriteFile(file, []byte(text), 0o644))
		}
	}
	var there []string
	must(t, filepath.WalkDir(folder, func(file string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, err := filepath.Rel(folder, file)
			must(t, err)
			there = append(there, name)
		}
		return err
	}))
	if names := sorted(want); !slices.Equal(there, names) {
		t.Errorf("%s holds %q, want %q", folder, there, names)
	}
	for name, text := range want {
		if data, err := os.ReadFile(filepath.Join(folder, name)); err != nil || !bytes.Equal(data, []byte(text)) {
			t.Errorf("%s/%s is not what make generate writes: %v", folder, name, err)
		}
	}
}
