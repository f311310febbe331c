package cluster

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// Client speaks to the API server as one user.
type Client struct {
	// Kubeconfig is the file that kubectl is given.
	Kubeconfig string

	kubectl, cache, url string
	http                *http.Client
}

// Client makes credentials for a user in groups.
func (c *Cluster) Client(user string, groups ...string) (*Client, error) {
	return c.clientAt(c.url, c.file(strings.ReplaceAll(user, ":", "-")+".kubeconfig"), user, groups...)
}

func (c *Cluster) clientAt(url, file, user string, groups ...string) (*Client, error) {
	pair, err := c.authority.Client(user, groups...)
	if err != nil {
		return nil, err
	}
	certificate, err := tls.X509KeyPair(pair.Certificate, pair.Key)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(c.authority.PEM)
	client := &Client{
		Kubeconfig: file, kubectl: c.programs["kubectl"], cache: c.file("discovery"), url: url,
		http: &http.Client{
			Timeout: 60 * time.Second,
			Transport: &http.Transport{
				TLSClientConfig:   &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS13},
				ForceAttemptHTTP2: true,
			},
		},
	}
	data, err := json.Marshal(kubeconfig(url, user, c.authority.PEM, pair))
	if err != nil {
		return nil, err
	}
	return client, os.WriteFile(client.Kubeconfig, data, 0o600)
}

func kubeconfig(url, user string, ca []byte, pair *Pair) any {
	type object = map[string]any
	return object{
		"apiVersion": "v1", "kind": "Config", "current-context": "e2e",
		"clusters": []any{object{"name": "e2e", "cluster": object{"server": url, "certificate-authority-data": ca}}},
		"users":    []any{object{"name": user, "user": object{"client-certificate-data": pair.Certificate, "client-key-data": pair.Key}}},
		"contexts": []any{object{"name": "e2e", "context": object{"cluster": "e2e", "user": user}}},
	}
}

// Kubectl runs kubectl with something to read on its standard input and gives what it printed, both streams in order.
func (c *Client) Kubectl(input string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.kubectl, append([]string{"--kubeconfig=" + c.Kubeconfig, "--cache-dir=" + c.cache}, args...)...)
	cmd.Stdin = strings.NewReader(input)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// Answer is what the API server said to a request.
type Answer struct {
	Code     int
	Body     []byte
	Warnings []string
}

// Do sends a request with a body in YAML (or JSON, which is YAML), a PATCH as server-side apply; an error is one of the connection.
func (c *Client) Do(ctx context.Context, method, path string, body []byte) (*Answer, error) {
	q, err := http.NewRequestWithContext(ctx, method, c.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	q.Header.Set("Content-Type", "application/yaml")
	if bytes.HasPrefix(body, []byte(`{"`)) { // which takes the API server a fraction of the time
		q.Header.Set("Content-Type", "application/json")
	}
	if method == http.MethodPatch {
		q.Header.Set("Content-Type", "application/apply-patch+yaml")
	}
	q.Header.Set("Accept", "application/json")
	r, err := c.http.Do(q)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Body.Close() }()
	data, err := io.ReadAll(r.Body)
	return &Answer{Code: r.StatusCode, Body: data, Warnings: r.Header.Values("Warning")}, err
}

// Get gives the body of what is there.
func (c *Client) Get(path string) ([]byte, error) {
	a, err := c.Do(context.Background(), http.MethodGet, path, nil)
	if err != nil {
		return nil, err
	}
	if a.Code != http.StatusOK {
		return nil, fmt.Errorf("GET %s: %d: %.500s", path, a.Code, a.Body)
	}
	return a.Body, nil
}

// Apply makes an object what a text says.
func (c *Client) Apply(path, yaml string) error {
	return c.must(http.MethodPatch, path+"?fieldManager=e2e&force=true", yaml)
}

// Delete deletes an object; that there is none is fine.
func (c *Client) Delete(path string) error { return c.must(http.MethodDelete, path, "") }

func (c *Client) must(method, path, body string) error {
	a, err := c.Do(context.Background(), method, path, []byte(body))
	if err != nil {
		return err
	}
	if a.Code >= http.StatusBadRequest && (method != http.MethodDelete || a.Code != http.StatusNotFound) {
		return fmt.Errorf("%s %s: %d: %.500s", method, path, a.Code, a.Body)
	}
	return nil
}
