package serve

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

// distrusted is a certificate that the API server trusts or does not.
type distrusted struct {
	Certificates
	why atomic.Pointer[error]
}

func (d *distrusted) Trusted() error {
	if why := d.why.Load(); why != nil {
		return *why
	}
	return nil
}

// T34: a valid certificate that does not chain to the live caBundle is as bad as an expired one.
func TestServer_isNotReadyWithoutTrust(t *testing.T) {
	a := newAuthority(t)
	d := &distrusted{Certificates: lasting(a)}
	s := run(t, Options{Certificates: d})
	c := client(a, nil)
	why := errors.New("the caBundle is empty")
	for _, trusted := range []bool{true, false, true} {
		d.why.Store(nil)
		if !trusted {
			d.why.Store(&why)
		}
		ready, results := s.Checks.Ask()
		if ready != trusted || !trusted && !strings.Contains(results[0].Detail, why.Error()) {
			t.Errorf("trusted %v: %v", trusted, results)
		}
		got, err := c.Get(s.url + LivePath)
		if err != nil {
			t.Fatal(err)
		}
		_ = got.Body.Close()
		if got.StatusCode != http.StatusOK || got.Close == trusted {
			t.Errorf("trusted %v: %s, the connection ends: %v", trusted, got.Status, got.Close)
		}
	}
}

// The metric says the same; where nobody looks at a caBundle there is none, so that no alert is raised.
func TestMetrics_caBundle(t *testing.T) {
	a := newAuthority(t)
	d := &distrusted{Certificates: lasting(a)}
	metrics := run(t, Options{Certificates: d}).Metrics(NewMetrics())
	scraped := func(h http.Handler) string {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		return w.Body.String()
	}
	why := errors.New("the caBundle is empty")
	for _, want := range []string{"1", "0", "1"} {
		d.why.Store(nil)
		if want == "0" {
			d.why.Store(&why)
		}
		if body := scraped(metrics); !strings.Contains(body, "\nkslint_cabundle_match "+want+"\n") {
			t.Errorf("it is not %s", want)
		}
	}
	if body := scraped(run(t, Options{Certificates: lasting(a)}).Metrics(NewMetrics())); strings.Contains(body, "kslint_cabundle_match") {
		t.Error("there is one for a certificate of which nothing is known")
	}
}
