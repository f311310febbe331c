package admission

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// The spans of a review: one for all of it, and within it one for each step. Queue is there only where something was waited for.
const (
	spanReview = "review"
	spanQueue  = "queue"
	spanDecode = "decode"
	spanCheck  = "check"
	spanAnswer = "answer"
)

// beginSpan begins the span of a review, within the API server's where that has sent a traceparent.
func (c *call) beginSpan() {
	if c.Tracer == nil {
		return
	}
	ctx := propagation.TraceContext{}.Extract(c.r.Context(), propagation.HeaderCarrier(c.r.Header))
	ctx, c.span = c.Tracer.Start(ctx, spanReview, trace.WithSpanKind(trace.SpanKindServer))
	c.r = c.r.WithContext(ctx)
}

func (c *call) endSpan() {
	if c.span != nil {
		c.span.End()
	}
}

// step begins the span of a step, which end ends. Without a tracer it costs a comparison.
func (h *handler) step(ctx context.Context, name string) (within context.Context, end func()) {
	if h.Tracer == nil {
		return ctx, nothing
	}
	within, span := h.Tracer.Start(ctx, name)
	return within, func() { span.End() }
}

func nothing() {}

// tell says on the span what became of the review: nothing of the object, its name or its author.
func (c *call) tell(e Event, a Answer) {
	if c.span == nil || !c.span.IsRecording() {
		return
	}
	c.span.SetAttributes(
		attribute.String("kslint.entry", e.Entry), attribute.String("kslint.kind", e.Kind),
		attribute.String("kslint.operation", e.Operation), attribute.String("kslint.decision", string(e.Decision)),
		attribute.Bool("kslint.dry_run", e.DryRun), attribute.String("kslint.policy_digest", a.Audit["policy-digest"]),
	)
	switch e.Decision {
	case Shed, Failed, Oversize, Refused:
		why := string(e.Decision)
		if e.Reason != "" {
			why += ": " + e.Reason
		}
		c.span.SetStatus(codes.Error, why)
	}
}
