package configuration

import (
	"slices"
	"testing"

	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/cel/environment"
)

const (
	create = admission.Create
	update = admission.Update
	remove = admission.Delete

	replicaSets = "system:serviceaccount:kube-system:replicaset-controller"
	manager     = "system:kube-controller-manager"
	node        = "system:node:worker-1"
)

func named(name string, more object) object {
	o := object{"metadata": object{"name": name}}
	for k, v := range more {
		o[k] = v
	}
	return o
}

func labelled(labels object) object {
	return object{"metadata": object{"name": "shop", "labels": labels}}
}

var (
	one = named("a", object{"spec": object{"replicas": int64(1)}})
	two = named("a", object{"spec": object{"replicas": int64(2)}})
	// again is one with other labels, finalizers and status.
	again = object{
		"metadata": object{"name": "a", "labels": object{"a": "b"}, "finalizers": []any{"a/b"}},
		"spec":     object{"replicas": int64(1)}, "status": object{"replicas": int64(1)},
	}
	nodes = []string{"system:nodes", "system:authenticated"}
)

// TestMatch says of requests which entry they are sent to. None is sent to two.
func TestMatch(t *testing.T) {
	s := serverOf(t, everything, environment.DefaultCompatibilityVersion())
	for _, test := range []struct {
		name string
		request
		want string // "" for no entry
	}{
		// What people do to workloads.
		{"a Deployment", request{namespace: "shop", resource: "deployments.apps", operation: create, object: one}, "new-workloads"},
		{"its change", request{namespace: "shop", resource: "deployments.apps", operation: update, object: two, old: one}, "workloads"},
		{"what its controller writes of it", request{user: manager, namespace: "shop", resource: "deployments.apps", operation: update, object: two, old: one}, ""},
		{"its labels, finalizers and status", request{namespace: "shop", resource: "deployments.apps", operation: update, object: again, old: one}, ""},
		{"its deletion", request{namespace: "shop", resource: "deployments.apps", operation: remove, old: one}, ""},
		{"its scale", request{namespace: "shop", resource: "deployments/scale.apps", operation: update, object: two, old: one}, ""},
		{"its status", request{namespace: "shop", resource: "deployments/status.apps", operation: update, object: two, old: one}, ""},
		{"a CronJob", request{namespace: "shop", resource: "cronjobs.batch", operation: create, object: one}, "new-workloads"},
		{"a ReplicaSet of a person", request{namespace: "shop", resource: "replicasets.apps", operation: create, object: one}, "workloads"},
		{"a bare Pod", request{namespace: "shop", resource: "pods", operation: create, object: one}, "workloads"},
		{"its resize", request{namespace: "shop", resource: "pods/resize", operation: update, object: two, old: one}, "workloads"},
		{"its resize, whatever it changes", request{namespace: "shop", resource: "pods/resize", operation: update, object: again, old: one}, "workloads"},
		{"its ephemeral containers", request{namespace: "shop", resource: "pods/ephemeralcontainers", operation: update, object: two, old: one}, "workloads"},
		{"its eviction", request{namespace: "shop", resource: "pods/eviction", operation: create, object: one}, ""},
		{"its binding", request{namespace: "shop", resource: "pods/binding", operation: create, object: one}, ""},
		{"in a namespace of KubeSphere's", request{namespace: "kubesphere-monitoring-system", resource: "deployments.apps", operation: create, object: one}, "system-workloads"},
		{"in kube-system", request{namespace: "kube-system", resource: "deployments.apps", operation: create, object: one}, ""},
		{"in the webhook's own namespace", request{namespace: "kslint-system", resource: "deployments.apps", operation: create, object: one}, ""},

		// What controllers and nodes do.
		{"a ReplicaSet of the controller", request{user: manager, namespace: "shop", resource: "replicasets.apps", operation: create, object: one}, ""},
		{"a Pod of the controller", request{user: replicaSets, namespace: "shop", resource: "pods", operation: create, object: one}, "pods-audit"},
		{"the same under its other name", request{user: manager, namespace: "shop", resource: "pods", operation: create, object: one}, "pods-audit"},
		{"what the controller changes of it", request{user: replicaSets, namespace: "shop", resource: "pods", operation: update, object: two, old: one}, ""},
		{"in kube-system", request{user: replicaSets, namespace: "kube-system", resource: "pods", operation: create, object: one}, ""},
		{"a name that begins alike", request{user: replicaSets + "s", namespace: "shop", resource: "pods", operation: create, object: one}, "workloads"},
		{"a Pod of a node", request{user: node, groups: nodes, namespace: "shop", resource: "pods", operation: create, object: one}, ""},

		// KubeSphere's configuration.
		{"a ClusterConfiguration", request{namespace: "kubesphere-system", resource: "clusterconfigurations.installer.kubesphere.io", operation: update, object: two, old: one}, "configurations"},
		{"its status", request{namespace: "kubesphere-system", resource: "clusterconfigurations.installer.kubesphere.io", operation: update, object: again, old: one}, ""},
		{"kubesphere-config", request{namespace: "kubesphere-system", resource: "configmaps", operation: create, object: named("kubesphere-config", nil)}, "configurations"},
		{"its change", request{
			namespace: "kubesphere-system", resource: "configmaps", operation: update,
			object: named("ks-installer", object{"data": object{"a": "b"}}), old: named("ks-installer", nil),
		}, "configurations"},
		{"a change of its labels", request{
			namespace: "kubesphere-system", resource: "configmaps", operation: update, object: labelled(object{"a": "b"}), old: labelled(nil),
		}, ""},
		{"another ConfigMap", request{namespace: "kubesphere-system", resource: "configmaps", operation: create, object: named("kubesphere-config-2", nil)}, ""},
		{"one of that name elsewhere", request{namespace: "shop", resource: "configmaps", operation: create, object: named("kubesphere-config", nil)}, ""},
		{"a KubeSphere Cluster", request{resource: "clusters.cluster.kubesphere.io", operation: create, object: one}, "others"},
		{"a cluster of KubeKey", request{resource: "clusters.kubekey.kubesphere.io", operation: update, object: two, old: one}, "others"},
		{"its labels", request{resource: "clusters.kubekey.kubesphere.io", operation: update, object: again, old: one}, ""},

		// What is sent by choice.
		{"a Rollout", request{namespace: "shop", resource: "rollouts.argoproj.io", operation: create, object: one}, "others"},
		{"what has no spec", request{
			resource: "storageclasses.storage.k8s.io", operation: update, object: labelled(object{"a": "b"}), old: labelled(nil),
		}, "others"},
		{"the same while it is deleted", request{resource: "storageclasses.storage.k8s.io", operation: update, object: odd["ending"], old: odd["ending"]}, ""},
		{"a TLS Secret", request{namespace: "shop", resource: "secrets", operation: create, object: named("a", object{"type": "kubernetes.io/tls"})}, "secrets"},
		{"another Secret", request{namespace: "shop", resource: "secrets", operation: create, object: named("a", object{"type": "Opaque"})}, ""},

		// The guard, through all three doors.
		{"a namespace", request{namespace: "shop", resource: "namespaces", operation: create, object: labelled(object{"a": "b"})}, ""},
		{"with a guarded label", request{namespace: "shop", resource: "namespaces", operation: create, object: labelled(object{"tier": "b"})}, "guard"},
		{"that is changed", request{namespace: "shop", resource: "namespaces", operation: update, object: labelled(object{"tier": "b"}), old: labelled(object{"tier": "a"})}, "guard"},
		{"that is removed", request{namespace: "shop", resource: "namespaces/status", operation: update, object: labelled(nil), old: labelled(object{"tier": "a"})}, "guard"},
		{"that is set", request{namespace: "shop", resource: "namespaces/finalize", operation: update, object: labelled(object{"tier": "b"}), old: labelled(object{})}, "guard"},
		{"that stays", request{namespace: "shop", resource: "namespaces", operation: update, object: labelled(object{"tier": "a", "b": "c"}), old: labelled(object{"tier": "a"})}, ""},
		{"that is deleted with it", request{namespace: "shop", resource: "namespaces", operation: remove, old: labelled(object{"tier": "a"})}, ""},
	} {
		got, err := s.asks(test.request)
		var want []string
		if test.want != "" {
			want = []string{test.want}
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: sent to %v, want %v, error %v", test.name, got, want, err)
		}
	}
}

// clusterScoped are the listed resources that are in no namespace. A Namespace is judged as what is in it.
var clusterScoped = []string{"clusters.cluster.kubesphere.io", "storageclasses.storage.k8s.io"}

// A request costs one round trip at most, whoever makes it and wherever.
func TestMatch_oneEntryAtMost(t *testing.T) {
	s := serverOf(t, everything, oldest)
	sent := 0
	for _, resource := range listed(everything) {
		for _, operation := range []admission.Operation{create, update, remove} {
			for _, namespace := range []string{"", "shop", "kube-system", "kubesphere-system", "istio-system"} {
				if (namespace == "") != slices.Contains(clusterScoped, resource) {
					continue
				}
				for _, who := range []request{{user: "admin"}, {user: manager}, {user: replicaSets}, {user: node, groups: nodes}} {
					for _, o := range []object{two, labelled(object{"tier": "a"}), named("kubesphere-config", object{"type": "kubernetes.io/tls"})} {
						who.namespace, who.resource, who.operation, who.object, who.old = namespace, resource, operation, o, one
						names, err := s.asks(who)
						if err != nil || len(names) > 1 {
							t.Errorf("%s %s in %q by %s: sent to %v, error %v", operation, resource, namespace, who.user, names, err)
						}
						sent += len(names)
					}
				}
			}
		}
	}
	if sent < 100 {
		t.Errorf("only %d are sent", sent)
	}
}

// T25 (gatekeeper#870, kubernetes#107678): what keeps a cluster alive is sent by nobody, in no namespace, under the strictest
// profile.
func TestMatch_T25_whatKeepsAClusterAlive(t *testing.T) {
	s := serverOf(t, everything, oldest)
	for _, resource := range []string{
		"nodes", "nodes/status", "leases.coordination.k8s.io", "events", "events.events.k8s.io", "endpoints", "endpointslices.discovery.k8s.io",
		"certificatesigningrequests.certificates.k8s.io", "clusterrolebindings.rbac.authorization.k8s.io", "serviceaccounts",
		"serviceaccounts/token", "tokenreviews.authentication.k8s.io", "subjectaccessreviews.authorization.k8s.io",
		"apiservices.apiregistration.k8s.io", "customresourcedefinitions.apiextensions.k8s.io", "pods/status", "pods/binding", "pods/exec",
		"validatingwebhookconfigurations.admissionregistration.k8s.io", "services", "persistentvolumes", "priorityclasses.scheduling.k8s.io",
	} {
		for _, who := range []request{{user: "admin", groups: []string{"system:masters"}}, {user: manager}, {user: node, groups: nodes}} {
			for _, namespace := range []string{"", "shop", "kube-system", "kube-node-lease", "kubesphere-system"} {
				for _, operation := range []admission.Operation{create, update, remove, admission.Connect} {
					who.namespace, who.resource, who.operation, who.object, who.old = namespace, resource, operation, two, one
					if names, err := s.asks(who); err != nil || len(names) > 0 {
						t.Errorf("%s %s in %q by %s: sent to %v, error %v", operation, resource, namespace, who.user, names, err)
					}
				}
			}
		}
	}
}

// Nothing that is in kube-system and its like, or in the webhook's own namespace, is sent, whatever it is.
func TestMatch_namespacesThatAreLeftAlone(t *testing.T) {
	v := everything
	v.Namespace, v.Exclude = "kslint", []string{"legacy"}
	s := serverOf(t, v, oldest)
	for _, namespace := range []string{"kube-system", "kube-public", "kube-node-lease", "kslint", "legacy"} {
		for _, resource := range listed(v) {
			for _, who := range []string{"admin", manager} {
				if slices.Contains(clusterScoped, resource) {
					continue
				}
				q := request{user: who, namespace: namespace, resource: resource, operation: create, object: labelled(object{"tier": "a"})}
				if names, err := s.asks(q); err != nil || len(names) > 0 {
					t.Errorf("%s in %s by %s: sent to %v, error %v", resource, namespace, who, names, err)
				}
			}
		}
	}
}
