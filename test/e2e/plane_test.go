package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/kslint/kslint/webhook/configuration"
)

// tenants is a configuration by which a rule counts where a label says so.
const tenants = `enforcement:
  profile: enforce
  namespaces: [{selector: {matchLabels: {tier: tenant}}, rules: {workload-memory-limit-missing: deny}}]
`

// The API server goes and comes back, etcd stops answering: replicas judge on, stay ready, write nothing, and hear again of namespaces.
func TestControlPlane_mayGoAndComeBack(t *testing.T) {
	h := deploy(t, setup{config: tenants, replicas: 2, certificates: selfMade})
	direct := newStraight(t)
	before := versionOfConfiguration(t)
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		t.Run("the API server gets a "+signal.String(), func(t *testing.T) {
			must(t, world.End(world.APIServer, signal))
			direct.answers(t, h)
			must(t, world.Again())
			direct.answers(t, h)
			learns(t, fmt.Sprintf("after-%d", signal))
		})
	}
	t.Run("etcd does not answer", func(t *testing.T) {
		world.Etcd.Freeze()
		defer world.Etcd.Thaw()
		direct.answers(t, h)
	})
	eventually(t, "the API server serves", func() bool { _, err := world.Admin.Get("/readyz"); return err == nil })
	must(t, world.Again()) // controllers end when they cannot renew their lease
	learns(t, "after-etcd")
	if now := versionOfConfiguration(t); now != before {
		t.Errorf("the configuration was written: version %s, then %s", before, now)
	}
}

// learns checks that a label counts of a namespace that is made now, and that a namespace without it is known to have none: one that
// is not known is judged as if it had.
func learns(t *testing.T, name string) {
	t.Helper()
	unlimited := replace(t, sound(t), `          limits: {cpu: "1", memory: 2Gi}`+"\n", "")
	for label, denied := range map[string]bool{"tier: tenant": true, "tier: none": false} {
		namespace := name + map[bool]string{true: "-tenant", false: "-other"}[denied]
		must(t, world.Admin.Apply("/api/v1/namespaces/"+namespace, `{apiVersion: v1, kind: Namespace, metadata: {name: `+namespace+`, labels: {`+label+`}}}`))
		t.Cleanup(func() { kubectl(t, "", "delete", "namespace", namespace, "--wait=false") })
		path := strings.Replace(deployments, tenant, namespace, 1) + "?dryRun=All"
		eventually(t, "the label "+label+" counts", func() bool {
			a, err := world.Admin.Do(t.Context(), "POST", path, []byte(strings.Replace(unlimited, "namespace: "+tenant, "namespace: "+namespace, 1)))
			must(t, err)
			return denied == (a.Code == 403 && strings.Contains(string(a.Body), "workload-memory-limit-missing")) && denied != (a.Code == 201)
		})
	}
}

func versionOfConfiguration(t *testing.T) string {
	t.Helper()
	data, err := world.Admin.Get(configurationPath)
	must(t, err)
	var c struct {
		Metadata struct{ ResourceVersion string }
	}
	must(t, json.Unmarshal(data, &c))
	return c.Metadata.ResourceVersion
}

// Everything ends, and the control plane starts with the configuration in etcd and no replica anywhere: it comes up, and so does the
// webhook, without a hand.
func TestColdStart_needsNoHand(t *testing.T) {
	h := deploy(t, setup{config: enforce, certificates: selfMade})
	removed(t)
	kubectl(t, sound(t), "apply", "-f", "-")
	own := strings.NewReplacer("namespace: "+tenant, "namespace: "+system, "replicas: 2", "replicas: 1").Replace(sound(t))
	kubectl(t, own, "apply", "-f", "-")
	t.Cleanup(func() { kubectl(t, "", "delete", "deployment", "web", "--namespace="+system, "--cascade=foreground") })
	eventually(t, "Pods", func() bool { return pods(t) == 2 && podsIn(t, system) == 1 })
	for len(h.replicas) > 0 {
		r := h.replicas[0]
		r.Kill()
		h.drop(r) // its EndpointSlice stays: nobody was there to delete it
		t.Cleanup(func() { conceal(t, r.Name) })
	}
	must(t, world.End(world.Controllers, syscall.SIGTERM)) // which gives its lease back: nobody waits for one after a long time
	must(t, world.End(world.APIServer, syscall.SIGKILL))
	must(t, world.End(world.Etcd, syscall.SIGKILL))
	must(t, world.Again())

	for _, object := range []string{node, lease, pod, joins(t)} {
		kubectl(t, object, "create", "-f", "-")
		kubectl(t, object, "delete", "-f", "-")
	}
	kubectl(t, "", "delete", "pods", "--namespace="+system, "--all", "--timeout=60s")
	kubectl(t, "", "delete", "pods", "--namespace="+tenant, "--selector=app=web", "--timeout=60s")
	eventually(t, "its own Pods and those of others", func() bool { return pods(t) == 2 && podsIn(t, system) == 1 })
	says(t, refused(t, faulty(t), "apply", "-f", "-"), "failed calling webhook", configuration.Workloads)
	h.publish(h.start(), true)
	eventually(t, "the webhook is asked", func() bool { return asked(t) })
}

// joins is what a node asks for that joins.
func joins(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{
		Subject: pkix.Name{Organization: []string{"system:nodes"}, CommonName: "system:node:node-9"},
	}, key)
	must(t, err)
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})
	return fmt.Sprintf(`{apiVersion: certificates.k8s.io/v1, kind: CertificateSigningRequest, metadata: {name: node-9},
spec: {signerName: kubernetes.io/kube-apiserver-client-kubelet, usages: [client auth, digital signature], request: %s}}`, base64.StdEncoding.EncodeToString(text))
}
