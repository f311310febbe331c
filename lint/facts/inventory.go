package facts

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// inventoryHosts are the hosts of a KubeKey v4 Inventory. Its names are keys, so all are known.
func inventoryHosts(document int, inventory ast.Value) (hosts []*host, complete bool) {
	entries, ok := lint.Field(inventory, "spec", "hosts").(ast.Object)
	if !ok {
		return nil, false
	}
	groups := newGroups(lint.Field(inventory, "spec", "groups"))
	byName := map[string]*host{}
	for _, key := range entries.Keys() {
		name, _ := key.Value.(ast.String)
		entry := entries.Get(key).Value
		h := &host{
			name: string(name), at: &place{document, lint.Path{"spec", "hosts", string(name)}},
			ipv4: groups.address(string(name), entry, "internal_ipv4"), ipv6: groups.address(string(name), entry, "internal_ipv6"),
		}
		byName[h.name] = h
		hosts = append(hosts, h)
	}
	for _, group := range groups.names {
		for name := range groups.all(group) {
			if h := byName[name]; h != nil {
				h.roles = append(h.roles, group)
			}
		}
	}
	return hosts, len(hosts) > 0
}

// groups are those of an Inventory.
type groups struct {
	names    []string
	hosts    map[string][]string // by group, its own
	children map[string][]string
	vars     map[string]ast.Value
	listing  map[string][]string // the groups that list a host themselves
	left     int                 // steps that may still be taken through groups of groups
}

// maxSteps is beyond all inventories of this world.
const maxSteps = 1_000_000

func newGroups(v ast.Value) *groups {
	g := &groups{
		hosts: map[string][]string{}, children: map[string][]string{}, vars: map[string]ast.Value{}, listing: map[string][]string{},
		left: maxSteps,
	}
	object, ok := v.(ast.Object)
	if !ok {
		return g
	}
	for _, key := range object.Keys() {
		name, _ := key.Value.(ast.String)
		group := object.Get(key).Value
		g.names = append(g.names, string(name))
		g.vars[string(name)] = lint.Field(group, "vars")
		for _, child := range elements(lint.Field(group, "groups")) {
			if text, ok := child.(ast.String); ok {
				g.children[string(name)] = append(g.children[string(name)], string(text))
			}
		}
		for _, host := range elements(lint.Field(group, "hosts")) {
			if text, ok := host.(ast.String); ok {
				g.hosts[string(name)] = append(g.hosts[string(name)], string(text))
				g.listing[string(text)] = append(g.listing[string(text)], string(name))
			}
		}
	}
	return g
}

// all gives the hosts of a group and of its child groups.
func (g *groups) all(group string) map[string]bool {
	found, seen := map[string]bool{}, map[string]bool{group: true}
	for queue := []string{group}; len(queue) > 0 && g.left > 0; queue = queue[1:] {
		g.left -= 1 + len(g.hosts[queue[0]]) + len(g.children[queue[0]])
		for _, host := range g.hosts[queue[0]] {
			found[host] = true
		}
		for _, child := range g.children[queue[0]] {
			if !seen[child] {
				seen[child] = true
				queue = append(queue, child)
			}
		}
	}
	return found
}

// address is that of the host, else that of the groups which list it, where they agree.
func (g *groups) address(name string, entry ast.Value, key string) string {
	if own := lint.Field(entry, key); isSet(own) {
		text, ok := plainText(own)
		if !ok {
			return ""
		}
		return plainHost(text)
	}
	var found []string
	for _, group := range g.listing[name] {
		text, ok := plainText(lint.Field(g.vars[group], key))
		if !ok {
			return ""
		}
		if text != "" && !slices.Contains(found, text) {
			found = append(found, text)
		}
	}
	if len(found) != 1 {
		return ""
	}
	return plainHost(found[0])
}
