package audit

import (
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are what the audit tells. Those of the last pass are the leader's: a replica that does not lead has none of them. Labels
// hold names of rules and words of our own; only certificates are told by the object that holds them.
type metrics struct {
	registry *prometheus.Registry
	mu       sync.Mutex // of a pass' gauges, so that a scrape sees one pass

	leader                              prometheus.Gauge
	findings, kinds, certificates       *prometheus.GaugeVec
	ended, duration, objects, slippedIn *prometheus.GaugeVec
	certificatesLeft                    *prometheus.GaugeVec
	policyInfo                          *prometheus.GaugeVec
	policySuccess                       prometheus.Gauge
	errors, ruleErrors, reportWrites    *prometheus.CounterVec
	failOpen                            prometheus.Counter
}

func newMetrics() *metrics {
	gauge := func(name, help string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
	}
	gauges := func(name, help string, labels ...string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, labels)
	}
	counters := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	m := &metrics{
		registry:         prometheus.NewRegistry(),
		leader:           gauge("kslint_audit_leader", "Whether this replica is the one that audits."),
		findings:         gauges("kslint_audit_findings", "Findings of the last pass that no exemption accepts.", "rule", "severity"),
		ended:            gauges("kslint_audit_last_pass_timestamp_seconds", "When the last pass ended that saw everything."),
		duration:         gauges("kslint_audit_last_pass_duration_seconds", "How long that pass took."),
		objects:          gauges("kslint_audit_objects", "Objects that were judged in the last pass."),
		kinds:            gauges("kslint_audit_kinds", "Kinds of objects by what became of them in the last pass.", "state"),
		slippedIn:        gauges("kslint_audit_slipped_in_objects", "Objects of the last pass that the webhook should have denied."),
		errors:           counters("kslint_audit_errors_total", "What the audit could not do.", "reason"),
		ruleErrors:       counters("kslint_audit_rule_errors_total", "Rules that failed on an object.", "rule"),
		reportWrites:     counters("kslint_audit_report_writes_total", "Reports that were applied or deleted.", "action"),
		failOpen:         prometheus.NewCounter(prometheus.CounterOpts{Name: "kslint_failopen_detected_total", Help: "Requests that an API server let through because the webhook did not answer."}),
		certificates:     gauges("kslint_certificate_not_after_timestamp_seconds", "When a certificate expires.", "kind", "namespace", "name"),
		certificatesLeft: gauges("kslint_audit_certificates_left_out", "Certificates beyond the limit of the metric above."),
		policyInfo:       gauges("kslint_policy_info", "1 for each set of policies that is known.", "digest", "source", "state"),
		policySuccess:    gauge("kslint_policy_last_success_timestamp_seconds", "When a set of policies was last accepted."),
	}
	m.registry.MustRegister(
		m.leader, m.findings, m.ended, m.duration, m.objects, m.kinds, m.slippedIn, m.errors, m.ruleErrors, m.reportWrites, m.failOpen,
		m.certificates, m.certificatesLeft, m.policyInfo, m.policySuccess, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	for _, reason := range reasons {
		m.errors.WithLabelValues(reason)
	}
	return m
}

// reasons are the values of a label, there from the beginning so that an increase from 0 is seen.
var reasons = []string{
	"forbidden", "expired", "throttled", "timeout", "api", "discovery", "report", "object", "facts", "configuration", "lease", "fail-open",
}

// RuleFailed counts a rule that failed; "" stands for an inspection that broke off.
func (m *metrics) ruleFailed(rule string) {
	if rule == "" {
		rule = source
	}
	m.ruleErrors.WithLabelValues(rule).Inc()
}

func (m *metrics) failed(reason string) { m.errors.WithLabelValues(reason).Inc() }

// tell replaces what the last pass told.
func (m *metrics) tell(p *pass, ended time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forgetPass()
	for s, n := range p.found.findings {
		m.findings.WithLabelValues(s.rule, s.severity).Set(float64(n))
	}
	for state, n := range p.states {
		m.kinds.WithLabelValues(state).Set(float64(n))
	}
	for c, end := range p.certificates.ends {
		m.certificates.WithLabelValues(c.kind, c.namespace, c.name).Set(float64(end.Unix()))
	}
	m.certificatesLeft.WithLabelValues().Set(float64(len(p.certificates.left)))
	m.objects.WithLabelValues().Set(float64(p.found.objects))
	m.slippedIn.WithLabelValues().Set(float64(p.found.slipped))
	m.ended.WithLabelValues().Set(float64(ended.Unix()))
	m.duration.WithLabelValues().Set(ended.Sub(p.began).Seconds())
}

func (m *metrics) forgetPass() {
	for _, g := range []*prometheus.GaugeVec{
		m.findings, m.kinds, m.certificates, m.certificatesLeft, m.objects, m.slippedIn, m.ended, m.duration,
	} {
		g.Reset()
	}
}

// follow is whether this replica leads: who does not has no pass to tell of.
func (m *metrics) follow(leads bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.leader.Set(0); leads {
		m.leader.Set(1)
		return
	}
	m.forgetPass()
}

// Metrics serves /metrics.
func (a *Auditor) Metrics() http.Handler {
	m := a.metrics
	scrape := promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		m.mu.Lock()
		defer m.mu.Unlock()
		s := a.options.Snapshot()
		m.policyInfo.Reset()
		for _, source := range s.Sources {
			m.policyInfo.WithLabelValues(source.Digest, source.Name, string(source.State)).Set(1)
		}
		m.policySuccess.Set(float64(s.Built.Unix()))
		scrape.ServeHTTP(w, r)
	})
	return mux
}
