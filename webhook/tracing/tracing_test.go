package tracing_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/kslint/kslint/webhook/admission"
	"github.com/kslint/kslint/webhook/tracing"
)

// receiver is a collector that keeps what it gets.
type receiver struct {
	sync.Mutex
	spans    []*otlp.Span
	raw      bytes.Buffer
	resource string
	path     string
}

func (c *receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.Lock()
	defer c.Unlock()
	c.path = r.URL.Path
	unzipped, err := gzip.NewReader(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if kind := r.Header.Get("Content-Type"); kind != "application/x-protobuf" {
		http.Error(w, kind, http.StatusUnsupportedMediaType)
		return
	}
	data, _ := io.ReadAll(unzipped)
	var sent otlp.TracesData // the same bytes as ExportTraceServiceRequest, which would need gRPC
	if err := proto.Unmarshal(data, &sent); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.raw.Write(data)
	for _, of := range sent.GetResourceSpans() {
		c.resource = fmt.Sprint(of.GetResource().GetAttributes())
		for _, scope := range of.GetScopeSpans() {
			c.spans = append(c.spans, scope.GetSpans()...)
		}
	}
}

func (c *receiver) named(name string) *otlp.Span {
	i := slices.IndexFunc(c.spans, func(s *otlp.Span) bool { return s.GetName() == name })
	if i < 0 {
		return nil
	}
	return c.spans[i]
}

func attributes(s *otlp.Span) map[string]string {
	all := map[string]string{}
	for _, a := range s.GetAttributes() {
		v := a.GetValue().GetStringValue()
		if v == "" {
			v = fmt.Sprint(a.GetValue().GetBoolValue())
		}
		all[a.GetKey()] = v
	}
	return all
}

const review = `{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"u-1",
"kind":{"group":"apps","version":"v1","kind":"Deployment"},"resource":{"group":"apps","version":"v1","resource":"deployments"},
"name":"s3cr3t-name","namespace":"s3cr3t-namespace","operation":"CREATE","userInfo":{"username":"s3cr3t-anna","groups":["s3cr3t-group"]},
"object":{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"s3cr3t-name"}},"dryRun":true}}`

type reviewer func() admission.Answer

func (f reviewer) Review(context.Context, *admission.Request) admission.Answer { return f() }

var denying = reviewer(func() admission.Answer {
	return admission.Answer{Message: "s3cr3t-message", Audit: map[string]string{"policy-digest": "sha256:x", "rules": "s3cr3t-rule"}}
})

// handle sends one review through a handler that traces to a collector, and ends the tracing.
func handle(t *testing.T, o tracing.Options, r admission.Reviewer, traceparent string) int {
	t.Helper()
	tracer, end, err := tracing.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	defer end()
	quiet := slog.New(slog.DiscardHandler)
	q := httptest.NewRequest(http.MethodPost, "/workloads?timeout=3s", strings.NewReader(review))
	q.Header.Set("Content-Type", "application/json")
	if traceparent != "" {
		q.Header.Set("traceparent", traceparent)
	}
	w := httptest.NewRecorder()
	admission.NewHandler(r, admission.Options{Tracer: tracer, Log: quiet}).ServeHTTP(w, q)
	return w.Code
}

func collect(t *testing.T) (*receiver, string) {
	t.Helper()
	c := &receiver{}
	s := httptest.NewServer(c)
	t.Cleanup(s.Close)
	return c, s.URL
}

const (
	traceID = "0af7651916cd43dd8448eb211c80319c"
	parent  = "b7ad6b7169203331"
)

func TestStart_theSpansOfAReviewAreTheAPIServers(t *testing.T) {
	c, url := collect(t)
	handle(t, tracing.Options{Endpoint: url, Ratio: 0, Version: "v1", Replica: "pod-1"}, denying, "00-"+traceID+"-"+parent+"-01")
	top := c.named("review")
	if top == nil || c.path != "/v1/traces" {
		t.Fatalf("got %v at %q", c.spans, c.path)
	}
	if fmt.Sprintf("%x %x", top.GetTraceId(), top.GetParentSpanId()) != traceID+" "+parent {
		t.Errorf("got trace %x below %x", top.GetTraceId(), top.GetParentSpanId())
	}
	want := map[string]string{
		"kslint.entry": "workloads", "kslint.kind": "Deployment", "kslint.operation": "CREATE", "kslint.decision": "deny",
		"kslint.dry_run": "true", "kslint.policy_digest": "sha256:x",
	}
	if got := attributes(top); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for _, step := range []string{"decode", "check", "answer"} {
		s := c.named(step)
		if s == nil || !bytes.Equal(s.GetParentSpanId(), top.GetSpanId()) {
			t.Errorf("%s is not within the review: %v", step, s)
		}
	}
	if c.named("queue") != nil {
		t.Error("there was nothing to wait for")
	}
	if bytes.Contains(c.raw.Bytes(), []byte("s3cr3t")) {
		t.Error("a span tells of the object, its author or the message")
	}
	for _, said := range []string{"kslint-webhook", "v1", "pod-1"} {
		if !strings.Contains(c.resource, said) {
			t.Errorf("the resource does not say %s: %s", said, c.resource)
		}
	}
}

func TestStart_whatIsTraced(t *testing.T) {
	for _, test := range []struct {
		name, traceparent string
		ratio             float64
		want              bool
	}{
		{"every one", "", 1, true},
		{"none", "", 0, false},
		{"the API server says yes", "00-" + traceID + "-" + parent + "-01", 0, true},
		{"the API server says no", "00-" + traceID + "-" + parent + "-00", 1, false},
		{"what is no traceparent says nothing", "00-zz", 0, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, url := collect(t)
			handle(t, tracing.Options{Endpoint: url + "/", Ratio: test.ratio}, denying, test.traceparent)
			if got := len(c.spans) > 0; got != test.want {
				t.Errorf("got %d spans", len(c.spans))
			}
		})
	}
}

func TestStart_aFailureIsAnErrorOfTheSpan(t *testing.T) {
	c, url := collect(t)
	handle(t, tracing.Options{Endpoint: url, Ratio: 1}, reviewer(func() admission.Answer { panic("s3cr3t") }), "")
	if top := c.named("review"); top.GetStatus().GetCode() != otlp.Status_STATUS_CODE_ERROR || top.GetStatus().GetMessage() != "error: panic" {
		t.Errorf("got %v", top)
	}
	if check := c.named("check"); check == nil || len(check.GetEvents()) > 0 {
		t.Errorf("got %v", check)
	}
	if bytes.Contains(c.raw.Bytes(), []byte("s3cr3t")) {
		t.Error("a span tells what a panic says")
	}
}

// TestStart_aCollectorThatHangsHoldsNothingUp: reviews go on while nothing is taken, and the end comes although nothing ever is.
func TestStart_aCollectorThatHangsHoldsNothingUp(t *testing.T) {
	t.Parallel()
	hanging := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hanging }))
	defer s.Close()
	defer close(hanging)
	tracer, end, err := tracing.Start(tracing.Options{Endpoint: s.URL, Ratio: 1, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	for range 10_000 { // five times what is queued
		_, span := tracer.Start(t.Context(), "review")
		span.End()
	}
	end()
}

func TestStart_aCollectorThatIsGoneIsToldOfOnce(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }))
	defer s.Close()
	var said bytes.Buffer
	tracer, end, err := tracing.Start(tracing.Options{Endpoint: s.URL, Ratio: 1, Log: slog.New(slog.NewTextHandler(&said, nil))})
	if err != nil {
		t.Fatal(err)
	}
	for range 1_500 { // some batches
		_, span := tracer.Start(t.Context(), "review")
		span.End()
	}
	end()
	if n := strings.Count(said.String(), "the collector takes no traces"); n != 1 {
		t.Errorf("told %d times: %s", n, said.String())
	}
}

// TestStart_theEnvironmentSaysNothing: neither where spans go, nor whether.
func TestStart_theEnvironmentSaysNothing(t *testing.T) {
	for name, value := range map[string]string{
		"OTEL_EXPORTER_OTLP_ENDPOINT": "http://192.0.2.1:9", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://192.0.2.1:9",
		"OTEL_TRACES_SAMPLER": "always_off", "OTEL_BSP_MAX_QUEUE_SIZE": "1", "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT": "0",
	} {
		t.Setenv(name, value)
	}
	c, url := collect(t)
	handle(t, tracing.Options{Endpoint: url, Ratio: 1}, denying, "")
	if top := c.named("review"); top == nil || len(top.GetAttributes()) == 0 {
		t.Errorf("got %v", c.spans)
	}
}

func TestOptions_check(t *testing.T) {
	for _, test := range []struct {
		endpoint string
		ratio    float64
		want     string
	}{
		{"http://collector:4318", 0.5, ""},
		{"https://collector.example:4318/v1/traces", 1, ""},
		{"collector:4318", 1, "is no URL"},
		{"grpc://collector:4317", 1, "is no URL"},
		{"http://", 1, "is no URL"},
		{"http://a:b@collector", 1, "more than a host and a path"},
		{"http://collector?token=x", 1, "more than a host and a path"},
		{"http://collector", 1.5, "expected 0 to 1"},
		{"http://collector", -1, "expected 0 to 1"},
	} {
		err := tracing.Options{Endpoint: test.endpoint, Ratio: test.ratio}.Check()
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s %v: got %v, want %q", test.endpoint, test.ratio, err, test.want)
		}
	}
}
