package lint

import (
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// FindVersions gives every document of the sets the versions that hold for it: its own word, else its file's, else what the
// whole set agrees on, else what the user said. What nobody says, or where a set disagrees, stays unknown.
func FindVersions(sets []*Set, said Versions) {
	for _, s := range sets {
		documents := s.Documents()
		own := make([]Versions, len(documents))
		byFile := map[*Source][]Versions{}
		for i, d := range documents {
			own[i] = ownVersions(d)
			if len(own[i]) > 0 {
				byFile[d.Source] = append(byFile[d.Source], own[i])
			}
		}
		s.Versions = agreed(own)
		if !anySays(own, Kubernetes) {
			s.Versions = firstKnown(s.Versions, running(documents))
		}
		files := map[*Source]Versions{}
		for source, all := range byFile {
			files[source] = agreed(all)
		}
		for i, d := range documents {
			d.Versions = firstKnown(own[i], inherited(d, files[d.Source]), inherited(d, s.Versions), said)
		}
		s.Versions = firstKnown(s.Versions, said)
	}
}

func anySays(all []Versions, p Product) bool {
	return slices.ContainsFunc(all, func(v Versions) bool { _, says := v[p]; return says })
}

// running is the Kubernetes version that the static pods kube-apiserver of a set run, where all run the same.
func running(documents []*Document) Versions {
	var all []Versions
	for _, d := range documents {
		if !d.Has(StaticPod) || d.Object.Name != "kube-apiserver" || d.Value == nil {
			continue
		}
		if v, ok := ParseVersion(tagOf(d.Value, []string{"spec", "containers"}, func(name string) bool { return name == "kube-apiserver" })); ok {
			all = append(all, Versions{Kubernetes: v})
		}
	}
	return agreed(all)
}

func firstKnown(all ...Versions) Versions {
	v := Versions{}
	for _, one := range all {
		for p, version := range one {
			if _, known := v[p]; !known {
				v[p] = version
			}
		}
	}
	return v
}

// inherited keeps the set's KubeSphere version from KubeSphere's own Deployments: theirs is the tag of their image or unknown.
func inherited(d *Document, others Versions) Versions {
	if len(others) == 0 || !isCore(d) {
		return others
	}
	v := maps.Clone(others)
	delete(v, KubeSphere)
	return v
}

// agreed keeps a product's version where nobody says another one.
func agreed(all []Versions) Versions {
	v, disputed := Versions{}, map[Product]bool{}
	for _, one := range all {
		for p, version := range one {
			if other, ok := v[p]; ok && other != version {
				disputed[p] = true
			}
			v[p] = version
		}
	}
	for p := range disputed {
		delete(v, p)
	}
	return v
}

// ownVersions reads what a document itself says: KubeKey's kubernetes.version, ClusterConfiguration's label, image tags.
func ownVersions(d *Document) Versions {
	v := Versions{}
	say := func(p Product, text string) {
		if version, ok := ParseVersion(text); ok {
			v[p] = version
		}
	}
	switch {
	case d.Value == nil:
	case d.Has(KubeKeyCluster):
		text, _ := fold(d.Value, "spec", "kubernetes", "version").(ast.String)
		say(Kubernetes, string(text))
	case d.Has(KubeKeyConfig):
		say(Kubernetes, StringAt(d.Value, "spec", "kubernetes", "kube_version"))
	case d.Has(KubeKeyInventory):
		say(Kubernetes, StringAt(d.Value, "spec", "vars", "kubernetes", "kube_version"))
	case d.Has(ClusterConfiguration):
		say(KubeSphere, StringAt(d.Value, "metadata", "labels", "version"))
	case d.Has(KSInstallerConfig):
		say(KubeSphere, StringAt(d.Parent.Value, "metadata", "labels", "version"))
	case isCore(d):
		say(KubeSphere, coreTag(d.Value))
	}
	return v
}

var coreNames = map[string]bool{"ks-apiserver": true, "ks-controller-manager": true, "ks-console": true}

func isCore(d *Document) bool {
	o := d.Object
	return o.Kind == "Deployment" && (coreNames[o.Name] || o.Name == "ks-agent") &&
		(o.Namespace == "" || o.Namespace == "kubesphere-system") && d.Has(Workload)
}

// coreTag is the tag of the core container's image when it starts with 3. or 4. The label version is of no use: the chart of
// KubeSphere 3.4.1 writes v3.2.1 there.
func coreTag(object ast.Value) string {
	tag := strings.TrimPrefix(tagOf(object, []string{"spec", "template", "spec", "containers"}, func(name string) bool { return coreNames[name] }), "v")
	if strings.HasPrefix(tag, "3.") || strings.HasPrefix(tag, "4.") {
		return tag
	}
	return ""
}

// tagOf is the tag of the last image among the containers of some names, "" for none. A digest may follow it.
func tagOf(object ast.Value, containers []string, named func(string) bool) string {
	list, _ := Field(object, containers...).(*ast.Array)
	if list == nil {
		return ""
	}
	tag := ""
	list.Foreach(func(c *ast.Term) {
		image, _, _ := strings.Cut(StringAt(c.Value, "image"), "@")
		if i := strings.LastIndex(image, ":"); named(StringAt(c.Value, "name")) && i > strings.LastIndex(image, "/") {
			tag = image[i+1:]
		}
	})
	return tag
}
