package lint_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/document"
)

const (
	cluster   = "apiVersion: kubekey.kubesphere.io/v1alpha2\nkind: Cluster\nspec: {kubernetes: {version: %s}}\n"
	config    = "apiVersion: kubekey.kubesphere.io/v1\nkind: Config\nspec: {kubernetes: {kube_version: v1.30.1}}\n"
	inventory = "apiVersion: kubekey.kubesphere.io/v1\nkind: Inventory\nspec: {hosts: {}}\n"
	installer = "apiVersion: installer.kubesphere.io/v1alpha1\nkind: ClusterConfiguration\nmetadata: {labels: {version: %s}}\n"
	plain     = "a: 1\n"
)

func files(texts map[string]string) []*lint.File {
	var all []*lint.File
	for name, text := range texts {
		s := &lint.Source{Name: name, Data: []byte(text)}
		f := &lint.File{Source: s, Documents: document.Decode(s)}
		lint.Classify(f.Documents)
		all = append(all, f)
	}
	slices.SortFunc(all, func(a, b *lint.File) int { return strings.Compare(a.Name, b.Name) })
	return all
}

func shape(sets []*lint.Set) string {
	var b strings.Builder
	for _, s := range sets {
		fmt.Fprintf(&b, "%s:", s.Root)
		for _, f := range s.Files {
			b.WriteString(" " + f.Name)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestSets_belongToTheNearestKubeKeyConfiguration(t *testing.T) {
	c := fmt.Sprintf(cluster, "v1.26.15")
	for _, test := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"none", map[string]string{"a.yaml": plain, "b/c.yaml": plain}, ": a.yaml b/c.yaml\n"},
		{
			"two clusters, one beside",
			map[string]string{"a/config.yaml": c, "a/node1/etc/x.yaml": plain, "b/config.yaml": c, "c.yaml": plain},
			": c.yaml\na: a/config.yaml a/node1/etc/x.yaml\nb: b/config.yaml\n",
		},
		{
			"several in one folder are sets of their own, and the files around them are not theirs",
			map[string]string{"a/one.yaml": c, "a/two.yaml": c, "a/x.yaml": plain},
			": a/x.yaml\na/one.yaml: a/one.yaml\na/two.yaml: a/two.yaml\n",
		},
		{"v4: config and inventory", map[string]string{"a/config.yaml": config, "a/inventory.yaml": inventory, "b.yaml": plain}, ": b.yaml\na: a/config.yaml a/inventory.yaml\n"},
		{"v4: a config alone is no home", map[string]string{"a/config.yaml": config, "b.yaml": plain}, ": a/config.yaml b.yaml\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := shape(lint.Sets(files(test.files))); got != test.want {
				t.Errorf("got\n%swant\n%s", got, test.want)
			}
		})
	}
}

func TestSets_hostFolders(t *testing.T) {
	sets := lint.Sets(files(map[string]string{"a/config.yaml": fmt.Sprintf(cluster, "v1.26.15"), "a/node1/etc/kubernetes/x.yaml": plain}))
	d := sets[0].Files[1].Documents[0]
	if d.File != "node1/etc/kubernetes/x.yaml" || d.Host != "node1" {
		t.Errorf("got file %q, host %q", d.File, d.Host)
	}
}

func TestFindVersions_ownWordFileSetFlag(t *testing.T) {
	said := lint.Versions{lint.KubeKey: {Major: 3, Minor: 1, Patch: 2}, lint.Kubernetes: {Major: 1, Minor: 20, Patch: 0}}
	all := files(map[string]string{
		"a/config.yaml": fmt.Sprintf(cluster, "v1.26.15") + "---\n" + fmt.Sprintf(installer, "v3.4.1"),
		"a/x.yaml":      plain,
		"b/one.yaml":    fmt.Sprintf(cluster, "v1.26.15"),
		"b/two.yaml":    fmt.Sprintf(cluster, "latest"),
		"c/x.yaml":      fmt.Sprintf(installer, "v3.3.2"),
		"c/y.yaml":      fmt.Sprintf(installer, "v3.4.1"),
		"c/z.yaml":      plain,
	})
	lint.FindVersions(lint.Sets(all), said)
	for i, want := range []string{
		"kubesphere 3.4.1 kubernetes 1.26.15 kubekey 3.1.2", "kubesphere 3.4.1 kubernetes 1.26.15 kubekey 3.1.2",
		"kubernetes 1.26.15 kubekey 3.1.2", "kubernetes 1.20.0 kubekey 3.1.2",
		"kubesphere 3.3.2 kubernetes 1.20.0 kubekey 3.1.2", "kubesphere 3.4.1 kubernetes 1.20.0 kubekey 3.1.2", "kubernetes 1.20.0 kubekey 3.1.2",
	} {
		var got []string
		for _, p := range lint.Products() {
			if v, ok := all[i].Documents[0].Versions[p]; ok {
				got = append(got, string(p)+" "+v.String())
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %v, want %s", all[i].Name, got, want)
		}
	}
}

func TestFindVersions_coreDeploymentGoesByItsImage(t *testing.T) {
	deployment := "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ks-apiserver}\nspec: {template: {spec: {containers: [{name: ks-apiserver, image: %s}]}}}\n"
	for image, want := range map[string]string{
		"kubesphere/ks-apiserver:v3.4.1": "3.4.1", "registry:5000/ks-apiserver": "", "x/ks-apiserver:v3.4.1@sha256:0123": "3.4.1", "x/ks-apiserver:latest": "", "x/ks-apiserver:v4.1.3": "4.1.3",
	} {
		all := files(map[string]string{"a.yaml": fmt.Sprintf(deployment, image), "b.yaml": fmt.Sprintf(installer, "v3.3.2")})
		lint.FindVersions(lint.Sets(all), nil)
		v, ok := all[0].Documents[0].Versions[lint.KubeSphere]
		if ok != (want != "") || ok && v.String() != want {
			t.Errorf("%s: got %v", image, v)
		}
	}
}

func TestFindVersions_staticPodsWhereNoKubeKeyFileSays(t *testing.T) {
	pod := "apiVersion: v1\nkind: Pod\nmetadata: {name: kube-apiserver, namespace: kube-system}\nspec: {containers: [{name: kube-apiserver, image: kubesphere/kube-apiserver:%s}]}\n"
	for _, test := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"one version", map[string]string{"a.yaml": fmt.Sprintf(pod, "v1.26.5"), "b.yaml": fmt.Sprintf(pod, "v1.26.5"), "z.yaml": plain}, "1.26.5"},
		{"several", map[string]string{"a.yaml": fmt.Sprintf(pod, "v1.26.5"), "b.yaml": fmt.Sprintf(pod, "v1.27.1"), "z.yaml": plain}, ""},
		{"a KubeKey file says", map[string]string{"a.yaml": fmt.Sprintf(pod, "v1.26.5"), "b.yaml": fmt.Sprintf(cluster, "v1.28.8"), "z.yaml": plain}, "1.28.8"},
	} {
		all := files(test.files)
		lint.FindVersions(lint.Sets(all), nil)
		v, ok := all[len(all)-1].Documents[0].Versions[lint.Kubernetes]
		if ok != (test.want != "") || ok && v.String() != test.want {
			t.Errorf("%s: got %v", test.name, v)
		}
	}
}

func TestSets_contextBelongsToACluster(t *testing.T) {
	c := fmt.Sprintf(cluster, "v1.26.15")
	for _, test := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"a cluster's", map[string]string{"a/x.yaml": plain, "a/context.yaml": c}, "a: a/context.yaml a/x.yaml\n"},
		{"nobody's", map[string]string{"a/x.yaml": plain, "a/context.yaml": plain}, ": a/x.yaml\n"},
		{"another cluster's", map[string]string{"a/x.yaml": c, "a/context.yaml": c, "a/context-too.yaml": plain}, "a/x.yaml: a/x.yaml\n"},
	} {
		all := files(test.files)
		for _, f := range all {
			f.Context = strings.Contains(f.Name, "context")
		}
		if got := shape(lint.Sets(all)); got != test.want {
			t.Errorf("%s: got\n%swant\n%s", test.name, got, test.want)
		}
	}
}
