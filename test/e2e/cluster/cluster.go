package cluster

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// Cluster is a running control plane.
type Cluster struct {
	// Folder holds its files: logs, keys, data.
	Folder string
	// Address is that of endpoints: not a loopback.
	Address string
	// Admin may do everything, and is a person.
	Admin *Client

	programs    Programs
	authority   *Authority
	url         string
	apiserver   *Process
	controllers *Process
	processes   []*Process
}

// Start runs etcd, kube-apiserver and kube-controller-manager, with their files in folder, and waits until they are ready.
func Start(folder, address string, programs Programs) (*Cluster, error) {
	c := &Cluster{Folder: folder, Address: address, programs: programs}
	for _, step := range []func() error{c.keys, c.startEtcd, c.connect, c.startControllers} {
		if err := step(); err != nil {
			c.Stop()
			return nil, err
		}
	}
	return c, nil
}

// Stop ends all processes, the last one first.
func (c *Cluster) Stop() {
	for i := len(c.processes) - 1; i >= 0; i-- {
		_, _ = c.processes[i].Terminate(5 * time.Second)
	}
	c.processes = nil
}

func (c *Cluster) file(name string) string { return filepath.Join(c.Folder, name) }

func (c *Cluster) run(name string, args ...string) (*Process, error) {
	p, err := Run(c.Folder, name, c.programs[name], args...)
	if err == nil {
		c.processes = append(c.processes, p)
	}
	return p, err
}

// keys makes the CA of the cluster, the API server's certificate and the key of service accounts.
func (c *Cluster) keys() error {
	var err error
	if c.authority, err = NewAuthority("kubernetes"); err != nil {
		return err
	}
	if err := os.WriteFile(c.file("ca.crt"), c.authority.PEM, 0o644); err != nil {
		return err
	}
	for name, names := range map[string][]string{
		"apiserver": {"kubernetes.default.svc", "127.0.0.1", "localhost"}, "service-accounts": {"service-accounts"},
	} {
		pair, err := c.authority.Server(names...)
		if err != nil {
			return err
		}
		if err := pair.Write(c.file(name+".crt"), c.file(name+".key")); err != nil {
			return err
		}
	}
	return nil
}

const loopback = "127.0.0.1"

// startEtcd starts etcd and, when it serves, the API server.
func (c *Cluster) startEtcd() error {
	clients, err := FreePort(loopback)
	if err != nil {
		return err
	}
	peers, err := FreePort(loopback)
	if err != nil {
		return err
	}
	url, peer := fmt.Sprintf("http://%s:%d", loopback, clients), fmt.Sprintf("http://%s:%d", loopback, peers)
	etcd, err := c.run(
		"etcd", "--name=e2e", "--data-dir="+c.file("etcd"), "--listen-client-urls="+url, "--advertise-client-urls="+url,
		"--listen-peer-urls="+peer, "--initial-advertise-peer-urls="+peer, "--initial-cluster=e2e="+peer,
		"--unsafe-no-fsync=true", "--log-level=warn",
	)
	if err != nil {
		return err
	}
	if err := etcd.WaitFor(func() error { return answers(http.DefaultClient, url+"/health") }, 30*time.Second); err != nil {
		return err
	}
	return c.startAPIServer(url)
}

// auditPolicy records who did what, and the annotations of admission, but no body.
const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: None
  verbs: [get, list, watch]
- level: Metadata
`

func (c *Cluster) startAPIServer(etcd string) error {
	port, err := FreePort(loopback)
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.file("audit-policy.yaml"), []byte(auditPolicy), 0o644); err != nil {
		return err
	}
	c.url = fmt.Sprintf("https://%s:%d", loopback, port)
	c.apiserver, err = c.run(
		"kube-apiserver", "--etcd-servers="+etcd, "--bind-address="+loopback, "--secure-port="+strconv.Itoa(port),
		"--advertise-address="+c.Address, "--endpoint-reconciler-type=none", "--service-cluster-ip-range=10.0.0.0/24",
		"--tls-cert-file="+c.file("apiserver.crt"), "--tls-private-key-file="+c.file("apiserver.key"),
		"--client-ca-file="+c.file("ca.crt"), "--authorization-mode=RBAC", "--allow-privileged=true",
		"--service-account-issuer=https://kubernetes.default.svc", "--service-account-key-file="+c.file("service-accounts.key"),
		"--service-account-signing-key-file="+c.file("service-accounts.key"), "--disable-admission-plugins=ServiceAccount",
		// With this flag a webhook's Service is resolved through its EndpointSlices, as kube-proxy would.
		"--enable-aggregator-routing=true",
		"--audit-policy-file="+c.file("audit-policy.yaml"), "--audit-log-path="+c.file("audit.log"),
		"--max-mutating-requests-inflight=1000", "--max-requests-inflight=1000",
	)
	return err
}

// connect makes the administrator's credentials and waits for the API server.
func (c *Cluster) connect() error {
	var err error
	if c.Admin, err = c.Client("maria", "system:masters"); err != nil {
		return err
	}
	return c.apiserver.WaitFor(func() error { return answers(c.Admin.http, c.url+"/readyz") }, 90*time.Second)
}

// startControllers runs the controllers that make Pods of workloads, delete namespaces and collect garbage. They take part in
// leader election, so that their lease goes through admission like any other's.
func (c *Cluster) startControllers() error {
	client, err := c.Client("system:kube-controller-manager")
	if err != nil {
		return err
	}
	port, err := FreePort(loopback)
	if err != nil {
		return err
	}
	config := "=" + client.Kubeconfig
	c.controllers, err = c.run(
		"kube-controller-manager", "--kubeconfig"+config, "--authentication-kubeconfig"+config, "--authorization-kubeconfig"+config,
		"--bind-address="+loopback, "--secure-port="+strconv.Itoa(port), "--cert-dir="+c.Folder,
		"--root-ca-file="+c.file("ca.crt"), "--use-service-account-credentials=true", "--service-account-private-key-file="+c.file("service-accounts.key"),
		"--controllers=deployment-controller,replicaset-controller,statefulset-controller,daemonset-controller,job-controller,"+
			"cronjob-controller,serviceaccount-controller,namespace-controller,garbage-collector-controller,disruption-controller",
	)
	if err != nil {
		return err
	}
	return c.controllers.WaitFor(func() error {
		_, err := c.Admin.Get("/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager")
		return err
	}, 60*time.Second)
}

// answers gives nil when a GET is answered with 200.
func answers(client *http.Client, url string) error {
	r, err := client.Get(url)
	if err != nil {
		return err
	}
	defer func() { _ = r.Body.Close() }()
	if r.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, r.Status)
	}
	return nil
}
