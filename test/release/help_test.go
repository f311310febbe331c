// Package release tests the files that releases are made of and that run kslint in other people's pipelines and clusters.
package release

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

const repository = "../.."

// bin is the folder of the kslint that tests run, built as releases are.
var bin string

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "kslint-release")
	if err == nil {
		bin = folder
		err = build()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	status := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(status)
}

func build() error {
	c := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", bin+"/", "./cmd/kslint")
	c.Dir, c.Env = repository, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

// text reads a file of the repository.
func text(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(repository, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// write writes files, by their names below a folder.
func write(t *testing.T, folder string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		name = filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// decode reads YAML strictly.
func decode(t *testing.T, name string, data string, into any) {
	t.Helper()
	if err := yaml.UnmarshalStrict([]byte(data), into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// yamlLoose reads what a document is, before it is decoded strictly.
func yamlLoose(data string, into any) error { return yaml.Unmarshal([]byte(data), into) }

// command is a process with kslint first in its PATH, in a folder, with more variables.
func command(t *testing.T, folder string, env []string, name string, args ...string) *exec.Cmd {
	t.Helper()
	if name == "kslint" || name == "/kslint" || name == "/usr/bin/kslint" {
		name = filepath.Join(bin, "kslint")
	}
	c := exec.CommandContext(t.Context(), name, args...)
	c.Dir = folder
	c.Env = append(append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "LC_ALL=C.UTF-8"), env...)
	return c
}

// run gives what a process wrote and its exit status.
func run(t *testing.T, c *exec.Cmd) (string, int) {
	t.Helper()
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%s: %v", c, err)
	}
	return out.String(), c.ProcessState.ExitCode()
}

// sound and broken are KubeKey files; the broken one has a finding of severity error in line brokenLine.
const (
	sound = `apiVersion: kubekey.kubesphere.io/v1alpha2
kind: Cluster
metadata: {name: sample}
spec:
  hosts:
  - {name: node1, address: 192.0.2.11, internalAddress: 192.0.2.11}
  - {name: node2, address: 192.0.2.12, internalAddress: 192.0.2.12}
  - {name: node3, address: 192.0.2.13, internalAddress: 192.0.2.13}
  roleGroups:
    etcd: [node1, node2, node3]
    control-plane: [node1, node2, node3]
    worker: [node1]
  controlPlaneEndpoint: {domain: lb.kubesphere.local, address: 192.0.2.10, port: 6443}
  kubernetes: {version: v1.26.12, containerManager: containerd}
`
	brokenLine = 12
)

var broken = strings.Replace(sound, "worker: [node1]", "worker: [node9]", 1)

func TestSamples_areWhatTheyAreCalled(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, map[string]string{"sound.yaml": sound, "broken.yaml": broken})
	for name, want := range map[string]int{"sound.yaml": 0, "broken.yaml": 1} {
		out, status := run(t, command(t, folder, nil, "kslint", "lint", name))
		if status != want || want == 1 && !strings.Contains(out, fmt.Sprintf("broken.yaml:%d:", brokenLine)) {
			t.Errorf("%s: status %d: %s", name, status, out)
		}
	}
}
