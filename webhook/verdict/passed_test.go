package verdict_test

import (
	"strings"
	"testing"

	"github.com/kslint/kslint/webhook/admission"
)

// T02 (CVE-2026-30963, F9): every subresource that the API server of Kubernetes 1.36 serves for the kinds that are guarded, and
// those of extensions, each with its decision. One that is not known is checked.
func TestReview_T02_subresources(t *testing.T) {
	for name, checked := range map[string]bool{
		"pods": true, "deployments": true,
		"pods/ephemeralcontainers": true, "pods/resize": true,
		"pods/attach": false, "pods/binding": false, "pods/eviction": false, "pods/exec": false, "pods/log": false,
		"pods/portforward": false, "pods/proxy": false, "pods/status": false,
		"namespaces/finalize": false, "namespaces/status": false,
		"deployments/scale": false, "deployments/status": false, "replicasets/scale": false, "replicasets/status": false,
		"statefulsets/scale": false, "statefulsets/status": false, "daemonsets/status": false,
		"replicationcontrollers/scale": false, "replicationcontrollers/status": false,
		"jobs/status": false, "cronjobs/status": false, "poddisruptionbudgets/status": false,
		"horizontalpodautoscalers/status": false, "services/status": false, "services/proxy": false,
		"nodes/status": false, "nodes/proxy": false, "serviceaccounts/token": false,
		"certificatesigningrequests/approval": false, "certificatesigningrequests/status": false,
		"customresourcedefinitions/status": false, "apiservices/status": false,
		"clusters/status": false, "clusterconfigurations/status": false, "installplans/status": false,
		"rollouts/scale":    false,
		"pods/somethingnew": true, "deployments/somethingnew": true,
	} {
		resource, sub, _ := strings.Cut(name, "/")
		o, before := bad, good
		if resource == "pods" {
			o, before = pod(container("a", "x:bad")), pod(container("a", "x:1"))
		}
		q := change(before, o)
		q.Resource.Resource, q.SubResource = resource, sub
		a := asked(t, reviewer(t, enforce, nil), q)
		if a.Allowed == checked {
			t.Errorf("%s: allowed %v %v", name, a.Allowed, a.Audit)
		}
		if !checked && a.Audit["decision"] != "skip: subresource" {
			t.Errorf("%s: got %v", name, a.Audit)
		}
	}
}

// T03 (CVE-2023-2727, CVE-2024-3177): the further containers of a Pod are looked at, by whatever door they come.
func TestReview_T03_allContainers(t *testing.T) {
	sound := pod(container("a", "x:1"))
	sidecar := container("b", "x:bad")
	sidecar["restartPolicy"] = "Always"
	resized := container("a", "x:1")
	resized["resources"] = map[string]any{"limits": map[string]any{"memory": "64Gi"}}
	for _, test := range []struct {
		name, sub string
		after     object
	}{
		{"init", "", sound.with("spec.initContainers", containers(container("b", "x:bad")))},
		{"sidecar", "", sound.with("spec.initContainers", containers(sidecar))},
		{"ephemeral", "ephemeralcontainers", sound.with("spec.ephemeralContainers", containers(container("b", "x:bad")))},
		{"resize", "resize", sound.with("spec.containers", containers(resized))},
	} {
		q := change(sound, test.after)
		q.SubResource = test.sub
		if a := asked(t, reviewer(t, enforce, nil), q); a.Allowed {
			t.Errorf("%s: was allowed", test.name)
		}
	}
	q := creation(sound.with("spec.initContainers", containers(container("b", "x:bad"))))
	if a := asked(t, reviewer(t, enforce, nil), q); a.Allowed {
		t.Error("init at creation: was allowed")
	}
}

// TestReview_whatIsNeverBlocked: T06 (CVE-2023-34091) and the operations that must go on whatever an object looks like.
func TestReview_whatIsNeverBlocked(t *testing.T) {
	deleting := bad.with("metadata.deletionTimestamp", "2026-08-01T00:00:00Z").with("metadata.finalizers", []any{"a/b"})
	config := object{
		"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "kubesphere-config", "namespace": "kubesphere-system"},
		"data": map[string]any{"kubesphere.yaml": "authentication: {jwtSecret: abc}"},
	}
	ending := config.with("metadata.deletionTimestamp", "2026-08-01T00:00:00Z")
	for _, test := range []struct {
		name    string
		request *admission.Request
		why     string // "" where it is judged
		allowed bool
	}{
		{"deletion", request("DELETE", bad, nil), "skip: operation", true},
		{"a connection", request("CONNECT", nil, pod(container("a", "x:bad"))), "skip: operation", true},
		{"an operation that is new to us", request("PATCH", nil, bad), "skip: operation", true},
		{"labels", change(bad, bad.with("metadata.labels.team", "b")), "skip: unchanged", true},
		{"status", change(bad, bad.with("status.replicas", 3)), "skip: unchanged", true},
		{"T06: the removal of a finalizer", change(deleting, deleting.with("metadata.finalizers", []any{})), "skip: unchanged", true},
		{"T06: and of a label with it", change(deleting, deleting.with("metadata", map[string]any{"name": "web", "deletionTimestamp": "x"})), "skip: unchanged", true},
		{"T06: another image on what is being deleted", change(deleting, deleting.with(inTemplate, containers(container("a", "y:bad")))), "deny", false},
		{"a ConfigMap's finalizers", change(config, config.with("metadata.finalizers", []any{"a/b"})), "skip: unchanged", true},
		{"a label of what has no spec is judged, and tolerated", change(config, config.with("metadata.labels", map[string]any{"a": "b"})), "warn", true},
		{"but not where it is being deleted", change(ending, ending.with("metadata.labels", map[string]any{"a": "b"})), "skip: unchanged", true},
		{"a sound spec", change(bad, good), "allow", true},
		{"nothing at all", &admission.Request{Operation: "CREATE"}, "skip: no object", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := asked(t, reviewer(t, enforce, nil), test.request)
			if a.Allowed != test.allowed || a.Audit["decision"] != test.why {
				t.Errorf("got %v %v %q", a.Allowed, a.Audit, a.Message)
			}
		})
	}
}

// T15: an object that comes by another served version is judged as what the review says it is.
func TestReview_T15_servedVersions(t *testing.T) {
	for _, version := range []string{"apps/v1", "apps/v1beta1", "apps/v1beta2", "extensions/v1beta1"} {
		o := bad.with("apiVersion", version)
		if a := asked(t, reviewer(t, enforce, nil), creation(o)); a.Allowed {
			t.Errorf("%s: was allowed", version)
		}
		bare := creation(o)
		delete(o, "apiVersion")
		delete(o, "kind")
		bare.Object = o.json()
		if a := asked(t, reviewer(t, enforce, nil), bare); a.Allowed {
			t.Errorf("%s: was allowed where only the review says what it is", version)
		}
	}
}

// T33 (polaris#585): each kind with a pod template.
func TestReview_T33_everyWorkload(t *testing.T) {
	for kind, path := range map[string]string{
		"apps/v1 Deployment": inTemplate, "apps/v1 StatefulSet": inTemplate, "apps/v1 DaemonSet": inTemplate,
		"apps/v1 ReplicaSet": inTemplate, "v1 ReplicationController": inTemplate, "batch/v1 Job": inTemplate,
		"v1 Pod": "spec.containers", "argoproj.io/v1alpha1 Rollout": inTemplate,
	} {
		version, name, _ := strings.Cut(kind, " ")
		o := object{"apiVersion": version, "kind": name, "metadata": map[string]any{"name": "x", "namespace": "shop"}}
		if a := asked(t, reviewer(t, enforce, nil), creation(o.with(path, containers(container("a", "x:bad"))))); a.Allowed {
			t.Errorf("%s: was allowed", kind)
		}
	}
}

// T09 (CVE-2021-43979): nothing is judged by what other objects may or may not be there.
func TestReview_T09_rulesOfASetAreTheAudits(t *testing.T) {
	o := good.with("metadata.namespace", "kubesphere-system")
	if a := asked(t, reviewer(t, enforce, nil), creation(o)); a.Audit["decision"] != "allow" {
		t.Errorf("got %v", a)
	}
}

func TestReview_payloadsOfConfigMaps(t *testing.T) {
	o := object{"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "kubesphere-config", "namespace": "kubesphere-system"}}
	for text, want := range map[string]string{
		"authentication: {jwtSecret: abc}":    "deny payload: deny",
		"authentication: {jwtSecret: abcdef}": "allow ",
		"authentication: {jwtSecret":          "warn kslint: warn on error",
	} {
		a := asked(t, reviewer(t, enforce, nil), creation(o.with("data", map[string]any{"kubesphere.yaml": text})))
		if got := a.Audit["decision"] + " " + a.Audit["rules"]; got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
		if want := `payload data["kubesphere.yaml"].authentication: jwtSecret is short (fix: Mend it.)`; !a.Allowed && a.Message != want {
			t.Errorf("got %s", a.Message)
		}
	}
}

// T16: what no API server sends is answered all the same, and nothing that cannot be read passes. What is no JSON the handler refuses.
func TestReview_T16_oddObjects(t *testing.T) {
	for name, text := range map[string]string{
		"no object": "[]", "null": "null", "a number": "1", "too deep": strings.Repeat(`{"a":`, 10000) + "1" + strings.Repeat("}", 10000),
	} {
		for _, operation := range []string{"CREATE", "UPDATE"} {
			q := request(operation, nil, good)
			q.Object = []byte(text)
			if operation == "UPDATE" {
				q.OldObject = good.json()
			}
			a := asked(t, reviewer(t, enforce, nil), q)
			if a.Allowed || !strings.HasPrefix(a.Message, "kslint: the object cannot be read") {
				t.Errorf("%s: got %v %q", name, a.Allowed, a.Message)
			}
			if a := asked(t, reviewer(t, "", nil), q); !a.Allowed || len(a.Warnings) != 1 {
				t.Errorf("%s, observed: got %v", name, a)
			}
		}
	}
	for name, text := range map[string]string{
		"nothing in it": "{}", "odd types": `{"spec":[],"metadata":7}`, "null lists": `{"spec":{"template":{"spec":{"containers":null}}}}`,
		"odd containers": `{"spec":{"template":{"spec":{"containers":[null,1,{}]}}}}`,
	} {
		q := creation(good)
		q.Object = []byte(text)
		if a := asked(t, reviewer(t, enforce, nil), q); !a.Allowed {
			t.Errorf("%s: got %q", name, a.Message)
		}
	}
}
