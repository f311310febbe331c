package facts

import (
	"path"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// host is a machine that the KubeKey file of the set names, or a host folder.
type host struct {
	name       string
	at         *place // nil for a mere folder
	folder     *string
	ipv4, ipv6 string
	roles      []string
}

// hostList is all of them. complete says that the KubeKey file names every one.
type hostList struct {
	all      []*host
	names    map[string]bool
	complete bool
}

// lack tells that the KubeKey file of the set knows no such host.
func (l hostList) lack(name string) bool { return l.complete && name != "" && !l.names[name] }

func (f *Facts) hosts() hostList {
	l := hostList{names: map[string]bool{}}
	one := oneCluster(f.documents)
	for i, d := range f.documents {
		switch {
		case !one:
		case d.Has(lint.KubeKeyCluster):
			l.all, l.complete = clusterHosts(i, d.Value)
		case d.Has(lint.KubeKeyInventory) && len(l.all) == 0:
			l.all, l.complete = inventoryHosts(i, d.Value)
		}
	}
	for _, h := range l.all {
		l.names[h.name] = true
	}
	l.addFolders(f.documents)
	return l
}

// addFolders gives each host its folder, and makes hosts of the folders that are nobody's.
func (l *hostList) addFolders(documents []*lint.Document) {
	byName := map[string][]string{}
	seen := map[string]bool{}
	var folders []string
	for _, d := range documents {
		if folder, _, ok := onHost(d); ok && folder != "" && !seen[folder] {
			seen[folder] = true
			folders = append(folders, folder)
			name := strings.ToLower(path.Base(folder))
			byName[name] = append(byName[name], folder)
		}
	}
	for _, h := range l.all {
		if own := byName[strings.ToLower(h.name)]; len(own) == 1 {
			h.folder = &own[0]
			delete(seen, own[0])
		}
	}
	for _, folder := range folders {
		if seen[folder] {
			l.all = append(l.all, &host{name: path.Base(folder), folder: &folder})
		}
	}
}

func hostsValue(l hostList) ast.Value {
	return list(l.all, func(h *host) ast.Value {
		var f fields
		f.text("name", h.name)
		if h.at != nil {
			f.at(*h.at)
		}
		if h.folder != nil {
			f.text("folder", *h.folder)
		}
		if h.ipv4 != "" {
			f.text("node_ipv4", h.ipv4)
		}
		if h.ipv6 != "" {
			f.text("node_ipv6", h.ipv6)
		}
		f.put("roles", texts(slices.Sorted(slices.Values(h.roles))))
		return f.object()
	})
}

// plainText is a value that may be judged as text: "" for absent and null, not ok for templates and other types.
func plainText(v ast.Value) (text string, ok bool) {
	switch v := v.(type) {
	case nil, ast.Null:
		return "", true
	case ast.String:
		return string(v), !isTemplate(string(v))
	}
	return "", false
}
