// Package e2e holds what is true of kslint-webhook behind a real API server.
package e2e

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/kslint/kslint/test/e2e/cluster"
)

var (
	full   = flag.Bool("full", false, "the full counts instead of the short forms")
	update = flag.Bool("update", false, "rewrite lists in testdata")
	bench  = flag.Bool("bench-webhook", false, "measure the bars of the webhook; TestBench alone")
	keep   = flag.Bool("keep", false, "keep the folder with logs, keys and data")
)

// world is the cluster that all tests share; each cleans up what it has made.
var world *cluster.Cluster

// prepared is what needs the network, made before it is left behind.
type prepared struct {
	Folder, Webhook string
	Programs        cluster.Programs

	kubeconfig string // of the webhook
}

var made prepared

// webhookVariable names a program that is tested in place of one that is built anew.
const webhookVariable = "KSLINT_E2E_WEBHOOK"

const preparedVariable = "KSLINT_E2E_PREPARED"

func TestMain(m *testing.M) {
	flag.Parse()
	status, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		status = 1
	}
	os.Exit(status)
}

func run(m *testing.M) (status int, err error) {
	text := os.Getenv(preparedVariable)
	if text == "" {
		if err := prepare(); err != nil {
			return 1, err
		}
		defer cleanUp()
		data, err := json.Marshal(made)
		if err != nil {
			return 1, err
		}
		text = string(data)
	} else if err := json.Unmarshal([]byte(text), &made); err != nil {
		return 1, err
	}
	address, status, err := cluster.Enter([]string{preparedVariable + "=" + text}, os.Stderr)
	if err != nil || address == "" {
		return status, err
	}
	if world, err = cluster.Start(made.Folder, address, made.Programs); err != nil {
		return 1, err
	}
	defer world.Stop()
	for _, name := range []string{system, tenant, "kubesphere-system"} {
		if err := world.Admin.Apply("/api/v1/namespaces/"+name, `{apiVersion: v1, kind: Namespace, metadata: {name: `+name+`}}`); err != nil {
			return 1, err
		}
	}
	client, err := world.Client("system:serviceaccount:" + system + ":kslint-webhook")
	if err != nil {
		return 1, err
	}
	made.kubeconfig = client.Kubeconfig
	for _, file := range []string{"roles.yaml", "crds.yaml"} {
		if out, err := world.Admin.Kubectl("", "apply", "-f", filepath.Join("testdata", file)); err != nil {
			return 1, fmt.Errorf("%w: %s", err, out)
		}
	}
	return m.Run(), nil
}

// prepare builds the control plane, unless it is in the cache, and the webhook as it stands.
func prepare() error {
	programs, err := cluster.Build("tools", os.Stderr)
	if err != nil {
		return err
	}
	made.Programs = programs
	if made.Folder, err = os.MkdirTemp("", "kslint-e2e-"); err != nil {
		return err
	}
	if made.Webhook = os.Getenv(webhookVariable); made.Webhook != "" {
		return nil
	}
	made.Webhook = filepath.Join(made.Folder, "kslint-webhook")
	return cluster.BuildCommand(filepath.Join("..", ".."), "./cmd/kslint-webhook", made.Webhook)
}

func cleanUp() {
	if *keep {
		fmt.Fprintln(os.Stderr, "kept:", made.Folder)
		return
	}
	if err := os.RemoveAll(made.Folder); err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
	}
}
