package e2e

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	rbac "k8s.io/api/rbac/v1"
)

// call is what was asked of the API server; name is "" where none was named.
type call struct{ verb, group, resource, name string }

var resourcePath = regexp.MustCompile(`^/(?:api|apis/([^/]+))/[^/]+(?:/namespaces/[^/]+)?/([a-z]+)(?:/([^/]+))?$`)

func (c *chart) remember(account string, r *http.Response) {
	q := r.Request
	k := call{resource: q.URL.Path, verb: map[string]string{http.MethodPost: "create", http.MethodPut: "update", http.MethodPatch: "patch", http.MethodDelete: "delete"}[q.Method]}
	if m := resourcePath.FindStringSubmatch(q.URL.Path); m != nil {
		k.group, k.resource, k.name = m[1], m[2], m[3]
	}
	selected, _ := strings.CutPrefix(q.URL.Query().Get("fieldSelector"), "metadata.name=")
	switch {
	case k.verb != "":
	case q.URL.Query().Get("watch") != "":
		k.verb, k.name = "watch", selected
	case k.name == "" && k.resource != q.URL.Path:
		k.verb, k.name = "list", selected
	default:
		k.verb = "get"
	}
	if r.StatusCode == http.StatusForbidden && account != "kslint-test" && account != "kslint-doctor" { // these are denied by the webhook
		c.t.Errorf("%s may not %+v", account, k)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.calls[account] == nil {
		c.calls[account] = map[call]bool{}
	}
	c.calls[account][k] = true
}

// usesEveryPermission checks that an account has asked for everything that its roles grant, but for kinds that are not installed here:
// what is granted and not used could be left out.
func (c *chart) usesEveryPermission(account string) {
	c.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, o := range c.objects("enforce") {
		if o.Metadata.Name != account {
			continue
		}
		for _, r := range o.Rules {
			for _, p := range permissions(r) {
				if !slices.Contains([]string{"types.kubefed.io", "openreports.io", "wgpolicyk8s.io"}, p.group) && !c.used(account, p) {
					c.t.Errorf("%s is granted %+v and does not use it", account, p)
				}
			}
		}
	}
}

func permissions(r rbac.PolicyRule) []call {
	var all []call
	for _, verb := range r.Verbs {
		for _, path := range r.NonResourceURLs {
			all = append(all, call{verb: verb, resource: path})
		}
		for _, group := range r.APIGroups {
			for _, resource := range r.Resources {
				for _, name := range append(slices.Clone(r.ResourceNames), "")[:max(1, len(r.ResourceNames))] {
					all = append(all, call{verb, group, resource, name})
				}
			}
		}
	}
	return all
}

// used takes a watch for a list of the same: this API server begins a watch with what is there, older ones are asked for a list.
func (c *chart) used(account string, p call) bool {
	for k := range c.calls[account] {
		if p.verb == "list" && k.verb == "watch" {
			k.verb = "list"
		}
		if k.verb == p.verb && k.group == p.group && k.resource == p.resource && (p.name == "" || p.name == k.name) {
			return true
		}
	}
	return false
}
