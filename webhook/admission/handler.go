package admission

import (
	"fmt"
	"mime"
	"net/http"
	"strings"
	"time"
)

const (
	// margin is what is left of the API server's timeout for the way back.
	margin = 500 * time.Millisecond
	// unsaid is the API server's own default for timeoutSeconds.
	unsaid = 10 * time.Second
)

type handler struct {
	Options
	reviewer    Reviewer
	fast, large *lane
	workers     *workers
	bodies      bodies
}

// NewHandler gives the handler of all entries. The path of a request ends with the name of its entry; its timeout parameter,
// which the API server sets, is kept.
func NewHandler(r Reviewer, o Options) http.Handler {
	o = o.withDefaults()
	return &handler{
		Options: o, reviewer: r, workers: newWorkers(),
		fast:  newLane(max(o.InFlight/2, o.FastBody), o.Slots, o.Queue),
		large: newLane(o.InFlight, o.LargeSlots, o.Queue),
	}
}

// ServeHTTP answers one review. It never redirects, and it answers 200 OK to whatever has a uid.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	entry, ok := h.Entry(name)
	switch {
	case !ok:
		http.Error(w, "no such entry", http.StatusNotFound)
		return
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "reviews are posted", http.StatusMethodNotAllowed)
		return
	case !isJSON(r.Header.Get("Content-Type")):
		http.Error(w, "reviews are application/json", http.StatusUnsupportedMediaType)
		return
	}
	begun := time.Now()
	c := &call{
		handler: h, w: w, r: r, name: name, entry: entry,
		begun: begun, timeout: begun.Add(timeout(r)), patience: patience{h.QueueWait}, lane: h.laneOf(r.ContentLength),
	}
	h.Observer.InFlight(1)
	defer h.Observer.InFlight(-1)
	c.beginSpan()
	defer c.endSpan()
	defer c.recover()
	c.serve()
}

// recover answers what panics outside of the Reviewer, so that a fault of this package is no closed connection either.
func (c *call) recover() {
	if p := recover(); p != nil {
		c.reportPanic(p)
		if !c.answered {
			c.refuse(panicked())
		}
	}
}

// serve is the flow: read, decode, judge, answer.
func (c *call) serve() {
	defer c.release() // judge hands what is held on to its goroutine
	body, why := c.read()
	if why != nil {
		c.refuse(why)
		return
	}
	if reason := c.take(c.lane.slots, 1); reason != "" {
		c.refuse(overloaded(reason))
		return
	}
	answer, why := c.judge(body)
	if why != nil {
		c.refuse(why)
		return
	}
	c.answer(answer, verdict(answer), "")
}

// refuse answers without a verdict, as the entry says where it may say.
func (c *call) refuse(why *refusal) {
	action := Deny
	switch why.decision {
	case Shed:
		// The client chooses how large a review is: many large ones must not be a way to get one in unseen.
		if c.lane == c.fast {
			action = c.entry.OnOverload
		}
	case Failed:
		action = c.entry.OnError
	}
	a := Answer{Message: why.message, Code: why.code, Audit: map[string]string{"decision": string(why.decision)}}
	if why.reason != "" {
		a.Audit["reason"] = why.reason
	}
	switch action {
	case Allow:
		a.Allowed = true
	case Warn:
		a.Allowed, a.Warnings = true, []string{"kslint let this through unchecked: " + why.message}
	}
	c.answer(a, why.decision, why.reason)
}

func verdict(a Answer) Decision {
	switch {
	case !a.Allowed:
		return Denied
	case len(a.Warnings) > 0:
		return Warned
	}
	return Allowed
}

func isJSON(contentType string) bool {
	if contentType == "application/json" {
		return true
	}
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && kind == "application/json"
}

// timeout is how long the API server waits. Less than a second, which it never sends, would leave nothing but the margin.
func timeout(r *http.Request) time.Duration {
	if q := r.URL.RawQuery; q != "" {
		if d, err := time.ParseDuration(r.URL.Query().Get("timeout")); err == nil && d > 0 {
			return max(min(d, 3*unsaid), 2*margin)
		}
	}
	return unsaid
}

func size(n int64) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10 && n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
