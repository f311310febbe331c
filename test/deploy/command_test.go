package deploy

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// built are the commands of the product that a test has needed, by name.
var built = map[string]string{}

// command builds a command of the product as it stands, once.
func command(t *testing.T, name string) string {
	t.Helper()
	if built[name] != "" {
		return built[name]
	}
	path := filepath.Join(built["folder"], name)
	cmd := exec.Command("go", "build", "-o", path, "./cmd/"+name)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v: %s", name, err, out)
	}
	built[name] = path
	return path
}

func TestMain(m *testing.M) {
	os.Exit(func() int {
		folder, err := os.MkdirTemp("", "kslint-deploy-")
		if err != nil {
			panic(err)
		}
		defer func() { _ = os.RemoveAll(folder) }()
		built["folder"] = folder
		return m.Run()
	}())
}

// run gives what a command prints and its exit status.
func run(t *testing.T, path string, args ...string) (out string, status int) {
	t.Helper()
	var b bytes.Buffer
	cmd := exec.Command(path, args...)
	cmd.Stdout, cmd.Stderr = &b, &b
	err := cmd.Run()
	if _, ended := err.(*exec.ExitError); err != nil && !ended { //nolint:errorlint // Run gives it as it is
		t.Fatal(err)
	}
	return b.String(), cmd.ProcessState.ExitCode()
}
