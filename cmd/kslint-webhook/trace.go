package main

import (
	"errors"
	"flag"
	"fmt"
	"log/slog"

	"go.opentelemetry.io/otel/trace"

	"github.com/kslint/kslint/webhook/tracing"
)

// traceFlags say where spans go.
type traceFlags struct {
	endpoint string
	ratio    float64
}

func (t *traceFlags) declare(s *flag.FlagSet) {
	s.StringVar(&t.endpoint, "otlp-endpoint", "", "`URL` of an OpenTelemetry collector that gets traces by OTLP over HTTP, for example http://collector:4318; empty for none")
	s.Float64Var(&t.ratio, "trace-ratio", 1, "`share` of the reviews that are traced, 0 to 1, where the API server does not say by its traceparent; needs --otlp-endpoint")
}

func (t *traceFlags) check() error {
	if t.endpoint == "" {
		if t.ratio != 1 {
			return errors.New("--trace-ratio needs --otlp-endpoint")
		}
		return nil
	}
	if err := (tracing.Options{Endpoint: t.endpoint, Ratio: t.ratio}).Check(); err != nil {
		return fmt.Errorf("--otlp-endpoint, --trace-ratio: %w", err)
	}
	return nil
}

// tracer is nil without an endpoint; end is to be called after the last request.
func (f *flags) tracer(log *slog.Logger) (tracer trace.Tracer, end func(), err error) {
	if f.trace.endpoint == "" {
		return nil, func() {}, nil
	}
	return tracing.Start(tracing.Options{
		Endpoint: f.trace.endpoint, Ratio: f.trace.ratio, Version: version(), Replica: f.own.replica, Log: log,
	})
}
