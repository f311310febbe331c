package e2e

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/kslint/kslint/webhook/admission"
	"github.com/kslint/kslint/webhook/configuration"
)

// described is a resource or subresource as discovery describes it.
type described struct {
	Name, Kind   string
	Namespaced   bool
	Verbs        []string
	groupVersion string
}

// discovered are all resources and subresources that the API server serves.
func discovered(t *testing.T) (all []described) {
	t.Helper()
	var groups struct {
		Groups []struct {
			Versions []struct{ GroupVersion string }
		}
	}
	read(t, "/apis", &groups)
	versions := []string{"v1"}
	for _, g := range groups.Groups {
		for _, v := range g.Versions {
			versions = append(versions, v.GroupVersion)
		}
	}
	for _, v := range versions {
		path := "/apis/" + v
		if v == "v1" {
			path = "/api/v1"
		}
		var list struct{ Resources []described }
		read(t, path, &list)
		for _, r := range list.Resources {
			r.groupVersion = v
			all = append(all, r)
		}
	}
	return all
}

func read(t *testing.T, path string, to any) {
	t.Helper()
	data, err := world.Admin.Get(path)
	must(t, err)
	must(t, json.Unmarshal(data, to))
}

// lookedAt are the subresources of guarded kinds: whether rules judge what is written through them.
var lookedAt = map[string]bool{
	"pods/ephemeralcontainers": true,
	"pods/resize":              true,

	"*/status":   false,
	"*/scale":    false,
	"*/finalize": false,

	"pods/attach":      false,
	"pods/binding":     false,
	"pods/eviction":    false,
	"pods/exec":        false,
	"pods/log":         false,
	"pods/portforward": false,
	"pods/proxy":       false,
}

// Every subresource of every kind that the configuration sends, as this API server tells it, has a decision above and gets it from the
// webhook; and what is looked at is sent. A new version of Kubernetes with another subresource fails here.
func TestDiscovery_everySubresourceIsDecided(t *testing.T) {
	served(t)
	sent := map[string]bool{}
	for _, w := range configuration.Build(configuration.Values{Secrets: true, GuardedLabels: []string{"e2e.kslint.io/label"}}).Webhooks {
		for _, r := range w.Rules {
			for _, name := range r.Resources {
				sent[r.APIGroups[0]+"/"+name] = true
			}
		}
	}
	reviewer := compile(t).reviewer(t)
	found := 0
	for _, d := range discovered(t) {
		resource, subresource, ok := strings.Cut(d.Name, "/")
		group, version, named := strings.Cut(d.groupVersion, "/")
		if !named {
			group, version = "", group
		}
		if !ok || !sent[group+"/"+resource] {
			continue
		}
		found++
		want, decided := lookedAt[d.Name]
		if !decided {
			want, decided = lookedAt["*/"+subresource]
		}
		a := reviewer.Review(t.Context(), &admission.Request{
			UID: "1", Operation: "UPDATE", Entry: "workloads", Namespace: tenant, Name: "any", SubResource: subresource,
			Resource: admission.GroupVersionResource{Group: group, Version: version, Resource: resource},
			Kind:     admission.GroupVersionKind{Group: group, Version: version, Kind: d.Kind},
			Object:   []byte(`{"apiVersion":"` + d.groupVersion + `","kind":"` + d.Kind + `","metadata":{"name":"any"},"spec":{}}`),
		})
		if got := a.Audit["decision"] != "skip: subresource"; !decided || got != want {
			t.Errorf("%s of %s: decided here %t, looked at here %t, by the webhook %t", d.Name, d.groupVersion, decided, want, got)
		}
		if want && !sent[group+"/"+d.Name] {
			t.Errorf("%s of %s is not sent", d.Name, d.groupVersion)
		}
	}
	if found < 20 {
		t.Errorf("%d subresources are not all there are", found)
	}
	t.Logf("%d subresources of kinds that are sent", found)
}
