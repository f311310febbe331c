package cluster_test

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/webhook/admission"
	"github.com/kslint/kslint/webhook/cluster"
	"github.com/kslint/kslint/webhook/snapshot"
	"github.com/kslint/kslint/webhook/verdict"
)

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

var builtIn = sync.OnceValue(func() *snapshot.Snapshot {
	store, err := snapshot.New(context.Background(), snapshot.Options{})
	if err != nil {
		panic(err)
	}
	return store.Current()
})

// Configurations by what they ask of the cluster.
const (
	nothing = "rules: {ks-core-no-requests-limits: off}\n"
	// limits asks for LimitRanges, and for labels.
	limits = "enforcement: {profile: enforce, namespaces: [{selector: {matchLabels: {tenant: 'yes'}}, rules: {workload-memory-limit-missing: deny}}]}\n"
	// services asks for Services, by names alone.
	services = nothing + "enforcement: {profile: enforce, namespaces: [{names: [shop], rules: {workload-readiness-missing: deny}}]}\n"
)

// under is a snapshot of the built-in rules under a configuration.
func under(t testing.TB, config string) *snapshot.Snapshot {
	t.Helper()
	c, err := lint.ParseConfig("c", "/", []byte(config))
	if err != nil {
		t.Fatal(err)
	}
	s := *builtIn()
	s.Config = c
	return &s
}

func always(s *snapshot.Snapshot) func() *snapshot.Snapshot {
	return func() *snapshot.Snapshot { return s }
}

// running runs c until the test ends.
func running(t testing.TB, c *cluster.Cluster) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); c.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-ended })
}

// soon waits for what another goroutine brings about.
func soon(t testing.TB, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it never came about that %s", what)
		}
	}
}

func knows(c *cluster.Cluster, namespace string) func() bool {
	return func() bool { _, known := c.Labels(namespace); return known }
}

// ignorant tells whether facts of some kinds, and no others, are unknown.
func ignorant(c *cluster.Cluster, kinds ...string) func() bool {
	return func() bool { _, unknown := c.Around("shop"); return slices.Equal(unknown, kinds) }
}

// create is the creation of a Deployment without limits and probes in a namespace.
func create(namespace string) *admission.Request {
	return &admission.Request{
		UID: "u", Operation: "CREATE", Entry: "workloads", Namespace: namespace, Name: "web",
		Kind:     admission.GroupVersionKind{Group: "apps", Version: "v1", Kind: "Deployment"},
		Resource: admission.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"},
		Object: []byte(`{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"` + namespace + `"},"spec":{
			"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},
			"spec":{"containers":[{"name":"web","image":"registry.example.com/web:1"}]}}}}`),
	}
}

// verdictOf is what becomes of a creation: allowed, and the rules that said something.
func verdictOf(c *cluster.Cluster, s *snapshot.Snapshot, q *admission.Request) (bool, string) {
	r := verdict.New(always(s), c, time.Now, verdict.Options{Around: c.Around, Log: quiet})
	a := r.Review(context.Background(), q)
	return a.Allowed, a.Audit["rules"]
}
