package e2e

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	core "k8s.io/api/core/v1"

	"github.com/kslint/kslint/test/e2e/cluster"
)

// process runs a container's command with its flags, and those that this machine needs: it has no Pods.
func (c *chart) process(name, account string, container core.Container, more ...string) *cluster.Process {
	c.t.Helper()
	var args []string
	for _, arg := range container.Args {
		args = append(args, strings.ReplaceAll(arg, "/etc/kslint", c.folder))
	}
	p, err := cluster.Run(c.folder, name, made.Webhook, slices.Concat(args, []string{"--kubeconfig=" + c.kubeconfig(account)}, more)...)
	must(c.t, err)
	return p
}

// start starts a replica of the Deployment that is applied, and waits until it is ready and its endpoint is published.
func (c *chart) start() *chartPod {
	c.t.Helper()
	ports := make([]int, 3)
	for i := range ports {
		var err error
		ports[i], err = cluster.FreePort(world.Address)
		must(c.t, err)
	}
	at := func(i int) string { return fmt.Sprintf("%s:%d", world.Address, ports[i]) }
	c.started++
	name := fmt.Sprintf("kslint-webhook-%d", c.started)
	p := &chartPod{health: "http://" + at(1), metrics: "http://" + at(2), port: ports[0]}
	p.Process = c.process(name, "kslint-webhook", c.object(c.profile, "Deployment", "kslint-webhook").container(),
		"--address="+at(0), "--health-address="+at(1), "--metrics-address="+at(2), "--replica="+name)
	c.running = append(c.running, p)
	must(c.t, p.WaitFor(func() error { _, err := get(p.health + "/readyz"); return err }, patience))
	c.publish(p, true)
	return p
}

func (c *chart) publish(p *chartPod, ready bool) {
	c.t.Helper()
	expose(c.t, p.Name, p.port, ready)
}

// replace is a step of the rolling upgrade: maxSurge 1, maxUnavailable 0.
func (c *chart) replace(old *chartPod) {
	c.t.Helper()
	c.start()
	old.Signal(syscall.SIGTERM)
	time.Sleep(lag) // of the endpoint
	c.publish(old, false)
	if status, err := old.Wait(45 * time.Second); status != 0 || err != nil { // terminationGracePeriodSeconds
		c.t.Errorf("%s ended with %d: %v", old.Name, status, err)
	}
	conceal(c.t, old.Name)
	c.running = slices.DeleteFunc(c.running, func(p *chartPod) bool { return p == old })
}

// hook does what Helm does with the hook of a name: its accounts and roles are made, what it runs is run to its end, all of it goes.
func (c *chart) hook(name string, more ...string) string {
	c.t.Helper()
	isPod := func(o *chartObject) bool { return o.Kind == "Job" || o.Kind == "Pod" }
	text := c.manifest("enforce", func(o *chartObject) bool { return o.isHook() && !isPod(o) && strings.HasPrefix(o.Metadata.Name, name) })
	kubectl(c.t, text, "apply", "--server-side", "--field-manager=helm", "-f", "-")
	defer func() { kubectl(c.t, text, "delete", "-f", "-") }()
	var container core.Container
	for _, o := range c.objects("enforce") {
		if isPod(o) && o.Metadata.Name == name {
			container = o.container()
			kubectl(c.t, o.text, "apply", "--server-side", "--field-manager=helm", "--dry-run=server", "-f", "-")
		}
	}
	p := c.process(name, name, container, more...)
	select {
	case <-p.Done():
	case <-time.After(patience):
	}
	status, err := p.Wait(time.Second)
	if out := p.Tail(); status != 0 || err != nil {
		c.t.Errorf("%s ended with %d: %v: %s", name, status, err, out)
	}
	return p.Tail()
}

// audit runs the audit until it has seen everything once.
func (c *chart) audit() {
	c.t.Helper()
	port, err := cluster.FreePort(world.Address)
	must(c.t, err)
	address := fmt.Sprintf("%s:%d", world.Address, port)
	p := c.process("kslint-audit", "kslint-audit", c.object("enforce", "Deployment", "kslint-audit").container(),
		"--health-address=", "--metrics-address="+address, "--replica=kslint-audit-1")
	must(c.t, p.WaitFor(func() error {
		data, err := get("http://" + address + "/metrics")
		if n, _ := cluster.Sum(data, "kslint_audit_last_pass_timestamp_seconds", ""); err == nil && n == 0 {
			err = fmt.Errorf("no pass has ended: %s", p.Tail())
		}
		return err
	}, patience))
	if status, err := p.Terminate(30 * time.Second); status != 0 || err != nil {
		c.t.Errorf("the audit ended with %d: %v", status, err)
	}
}

// kubeconfig has a token of a ServiceAccount, and a proxy before the API server that remembers what was asked for with it.
func (c *chart) kubeconfig(account string) string {
	c.t.Helper()
	file := filepath.Join(c.folder, account+".kubeconfig")
	if _, err := os.Stat(file); err == nil {
		return file
	}
	token := strings.TrimSpace(kubectl(c.t, "", "create", "token", account, "--namespace="+system))
	server, ca := c.proxy(account)
	text, err := json.Marshal(map[string]any{
		"apiVersion": "v1", "kind": "Config", "current-context": "chart",
		"clusters": []any{map[string]any{"name": "chart", "cluster": map[string]any{"server": server, "certificate-authority-data": ca}}},
		"users":    []any{map[string]any{"name": "chart", "user": map[string]any{"token": token}}},
		"contexts": []any{map[string]any{"name": "chart", "context": map[string]any{"cluster": "chart", "user": "chart"}}},
	})
	must(c.t, err)
	must(c.t, os.WriteFile(file, text, 0o600))
	return file
}

// proxy gives its URL and its CA: client-go sends no token without TLS.
func (c *chart) proxy(account string) (server string, ca []byte) {
	c.t.Helper()
	data, err := os.ReadFile(world.Admin.Kubeconfig)
	must(c.t, err)
	var config struct {
		Clusters []struct {
			Cluster struct {
				Server string
				CA     []byte `json:"certificate-authority-data"`
			}
		}
	}
	must(c.t, json.Unmarshal(data, &config))
	target, err := url.Parse(config.Clusters[0].Cluster.Server)
	must(c.t, err)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(config.Clusters[0].Cluster.CA)
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.FlushInterval = -1 // watches
	proxy.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS13}}
	proxy.ModifyResponse = func(r *http.Response) error { c.remember(account, r); return nil }
	proxy.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }
	s := httptest.NewTLSServer(proxy)
	c.t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s.URL, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
}
