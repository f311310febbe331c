package cluster

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
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

	// Etcd, APIServer and Controllers are the processes, for whoever breaks them; see Again.
	Etcd, APIServer, Controllers *Process

	programs  Programs
	authority *Authority
	url, etcd string
	processes []*Process
}

// Start runs etcd, kube-apiserver and kube-controller-manager, with their files in folder, and waits until they are ready.
func Start(folder, address string, programs Programs) (*Cluster, error) {
	c := &Cluster{Folder: folder, Address: address, programs: programs}
	for _, step := range []func() error{c.keys, c.startEtcd, c.startAPIServer, c.startControllers} {
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
