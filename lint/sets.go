package lint

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// Sets puts together what belongs to one cluster: a file belongs to the nearest folder upwards that holds a KubeKey
// configuration; without one, to the common root of the run. Where a folder holds several KubeKey clusters, each of those files
// is a set of its own, and the files around them look further up. What was only read as context counts in the set of a KubeKey
// configuration that some other file belongs to, and nowhere else.
func Sets(files []*File) []*Set {
	homes := homes{}
	for _, f := range files {
		homes.add(f)
	}
	return homes.sets(files)
}

// homes counts by folder.
type homes map[string]home

func (h homes) add(f *File) {
	dir := path.Dir(f.Name)
	h[dir] = h[dir].with(f)
}

func (h homes) sets(files []*File) []*Set {
	byRoot := map[string]*Set{}
	var sets []*Set
	for _, f := range files {
		root := h.root(f.Name, home{}.with(f))
		if f.Context && root == "" {
			continue // read in the hope that it belongs to somebody's cluster, and it does not
		}
		s, ok := byRoot[root]
		if !ok {
			s = &Set{Root: root}
			byRoot[root] = s
			sets = append(sets, s)
		}
		s.Files = append(s.Files, f)
		for _, d := range f.Documents {
			d.File = within(f.Name, root)
		}
	}
	for _, s := range sets {
		s.findHosts()
	}
	sets = slices.DeleteFunc(sets, func(s *Set) bool {
		return !slices.ContainsFunc(s.Files, func(f *File) bool { return !f.Context })
	})
	slices.SortFunc(sets, func(a, b *Set) int { return cmp.Compare(a.Root, b.Root) })
	return sets
}

// home counts the files of a folder that hold a KubeKey configuration.
type home struct{ clusters, configs, inventories int }

func (h home) with(f *File) home {
	has := func(t Target) int {
		if slices.ContainsFunc(f.Documents, func(d *Document) bool { return d.Has(t) }) {
			return 1
		}
		return 0
	}
	return home{h.clusters + has(KubeKeyCluster), h.configs + has(KubeKeyConfig), h.inventories + has(KubeKeyInventory)}
}

// one holds where the folder is the home of exactly one cluster.
func (h home) one() bool {
	return h == home{clusters: 1} || h == home{configs: 1, inventories: 1}
}

// several holds where the folder is home to more than one.
func (h home) several() bool {
	return h.clusters > 1 || h.configs > 1 || h.inventories > 1 || h.clusters == 1 && h.configs+h.inventories > 0
}

// root names the set of a file, which is own by itself.
func (h homes) root(name string, own home) string {
	dir := path.Dir(name)
	if h[dir].several() && own != (home{}) {
		return name
	}
	for {
		if h[dir].one() {
			return dir
		}
		parent := path.Dir(dir)
		if parent == dir || dir == "." {
			return ""
		}
		dir = parent
	}
}

func within(name, root string) string {
	switch {
	case root == "" || root == ".":
		return name
	case name == root:
		return path.Base(name)
	}
	return strings.TrimPrefix(name, strings.TrimSuffix(root, "/")+"/")
}
