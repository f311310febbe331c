package serve

import (
	"net/http"
	"strconv"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/kslint/kslint/webhook/admission"
)

// Metrics are all that the webhook counts, each under the one name that it has everywhere. No label holds what a client chose:
// a kind is one of Kinds, an entry is one that is configured.
type Metrics struct {
	// Registry is for whoever has more to tell.
	Registry *prometheus.Registry
	// RuleErrors counts rules that failed, by rule.
	RuleErrors *prometheus.CounterVec
	// PolicyInfo is 1 for each set of policies by digest, source and state; PolicyLastSuccess is when one was last accepted.
	PolicyInfo        *prometheus.GaugeVec
	PolicyLastSuccess prometheus.Gauge
	// CertificateNotAfter is the end of certificates in seconds since 1970, by kind (serving, …), namespace and name.
	CertificateNotAfter *prometheus.GaugeVec

	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	inFlight prometheus.Gauge
	shed     *prometheus.CounterVec
	oversize prometheus.Counter
	panics   prometheus.Counter
	ready    *prometheus.GaugeVec
	caBundle prometheus.Gauge // registered where somebody looks at the caBundle
	kinds    map[string]bool

	mu      sync.Mutex // one scrape at a time looks things up
	lookups []func()
}

// Kinds are those that requests are counted under; any other is "other".
func Kinds() []string {
	return []string{
		"Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "CronJob", "Scale", "Namespace",
		"ConfigMap", "Secret", "StorageClass", "PodDisruptionBudget", "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration",
		"ClusterConfiguration", "Cluster", "InstallPlan",
	}
}

// NewMetrics registers the metrics in a registry of their own.
func NewMetrics() *Metrics {
	m := &Metrics{Registry: prometheus.NewRegistry(), kinds: map[string]bool{}}
	for _, k := range Kinds() {
		m.kinds[k] = true
	}
	m.RuleErrors = counters("kslint_admission_rule_errors_total", "Rules that failed on an object.", "rule")
	m.PolicyInfo = gauges("kslint_policy_info", "1 for each set of policies that is known.", "digest", "source", "state")
	m.PolicyLastSuccess = gauge("kslint_policy_last_success_timestamp_seconds", "When a set of policies was last accepted.")
	m.CertificateNotAfter = gauges("kslint_certificate_not_after_timestamp_seconds", "When a certificate expires.", "kind", "namespace", "name")
	m.requests = counters("kslint_admission_requests_total", "Requests that were answered.", "entry", "kind", "operation", "decision", "dry_run")
	m.duration = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "kslint_admission_duration_seconds", Help: "From the headers of a request to its answer.",
		Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2, 3},
	}, []string{"entry"})
	m.inFlight = gauge("kslint_admission_inflight", "Requests that are being answered.")
	m.shed = counters("kslint_admission_shed_total", "Requests that there was no room for.", "reason")
	m.oversize = counter("kslint_admission_oversize_total", "Requests that were larger than allowed.")
	m.panics = counter("kslint_admission_panics_total", "Requests that ended with a panic.")
	m.ready = gauges("kslint_ready", "Whether a check of readiness passes.", "check")
	m.caBundle = gauge("kslint_cabundle_match", "Whether the certificate that is served leads to the caBundle that the API server goes by.")
	m.Registry.MustRegister(
		m.RuleErrors, m.PolicyInfo, m.PolicyLastSuccess, m.CertificateNotAfter, m.requests, m.duration, m.inFlight, m.shed,
		m.oversize, m.panics, m.ready, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return m
}

// InFlight counts a request that begins or ends.
func (m *Metrics) InFlight(delta int) { m.inFlight.Add(float64(delta)) }

// RuleFailed counts a rule that failed; "" stands for a review that broke off with a panic.
func (m *Metrics) RuleFailed(rule string) {
	if rule == "" {
		m.panics.Inc()
		return
	}
	m.RuleErrors.WithLabelValues(rule).Inc()
}

// BeforeScrape has f called at the beginning of each scrape, to set what is looked up and not counted. Call it before serving.
func (m *Metrics) BeforeScrape(f func()) { m.lookups = append(m.lookups, f) }

// Answered counts a request.
func (m *Metrics) Answered(e admission.Event) {
	kind := e.Kind
	if kind != "" && !m.kinds[kind] {
		kind = "other"
	}
	operation := e.Operation
	switch operation {
	case "", "CREATE", "UPDATE", "DELETE", "CONNECT":
	default:
		operation = "other"
	}
	m.requests.WithLabelValues(e.Entry, kind, operation, string(e.Decision), strconv.FormatBool(e.DryRun)).Inc()
	m.duration.WithLabelValues(e.Entry).Observe(e.Duration.Seconds())
	switch {
	case e.Decision == admission.Shed:
		m.shed.WithLabelValues(e.Reason).Inc()
	case e.Decision == admission.Oversize:
		m.oversize.Inc()
	case e.Decision == admission.Failed && e.Reason == "panic":
		m.panics.Inc()
	}
}

// Metrics serves /metrics. What is true at this instant, readiness and the certificate, is looked up for each scrape.
func (s *Server) Metrics(m *Metrics) http.Handler {
	scrape := promhttp.HandlerFor(m.Registry, promhttp.HandlerOpts{})
	mux := http.NewServeMux()
	trusted, looksAtCABundle := s.Certificates.(Trusted)
	if looksAtCABundle {
		m.Registry.MustRegister(m.caBundle)
	}
	m.BeforeScrape(func() {
		_, results := s.Checks.Ask()
		for _, c := range results {
			m.ready.WithLabelValues(c.Name).Set(number(c.Ready))
		}
		if looksAtCABundle {
			m.caBundle.Set(number(trusted.Trusted() == nil))
		}
		if c := s.Certificates.Current(); c != nil {
			m.CertificateNotAfter.WithLabelValues("serving", "", "").Set(float64(c.Leaf.NotAfter.Unix()))
		}
	})
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		m.mu.Lock()
		defer m.mu.Unlock()
		for _, f := range m.lookups {
			f()
		}
		scrape.ServeHTTP(w, r)
	})
	return mux
}

// number is 1 for what is true.
func number(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

func counter(name, help string) prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
}

func gauge(name, help string) prometheus.Gauge {
	return prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

func gauges(name, help string, labels ...string) *prometheus.GaugeVec {
	return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, labels)
}
