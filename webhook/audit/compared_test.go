package audit_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

const (
	budgets   = "/apis/policy/v1/poddisruptionbudgets"
	scalers   = "/apis/autoscaling/v2/horizontalpodautoscalers"
	nodes     = "/api/v1/nodes"
	classes   = "/apis/storage.k8s.io/v1/storageclasses"
	ks        = "kubesphere-system"
	isDefault = "storageclass.kubernetes.io/is-default-class"
)

// comparable has one replica of ks-apiserver and a budget that keeps it.
func comparable(t *testing.T, budget object) *server {
	t.Helper()
	s := world()
	s.served = append(s.served, "policy/v1/poddisruptionbudgets/PodDisruptionBudget", "autoscaling/v2/horizontalpodautoscalers/HorizontalPodAutoscaler",
		"-/v1/nodes/Node", "-storage.k8s.io/v1/storageclasses/StorageClass")
	s.add("/api/v1/namespaces", namespace(ks))
	labels := object{"app": "ks-apiserver", "tier": "backend"}
	s.add(deployments, object{
		"metadata": object{"namespace": ks, "name": "ks-apiserver", "creationTimestamp": "2026-01-02T00:00:00Z"},
		"spec": object{"replicas": 1, "selector": object{"matchLabels": labels}, "template": object{
			"metadata": object{"labels": labels},
			"spec":     object{"containers": []object{{"name": "ks-apiserver", "image": "kubesphere/ks-apiserver:v4.1.3"}}},
		}},
	})
	budget["selector"] = object{"matchLabels": object{"app": "ks-apiserver"}}
	s.add(budgets, object{"metadata": object{"namespace": ks, "name": "ks-apiserver", "creationTimestamp": "2026-01-02T00:00:00Z"}, "spec": budget})
	return s
}

func scaler(least int) object {
	return object{
		"metadata": object{"namespace": ks, "name": "ks-apiserver", "creationTimestamp": "2026-01-02T00:00:00Z"},
		"spec":     object{"scaleTargetRef": object{"apiVersion": "apps/v1", "kind": "Deployment", "name": "ks-apiserver"}, "minReplicas": least, "maxReplicas": 5},
	}
}

// said gives the results of a rule in a namespace's report, as "object: message".
func (s *server) said(namespace, rule string) (all []string) {
	results, _ := s.report(namespace)["results"].([]any)
	for _, r := range results {
		one := r.(object)
		if one["policy"] == rule {
			resources, _ := one["resources"].([]any)
			all = append(all, fmt.Sprintf("%s: %s (%s)", resources[0].(object)["name"], one["message"], one["properties"].(object)["action"]))
		}
	}
	return all
}

// TestPass_comparesObjects: rules that look at several objects are asked when all of them are known, and not when some are not.
func TestPass_comparesObjects(t *testing.T) {
	const replicas = `ks-apiserver: minAvailable "1" keeps every replica of ks-apiserver (1): kubectl drain hangs`
	const none = `ks-apiserver: maxUnavailable "0" lets no pod of ks-apiserver be evicted: kubectl drain hangs`
	for name, c := range map[string]struct {
		budget object
		change func(s *server)
		want   string
	}{
		"a budget and its Deployment":           {object{"minAvailable": 1}, func(*server) {}, replicas + " (warn)"},
		"an autoscaler keeps more":              {object{"minAvailable": 1}, func(s *server) { s.add(scalers, scaler(2)) }, ""},
		"autoscalers may not be read":           {object{"minAvailable": 1}, func(s *server) { s.refused[scalers] = http.StatusForbidden }, ""},
		"autoscalers are not served":            {object{"minAvailable": 1}, func(s *server) { s.unserve("horizontalpodautoscalers") }, replicas + " (warn)"},
		"nothing may go":                        {object{"maxUnavailable": 0}, func(*server) {}, none + " (warn)"},
		"nothing may go, and who can tell":      {object{"maxUnavailable": 0}, func(s *server) { s.refused[scalers] = http.StatusForbidden }, none + " (warn)"},
		"the Deployment may not be read either": {object{"maxUnavailable": 0}, func(s *server) { s.refused[deployments] = http.StatusForbidden }, none + " (warn)"},
		"some may go":                           {object{"maxUnavailable": 1}, func(*server) {}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := comparable(t, c.budget)
			c.change(s)
			store, _ := configured(t, "enforcement: {profile: enforce}\n")
			r := run(t, options(t, s, store), quick)
			r.await(t, 1)
			if got := strings.Join(s.said(ks, "pdb-blocks-drain"), "; "); got != c.want {
				text, _ := json.Marshal(s.report(ks))
				t.Errorf("got %s\nwant %s\n%s", got, c.want, text)
			}
		})
	}
}

func (s *server) unserve(resource string) {
	s.served = slices.DeleteFunc(s.served, func(line string) bool { return strings.Contains(line, "/"+resource+"/") })
}

// TestPass_comparesWhatIsInNoNamespace: and what only warns at admission, or is not asked there, denies nothing.
func TestPass_comparesWhatIsInNoNamespace(t *testing.T) {
	s := comparable(t, object{"maxUnavailable": 1})
	for _, name := range []string{"nfs", "local"} {
		s.add(classes, object{"metadata": object{"name": name, "annotations": object{isDefault: "true"}, "creationTimestamp": "2026-01-02T00:00:00Z"}, "provisioner": "x"})
	}
	s.add(nodes, object{"metadata": object{"name": "node1", "creationTimestamp": "2026-01-02T00:00:00Z"}})
	store, _ := configured(t, "{enforcement: {profile: strict, info: deny}, rules: {storageclass-several-defaults: {severity: info}}}\n")
	r := run(t, options(t, s, store), quick)
	r.await(t, 1)
	want := "nfs: local, nfs are default classes: a claim that names none gets the newest of them (audit)"
	if got := strings.Join(s.said("", "storageclass-several-defaults"), "; "); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// TestPass_tooMuchToCompare: what is beyond measure is told and not compared.
func TestPass_tooMuchToCompare(t *testing.T) {
	s := comparable(t, object{"minAvailable": 1})
	for i := range 18 {
		s.add(nodes, object{
			"metadata": object{"name": fmt.Sprintf("node%d", i), "creationTimestamp": "2026-01-02T00:00:00Z", "annotations": object{"a": strings.Repeat("x", 1<<20)}},
		})
	}
	store, _ := configured(t, "enforcement: {profile: enforce}\n")
	r := run(t, options(t, s, store), quick)
	r.await(t, 1)
	if got := s.said(ks, "pdb-blocks-drain"); got != nil {
		t.Error(got)
	}
	if text, _ := json.Marshal(s.report("")); !strings.Contains(string(text), "more objects than the audit can compare") {
		t.Errorf("nobody says why: %s", text)
	}
}
