package deploy

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"
	"sigs.k8s.io/yaml"
)

// The same for those who have no Helm: Prometheus' own format of rules, and a dashboard to import.
func TestGenerated_monitoring(t *testing.T) {
	want := map[string]string{}
	for _, name := range []string{"alerts.yaml", "dashboard.json"} {
		want[name] = read(t, chartPath, "files", name)
	}
	hold(t, root+"/deploy/monitoring", want)
}

type alerts struct {
	Groups []struct {
		Name  string
		Rules []struct {
			Alert, Expr, For    string
			Labels, Annotations map[string]string
		}
	}
}

// The alerts that an operator counts on are there, and each says what it means in both languages.
func TestMonitoring_alerts(t *testing.T) {
	var a alerts
	must(t, yaml.UnmarshalStrict([]byte(read(t, chartPath, "files", "alerts.yaml")), &a))
	var names []string
	for _, g := range a.Groups {
		for _, r := range g.Rules {
			names = append(names, r.Alert)
			for _, key := range []string{"summary", "summary_zh", "description"} {
				if r.Annotations[key] == "" {
					t.Errorf("%s has no %s", r.Alert, key)
				}
			}
			if !slices.Contains([]string{"warning", "critical"}, r.Labels["severity"]) {
				t.Errorf("%s: severity %q", r.Alert, r.Labels["severity"])
			}
			known(t, r.Alert, r.Expr)
		}
	}
	for _, name := range []string{
		"KslintNoReadyReplica", "KslintCertificateExpiresIn30Days", "KslintCertificateExpiresIn7Days", "KslintCertificateExpired",
		"KslintFailOpen", "KslintPolicyRejected", "KslintSlow",
	} {
		if !slices.Contains(names, name) {
			t.Errorf("there is no %s", name)
		}
	}
}

func TestMonitoring_dashboard(t *testing.T) {
	var d struct {
		Panels []struct {
			ID      int
			Title   string
			GridPos struct{ X, Y, W, H int }
			Targets []struct{ Expr string }
		}
	}
	must(t, json.Unmarshal([]byte(read(t, chartPath, "files", "dashboard.json")), &d))
	if len(d.Panels) == 0 {
		t.Fatal("no panels")
	}
	for i, p := range d.Panels {
		if p.ID != i+1 || p.GridPos.X+p.GridPos.W > 24 || len(p.Targets) == 0 {
			t.Errorf("%s: %+v", p.Title, p)
		}
		for _, target := range p.Targets {
			known(t, p.Title, target.Expr)
		}
	}
}

// known checks that an expression is one and asks for nothing that nobody measures.
func known(t *testing.T, what, expr string) {
	t.Helper()
	e, err := parser.ParseExpr(expr)
	if err != nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	for _, selectors := range parser.ExtractSelectors(e) {
		for _, m := range selectors {
			if m.Name == "__name__" && !metrics(t)[strings.TrimSuffix(m.Value, "_bucket")] {
				t.Errorf("%s: nobody measures %s", what, m.Value)
			}
		}
	}
}

var metricName = regexp.MustCompile(`"(kslint_[a-z_]+)"`)

// metrics are those whose names stand in the code, and of others those that are known.
func metrics(t *testing.T) map[string]bool {
	t.Helper()
	all := map[string]bool{
		"apiserver_admission_webhook_fail_open_count": true, "process_resident_memory_bytes": true, "process_cpu_seconds_total": true,
	}
	files, err := filepath.Glob(root + "/webhook/*/*.go")
	must(t, err)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		data, err := os.ReadFile(file)
		must(t, err)
		for _, m := range metricName.FindAllStringSubmatch(string(data), -1) {
			all[m[1]] = true
		}
	}
	return all
}
