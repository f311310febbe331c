package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestVerdict_isTheExpectedOne(t *testing.T) {
	const denied = `admission webhook \"workloads.kslint.io\" denied the request: resource-quantity-suspicious: memory`
	for _, c := range []struct {
		name, args      string
		status          int
		warning, denied string
		code            int
		says            string
	}{
		{"a denial", "", 403, "", denied, 0, "denial: admission webhook"},
		{"a warning where a denial is expected", "", 201, "resource-quantity-suspicious: memory", "", 1, "a denial was expected, and there was a warning"},
		{"a warning", "--expect warning", 201, "resource-quantity-suspicious: memory", "", 0, "warning: resource-quantity-suspicious"},
		{"a denial where a warning is expected", "--expect=warning", 403, "", denied, 1, "a warning was expected, and there was a denial"},
		{"nothing", "--expect=warning", 201, "", "", 1, "nothing was said about resource-quantity-suspicious in the namespace shop"},
		{"no right to create", "", 403, "", "deployments.apps is forbidden", 1, "deployments.apps is forbidden"},
	} {
		api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodPost || r.URL.Path != "/apis/apps/v1/namespaces/shop/deployments" || r.URL.Query().Get("dryRun") != "All" {
				t.Errorf("%s: %s %s", c.name, r.Method, r.URL)
			}
			w.Header().Set("Content-Type", "application/json")
			if c.warning != "" {
				w.Header().Set("Warning", fmt.Sprintf("299 - %q", c.warning))
			}
			w.WriteHeader(c.status)
			if c.denied != "" {
				fmt.Fprintf(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","message":"%s","reason":"Forbidden","code":403}`, c.denied)
				return
			}
			fmt.Fprint(w, `{"kind":"Deployment","apiVersion":"apps/v1"}`)
		}))
		kubeconfig := filepath.Join(t.TempDir(), "kubeconfig")
		text := fmt.Sprintf(`{apiVersion: v1, kind: Config, current-context: a, clusters: [{name: a, cluster: {server: %q}}], contexts: [{name: a, context: {cluster: a}}]}`, api.URL)
		if err := os.WriteFile(kubeconfig, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		code := run(append([]string{"verdict", "--kubeconfig", kubeconfig, "--trial-namespace=shop"}, strings.Fields(c.args)...), &out, &errs)
		if said := out.String() + errs.String(); code != c.code || !strings.Contains(said, c.says) {
			t.Errorf("%s: exit status %d: %s", c.name, code, said)
		}
		api.Close()
	}
}

func TestVerdict_saysWhatIsWrongWithTheFlags(t *testing.T) {
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"--help", 0, "-trial-namespace"},
		{"--expect=nothing", 2, "none of denial, warning"},
		{"--trial-namespace=", 2, "is not empty"},
		{"now", 2, "takes no arguments"},
		{"", 1, "--kubeconfig is needed"},
	} {
		var out, errs bytes.Buffer
		if code := run(append([]string{"verdict"}, strings.Fields(c.args)...), &out, &errs); code != c.code || !strings.Contains(out.String()+errs.String(), c.says) {
			t.Errorf("%s: exit status %d: %s%s", c.args, code, &out, &errs)
		}
	}
}
