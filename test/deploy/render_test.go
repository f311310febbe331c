// Package deploy holds the chart, the kustomize folders and the extension package against each other and against what Kubernetes,
// Helm, KubeSphere and kslint itself make of them.
package deploy

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/engine"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

var update = flag.Bool("update", false, "rewrite what is generated")

const (
	root      = "../.."
	chartPath = root + "/deploy/helm/kslint"
	namespace = "kslint-system"
)

// values of a release, as in a file of values.
type values = map[string]any

func load(t *testing.T) *chart.Chart {
	t.Helper()
	c, err := loader.Load(chartPath)
	must(t, err)
	return c
}

// release is how the chart is rendered.
type release struct {
	name, namespace string
	values          string // YAML
	cluster         engine.ClientProvider
}

func (r release) render(t *testing.T) (map[string]string, error) {
	t.Helper()
	c := load(t)
	var v values
	must(t, yaml.Unmarshal([]byte(r.values), &v))
	if r.name == "" {
		r.name = "kslint"
	}
	if r.namespace == "" {
		r.namespace = namespace
	}
	all, err := util.ToRenderValues(c, v, common.ReleaseOptions{Name: r.name, Namespace: r.namespace, Revision: 1, IsInstall: true}, nil)
	if err != nil {
		return nil, err
	}
	if r.cluster != nil {
		return engine.RenderWithClientProvider(c, all, r.cluster)
	}
	return engine.Render(c, all)
}

// objects gives everything that a release consists of, hooks and tests included, in the order of the files.
func objects(t *testing.T, text string) []*unstructured.Unstructured {
	t.Helper()
	files, err := release{values: text}.render(t)
	must(t, err)
	var all []*unstructured.Unstructured
	for _, name := range sorted(files) {
		if !strings.HasSuffix(name, ".yaml") {
			continue
		}
		all = append(all, split(t, name, files[name])...)
	}
	return all
}

func split(t *testing.T, name, text string) []*unstructured.Unstructured {
	t.Helper()
	var all []*unstructured.Unstructured
	for part := range strings.SplitSeq("\n"+text, "\n---\n") {
		var o map[string]any
		if err := yaml.UnmarshalStrict([]byte(part), &o); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, part)
		}
		if len(o) > 0 {
			all = append(all, &unstructured.Unstructured{Object: o})
		}
	}
	return all
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// isHook tells whether Helm makes an object only for a moment.
func isHook(o *unstructured.Unstructured) bool { return o.GetAnnotations()["helm.sh/hook"] != "" }

func id(o *unstructured.Unstructured) string { return o.GetKind() + "/" + o.GetName() }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, elements ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(elements...))
	must(t, err)
	return string(data)
}
