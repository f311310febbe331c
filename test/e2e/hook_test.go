package e2e

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"text/template"
	"time"

	"github.com/kslint/kslint/test/e2e/cluster"
)

const (
	system = "kslint-system"
	// entry is the name that the API server counts and records the webhook under.
	entry   = "workloads.kslint.io"
	enforce = "enforcement: {profile: enforce}\n"
)

// lag is the time between the end of a replica and the endpoint's: what kubelet and the endpoint controller take.
const lag = 700 * time.Millisecond

// setup is how the webhook is deployed for a test.
type setup struct {
	failurePolicy string // Fail where nothing is said
	config        string // of kslint
	replicas      int    // 1 where nothing is said
	flags         []string
}

// hook is the webhook deployed: its Service, replicas and ValidatingWebhookConfiguration.
type hook struct {
	t        *testing.T
	folder   string
	flags    []string
	replicas []*replica
	started  int
}

// replica is a process of the product, with an EndpointSlice of its own.
type replica struct {
	*cluster.Process
	port            int
	health, metrics string
	ready           time.Duration // from its start
}

// deploy deploys the webhook, waits until the API server asks it, and takes all of it away when the test ends.
func deploy(t *testing.T, s setup) *hook {
	t.Helper()
	h := &hook{t: t, folder: t.TempDir(), flags: s.flags}
	authority, err := cluster.NewAuthority("kslint")
	must(t, err)
	pair, err := authority.Server("kslint-webhook."+system+".svc", "kslint-webhook."+system+".svc.cluster.local")
	must(t, err)
	must(t, pair.Write(filepath.Join(h.folder, "tls.crt"), filepath.Join(h.folder, "tls.key")))
	must(t, os.WriteFile(filepath.Join(h.folder, "kslint.yaml"), []byte(s.config), 0o644))
	must(t, world.Admin.Apply(path("v1", "services", "kslint-webhook"), `{apiVersion: v1, kind: Service, metadata: {name: kslint-webhook},
spec: {ports: [{name: https, port: 443, targetPort: https, protocol: TCP}]}}`))
	t.Cleanup(func() { must(t, world.Admin.Delete(path("v1", "services", "kslint-webhook"))) })
	t.Cleanup(h.end)
	for range max(1, s.replicas) {
		h.publish(h.start(), true)
	}
	h.configure(s.failurePolicy, authority.PEM)
	return h
}

// configure applies the configuration as a user does and waits until it counts.
func (h *hook) configure(failurePolicy string, ca []byte) {
	h.t.Helper()
	if failurePolicy == "" {
		failurePolicy = "Fail"
	}
	text, err := template.ParseFiles(filepath.Join("testdata", "configuration.yaml"))
	must(h.t, err)
	var b bytes.Buffer
	must(h.t, text.Execute(&b, map[string]string{"FailurePolicy": failurePolicy, "CABundle": base64.StdEncoding.EncodeToString(ca)}))
	kubectl(h.t, b.String(), "apply", "-f", "-")
	h.t.Cleanup(func() {
		kubectl(h.t, "", "delete", "validatingwebhookconfiguration", "kslint")
		eventually(h.t, "the configuration no longer counts", func() bool { return !asked(h.t) })
	})
	eventually(h.t, "the webhook is asked", func() bool { return asked(h.t) })
}

// asked tells whether the API server asks the webhook: whatever its profile, it has something to say about a faulty manifest.
func asked(t *testing.T) bool {
	a, err := world.Admin.Do(context.Background(), http.MethodPost, deployments+"?dryRun=All", []byte(faulty(t)))
	must(t, err)
	return strings.Contains(string(a.Body)+strings.Join(a.Warnings, "\n"), rule)
}

// start starts a replica and waits until it is ready.
func (h *hook) start() *replica {
	h.t.Helper()
	r := &replica{}
	ports := make([]string, 3)
	for i := range ports {
		port, err := cluster.FreePort(world.Address)
		must(h.t, err)
		ports[i] = fmt.Sprintf("%s:%d", world.Address, port)
		if i == 0 {
			r.port = port
		}
	}
	r.health, r.metrics = "http://"+ports[1], "http://"+ports[2]
	h.started++
	began := time.Now()
	var err error
	r.Process, err = cluster.Run(h.folder, fmt.Sprintf("replica-%d", h.started), made.Webhook, append([]string{
		"--address=" + ports[0], "--health-address=" + ports[1], "--metrics-address=" + ports[2],
		"--tls-cert-file=" + filepath.Join(h.folder, "tls.crt"), "--tls-key-file=" + filepath.Join(h.folder, "tls.key"),
		"--config=" + filepath.Join(h.folder, "kslint.yaml"),
	}, h.flags...)...)
	must(h.t, err)
	h.replicas = append(h.replicas, r)
	must(h.t, r.WaitFor(func() error { _, err := get(r.health + "/readyz"); return err }, 30*time.Second))
	r.ready = time.Since(began)
	return r
}

// publish makes a replica's endpoint ready or not, as kubelet and the endpoint controller would.
func (h *hook) publish(r *replica, ready bool) {
	h.t.Helper()
	must(h.t, world.Admin.Apply(slicePath(r), fmt.Sprintf(`
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: %s, labels: {kubernetes.io/service-name: kslint-webhook}}
addressType: IPv4
ports: [{name: https, port: %d, protocol: TCP}]
endpoints: [{addresses: [%q], conditions: {ready: %t}}]
`, r.Name, r.port, world.Address, ready)))
}

func (h *hook) forget(r *replica) {
	h.t.Helper()
	must(h.t, world.Admin.Delete(slicePath(r)))
	for i := range h.replicas {
		if h.replicas[i] == r {
			h.replicas = append(h.replicas[:i], h.replicas[i+1:]...)
			return
		}
	}
}

// end ends all replicas at once. It is for cleaning up.
func (h *hook) end() {
	for len(h.replicas) > 0 {
		r := h.replicas[0]
		r.Kill()
		if h.t.Failed() {
			h.t.Logf("%s: %s", r.Name, r.Tail())
		}
		h.forget(r)
	}
}

// restart replaces a replica as a Deployment with maxSurge 1 and maxUnavailable 0 does, and gives the exit status of the old one.
func (h *hook) restart(old *replica) int {
	h.t.Helper()
	h.publish(h.start(), true)
	old.Signal(syscall.SIGTERM)
	select {
	case <-old.Done():
		h.t.Errorf("%s ended before its endpoint could have: %s", old.Name, old.Tail())
	case <-time.After(lag):
	}
	h.publish(old, false)
	status, err := old.Wait(45 * time.Second) // terminationGracePeriodSeconds
	if err != nil {
		h.t.Error(err)
	}
	h.forget(old)
	return status
}

// kill ends a replica without a word; its endpoint goes after the lag.
func (h *hook) kill(r *replica) {
	h.t.Helper()
	r.Kill()
	time.Sleep(lag) // the fault itself: until then the API server may still be sent to it
	h.forget(r)
}

// reviews is how many reviews a replica has answered, of all kinds or of one.
func (r *replica) reviews(t *testing.T, label string) int {
	t.Helper()
	data, err := get(r.metrics + "/metrics")
	must(t, err)
	n, err := cluster.Sum(data, "kslint_admission_requests_total", label)
	must(t, err)
	return n
}

func path(version, kind, name string) string {
	group := "/apis/"
	if version == "v1" {
		group = "/api/"
	}
	return group + version + "/namespaces/" + system + "/" + kind + "/" + name
}

func slicePath(r *replica) string { return path("discovery.k8s.io/v1", "endpointslices", r.Name) }

func get(url string) ([]byte, error) {
	r, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Body.Close() }()
	data, err := io.ReadAll(r.Body)
	if err == nil && r.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %s", url, r.Status, data)
	}
	return data, err
}
