package deploy

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/Masterminds/semver/v3"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/engine"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

const extensionPath = root + "/deploy/kubesphere-extension"

// extension is the public format, read strictly: kubesphere/ksbuilder f27029f, pkg/api/metadata.go. What has no omitempty there is
// required.
type extension struct {
	APIVersion          string              `json:"apiVersion"`
	Name                string              `json:"name"`
	Version             string              `json:"version"`
	DisplayName         map[string]string   `json:"displayName"`
	Description         map[string]string   `json:"description"`
	Category            string              `json:"category"`
	Keywords            []string            `json:"keywords,omitempty"`
	Home                string              `json:"home,omitempty"`
	Docs                string              `json:"docs,omitempty"`
	Sources             []string            `json:"sources,omitempty"`
	KubeVersion         string              `json:"kubeVersion,omitempty"`
	KSVersion           string              `json:"ksVersion,omitempty"`
	Maintainers         []*chart.Maintainer `json:"maintainers,omitempty"`
	Provider            map[string]company  `json:"provider"`
	StaticFileDirectory string              `json:"staticFileDirectory,omitempty"`
	Icon                string              `json:"icon"`
	Screenshots         []string            `json:"screenshots,omitempty"`
	Dependencies        []*chart.Dependency `json:"dependencies,omitempty"`
	InstallationMode    string              `json:"installationMode,omitempty"`
	Namespace           string              `json:"namespace,omitempty"`
	Images              []string            `json:"images,omitempty"`
	Annotations         map[string]string   `json:"annotations,omitempty"`
}

type company struct{ Name, URL, Email string }

// categories are those of ksbuilder (cmd/create.go) and of the extensions that KubeSphere publishes.
var categories = []string{
	"ai-machine-learning", "computing", "database", "integration-delivery", "networking", "observability", "security", "storage",
}

func readExtension(t *testing.T) extension {
	t.Helper()
	var e extension
	must(t, yaml.UnmarshalStrict([]byte(read(t, extensionPath, "extension.yaml")), &e))
	return e
}

func TestExtension_isOfThePublicFormat(t *testing.T) {
	e, c := readExtension(t), load(t)
	if e.APIVersion != "kubesphere.io/v1alpha1" || !regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`).MatchString(e.Name) {
		t.Errorf("%s %s", e.APIVersion, e.Name)
	}
	if _, err := semver.StrictNewVersion(e.Version); err != nil {
		t.Errorf("version: %v", err)
	}
	for what, constraint := range map[string]string{"kubeVersion": e.KubeVersion, "ksVersion": e.KSVersion} {
		if _, err := semver.NewConstraint(constraint); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, lang := range []string{"en", "zh"} {
		if e.DisplayName[lang] == "" || e.Description[lang] == "" || e.Provider[lang].Name == "" {
			t.Errorf("%s: a name, a description or a provider is missing", lang)
		}
	}
	if !slices.Contains(categories, e.Category) {
		t.Errorf("category %q is none of %q", e.Category, categories)
	}
	if e.InstallationMode != "Multicluster" || e.Namespace != namespace {
		t.Errorf("%s %s", e.InstallationMode, e.Namespace)
	}
	for _, file := range []string{e.Icon, "README.md", "README_zh.md", "CHANGELOG.md", "CHANGELOG_zh.md", "permissions.yaml", "values.yaml"} {
		if text := read(t, extensionPath, file); strings.HasPrefix(file, "CHANGELOG") && !strings.Contains(text, "## "+e.Version) {
			t.Errorf("%s does not speak of %s", file, e.Version)
		}
	}
	if e.Version != c.Metadata.Version || e.KubeVersion != c.Metadata.KubeVersion {
		t.Errorf("the chart is %s for %s", c.Metadata.Version, c.Metadata.KubeVersion)
	}
}

// packed makes the package as docs/install.md says: the chart as an archive in charts, and Chart.yaml as ksbuilder makes it.
func packed(t *testing.T) *chart.Chart {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "kslint")
	must(t, os.CopyFS(folder, os.DirFS(extensionPath)))
	_, err := chartutil.Save(load(t), filepath.Join(folder, "charts"))
	must(t, err)
	e := readExtension(t)
	metadata, err := yaml.Marshal(chart.Metadata{
		APIVersion: chart.APIVersionV2, Name: e.Name, Version: e.Version, Keywords: e.Keywords, Sources: e.Sources, KubeVersion: e.KubeVersion,
		Home: e.Home, Dependencies: e.Dependencies, Description: e.Description["en"], Icon: e.Icon, Maintainers: e.Maintainers,
	})
	must(t, err)
	must(t, os.WriteFile(filepath.Join(folder, "Chart.yaml"), metadata, 0o600))
	c, err := loader.Load(folder)
	must(t, err)
	return c
}

// renderExtension renders it as KubeSphere does on a member cluster, with the tag of agents on and what it sets for all extensions.
func renderExtension(t *testing.T, text string) []*unstructured.Unstructured {
	t.Helper()
	c := packed(t)
	var v values
	must(t, yaml.Unmarshal([]byte("tags: {agent: true}\n"+text), &v))
	must(t, chartutil.ProcessDependencies(c, v))
	all, err := util.ToRenderValues(c, v, common.ReleaseOptions{Name: "kslint", Namespace: namespace, IsInstall: true}, nil)
	must(t, err)
	files, err := engine.Render(c, all)
	must(t, err)
	var found []*unstructured.Unstructured
	for _, name := range sorted(files) {
		if strings.HasSuffix(name, ".yaml") {
			found = append(found, split(t, name, files[name])...)
		}
	}
	return found
}

func TestExtension_installsTheChart(t *testing.T) {
	got, want := renderExtension(t, ""), objects(t, "config: {lang: zh}")
	if len(got) != len(want) {
		t.Fatalf("%d objects, and the chart has %d", len(got), len(want))
	}
	for i := range want {
		if !reflect.DeepEqual(got[i].Object, want[i].Object) {
			t.Errorf("%s is not the chart's", id(want[i]))
		}
	}
	images := map[string]bool{}
	for _, o := range got {
		text, err := yaml.Marshal(o.Object)
		must(t, err)
		for _, m := range regexp.MustCompile(`image: (\S+)`).FindAllStringSubmatch(string(text), -1) {
			images[m[1]] = true
		}
	}
	if named := readExtension(t).Images; !slices.Equal(sorted(images), named) {
		t.Errorf("extension.yaml names %q, and what runs is %q", named, sorted(images))
	}
}
