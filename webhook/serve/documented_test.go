package serve

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kslint/kslint/webhook/admission"
)

var metricRow = regexp.MustCompile("(?m)^\\| `(kslint_[a-z_]+)(?:\\{([a-z_,]*)\\})?` \\|")

// TestMetrics_areDocumented: each metric stands in the docs of both languages with its labels, and nothing else does but what other
// packages count.
func TestMetrics_areDocumented(t *testing.T) {
	elsewhere := []string{"kslint_cabundle_match"} // where a caBundle is looked at
	for _, file := range []string{"../../docs/webhook.md", "../../docs/zh/webhook.md"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		documented := map[string]string{}
		for _, row := range metricRow.FindAllStringSubmatch(string(text), -1) {
			documented[row[1]] = row[2]
		}
		for name, labels := range metricsOf(t) {
			if got, ok := documented[name]; !ok || got != labels {
				t.Errorf("%s: %s{%s} stands there as %q", file, name, labels, got)
			}
			delete(documented, name)
		}
		for name := range documented {
			if !slices.Contains(elsewhere, name) && !strings.HasPrefix(name, "kslint_audit_") && !strings.HasPrefix(name, "kslint_failopen_") {
				t.Errorf("%s: there is no %s", file, name)
			}
		}
	}
}

// metricsOf are all metrics of ours with the names of their labels.
func metricsOf(t *testing.T) map[string]string {
	t.Helper()
	m := NewMetrics()
	run(t, Options{Certificates: lasting(newAuthority(t))}).Metrics(m)
	m.Answered(admission.Event{Decision: admission.Shed})
	m.RuleFailed("x")
	m.PolicyInfo.WithLabelValues("", "", "").Set(1)
	m.CertificateNotAfter.WithLabelValues("", "", "").Set(1)
	m.ready.WithLabelValues("").Set(1)
	families, err := m.Registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range families {
		if !strings.HasPrefix(f.GetName(), "kslint_") {
			continue
		}
		var labels []string
		for _, l := range f.GetMetric()[0].GetLabel() {
			labels = append(labels, l.GetName())
		}
		all[f.GetName()] = strings.Join(labels, ",") // sorted
	}
	return all
}
