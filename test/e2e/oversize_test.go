package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/kslint/kslint/test/e2e/cluster"
)

// A review that is too large for a webhook must never be a way around it: under Ignore the API server lets in whatever was not
// answered well. Each "<" takes six bytes in a review.
func TestOversize_isNeverLetThroughUnseen(t *testing.T) {
	const mb = 1_000_000
	t.Run("reviews within the limit are judged", func(t *testing.T) {
		h := deploy(t, setup{failurePolicy: "Ignore", config: enforce})
		removed(t)
		before := failOpen(t)
		for _, c := range []struct {
			method, path, text string
			admitted           bool
		}{
			{http.MethodPost, deployments, large(t, faulty(t), 1_250_000), false},
			{http.MethodPost, deployments, large(t, sound(t), 1_250_000), true},
			// An update carries the old object too.
			{http.MethodPut, deployments + "/ks-apiserver", large(t, faulty(t), 1_300_000), false},
			{http.MethodPut, deployments + "/ks-apiserver", large(t, replace(t, sound(t), "v3.4.1", "v3.4.2"), 1_300_000), true},
		} {
			a := send(t, c.method, c.path, c.text)
			if c.admitted != (a.Code < 300) || c.admitted == strings.Contains(string(a.Body), "denied the request: "+rule+" "+at) {
				t.Errorf("%s: admitted should be %t: %d: %.300s", c.method, c.admitted, a.Code, a.Body)
			}
		}
		if n := failOpen(t) - before; n != 0 {
			t.Errorf("%d were let in unseen", n)
		}
		t.Logf("reviews of 7.5 to 15.3 MB judged, fail-open count 0, peak RSS %d MB", h.replicas[0].PeakRSS()/mb)
	})
	t.Run("reviews above the limit are denied", func(t *testing.T) {
		deploy(t, setup{failurePolicy: "Ignore", config: enforce, flags: []string{"--max-review-bytes=4194304"}})
		removed(t)
		before := failOpen(t)
		a := send(t, http.MethodPost, deployments, large(t, sound(t), 1_250_000))
		says(t, string(a.Body), entry, "larger than kslint looks at (4 MiB)")
		if a.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("status %d", a.Code)
		}
		if n := failOpen(t) - before; n != 0 {
			t.Errorf("%d were let in unseen", n)
		}
	})
}

// large is a manifest with a variable of n times "<". It is sent as it is: kubectl would escape it, beyond what the API server takes.
func large(t *testing.T, text string, n int) string {
	t.Helper()
	return replace(t, text, "        ports:\n", "        env: [{name: LARGE, value: '"+strings.Repeat("<", n)+"'}]\n        ports:\n")
}

func send(t *testing.T, method, path, text string) *cluster.Answer {
	t.Helper()
	a, err := world.Admin.Do(t.Context(), method, path+"?fieldManager=e2e", []byte(text))
	must(t, err)
	return a
}

// So that the count above can be trusted: the API server does count what it lets in.
func TestFailOpen_isSeen(t *testing.T) {
	h := deploy(t, setup{failurePolicy: "Ignore", config: enforce})
	removed(t)
	before := failOpen(t)
	h.kill(h.replicas[0])
	kubectl(t, faulty(t), "apply", "-f", "-")
	if n := failOpen(t) - before; n != 1 {
		t.Errorf("counted %d", n)
	}
	eventually(t, "the audit log says so", func() bool {
		events, err := world.Audit(func(e *cluster.Event) bool { return e.FailedOpen() && e.ObjectRef.Name == "ks-apiserver" })
		must(t, err)
		return len(events) > 0
	})
}
