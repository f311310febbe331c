package facts

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/kslint/kslint/lint"
)

// folded follows keys without regard to case, as KubeKey v1-v3 read their files; an exact key wins, then the last in order.
// It gives the path as it is written. Absent and null are the same.
func folded(v ast.Value, at lint.Path, keys ...string) (ast.Value, lint.Path, bool) {
	for _, key := range keys {
		object, ok := v.(ast.Object)
		if !ok {
			return nil, nil, false
		}
		name, found := key, lint.Field(object, key)
		if !isPresent(found) {
			found = nil
			for _, k := range object.Keys() {
				s, _ := k.Value.(ast.String)
				if other := object.Get(k).Value; strings.EqualFold(string(s), key) && isPresent(other) {
					name, found = string(s), other
				}
			}
		}
		if found == nil {
			return nil, nil, false
		}
		v, at = found, at.Join(name)
	}
	return v, at, true
}

func isPresent(v ast.Value) bool {
	if _, null := v.(ast.Null); null {
		return false
	}
	return v != nil
}

// clusterHosts are the hosts of a KubeKey v1-v3 file; complete says that each is known by its name.
func clusterHosts(document int, cluster ast.Value) (hosts []*host, complete bool) {
	v, at, _ := folded(cluster, nil, "spec", "hosts")
	byName := map[string]*host{}
	complete = true
	for i, entry := range elements(v) {
		get := func(key string) (string, bool) {
			v, _, _ := folded(entry, nil, key)
			return plainText(v)
		}
		name, ok := get("name")
		if !ok || name == "" {
			complete = false
			continue
		}
		h := &host{name: name, at: &place{document, at.Join(i)}}
		h.address(get)
		byName[name] = h
		hosts = append(hosts, h)
	}
	groups, _, _ := folded(cluster, nil, "spec", "roleGroups")
	if object, ok := groups.(ast.Object); ok {
		assign(object, byName)
	}
	return hosts, complete && len(hosts) > 0
}

// address takes the node's addresses from internalAddress, or from address when that is empty.
func (h *host) address(get func(string) (string, bool)) {
	text, ok := get("internalAddress")
	if ok && text == "" {
		text, ok = get("address")
	}
	if !ok {
		return
	}
	parts := strings.Split(text, ",")
	h.ipv4 = plainHost(parts[0])
	if len(parts) == 2 {
		h.ipv6 = plainHost(parts[1])
	}
}

// assign gives each host the names of the role groups that it is in.
func assign(groups ast.Object, byName map[string]*host) {
	left := maxNames
	for _, key := range groups.Keys() {
		group, _ := key.Value.(ast.String)
		for _, item := range elements(groups.Get(key).Value) {
			text, _ := item.(ast.String)
			for _, name := range expand(string(text), &left) {
				if h := byName[name]; h != nil && !slices.Contains(h.roles, string(group)) {
					h.roles = append(h.roles, string(group))
				}
			}
		}
	}
}

// maxNames limits what all ranges of a file together may stand for.
const maxNames = 100_000

var hostRange = regexp.MustCompile(`\[([0-9]+):([0-9]+)\]`)

// expand gives the names that an item of a role group stands for: itself, or all of a range such as node[1:3], both ends
// included and without leading zeros.
func expand(item string, left *int) []string {
	if isTemplate(item) || item == "" {
		return nil
	}
	if !strings.Contains(item, "[") || !strings.Contains(item, "]") || !strings.Contains(item, ":") {
		return []string{item}
	}
	m := hostRange.FindStringSubmatchIndex(item)
	if m == nil {
		return nil
	}
	from, err1 := strconv.Atoi(item[m[2]:m[3]])
	to, err2 := strconv.Atoi(item[m[4]:m[5]])
	if err1 != nil || err2 != nil {
		return nil
	}
	var names []string
	for n := from; n <= to && *left > 0; n++ {
		names = append(names, item[:m[0]]+strconv.Itoa(n))
		*left--
	}
	return names
}
