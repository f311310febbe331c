package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	discovery "k8s.io/api/discovery/v1"
)

// expose makes a replica's endpoint ready or not, as kubelet and the endpoint controller would: an EndpointSlice for each, named after
// it. It is on a node of that name, too.
func expose(t *testing.T, name string, port int, ready bool) {
	t.Helper()
	must(t, world.Admin.Apply(slicePath(name), fmt.Sprintf(`
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: %[1]s, labels: {kubernetes.io/service-name: kslint-webhook}}
addressType: IPv4
ports: [{name: https, port: %[2]d, protocol: TCP}]
endpoints: [{addresses: [%[3]q], targetRef: {kind: Pod, name: %[1]s}, nodeName: node-of-%[1]s, conditions: {ready: %[4]t}}]
`, name, port, world.Address, ready)))
	mirror(t)
}

// conceal takes a replica's endpoint away, as the endpoint controller does when a Pod is gone.
func conceal(t *testing.T, name string) {
	t.Helper()
	must(t, world.Admin.Delete(slicePath(name)))
	mirror(t)
}

func slicePath(name string) string { return inSystem("discovery.k8s.io/v1", "endpointslices", name) }

// mirror writes the Endpoints of the Service, which hold what the slices do: API servers of 1.33 and before look there for a webhook.
func mirror(t *testing.T) {
	t.Helper()
	data, err := world.Admin.Get(strings.TrimSuffix(slicePath(""), "/") + "?labelSelector=kubernetes.io/service-name=kslint-webhook")
	must(t, err)
	var slices discovery.EndpointSliceList
	must(t, json.Unmarshal(data, &slices))
	path := inSystem("v1", "endpoints", "kslint-webhook")
	if len(slices.Items) == 0 {
		must(t, world.Admin.Delete(path))
		return
	}
	subsets := []any{}
	for _, s := range slices.Items {
		for _, e := range s.Endpoints {
			if *e.Conditions.Ready {
				subsets = append(subsets, map[string]any{"addresses": []any{map[string]any{"ip": e.Addresses[0]}}, "ports": s.Ports})
			}
		}
	}
	text, err := json.Marshal(map[string]any{
		"apiVersion": "v1", "kind": "Endpoints", "metadata": map[string]any{"name": "kslint-webhook"}, "subsets": subsets,
	})
	must(t, err)
	must(t, world.Admin.Apply(path, string(text)))
}
