package admission

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/embedded"
	"go.opentelemetry.io/otel/trace/noop"
)

func TestStep_withoutATracerCostsNothing(t *testing.T) {
	h := NewHandler(allow, quiet(Options{})).(*handler)
	r := httptest.NewRequest(http.MethodPost, "/workloads", nil)
	r.Header.Set("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	c := &call{handler: h, r: r}
	allocated := testing.AllocsPerRun(100, func() {
		c.beginSpan()
		ctx := r.Context()
		for _, name := range []string{spanQueue, spanDecode, spanCheck, spanAnswer} {
			_, end := c.step(ctx, name)
			end()
		}
		c.tell(Event{Entry: "workloads", Decision: Shed, Reason: "queue"}, Answer{})
		c.endSpan()
	})
	if allocated != 0 || c.r != r {
		t.Errorf("%v allocations", allocated)
	}
}

// names is a tracer that keeps the names of spans.
type names struct {
	embedded.Tracer
	began chan string
}

func (n names) Start(ctx context.Context, name string, o ...trace.SpanStartOption) (context.Context, trace.Span) {
	n.began <- name
	return noop.Tracer{}.Start(ctx, name, o...)
}

func TestStep_queueIsWhatIsWaitedFor(t *testing.T) {
	tracer := names{began: make(chan string, 100)}
	within, release := make(chan struct{}), make(chan struct{})
	h := NewHandler(reviewer(func(context.Context, *Request) Answer {
		within <- struct{}{}
		<-release
		return Answer{Allowed: true}
	}), quiet(Options{Tracer: tracer, Slots: 1, QueueWait: 1 << 40}))
	ask := func(done chan<- bool) {
		r := httptest.NewRequest(http.MethodPost, "/workloads", strings.NewReader(string(body(t, `{}`, nil))))
		r.Header.Set("Content-Type", "application/json")
		h.ServeHTTP(httptest.NewRecorder(), r)
		done <- true
	}
	done := make(chan bool, 2)
	go ask(done)
	<-within // the first one has the slot
	for _, want := range []string{spanReview, spanDecode, spanCheck} {
		if got := <-tracer.began; got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	}
	go ask(done)
	for _, want := range []string{spanReview, spanQueue} {
		if got := <-tracer.began; got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	}
	close(release)
	<-within
	<-done
	<-done
}
