package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kslint/kslint/test/e2e/cluster"
)

const (
	// tenant is the namespace of what is judged.
	tenant      = "shop"
	deployments = "/apis/apps/v1/namespaces/" + tenant + "/deployments"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// kubectl runs a command that has to succeed, and gives what it printed.
func kubectl(t *testing.T, input string, args ...string) string {
	t.Helper()
	out, err := world.Admin.Kubectl(input, args...)
	if err != nil {
		t.Fatalf("kubectl %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return out
}

// refused runs a command that has to fail, and gives what it printed.
func refused(t *testing.T, input string, args ...string) string {
	t.Helper()
	out, err := world.Admin.Kubectl(input, args...)
	if err == nil {
		t.Fatalf("kubectl %s was not refused: %s", strings.Join(args, " "), out)
	}
	return out
}

// says checks that a text holds others.
func says(t *testing.T, text string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("%q is missing in %q", w, text)
		}
	}
}

// patience is how long a busy machine may take for anything.
const patience = 90 * time.Second

// eventually waits for what other processes bring about.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not after %v: %s", patience, what)
		}
	}
}

// sound is a manifest that nothing is wrong with.
func sound(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "web.yaml"))
	must(t, err)
	return string(data)
}

// rule is the one that a faulty manifest breaks, and at is where: a memory request in thousandths of a byte. The API server takes it.
const (
	rule = "resource-quantity-suspicious"
	at   = "spec.template.spec.containers[0].resources.requests.memory"
)

// faulty is the same with a memory request of a tenth of a byte.
func faulty(t *testing.T) string {
	t.Helper()
	return replace(t, sound(t), "memory: 100Mi", "memory: 100m")
}

// replace replaces what has to be there once.
func replace(t *testing.T, text, old, new string) string {
	t.Helper()
	if strings.Count(text, old) != 1 {
		t.Fatalf("%q is there %d times", old, strings.Count(text, old))
	}
	return strings.Replace(text, old, new, 1)
}

// removed deletes the Deployment of a test when it ends.
func removed(t *testing.T) {
	t.Cleanup(func() {
		kubectl(t, "", "delete", "deployment", "web", "--namespace=shop", "--ignore-not-found", "--cascade=foreground", "--timeout=60s")
	})
}

// failOpen is how many requests a webhook's failure has let in, at the API server and at others.
func failOpen(t *testing.T, others ...*cluster.Client) (sum int) {
	t.Helper()
	for _, server := range append(others, world.Admin) {
		n, err := server.FailOpen()
		must(t, err)
		sum += n
	}
	return sum
}
