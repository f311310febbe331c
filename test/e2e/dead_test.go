package e2e

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/kslint/kslint/webhook/configuration"
)

const (
	node = `{apiVersion: v1, kind: Node, metadata: {name: node-9}}`
	pod  = `{apiVersion: v1, kind: Pod, metadata: {name: proxy, namespace: kube-system},
spec: {containers: [{name: proxy, image: "registry.example.com/proxy:1"}]}}`
	lease = `{apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: node-9, namespace: kube-node-lease},
spec: {holderIdentity: node-9, leaseDurationSeconds: 40}}`
	namespace = `{apiVersion: v1, kind: Namespace, metadata: {name: later}}`
	// forged says that a ReplicaSet has made it.
	forged = `{apiVersion: v1, kind: Pod, metadata: {name: forged, namespace: shop, ownerReferences: [
{apiVersion: apps/v1, kind: ReplicaSet, name: any, uid: 5e0f2b4e-2d0e-4a63-8a7e-9b6d2f6f7a10, controller: true}]},
spec: {containers: [{name: any, image: "registry.example.com/any:1"}]}}`
)

// With failurePolicy Fail and no replica left, what keeps the cluster alive goes on and only changes by people wait; when one
// replica is back, nobody has to do anything.
func TestAllReplicasDead_theClusterLives(t *testing.T) {
	h := deploy(t, setup{config: enforce, replicas: 3})
	removed(t)
	kubectl(t, sound(t), "apply", "-f", "-")
	eventually(t, "two Pods", func() bool { return pods(t) == 2 })
	if n := h.waitedFor(t); n != 0 {
		t.Errorf("asked %d times about what controllers made", n)
	}
	for len(h.replicas) > 0 {
		h.kill(h.replicas[0])
	}

	t.Run("nodes, leases, system Pods and namespaces can be made", func(t *testing.T) {
		for _, object := range []string{node, lease, pod, namespace} {
			kubectl(t, object, "create", "-f", "-")
		}
		kubectl(t, "", "label", "namespace", "later", "tier=tenant")
		for _, object := range []string{namespace, pod, lease, node} {
			kubectl(t, object, "delete", "-f", "-", "--timeout=60s") // a namespace to its end
		}
	})
	t.Run("workloads heal and scale", func(t *testing.T) {
		kubectl(t, "", "scale", "deployment", "web", "--namespace=shop", "--replicas=3")
		eventually(t, "three Pods", func() bool { return pods(t) == 3 })
		kubectl(t, "", "delete", "pods", "--namespace=shop", "--selector=app=web", "--timeout=60s")
		eventually(t, "three new Pods", func() bool { return pods(t) == 3 })
	})
	t.Run("labels and finalizers come and go", func(t *testing.T) {
		for _, finalizers := range []string{`["e2e.kslint.io/wait"]`, `null`} {
			kubectl(t, "", "patch", "deployment", "web", "--namespace=shop", "--type=merge",
				`--patch={"metadata":{"labels":{"touched":"yes"},"finalizers":`+finalizers+`}}`)
		}
	})
	t.Run("the controllers' lease is renewed", func(t *testing.T) {
		first := renewed(t)
		eventually(t, "a later renewal", func() bool { return renewed(t).After(first) })
	})
	t.Run("changes by people are refused", func(t *testing.T) {
		for _, out := range []string{
			refused(t, "", "set", "image", "deployment/web", "--namespace=shop", "web=registry.example.com/shop/web:v3.4.2"),
			refused(t, forged, "create", "-f", "-"),
		} {
			says(t, out, "failed calling webhook", configuration.Workloads)
		}
	})
	t.Run("one replica is enough to go on", func(t *testing.T) {
		began := time.Now()
		r := h.start()
		h.publish(r, true)
		eventually(t, "the change is admitted", func() bool {
			_, err := world.Admin.Kubectl("", "set", "image", "deployment/web", "--namespace=shop", "web=registry.example.com/shop/web:v3.4.2")
			return err == nil
		})
		says(t, refused(t, faulty(t), "apply", "-f", "-"), rule)
		t.Logf("start to Ready %v, to the first change admitted %v", r.ready.Round(time.Millisecond), time.Since(began).Round(time.Millisecond))
	})
}

// renewed is when kube-controller-manager last renewed its lease.
func renewed(t *testing.T) time.Time {
	t.Helper()
	data, err := world.Admin.Get("/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager")
	must(t, err)
	var l struct{ Spec struct{ RenewTime time.Time } }
	must(t, json.NewDecoder(strings.NewReader(string(data))).Decode(&l))
	return l.Spec.RenewTime
}
