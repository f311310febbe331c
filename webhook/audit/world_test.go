package audit_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kslint/kslint/webhook/audit"
	"github.com/kslint/kslint/webhook/snapshot"
)

// quick is an audit that a test need not wait for.
var quick = audit.Times{
	Look: 10 * time.Millisecond, Soon: time.Millisecond, Retry: 20 * time.Millisecond, FailOpen: 10 * time.Millisecond, Settle: time.Nanosecond,
	Lease: 3 * time.Second, Renew: 2 * time.Second, Again: 20 * time.Millisecond,
}

// replica is one process of the audit.
type replica struct {
	*audit.Auditor
	log *safeBuffer
	end func() // and wait
}

// safeBuffer is a log that may be read while it is written.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// configured makes a store of the built-in policies and a configuration, and the file that it is read from.
func configured(t *testing.T, config string) (*snapshot.Store, string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), ".kslint.yaml")
	write(t, file, config)
	store, err := snapshot.New(t.Context(), snapshot.Options{Config: file, Log: slog.New(slog.DiscardHandler), Settle: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if source := store.Status()[1]; source.State != snapshot.Accepted {
		t.Fatal(source.Reason)
	}
	return store, file
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// options are those of a replica of the server's cluster.
func options(t *testing.T, s *server, store *snapshot.Store) audit.Options {
	return audit.Options{
		Kubeconfig: s.listen(t), Agent: "kslint-webhook-audit/test", Snapshot: store.Current, Interval: time.Hour, Page: 3, Certificates: true,
		Namespace: "kslint-system", Lease: "kslint-audit", Replica: "a", Configuration: "kslint-webhook",
	}
}

func run(t *testing.T, o audit.Options, times audit.Times) *replica {
	t.Helper()
	r := &replica{log: &safeBuffer{}}
	o.Log = slog.New(slog.NewJSONHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	a, err := audit.New(o.With(times))
	if err != nil {
		t.Fatal(err)
	}
	r.Auditor = a
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	r.end = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(r.end)
	return r
}

// metrics gives the text that Prometheus would see.
func (r *replica) metrics() string {
	w := httptest.NewRecorder()
	r.Metrics().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	return w.Body.String()
}

// passes counts the passes that have ended.
func (r *replica) passes() int { return strings.Count(r.log.String(), `"the pass ended"`) }

func (r *replica) await(t *testing.T, passes int) {
	t.Helper()
	soon(t, fmt.Sprintf("%d passes", passes), r.log.String, func() bool { return r.passes() >= passes })
}

// soon waits for what has to become true.
func soon(t *testing.T, what string, why func() string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !holds(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not so: %s", what, why())
		}
	}
}

func namespace(name string) object {
	return object{"metadata": object{"name": name, "creationTimestamp": "2026-01-01T00:00:00Z", "labels": object{"kubernetes.io/metadata.name": name}}}
}

// deployment has one container with a memory request: "100m" is a tenth of a byte, which an error of a rule is about.
func deployment(namespace, name, memory string) object {
	return object{
		"metadata": object{"namespace": namespace, "name": name, "creationTimestamp": "2026-01-02T00:00:00Z"},
		"spec": object{"template": object{"metadata": object{"labels": object{"app": name}}, "spec": object{"containers": []object{{
			"name": "app", "image": "nginx:1.29", "resources": object{"requests": object{"memory": memory}, "limits": object{"memory": "1Gi"}},
		}}}}},
	}
}

const faulty, sound = "100m", "100Mi"

// rule is the one that a faulty deployment breaks.
const rule = "resource-quantity-suspicious"

func owned(o object, kind, uid string) object {
	o["metadata"].(object)["ownerReferences"] = []object{{"apiVersion": "apps/v1", "kind": kind, "name": "x", "uid": uid, "controller": true}}
	return o
}
