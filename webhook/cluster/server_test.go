package cluster_test

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/kslint/kslint/lint/facts"
	"github.com/kslint/kslint/webhook/cluster"
)

// server speaks as much of the API as informers do, over HTTP. It outlives its listener, as etcd's content does.
type server struct {
	mu      sync.Mutex
	objects map[string][]map[string]any // by resource
	version int
	changed chan struct{}
	refused map[string]bool // resources
	asked   map[string]bool // verb and resource
}

func newServer() *server {
	return &server{objects: map[string][]map[string]any{}, changed: make(chan struct{}), refused: map[string]bool{}, asked: map[string]bool{}}
}

func (s *server) add(resource, kind, namespace, name string, labels, spec map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version++
	o := map[string]any{"apiVersion": "v1", "kind": kind, "spec": spec, "metadata": map[string]any{
		"namespace": namespace, "name": name, "labels": labels, "resourceVersion": strconv.Itoa(s.version),
	}}
	if resource == "namespaces" { // the metadata alone was asked for
		o["apiVersion"], o["kind"] = "meta.k8s.io/v1", "PartialObjectMetadata"
	}
	s.objects[resource] = append(s.objects[resource], o)
	close(s.changed)
	s.changed = make(chan struct{})
}

// since gives the objects that are newer than a version, the version now, and what tells of the next change.
func (s *server) since(resource string, version int) ([]map[string]any, int, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var newer []map[string]any
	for _, o := range s.objects[resource] {
		if v, _ := strconv.Atoi(o["metadata"].(map[string]any)["resourceVersion"].(string)); v > version {
			newer = append(newer, o)
		}
	}
	return newer, s.version, s.changed
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	resource, q := strings.TrimPrefix(r.URL.Path, "/api/v1/"), r.URL.Query()
	verb := "list"
	if q.Get("watch") == "true" {
		verb = "watch"
	}
	s.mu.Lock()
	s.asked[r.Method+" "+verb+" "+resource] = true
	refused := s.refused[resource]
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	switch {
	case refused:
		w.WriteHeader(http.StatusForbidden)
		_, _ = fmt.Fprintf(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Forbidden","code":403,"message":"%s is forbidden"}`, resource)
	case verb == "watch":
		s.watch(w, r, resource, q)
	default:
		all, version, _ := s.since(resource, 0)
		_ = json.NewEncoder(w).Encode(map[string]any{
			"apiVersion": "v1", "kind": "List", "items": all, "metadata": map[string]any{"resourceVersion": strconv.Itoa(version)},
		})
	}
}

func (s *server) watch(w http.ResponseWriter, r *http.Request, resource string, q url.Values) {
	send := func(kind string, o any) { _ = json.NewEncoder(w).Encode(map[string]any{"type": kind, "object": o}) }
	version, _ := strconv.Atoi(q.Get("resourceVersion"))
	initial := q.Get("sendInitialEvents") == "true"
	if initial { // all there is, at least as new as the version
		version = 0
	}
	for {
		newer, now, changed := s.since(resource, version)
		for _, o := range newer {
			send("ADDED", o)
		}
		if version = now; initial {
			initial = false
			kind := map[string]string{"namespaces": "PartialObjectMetadata", "limitranges": "LimitRange", "services": "Service"}[resource]
			group := "v1"
			if resource == "namespaces" {
				group = "meta.k8s.io/v1"
			}
			send("BOOKMARK", map[string]any{"apiVersion": group, "kind": kind, "metadata": map[string]any{
				"resourceVersion": strconv.Itoa(version), "annotations": map[string]any{"k8s.io/initial-events-end": "true"},
			}})
		}
		w.(http.Flusher).Flush()
		select {
		case <-changed:
		case <-r.Context().Done():
			return
		}
	}
}

// listen serves at an address, "" for any, until the test ends or the result is called.
func listen(t *testing.T, h http.Handler, address string) (string, func()) {
	t.Helper()
	if address == "" {
		address = "127.0.0.1:0"
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(h)
	_ = server.Listener.Close()
	server.Listener = l
	server.Start()
	end := sync.OnceFunc(func() { server.CloseClientConnections(); server.Close() })
	t.Cleanup(end)
	return l.Addr().String(), end
}

func kubeconfig(t *testing.T, address string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "kubeconfig")
	text := fmt.Sprintf(`{"apiVersion":"v1","kind":"Config","current-context":"c","contexts":[{"name":"c","context":{"cluster":"c","user":"u"}}],
"users":[{"name":"u","user":{}}],"clusters":[{"name":"c","cluster":{"server":"http://%s"}}]}`, address)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func connect(t *testing.T, address, config string) *cluster.Cluster {
	t.Helper()
	c, err := cluster.New(cluster.Options{Kubeconfig: kubeconfig(t, address), Agent: "kslint-webhook/test", Snapshot: always(under(t, config)), Log: quiet})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestCluster_whenTheAPIServerGoesAndComesBack: what is known stays known, the replica stays ready, and the copies go on where they
// ended.
func TestCluster_whenTheAPIServerGoesAndComesBack(t *testing.T) {
	s := newServer()
	s.add("namespaces", "Namespace", "", "shop", map[string]any{"tenant": "yes"}, nil)
	s.add("namespaces", "Namespace", "", "bare", map[string]any{"tenant": "yes"}, nil)
	s.add("limitranges", "LimitRange", "shop", "defaults", nil, map[string]any{"limits": []any{
		map[string]any{"type": "Container", "default": map[string]any{"memory": "1Gi"}},
	}})
	address, end := listen(t, s, "")
	c := connect(t, address, limits)
	running(t, c)
	soon(t, "namespaces are known", func() bool { _, err := c.NamespacesReady(); return err == nil })
	soon(t, "limits are known", ignorant(c, facts.Services))
	judge := func(when string) {
		t.Helper()
		if _, err := c.NamespacesReady(); err != nil {
			t.Errorf("%s: not ready: %v", when, err)
		}
		for name, want := range map[string]bool{"shop": true, "bare": false} {
			if allowed, rules := verdictOf(c, under(t, limits), create(name)); allowed != want {
				t.Errorf("%s: %s: allowed %v: %s", when, name, allowed, rules)
			}
		}
	}
	judge("before")
	end()
	judge("the API server is gone")
	s.add("namespaces", "Namespace", "", "new", nil, nil)
	listen(t, s, address)
	soon(t, "what was added meanwhile is known", knows(c, "new"))
	judge("it is back")
}

// role is a line of the roles in the documentation.
var role = regexp.MustCompile(`resources: \[(\w+)\], verbs: \[([a-z, ]+)\]`)

// TestCluster_asksForWhatIsDocumented: the roles of docs/webhook.md suffice, and nothing is written.
func TestCluster_asksForWhatIsDocumented(t *testing.T) {
	s := newServer()
	s.add("namespaces", "Namespace", "", "shop", nil, nil)
	address, _ := listen(t, s, "")
	c := connect(t, address, limits+"rules: {workload-readiness-missing: on}\n")
	running(t, c)
	soon(t, "all is known", func() bool { return ignorant(c)() && knows(c, "shop")() })
	s.mu.Lock()
	defer s.mu.Unlock()
	text, err := os.ReadFile("../../docs/webhook.md")
	if err != nil {
		t.Fatal(err)
	}
	granted, used := map[string]bool{}, map[string]bool{}
	for _, m := range role.FindAllStringSubmatch(string(text), -1) {
		granted[m[1]] = true
		for verb := range strings.SplitSeq(m[2], ", ") {
			granted["GET "+verb+" "+m[1]] = true
		}
	}
	for asked := range s.asked {
		used[asked[strings.LastIndex(asked, " ")+1:]] = true
		if !granted[asked] {
			t.Errorf("asked %s", asked)
		}
	}
	for _, resource := range []string{"namespaces", "limitranges", "services"} {
		if !granted[resource] || !used[resource] {
			t.Errorf("%s: granted %v, used %v", resource, granted[resource], used[resource])
		}
	}
}

// TestCluster_aRoleThatIsMissing: where LimitRanges may not be read, the rules that look at them are silent and the check says why.
func TestCluster_aRoleThatIsMissing(t *testing.T) {
	s := newServer()
	s.refused["limitranges"] = true
	s.add("namespaces", "Namespace", "", "bare", map[string]any{"tenant": "yes"}, nil)
	address, _ := listen(t, s, "")
	c := connect(t, address, limits)
	running(t, c)
	soon(t, "the check tells", func() bool {
		detail, err := c.FactsReady()
		return err == nil && strings.Contains(detail, "limits: not known yet") && strings.Contains(detail, "limitranges is forbidden")
	})
	soon(t, "namespaces are known", knows(c, "bare"))
	if allowed, rules := verdictOf(c, under(t, limits), create("bare")); !allowed || strings.Contains(rules, "limit-missing") {
		t.Errorf("allowed %v: %s", allowed, rules)
	}
}

// TestCluster_neverWaitsForTheAPIServer: it takes every request and answers none.
func TestCluster_neverWaitsForTheAPIServer(t *testing.T) {
	asked := make(chan struct{}, 100)
	address, _ := listen(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		<-r.Context().Done()
	}), "")
	c := connect(t, address, limits)
	running(t, c)
	<-asked
	s := under(t, limits)
	begin := time.Now()
	for range 20 {
		if _, known := c.Labels("shop"); known {
			t.Error("known")
		}
		if allowed, rules := verdictOf(c, s, create("shop")); !allowed {
			t.Errorf("%s", rules)
		}
	}
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("20 reviews took %s", took)
	}
	if _, err := c.NamespacesReady(); err == nil {
		t.Error("ready, though a selector asks for labels that are not known")
	}
}
