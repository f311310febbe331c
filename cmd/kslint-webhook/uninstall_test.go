package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// server is an API server that knows objects by their paths.
type server struct {
	mu      sync.Mutex
	objects map[string]bool
	deleted []string // in order
	refuses string   // what it does not allow to delete
	asked   int      // for Pods
	pods    int      // how often there are some
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	fail := func(code int, reason string) {
		w.WriteHeader(code)
		fmt.Fprintf(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","message":%q,"reason":%q,"code":%d}`, reason, reason, code)
	}
	switch {
	case r.Method == http.MethodDelete && r.URL.Path == s.refuses:
		fail(http.StatusForbidden, "Forbidden")
	case r.Method == http.MethodDelete && !s.objects[r.URL.Path]:
		fail(http.StatusNotFound, "NotFound")
	case r.Method == http.MethodDelete:
		delete(s.objects, r.URL.Path)
		s.deleted = append(s.deleted, r.URL.Path)
		fmt.Fprint(w, `{"kind":"Status","apiVersion":"v1","status":"Success"}`)
	case strings.HasPrefix(r.URL.Path, "/apis/wgpolicyk8s.io/"):
		fail(http.StatusNotFound, "NotFound")
	default:
		s.list(w, r)
	}
}

// list lists what stands below a path, in all namespaces where it names none.
func (s *server) list(w http.ResponseWriter, r *http.Request) {
	type object map[string]any
	items, kind := []object{}, "PartialObjectMetadataList"
	switch filepath.Base(r.URL.Path) {
	case "leases":
		kind = "LeaseList"
	case "pods":
		kind = "PodList"
		if s.asked++; s.asked <= s.pods {
			items = append(items, object{"metadata": object{"name": "kslint-webhook-1"}})
		}
	}
	for path := range s.objects {
		folder, rest, namespaced := strings.Cut(path, "/namespaces/")
		parts := strings.Split(rest, "/")
		switch {
		case filepath.Dir(path) == r.URL.Path:
			items = append(items, object{"metadata": object{"name": filepath.Base(path)}})
		case namespaced && folder+"/"+parts[1] == r.URL.Path:
			items = append(items, object{"metadata": object{"name": parts[2], "namespace": parts[0]}})
		}
	}
	version := map[string]string{"LeaseList": "coordination.k8s.io/v1", "PodList": "v1", "PartialObjectMetadataList": "meta.k8s.io/v1"}[kind]
	_ = json.NewEncoder(w).Encode(object{"kind": kind, "apiVersion": version, "metadata": object{}, "items": items})
}

const (
	configurationPath = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/kslint-webhook"
	deploymentPath    = "/apis/apps/v1/namespaces/kslint-system/deployments/"
	leasePath         = "/apis/coordination.k8s.io/v1/namespaces/kslint-system/leases/"
)

func installed() map[string]bool {
	all := map[string]bool{}
	for _, path := range []string{
		configurationPath, deploymentPath + "kslint-webhook", deploymentPath + "kslint-audit", leasePath + "kslint-webhook-certificate",
		leasePath + "kslint-webhook-certificate-kslint-webhook-1", leasePath + "kslint-audit", leasePath + "kslint-audit-enforcement",
		"/apis/openreports.io/v1alpha1/namespaces/shop/reports/kslint", "/apis/openreports.io/v1alpha1/clusterreports/kslint",
	} {
		all[path] = true
	}
	return all
}

// others are not ours, however much their names look like it.
func others() []string {
	return []string{
		"/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/kslint", deploymentPath + "kslint", leasePath + "kslint",
		leasePath + "kslint-auditor", leasePath + "kslint-webhook-certificates", "/apis/openreports.io/v1alpha1/namespaces/shop/reports/trivy",
	}
}

// uninstallFrom runs the command against a server.
func uninstallFrom(t *testing.T, s *server, args ...string) (code int, out, errs string) {
	t.Helper()
	api := httptest.NewServer(s)
	defer api.Close()
	kubeconfig := filepath.Join(t.TempDir(), "kubeconfig")
	text := fmt.Sprintf(`{apiVersion: v1, kind: Config, current-context: a, clusters: [{name: a, cluster: {server: %q}}], contexts: [{name: a, context: {cluster: a}}]}`, api.URL)
	if err := os.WriteFile(kubeconfig, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var o, e bytes.Buffer
	code = run(append([]string{"uninstall", "--kubeconfig", kubeconfig, "--namespace", "kslint-system"}, args...), &o, &e)
	return code, o.String(), e.String()
}

func TestUninstall_deletesWhatIsOursTheConfigurationFirst(t *testing.T) {
	s := &server{objects: installed(), pods: 1}
	for _, path := range others() {
		s.objects[path] = true
	}
	code, out, errs := uninstallFrom(t, s, "--deployment=kslint-webhook,kslint-audit")
	if code != 0 || errs != "" {
		t.Errorf("exit status %d: %s", code, errs)
	}
	if left := sortedKeys(s.objects); !slices.Equal(left, slices.Sorted(slices.Values(others()))) {
		t.Errorf("left: %q", left)
	}
	if len(s.deleted) == 0 || s.deleted[0] != configurationPath || !strings.HasPrefix(s.deleted[1], deploymentPath) {
		t.Errorf("not in this order: %q", s.deleted)
	}
	if s.asked != 2 {
		t.Errorf("Pods were asked for %d times, and are gone at the second", s.asked)
	}
	if strings.Count(out, ": deleted\n") != len(installed()) {
		t.Error(out)
	}
}

func TestUninstall_nothingThereIsFine(t *testing.T) {
	s := &server{objects: map[string]bool{}}
	if code, out, errs := uninstallFrom(t, s, "--deployment=kslint-webhook"); code != 0 || strings.Count(out, ": not there\n") != 2 {
		t.Errorf("exit status %d: %s %s", code, out, errs)
	}
}

func TestUninstall_doesNotWaitForPodsOfDeadNodes(t *testing.T) {
	s := &server{objects: installed(), pods: 1000}
	code, out, errs := uninstallFrom(t, s, "--deployment=kslint-webhook,kslint-audit", "--wait=0s")
	if code != 0 || len(s.objects) != 0 || !strings.Contains(out, "have not ended") {
		t.Errorf("exit status %d: %s %s: left %q", code, out, errs, sortedKeys(s.objects))
	}
}

func TestUninstall_saysWhatItMayNotDelete(t *testing.T) {
	for _, c := range []struct {
		refuses string
		left    int // whether the rest was deleted
	}{
		{configurationPath, len(installed())}, // replicas that are called must not go
		{deploymentPath + "kslint-audit", 1},
		{leasePath + "kslint-audit", 1},
	} {
		s := &server{objects: installed(), refuses: c.refuses}
		code, _, errs := uninstallFrom(t, s, "--deployment=kslint-webhook,kslint-audit")
		if code != 1 || !strings.Contains(errs, filepath.Base(c.refuses)) || len(s.objects) != c.left {
			t.Errorf("%s: exit status %d: %s: left %q", c.refuses, code, errs, sortedKeys(s.objects))
		}
	}
}

func TestUninstall_saysWhatIsWrongWithTheFlags(t *testing.T) {
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"--help", 0, "-deployment"},
		{"", 2, "--namespace is needed"},
		{"--namespace a b", 2, "takes no arguments"},
		{"--namespace a --wait -1s", 2, "no less than 0"},
		{"--namespace a --service=", 2, "are not empty"},
		{"--namespace a", 1, "--kubeconfig is needed"},
	} {
		var out, errs bytes.Buffer
		code := run(append([]string{"uninstall"}, strings.Fields(c.args)...), &out, &errs)
		if text := out.String() + errs.String(); code != c.code || !strings.Contains(text, c.says) {
			t.Errorf("%s: exit status %d: %s", c.args, code, text)
		}
	}
}

func sortedKeys(m map[string]bool) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
