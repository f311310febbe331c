package admission

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
	"time"
)

// grace is how long after the deadline an answer is still waited for: a Reviewer that heeds its context has more to say than
// that it was late.
const grace = 100 * time.Millisecond

// outcome is what comes back from the goroutine of a Reviewer.
type outcome struct {
	answer   Answer
	request  *Request
	broken   error
	panicked bool
}

// judge decodes and asks the Reviewer, in a goroutine of its own: one that does not end in time is left behind, and keeps its
// slot and its bytes until it does, so that what runs away cannot run away many times.
func (c *call) judge(body []byte) (Answer, *refusal) {
	ctx, cancel := c.deadline(c.r.Context())
	done := make(chan outcome, 1)
	lane, held := c.lane, c.held
	c.held = nil
	c.workers.do(func() {
		var out outcome
		defer func() { done <- out }() // when there is room for the next
		defer cancel()
		defer func() {
			if out.request != nil { // its memory is the next one's
				out.request.Object, out.request.OldObject = nil, nil
			}
			held()
		}()
		defer lane.slots.Release(1)
		defer func() {
			if p := recover(); p != nil {
				out.panicked = true
				c.reportPanic(p)
			}
		}()
		_, end := c.step(ctx, spanDecode)
		out.request, out.broken = decode(body)
		end()
		if out.broken == nil {
			out.request.Entry = c.name
			out.answer = c.check(ctx, out.request)
		}
	})
	until, _ := ctx.Deadline()
	late := time.NewTimer(time.Until(until) + grace)
	defer late.Stop()
	select {
	case out := <-done:
		c.request = out.request
		return out.answer, c.refusal(out)
	case <-late.C:
		return Answer{}, &refusal{Failed, "deadline", http.StatusGatewayTimeout, "kslint did not finish in time"}
	}
}

func (c *call) check(ctx context.Context, r *Request) Answer {
	ctx, end := c.step(ctx, spanCheck)
	defer end() // a Reviewer may panic
	return c.reviewer.Review(ctx, r)
}

func (c *call) refusal(out outcome) *refusal {
	switch {
	case out.panicked:
		return panicked()
	case out.broken != nil:
		c.Log.Warn("review refused", "entry", c.name, "error", out.broken)
		return &refusal{Refused, "", http.StatusBadRequest, "kslint cannot read this review: " + out.broken.Error()}
	}
	return nil
}

func panicked() *refusal {
	return &refusal{Failed, "panic", http.StatusInternalServerError, "kslint failed on this object; its log says where"}
}

// reportPanic logs where it happened. What a panic says may hold parts of the object, unless the runtime says it.
func (c *call) reportPanic(p any) {
	what := fmt.Sprintf("%T", p)
	if e, ok := p.(runtime.Error); ok {
		what = e.Error()
	}
	c.Log.Error("panic in a review", "entry", c.name, "panic", cut(what, 200), "stack", string(debug.Stack()))
}
