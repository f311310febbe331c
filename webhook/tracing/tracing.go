// Package tracing sends spans to an OpenTelemetry collector, over HTTP (OTLP/HTTP, protobuf). It is in nobody's way: what the
// collector does not take is dropped, and its end has a limit.
package tracing

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Options say where spans go and how many.
type Options struct {
	// Endpoint is the URL of the collector, http or https. Without a path it is that of OTLP, /v1/traces.
	Endpoint string
	// Ratio is the share of reviews that are traced, from 0 to 1, where the API server has sent no traceparent; one that it has sent
	// decides.
	Ratio float64
	// Version is told as service.version, Replica as service.instance.id.
	Version, Replica string
	// Log is told, once a minute at most, that the collector takes no spans; slog.Default where it is nil.
	Log *slog.Logger
}

// Limits, so that a collector that is slow or gone costs memory and time that are known before. Some 2,000 spans take 2 MB.
const (
	maxQueue      = 2048
	maxBatch      = 512
	sendEvery     = 5 * time.Second
	sendTimeout   = 5 * time.Second
	endTimeout    = 3 * time.Second
	maxAttribute  = 128 // characters
	maxAttributes = 16
)

// Check says what is wrong with an endpoint and a ratio.
func (o Options) Check() error {
	u, err := url.Parse(o.Endpoint)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return errors.New("the endpoint is no URL, expected for example http://collector:4318")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return errors.New("the endpoint has more than a host and a path")
	case !(o.Ratio >= 0 && o.Ratio <= 1):
		return fmt.Errorf("the ratio is %v, expected 0 to 1", o.Ratio)
	}
	return nil
}

// Start gives a tracer, and what ends it: that sends what is queued, and takes 3 s at most. Nothing is connected to before there
// is a span to send.
func Start(o Options) (tracer trace.Tracer, end func(), err error) {
	if err := o.Check(); err != nil {
		return nil, nil, err
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	sender := &exporter{SpanExporter: otlptrace.NewUnstarted(newClient(o.url())), log: o.Log, clock: time.Now}
	provider := sdk.NewTracerProvider(
		sdk.WithSpanProcessor(sdk.NewBatchSpanProcessor(sender,
			sdk.WithMaxQueueSize(maxQueue), sdk.WithMaxExportBatchSize(maxBatch), sdk.WithBatchTimeout(sendEvery), sdk.WithExportTimeout(sendTimeout))),
		sdk.WithSampler(sdk.ParentBased(sdk.TraceIDRatioBased(o.Ratio))),
		sdk.WithRawSpanLimits(limits()),
		sdk.WithResource(resource.NewSchemaless(attribute.String("service.name", "kslint-webhook"),
			attribute.String("service.version", o.Version), attribute.String("service.instance.id", o.Replica))),
	)
	end = func() {
		ctx, cancel := context.WithTimeout(context.Background(), endTimeout)
		defer cancel()
		_ = provider.Shutdown(ctx) // what could not be sent has been told
	}
	return provider.Tracer("github.com/kslint/kslint/webhook"), end, nil
}

func (o Options) url() string {
	u, err := url.Parse(o.Endpoint)
	if err == nil && (u.Path == "" || u.Path == "/") {
		u.Path = "/v1/traces"
		return u.String()
	}
	return o.Endpoint
}

// limits are not the environment's: kinds and operations are what clients say.
func limits() sdk.SpanLimits {
	l := sdk.NewSpanLimits()
	l.AttributeValueLengthLimit, l.AttributeCountLimit = maxAttribute, maxAttributes
	l.EventCountLimit, l.LinkCountLimit = 0, 0
	return l
}

// exporter tells that the collector takes no spans, and only now and then: it may be gone for days.
type exporter struct {
	sdk.SpanExporter
	log   *slog.Logger
	clock func() time.Time
	told  time.Time // one batch is sent at a time
	lost  int
}

const tellEvery = time.Minute

// ExportSpans sends spans. An error is told here and no further: a library would print it.
func (e *exporter) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	err := e.SpanExporter.ExportSpans(ctx, spans)
	if err == nil {
		return nil
	}
	e.lost += len(spans)
	if now := e.clock(); now.Sub(e.told) >= tellEvery {
		e.log.Warn("the collector takes no traces", "error", err, "lost", e.lost)
		e.told, e.lost = now, 0
	}
	return nil
}
