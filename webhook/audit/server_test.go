package audit_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// object is JSON.
type object = map[string]any

// server speaks as much of the API as the audit does. What is stored is by the path of the collection in all namespaces.
type server struct {
	mu       sync.Mutex
	objects  map[string][]object
	version  int
	refused  map[string]int      // paths of collections, and the status that they are answered with
	expire   map[string][]string // paths of collections: the tokens that the next 410s give
	asked    map[string]int      // verb and path
	writes   []string            // method, path and body of what is no Lease
	largest  int                 // items of an answer
	scraped  string              // /metrics
	secrets  []string            // field selectors of lists of Secrets
	served   []string            // group/version/resource/Kind, "-" in front for what is in no namespace
	changed  chan struct{}
	answered func(r *http.Request)
	instead  http.Handler // answers in its place
	old      bool         // it knows no lists by watching
}

const (
	deployments = "/apis/apps/v1/deployments"
	pods        = "/api/v1/pods"
	configMaps  = "/api/v1/configmaps"
	hooks       = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
	reports     = "/apis/openreports.io/v1alpha1/reports"
	creports    = "/apis/openreports.io/v1alpha1/clusterreports"
	leases      = "/apis/coordination.k8s.io/v1/leases"
)

func newServer() *server {
	s := &server{
		objects: map[string][]object{}, refused: map[string]int{}, expire: map[string][]string{}, asked: map[string]int{}, version: 1,
		changed: make(chan struct{}),
		served: []string{
			"/v1/pods/Pod", "/v1/configmaps/ConfigMap", "/v1/replicationcontrollers/ReplicationController", "-/v1/namespaces/Namespace",
			"/v1/limitranges/LimitRange", "/v1/services/Service", "/v1/secrets/Secret", "apps/v1/deployments/Deployment",
			"apps/v1/replicasets/ReplicaSet", "apps/v1/statefulsets/StatefulSet", "apps/v1/daemonsets/DaemonSet", "batch/v1/jobs/Job",
			"batch/v1/cronjobs/CronJob", "-admissionregistration.k8s.io/v1/validatingwebhookconfigurations/ValidatingWebhookConfiguration",
			"-admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/MutatingWebhookConfiguration",
			"-apiregistration.k8s.io/v1/apiservices/APIService", "-apiextensions.k8s.io/v1/customresourcedefinitions/CustomResourceDefinition",
			"-cluster.kubesphere.io/v1alpha1/clusters/Cluster", "openreports.io/v1alpha1/reports/Report", "-openreports.io/v1alpha1/clusterreports/ClusterReport",
		},
	}
	return s
}

// add stores an object as its creation would, without the kind, as lists have it.
func (s *server) add(path string, o object) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put(path, o)
}

func (s *server) put(path string, o object) {
	s.version++
	m := o["metadata"].(object)
	m["resourceVersion"] = strconv.Itoa(s.version)
	if m["uid"] == nil {
		m["uid"] = fmt.Sprintf("uid-%d", s.version)
	}
	i := slices.IndexFunc(s.objects[path], func(x object) bool { return same(x, o) })
	if i < 0 {
		s.objects[path] = append(s.objects[path], o)
	} else {
		s.objects[path][i] = o
	}
	close(s.changed)
	s.changed = make(chan struct{})
}

func same(a, b object) bool {
	x, y := a["metadata"].(object), b["metadata"].(object)
	return x["name"] == y["name"] && fmt.Sprint(x["namespace"]) == fmt.Sprint(y["namespace"])
}

func (s *server) remove(path string, keep func(object) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.objects[path] = slices.DeleteFunc(s.objects[path], func(o object) bool { return !keep(o) })
}

func (s *server) all(path string) []object {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.objects[path])
}

// written gives what was written but Leases, and forgets it.
func (s *server) written() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.writes
	s.writes = nil
	return all
}

func (s *server) do(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// split takes the namespace and the name out of a path.
func split(path string) (collection, namespace, name string) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	from := 3 // apis/group/version
	if parts[0] == "api" {
		from = 2
	}
	rest := parts[from:]
	if len(rest) > 2 && rest[0] == "namespaces" {
		namespace, rest = rest[1], rest[2:]
	}
	if len(rest) > 1 {
		name = rest[1]
	}
	return "/" + strings.Join(append(slices.Clone(parts[:from]), rest[0]), "/"), namespace, name
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.instead != nil {
		s.instead.ServeHTTP(w, r)
		return
	}
	if s.answered != nil {
		s.answered(r)
	}
	w.Header().Set("Content-Type", "application/json")
	if s.discover(w, r.URL.Path) {
		return
	}
	if r.URL.Path == "/metrics" {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.asked["get /metrics"]++
		_, _ = w.Write([]byte(s.scraped))
		return
	}
	path, namespace, name := split(r.URL.Path)
	q := r.URL.Query()
	verb := verbOf(r.Method, name, q)
	s.mu.Lock()
	s.asked[verb+" "+path]++
	status := s.refused[path]
	s.mu.Unlock()
	switch {
	case status != 0:
		refuse(w, status, "")
	case verb == "watch":
		s.watch(w, r, path)
	case verb == "list":
		s.list(w, path, q)
	case verb == "get":
		s.get(w, path, namespace, name)
	default:
		s.write(w, r, path, namespace, name)
	}
}

func verbOf(method, name string, q url.Values) string {
	switch {
	case method == http.MethodGet && q.Get("watch") == "true":
		return "watch"
	case method == http.MethodGet && name == "":
		return "list"
	}
	return map[string]string{
		http.MethodGet: "get", http.MethodPost: "create", http.MethodPut: "update", http.MethodPatch: "patch", http.MethodDelete: "delete",
	}[method]
}

func refuse(w http.ResponseWriter, code int, next string) {
	reason := map[int]string{403: "Forbidden", 404: "NotFound", 409: "Conflict", 410: "Expired", 422: "Invalid"}[code]
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(object{
		"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "code": code, "message": "refused by the test",
		"metadata": object{"continue": next},
	})
}

// listen serves until the test ends and gives a kubeconfig.
func (s *server) listen(t *testing.T) string {
	t.Helper()
	l := httptest.NewServer(s)
	t.Cleanup(func() { l.CloseClientConnections(); l.Close() })
	file := filepath.Join(t.TempDir(), "kubeconfig")
	text := fmt.Sprintf(`{"apiVersion":"v1","kind":"Config","current-context":"c","contexts":[{"name":"c","context":{"cluster":"c","user":"u"}}],
"users":[{"name":"u","user":{}}],"clusters":[{"name":"c","cluster":{"server":%q}}]}`, l.URL)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
