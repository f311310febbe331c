package serve

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
)

// Check says what keeps the replica from being ready; nil for nothing, with a detail worth knowing all the same.
type Check func() (detail string, err error)

// Checks are what readiness consists of. The zero value has none and is ready.
type Checks struct {
	mu    sync.Mutex
	names []string
	all   map[string]Check
}

// Result is what a check has said.
type Result struct {
	Name   string `json:"name"`
	Ready  bool   `json:"ready"`
	Detail string `json:"detail,omitempty"`
}

// Add adds a check, or replaces the one of its name.
func (c *Checks) Add(name string, check Check) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all == nil {
		c.all = map[string]Check{}
	}
	if c.all[name] == nil {
		c.names = append(c.names, name)
	}
	c.all[name] = check
}

// Ask asks every check, in the order in which they were added. Readiness can be lost: nothing is remembered.
func (c *Checks) Ask() (ready bool, results []Result) {
	c.mu.Lock()
	defer c.mu.Unlock()
	ready = true
	for _, name := range c.names {
		detail, err := c.all[name]()
		if err != nil {
			ready, detail = false, err.Error()
		}
		results = append(results, Result{name, err == nil, detail})
	}
	return ready, results
}

// Health serves the checks, and as /livez whether the TLS port answers.
func (s *Server) Health() http.Handler { return s.Checks.Handler(s.Live) }

// Handler serves /readyz, with each check as JSON, and /livez, which asks live. The port may be plain HTTP: kubelet does not verify
// certificates, and there is nothing secret in it.
func (c *Checks) Handler(live func(context.Context) error) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		ready, results := c.Ask()
		w.Header().Set("Content-Type", "application/json")
		if !ready {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"ready": ready, "checks": results})
	})
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, r *http.Request) {
		if err := live(r.Context()); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write([]byte("ok\n"))
	})
	return mux
}
