package e2e

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kslint/kslint/test/e2e/cluster"
)

// lag is the time between the end of a replica and the endpoint's: what kubelet and the endpoint controller take.
const lag = 700 * time.Millisecond

// replica is a process of the product, with an EndpointSlice of its own.
type replica struct {
	*cluster.Process
	port            int // that the API server dials
	serving         int // that the process listens at
	proxy           *cluster.Proxy
	health, metrics string
	ready           time.Duration // from its start
}

// start starts a replica and waits until it is ready.
func (h *hook) start() *replica {
	h.t.Helper()
	began := time.Now()
	r := h.run()
	must(h.t, r.WaitFor(r.isReady, 30*time.Second))
	r.ready = time.Since(began)
	return r
}

func (r *replica) isReady() error { _, err := get(r.health + "/readyz"); return err }

// run starts a replica.
func (h *hook) run() *replica {
	h.t.Helper()
	ports := make([]int, 3)
	for i := range ports {
		var err error
		ports[i], err = cluster.FreePort(world.Address)
		must(h.t, err)
	}
	at := func(i int) string { return fmt.Sprintf("%s:%d", world.Address, ports[i]) }
	r := &replica{port: ports[0], serving: ports[0], health: "http://" + at(1), metrics: "http://" + at(2)}
	h.started++
	name := fmt.Sprintf("replica-%d", h.started)
	args := []string{
		"--address=" + at(0), "--health-address=" + at(1), "--metrics-address=" + at(2), "--kubeconfig=" + made.kubeconfig,
		"--config=" + filepath.Join(h.mounted(), "kslint.yaml"),
	}
	if h.policies != nil {
		args = append(args, "--policies="+filepath.Join(h.mounted(), "policies"))
	}
	if h.certificates != selfMade {
		args = append(args, "--tls-cert-file="+filepath.Join(h.folder, "tls.crt"), "--tls-key-file="+filepath.Join(h.folder, "tls.key"))
	}
	if h.certificates != "" {
		args = append(args, "--certificate-mode="+h.certificates, "--namespace="+system, "--replica="+name)
	}
	var err error
	r.Process, err = cluster.Run(h.folder, name, made.Webhook, append(args, h.flags...)...)
	must(h.t, err)
	if h.proxied {
		r.proxy, err = cluster.NewProxy(world.Address, at(0))
		must(h.t, err)
		r.port = r.proxy.Port
	}
	h.replicas = append(h.replicas, r)
	return r
}

func (h *hook) publish(r *replica, ready bool) {
	h.t.Helper()
	expose(h.t, r.Name, r.port, ready)
}

func (h *hook) forget(r *replica) {
	h.t.Helper()
	conceal(h.t, r.Name)
	h.drop(r)
}

// drop takes a replica that has ended out of the list.
func (h *hook) drop(r *replica) {
	if r.proxy != nil {
		r.proxy.Close()
	}
	for i := range h.replicas {
		if h.replicas[i] == r {
			h.replicas = append(h.replicas[:i], h.replicas[i+1:]...)
			return
		}
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

// proven waits until the replica has held its built-in rules against their examples, which it does beside its work when it has begun.
func (r *replica) proven(t *testing.T) {
	t.Helper()
	if err := r.WaitFor(func() error {
		log, err := os.ReadFile(r.Log)
		if err == nil && !strings.Contains(string(log), "pass their self-test") {
			err = errors.New("its self-test goes on")
		}
		return err
	}, 2*time.Minute); err != nil {
		t.Fatal(err)
	}
}

// reviews is how many reviews a replica has answered, of all kinds or of one.
func (r *replica) reviews(t *testing.T, label string) int {
	t.Helper()
	return r.count(t, "kslint_admission_requests_total", label)
}

// count adds up the samples of a metric whose labels hold a piece of text.
func (r *replica) count(t *testing.T, metric, label string) int {
	t.Helper()
	data, err := get(r.metrics + "/metrics")
	must(t, err)
	n, err := cluster.Sum(data, metric, label)
	must(t, err)
	return n
}

// reviews is how many reviews the replicas have answered that there are now.
func (h *hook) reviews(t *testing.T) (n int) {
	t.Helper()
	for _, r := range h.replicas {
		n += r.reviews(t, "")
	}
	return n
}

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
