package cluster

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const loopback = "127.0.0.1"

func (c *Cluster) startEtcd() error {
	clients, err := FreePort(loopback)
	if err != nil {
		return err
	}
	peers, err := FreePort(loopback)
	if err != nil {
		return err
	}
	c.etcd = fmt.Sprintf("http://%s:%d", loopback, clients)
	peer := fmt.Sprintf("http://%s:%d", loopback, peers)
	c.Etcd, err = c.run(
		"etcd", "--name=e2e", "--data-dir="+c.file("etcd"), "--listen-client-urls="+c.etcd, "--advertise-client-urls="+c.etcd,
		"--listen-peer-urls="+peer, "--initial-advertise-peer-urls="+peer, "--initial-cluster=e2e="+peer,
		"--unsafe-no-fsync=true", "--log-level=warn",
	)
	if err != nil {
		return err
	}
	return c.etcdServes()
}

func (c *Cluster) etcdServes() error {
	return c.Etcd.WaitFor(func() error { return answers(http.DefaultClient, c.etcd+"/health") }, 30*time.Second)
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

// startAPIServer runs the API server, makes the administrator's credentials and waits until it serves.
func (c *Cluster) startAPIServer() error {
	port, err := FreePort(loopback)
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.file("audit-policy.yaml"), []byte(auditPolicy), 0o644); err != nil {
		return err
	}
	c.url = fmt.Sprintf("https://%s:%d", loopback, port)
	c.APIServer, err = c.run(
		"kube-apiserver", "--etcd-servers="+c.etcd, "--bind-address="+loopback, "--secure-port="+strconv.Itoa(port),
		"--advertise-address="+c.Address, "--endpoint-reconciler-type=none", "--service-cluster-ip-range=10.0.0.0/24",
		"--tls-cert-file="+c.file("apiserver.crt"), "--tls-private-key-file="+c.file("apiserver.key"),
		"--client-ca-file="+c.file("ca.crt"), "--authorization-mode=RBAC", "--allow-privileged=true",
		"--service-account-issuer=https://kubernetes.default.svc", "--service-account-key-file="+c.file("service-accounts.key"),
		"--service-account-signing-key-file="+c.file("service-accounts.key"), "--disable-admission-plugins=ServiceAccount",
		// With this flag a webhook's Service is resolved through its EndpointSlices, as kube-proxy would.
		"--enable-aggregator-routing=true",
		"--audit-policy-file="+c.file("audit-policy.yaml"), "--audit-log-path="+c.file("audit.log"),
		"--max-mutating-requests-inflight=1000", "--max-requests-inflight=1000",
		// Otherwise it waits for those who watch, up to a minute, when it is told to end.
		"--shutdown-watch-termination-grace-period=1s",
	)
	if err != nil {
		return err
	}
	if c.Admin, err = c.Client(administrator, "system:masters"); err != nil {
		return err
	}
	return c.apiServerServes()
}

const administrator = "maria"

func (c *Cluster) apiServerServes() error { return c.APIServer.serves(c.Admin) }

func (p *Process) serves(client *Client) error {
	return p.WaitFor(func() error { return answers(client.http, client.url+"/readyz") }, 90*time.Second)
}

// Another runs one more API server over the same etcd, as where there are several masters, and gives it with an administrator who
// speaks to that one. Whoever starts it ends it.
func (c *Cluster) Another(name string) (*Process, *Client, error) {
	port, err := FreePort(loopback)
	if err != nil {
		return nil, nil, err
	}
	args := slices.Clone(c.APIServer.cmd.Args[1:])
	for i, arg := range args {
		switch flag, _, _ := strings.Cut(arg, "="); flag {
		case "--secure-port":
			args[i] = flag + "=" + strconv.Itoa(port)
		case "--audit-log-path":
			args[i] = flag + "=" + c.file(name+"-audit.log")
		}
	}
	p, err := Run(c.Folder, name, c.programs["kube-apiserver"], args...)
	if err != nil {
		return nil, nil, err
	}
	c.processes = append(c.processes, p)
	client, err := c.clientAt(fmt.Sprintf("https://%s:%d", loopback, port), c.file(name+".kubeconfig"), administrator, "system:masters")
	if err != nil {
		return nil, nil, err
	}
	return p, client, p.serves(client)
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
	c.Controllers, err = c.run(
		"kube-controller-manager", "--kubeconfig"+config, "--authentication-kubeconfig"+config, "--authorization-kubeconfig"+config,
		"--bind-address="+loopback, "--secure-port="+strconv.Itoa(port), "--cert-dir="+c.Folder,
		"--root-ca-file="+c.file("ca.crt"), "--use-service-account-credentials=true", "--service-account-private-key-file="+c.file("service-accounts.key"),
		// They end when they cannot renew their lease, which a machine that is busy with others may keep them from for a while.
		"--leader-elect-lease-duration=20s", "--leader-elect-renew-deadline=18s",
		"--controllers=deployment-controller,replicaset-controller,statefulset-controller,daemonset-controller,job-controller,"+
			"cronjob-controller,serviceaccount-controller,namespace-controller,garbage-collector-controller,disruption-controller",
	)
	if err != nil {
		return err
	}
	return c.controllersServe()
}

func (c *Cluster) controllersServe() error {
	return c.Controllers.WaitFor(func() error {
		_, err := c.Admin.Get("/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager")
		return err
	}, 60*time.Second)
}

// End ends a process of the control plane by a signal and waits until it has ended.
func (c *Cluster) End(p *Process, signal syscall.Signal) error {
	p.Signal(signal)
	_, err := p.Wait(30 * time.Second)
	return err
}

// Again runs what has ended of the control plane anew, with the same ports, keys and data, and waits until it serves.
func (c *Cluster) Again() error {
	for _, part := range []struct {
		process **Process
		serves  func() error
	}{{&c.Etcd, c.etcdServes}, {&c.APIServer, c.apiServerServes}, {&c.Controllers, c.controllersServe}} {
		p := *part.process
		select {
		case <-p.Done():
		default:
			continue
		}
		c.Admin.http.CloseIdleConnections() // to what has ended
		again, err := c.run(p.Name, p.cmd.Args[1:]...)
		if err != nil {
			return err
		}
		*part.process = again
		if err := part.serves(); err != nil {
			return errors.Join(fmt.Errorf("%s does not come back", p.Name), err)
		}
	}
	return nil
}
