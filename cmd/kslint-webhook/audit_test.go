package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kslint/kslint/webhook/audit"
	"github.com/kslint/kslint/webhook/serve"
	"github.com/kslint/kslint/webhook/snapshot"
)

func TestRunAudit_saysWhatIsWrongWithTheFlags(t *testing.T) {
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"audit --help", 0, "-secret-certificates"},
		{"audit", 2, "--namespace is needed"},
		{"audit now", 2, `audit takes no arguments, not "now"`},
		{"audit --nonsense", 2, "-nonsense"},
		{"audit --namespace A", 2, "no name of a namespace"},
		{"audit --namespace a --lease A_b", 2, "no name of a Lease"},
		{"audit --namespace a --webhook-configuration /", 2, "no name of a configuration"},
		{"audit --namespace a --replica=", 2, "--replica is needed"},
		{"audit --namespace a --interval 5s", 2, "below 1m"},
		{"audit --namespace a --page 0", 2, "not between 1 and 10000"},
		{"audit --namespace a --reports all", 2, `--reports "all" is none of`},
		{"audit --namespace a --pprof-address :6060", 2, "loopback"},
		{"audit --namespace a --log-level loud", 2, "log-level"},
		{"audit --namespace a", 1, "--kubeconfig is needed"},
		{"audit --namespace a --kubeconfig testdata/none", 1, "the kubeconfig cannot be used"},
	} {
		var out, errs bytes.Buffer
		code := run(strings.Fields(c.args), &out, &errs)
		if text := out.String() + errs.String(); code != c.code || !strings.Contains(text, c.says) || (out.Len() > 0) != (code == 0) {
			t.Errorf("%s: exit status %d: %s", c.args, code, text)
		}
	}
}

// TestAuditHealth_ofAReplicaThatWaits: it is ready and alive.
func TestAuditHealth_ofAReplicaThatWaits(t *testing.T) {
	file := filepath.Join(t.TempDir(), "kubeconfig")
	const text = `{"apiVersion":"v1","kind":"Config","current-context":"c","contexts":[{"name":"c","context":{"cluster":"c"}}],"clusters":[{"name":"c","cluster":{"server":"http://127.0.0.1:1"}}]}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	store, err := snapshot.New(t.Context(), snapshot.Options{})
	if err != nil {
		t.Fatal(err)
	}
	a, err := audit.New(audit.Options{Kubeconfig: file, Snapshot: store.Current, Namespace: "a", Lease: "l", Replica: "r"})
	if err != nil {
		t.Fatal(err)
	}
	checks := &serve.Checks{}
	checks.Add("policies", func() (string, error) { return policiesDetail(store.Current()), nil })
	checks.Add("audit", a.Ready)
	h := checks.Handler(a.Live)
	for path, want := range map[string]string{"/readyz": "another replica leads", "/livez": "ok"} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
		if path == "/readyz" && !json.Valid(w.Body.Bytes()) {
			t.Error("no JSON")
		}
	}
}
