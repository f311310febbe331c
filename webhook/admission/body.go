package admission

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"go.opentelemetry.io/otel/trace"
	"golang.org/x/sync/semaphore"
)

// call is one HTTP request on its way.
type call struct {
	*handler
	w     http.ResponseWriter
	r     *http.Request
	name  string
	entry Entry
	// begun is when the headers were read, timeout when the API server stops waiting.
	begun, timeout time.Time
	patience       patience
	head           []byte
	request        *Request
	// held is what goes back when the body is no longer needed.
	held     func()
	lane     *lane
	span     trace.Span // nil without a tracer
	answered bool
}

// refusal is why a review is answered without a verdict.
type refusal struct {
	decision Decision
	reason   string
	code     int32
	message  string
}

var errOversize = errors.New("the body is larger than allowed")

// read gives the whole body. The head comes first, before anything is waited for: whatever happens then, the uid is known.
// What is not looked at is thrown away, so that the client gets to read the answer.
func (c *call) read() ([]byte, *refusal) {
	until := c.timeout.Add(-margin)
	c.readUntil(until)
	err := c.readHead()
	if err == nil && c.r.ContentLength <= c.MaxBody {
		if reason := c.admit(c.r.ContentLength); reason != "" {
			c.discard()
			return nil, overloaded(reason)
		}
		var body []byte
		var reason shed
		if body, reason, err = c.readRest(); reason != "" {
			c.discard()
			return nil, overloaded(reason)
		}
		if err == nil {
			c.readUntil(time.Time{}) // otherwise the deadline would end the context while the review is judged
			return body, nil
		}
	}
	switch {
	case err == nil || errors.Is(err, errOversize):
		c.discard()
		return nil, c.oversize()
	case !time.Now().Before(until):
		c.w.Header().Set("Connection", "close")
		return nil, overloaded(shedSlow)
	}
	c.w.Header().Set("Connection", "close")
	return nil, &refusal{Refused, "", http.StatusBadRequest, "the review could not be read to its end"}
}

func (c *call) readUntil(t time.Time) { _ = http.NewResponseController(c.w).SetReadDeadline(t) }

// readHead reads the first bytes of the body, or all of a short one.
func (c *call) readHead() error {
	n := int64(headSize)
	if length := c.r.ContentLength; length >= 0 {
		n = min(n, length)
	}
	c.head = make([]byte, n)
	got, err := io.ReadFull(c.r.Body, c.head)
	c.head = c.head[:got]
	if c.r.ContentLength < 0 && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)) {
		return nil
	}
	return err
}

// admit takes the bytes of a body in its lane; length is -1 for a body that does not say.
func (c *call) admit(length int64) shed {
	c.lane = c.laneOf(length)
	n := length
	if n < 0 {
		n = c.FastBody
	}
	room := c.lane.bytes
	reason := c.take(room, n)
	if reason == "" {
		c.held = func() { room.Release(n) }
	}
	return reason
}

// take takes n of a semaphore of the lane, or waits for it.
func (c *call) take(s *semaphore.Weighted, n int64) shed {
	if s.TryAcquire(n) {
		return ""
	}
	ctx, end := c.step(c.r.Context(), spanQueue)
	defer end()
	return c.lane.wait(ctx, s, n, &c.patience)
}

func (h *handler) laneOf(length int64) *lane {
	if length > h.FastBody {
		return h.large
	}
	return h.fast
}

// readRest reads what comes after the head.
func (c *call) readRest() ([]byte, shed, error) {
	head := int64(len(c.head))
	if n := c.r.ContentLength; n >= 0 {
		if n == head {
			return c.head, "", nil
		}
		body := c.room(n)
		copy(body, c.head)
		_, err := io.ReadFull(c.r.Body, body[head:])
		return body, "", err
	}
	body := bytes.NewBuffer(bytes.Clone(c.head))
	if more, err := readUpTo(body, c.r.Body, c.FastBody-head); !more {
		return body.Bytes(), "", err
	}
	c.release()
	if reason := c.admit(c.MaxBody); reason != "" {
		return nil, reason, nil
	}
	more, err := readUpTo(body, c.r.Body, c.MaxBody-int64(body.Len()))
	if more {
		err = errOversize
	}
	return body.Bytes(), "", err
}

// readUpTo reads n bytes and one: more says that this one was there.
func readUpTo(to io.Writer, from io.Reader, n int64) (more bool, err error) {
	got, err := io.CopyN(to, from, n+1)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return got > n, err
}

func (c *call) release() {
	if c.held != nil {
		c.held()
		c.held = nil
	}
}

// discard reads a body to its end, or as far as time and twice the limit go. A client that is still sending when the answer
// comes might otherwise see a broken pipe in place of it.
func (c *call) discard() {
	until := c.timeout.Add(-margin / 2)
	if least := time.Now().Add(margin / 5); until.Before(least) {
		until = least
	}
	c.readUntil(until)
	if _, err := io.CopyN(io.Discard, c.r.Body, 2*c.MaxBody); !errors.Is(err, io.EOF) {
		c.w.Header().Set("Connection", "close")
	}
}

func (c *call) oversize() *refusal {
	return &refusal{
		Oversize, "", http.StatusRequestEntityTooLarge,
		"the review of this object is larger than kslint looks at (" + size(c.MaxBody) + "); make the object smaller",
	}
}

func overloaded(reason shed) *refusal {
	return &refusal{Shed, string(reason), http.StatusTooManyRequests, "kslint has more to check than it has room for; try again"}
}

// deadline is until when a review that begins to be judged now may take.
func (c *call) deadline(ctx context.Context) (context.Context, context.CancelFunc) {
	until := time.Now().Add(c.MaxJudge)
	if latest := c.timeout.Add(-margin); latest.Before(until) {
		until = latest
	}
	return context.WithDeadline(ctx, until)
}
