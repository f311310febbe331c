package lint

import (
	"bytes"
	"path"
	"path/filepath"
	"slices"
)

// Limits of what is read beside a named file.
const (
	maxContextFiles = 1000
	maxContextDepth = 8 // folders upwards
)

// Context reads what belongs to the sets of the files that were named: the other files below the nearest folder upwards that
// holds a KubeKey configuration. The search ends at the working directory, at a folder with .git, or after some folders; a
// folder of more than a thousand files is nobody's cluster and is left alone.
func Context(in Input, files []*File) *Reading {
	all := &Reading{Problems: map[*Source]*Problem{}, seen: map[string]bool{}}
	for _, f := range files {
		all.seen[f.Name] = true
	}
	tried := map[string]bool{}
	for _, f := range files {
		if !f.Named || f.Absolute == "" {
			continue
		}
		root := contextRoot(in, path.Dir(f.Absolute))
		if root == "" || tried[root] {
			continue
		}
		tried[root] = true
		if countFiles(root) > maxContextFiles {
			continue
		}
		beside := &Reading{Problems: map[*Source]*Problem{}, seen: all.seen}
		beside.walk(in, filepath.FromSlash(root))
		for _, s := range beside.Sources {
			if beside.Problems[s] == nil {
				s.Context = true
				all.Sources = append(all.Sources, s)
			}
		}
	}
	return all
}

// contextRoot is the nearest folder upwards that looks like a KubeKey cluster's.
func contextRoot(in Input, dir string) string {
	for range maxContextDepth {
		if holdsKubeKey(dir) {
			return dir
		}
		parent := path.Dir(dir)
		if parent == dir || dir == filepath.ToSlash(in.Dir) || exists(path.Join(dir, ".git")) {
			return ""
		}
		dir = parent
	}
	return ""
}

// kubeKeyMark stands in every KubeKey file, and in few others: enough to look closer.
var kubeKeyMarks = [][]byte{[]byte("kubekey.kubesphere.io/"), []byte("roleGroups")}

func holdsKubeKey(dir string) bool {
	return slices.ContainsFunc(yamlFiles(dir), func(name string) bool {
		data, err := readSmall(name)
		return err == nil && slices.ContainsFunc(kubeKeyMarks, func(mark []byte) bool { return bytes.Contains(data, mark) })
	})
}
