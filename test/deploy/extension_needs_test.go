package deploy

import (
	"slices"
	"strings"
	"testing"

	rbac "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// What KubeSphere sets for all extensions holds for every Pod: ksbuilder lint looks at the same.
func TestExtension_honoursWhatKubeSphereSets(t *testing.T) {
	pods := 0
	for _, o := range renderExtension(t, "global: {imageRegistry: mirror.example.com, nodeSelector: {zone: a}}\nkslint: {profile: enforce}") {
		spec, found, err := unstructured.NestedMap(o.Object, "spec", "template", "spec")
		must(t, err)
		if o.GetKind() == "Pod" {
			spec, found, err = unstructured.NestedMap(o.Object, "spec")
			must(t, err)
		}
		if !found {
			continue
		}
		pods++
		image := spec["containers"].([]any)[0].(values)["image"].(string)
		if !strings.HasPrefix(image, "mirror.example.com/kslint/") || spec["nodeSelector"].(values)["zone"] != "a" {
			t.Errorf("%s: %s %v", id(o), image, spec["nodeSelector"])
		}
	}
	if pods != 5 {
		t.Errorf("%d Pods", pods)
	}
}

// KubeSphere installs with the permissions of permissions.yaml and no others: it must be able to make every object, and to have what
// it grants.
func TestExtension_asksForWhatItsObjectsNeed(t *testing.T) {
	var everywhere, own []rbac.PolicyRule
	for part := range strings.SplitSeq(read(t, extensionPath, "permissions.yaml"), "\n---\n") {
		var r role
		must(t, yaml.Unmarshal([]byte(part), &r))
		if r.Kind == "ClusterRole" {
			everywhere = append(everywhere, r.Rules...)
		} else {
			own = append(own, r.Rules...)
		}
	}
	cluster, inside := flat(everywhere), flat(slices.Concat(everywhere, own))
	for _, o := range renderExtension(t, "kslint: {profile: enforce}") {
		held := cluster
		if o.GetNamespace() == namespace {
			held = inside
		}
		for _, verb := range []string{"create", "get", "patch", "delete"} {
			p := permission{verb, o.GroupVersionKind().Group, plural(o.GetKind()), o.GetName()}
			if !holds(held, p) {
				t.Errorf("%s: %+v is not asked for", id(o), p)
			}
		}
		if strings.HasSuffix(o.GetKind(), "Role") {
			for p := range granted(t, []*unstructured.Unstructured{o}, o.GetName()) {
				if !holds(held, p) {
					t.Errorf("%s grants %+v, which is not asked for", id(o), p)
				}
			}
		}
	}
	for p := range cluster {
		if p.verb == "*" || p.resource == "*" || p.group == "*" {
			t.Errorf("%+v is asked for everywhere", p)
		}
	}
}

func holds(held map[permission]bool, p permission) bool {
	for _, name := range []string{p.name, ""} {
		if held[permission{p.verb, p.group, p.resource, name}] || held[permission{"*", p.group, "*", name}] {
			return true
		}
	}
	return false
}

func plural(kind string) string {
	if strings.HasSuffix(kind, "Policy") {
		return strings.ToLower(strings.TrimSuffix(kind, "y")) + "ies"
	}
	return strings.ToLower(kind) + "s"
}
