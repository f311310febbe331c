package deploy

import (
	"regexp"
	"strings"
	"testing"

	rbac "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// permission is one thing that may be done: a verb, what it is done to, and the name of that where only one may be named.
type permission struct{ verb, group, resource, name string }

// flat takes rules apart.
func flat(rules []rbac.PolicyRule) map[permission]bool {
	all := map[permission]bool{}
	for _, r := range rules {
		for _, verb := range r.Verbs {
			for _, url := range r.NonResourceURLs {
				all[permission{verb: verb, resource: url}] = true
			}
			for _, group := range r.APIGroups {
				for _, resource := range r.Resources {
					if len(r.ResourceNames) == 0 {
						all[permission{verb, group, resource, ""}] = true
					}
					for _, name := range r.ResourceNames {
						all[permission{verb, group, resource, name}] = true
					}
				}
			}
		}
	}
	return all
}

type role struct {
	Kind     string
	Metadata struct{ Name, Namespace string }
	Rules    []rbac.PolicyRule
}

// granted is what the roles of a name grant together.
func granted(t *testing.T, all []*unstructured.Unstructured, name string) map[permission]bool {
	t.Helper()
	var rules []rbac.PolicyRule
	for _, o := range all {
		if o.GetName() == name && strings.HasSuffix(o.GetKind(), "Role") {
			var r role
			convert(t, o, &r)
			rules = append(rules, r.Rules...)
		}
	}
	return flat(rules)
}

var yamlBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// documented is what the roles in a page grant together.
func documented(t *testing.T, page string) map[permission]bool {
	t.Helper()
	var rules []rbac.PolicyRule
	for _, block := range yamlBlock.FindAllStringSubmatch(read(t, root, "docs", page), -1) {
		for part := range strings.SplitSeq(block[1], "\n---\n") {
			var r role
			must(t, yaml.Unmarshal([]byte(part), &r))
			if strings.HasSuffix(r.Kind, "Role") {
				rules = append(rules, r.Rules...)
			}
		}
	}
	return flat(rules)
}

// The chart grants what the pages of webhook and audit say that they need, and nothing more.
func TestChart_grantsWhatIsDocumented(t *testing.T) {
	for name, c := range map[string]struct{ page, values string }{
		"kslint-webhook": {"webhook.md", "readServices: true"},
		"kslint-audit":   {"audit.md", "{readServices: true, audit: {secretCertificates: true}}"},
	} {
		want, got := documented(t, c.page), granted(t, objects(t, c.values), name)
		if len(want) == 0 {
			t.Fatalf("%s: no roles", c.page)
		}
		for p := range want {
			if !got[p] {
				t.Errorf("%s: %+v is documented and not granted", name, p)
			}
		}
		for p := range got {
			if !want[p] {
				t.Errorf("%s: %+v is granted and not documented", name, p)
			}
		}
	}
}

// Nobody may do anything, nor to anything, that has no name; and only who is allowed to may read Secrets.
func TestChart_grantsNothingWholesale(t *testing.T) {
	for name, text := range matrix {
		for _, o := range objects(t, text) {
			if !strings.HasSuffix(o.GetKind(), "Role") {
				continue
			}
			for p := range granted(t, []*unstructured.Unstructured{o}, o.GetName()) {
				if p.verb == "*" || p.resource == "*" || p.group == "*" {
					t.Errorf("%s: %s grants %+v", name, id(o), p)
				}
				if p.resource == "secrets" && p.name == "" && name != "everything" {
					t.Errorf("%s: %s grants %+v", name, id(o), p)
				}
			}
		}
	}
}

// Each Pod has a ServiceAccount of its own.
func TestChart_sharesNoServiceAccount(t *testing.T) {
	used := map[string]string{}
	for _, o := range objects(t, "profile: enforce") {
		fields := []string{"spec", "template", "spec", "serviceAccountName"}
		if o.GetKind() == "Pod" {
			fields = []string{"spec", "serviceAccountName"}
		}
		account, _, err := unstructured.NestedString(o.Object, fields...)
		must(t, err)
		if account != "" && used[account] != "" {
			t.Errorf("%s and %s share %s", used[account], id(o), account)
		}
		used[account] = id(o)
	}
	if len(used) != 6 { // webhook, audit, doctor, uninstall, test, and what has no Pods
		t.Errorf("%d: %v", len(used), used)
	}
}
