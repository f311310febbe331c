package e2e

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"sigs.k8s.io/yaml"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/test/e2e/cluster"
)

const mb = 1_000_000

// patient is the longest timeout that the API server takes, in seconds.
const patient = 30

// A review that is too large for a webhook must never be a way around it: under Ignore the API server lets in whatever was not
// answered well. Each "<" takes six bytes in a review. A busy machine may take longer than the webhook allows itself, which it says, and
// longer than the product's timeout to write such a review, which is no fault of what is tested: the timeout is longer here.
func TestOversize_isNeverLetThroughUnseen(t *testing.T) {
	for _, profile := range []lint.Profile{lint.Observe, lint.Enforce} {
		t.Run("reviews within the limit are judged under "+string(profile), func(t *testing.T) {
			h := deploy(t, setup{profile: profile, config: enforce, timeout: patient})
			removed(t)
			before, sizes := failOpen(t), []int{7, 12, 18}
			if !*full && profile == lint.Enforce {
				sizes = sizes[2:]
			}
			for _, size := range sizes {
				for text, admitted := range map[string]bool{faulty(t): false, sound(t): true} {
					a := send(t, http.MethodPost, deployments, large(t, text, size*mb/6), "dryRun=All")
					if !late(a) && (admitted != (a.Code == http.StatusCreated) || admitted == accuses(a)) {
						t.Errorf("%d MB: admitted should be %t: %d: %.300s", size, admitted, a.Code, a.Body)
					}
				}
			}
			// An update carries the old object too, and what etcd takes makes 18 MB of it. It goes, or its Pods of 9 MB are made while
			// others count.
			defer removed(t)
			stored := large(t, sound(t), 1_480_000)
			eventually(t, "it is stored", func() bool { return send(t, http.MethodPost, deployments, stored).Code == http.StatusCreated })
			for text, admitted := range map[string]bool{
				replace(t, stored, "v3.4.1", "v3.4.2"): true, replace(t, stored, `"memory":"100Mi"`, `"memory":"100m"`): false,
			} {
				a := send(t, http.MethodPut, deployments+"/web", text, "dryRun=All")
				if !late(a) && (admitted != (a.Code == http.StatusOK) || admitted == accuses(a)) {
					t.Errorf("an update: admitted should be %t: %d: %.300s", admitted, a.Code, a.Body)
				}
			}
			h.noneUnseen(t, before)
			t.Logf("reviews of %d MB judged, peak RSS %d MB", sizes, h.replicas[0].PeakRSS()/mb)
		})
	}
	t.Run("reviews above the limit are denied", func(t *testing.T) {
		h := deploy(t, setup{profile: lint.Observe, config: enforce, timeout: patient, flags: []string{"--max-review-bytes=4194304"}})
		before := failOpen(t)
		a := send(t, http.MethodPost, deployments, large(t, sound(t), 7*mb/6), "dryRun=All")
		says(t, string(a.Body), entry, "larger than kslint looks at (4 MiB)")
		if a.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("status %d", a.Code)
		}
		h.noneUnseen(t, before)
	})
}

// Many large reviews at once: what there is no room for is denied, well-formed, and memory stays below the container's. Straight at the
// handler it is 32; through the API server no more than a busy machine can write within its own 34 s.
func TestOversize_manyAtOnce(t *testing.T) {
	for _, profile := range []lint.Profile{lint.Observe, lint.Enforce} {
		t.Run("under "+string(profile), func(t *testing.T) {
			h := deploy(t, setup{profile: profile, config: enforce, timeout: patient})
			before, many := failOpen(t), 6
			if *full {
				many = 32
			}
			for _, size := range []int{7, 12, 18} {
				if *full || size == 7 {
					sum := h.flood(t, size, many)
					t.Logf("%d reviews of %d MB at once: %v", many, size, sum)
					sum.faultless(t)
				}
				if *full || profile == lint.Enforce {
					answers := newStraight(t).flood(t, h.replicas[0], size)
					t.Logf("32 reviews of %d MB at once, straight at the handler: %v", size, answers)
				}
			}
			h.noneUnseen(t, before)
			peak := h.replicas[0].PeakRSS()
			t.Logf("peak RSS %d MB", peak/mb)
			if peak >= 256<<20 {
				t.Error("which is more than the container has")
			}
		})
	}
}

// flood posts 32 large reviews to a replica at once, one in four of them faulty, and gives how many got a verdict and how many were
// denied for want of time or room, by status.
func (s *straight) flood(t *testing.T, r *replica, size int) map[string]int {
	t.Helper()
	big := *s
	value := strings.Repeat(`\u003c`, size*mb/6)
	for _, body := range []*[]byte{&big.sound, &big.faulty} {
		*body = []byte(replace(t, string(*body), `"image":"`, `"env":[{"name":"LARGE","value":"`+value+`"}],"image":"`))
	}
	big.timeout = patient * time.Second
	var all sync.WaitGroup
	var mu sync.Mutex
	answers := map[string]int{}
	for i := range 32 {
		all.Go(func() {
			err := big.ask(t.Context(), r, i%4 == 3)
			mu.Lock()
			defer mu.Unlock()
			late, ok := errors.AsType[*lateError](err)
			switch {
			case err == nil:
				answers["judged"]++
			case ok:
				answers[late.Error()]++
			default:
				t.Errorf("%d MB: %v", size, err)
			}
		})
	}
	all.Wait()
	return answers
}

// flood sends large manifests at once, one in four of them faulty.
func (h *hook) flood(t *testing.T, size, many int) *tally {
	t.Helper()
	l := newLoad(t)
	l.sound, l.faulty = []byte(large(t, sound(t), size*mb/6)), []byte(large(t, faulty(t), size*mb/6))
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() { l.one(i) })
	}
	all.Wait()
	return &l.tally
}

// noneUnseen checks that no failure of the webhook has let anything in.
func (h *hook) noneUnseen(t *testing.T, before int) {
	t.Helper()
	if n := failOpen(t) - before; n != 0 {
		t.Errorf("%d were let in unseen", n)
	}
}

// large is a manifest with a variable of n times "<". It is sent as it is: kubectl would escape it, beyond what the API server takes.
func large(t *testing.T, text string, n int) string {
	t.Helper()
	small, err := yaml.YAMLToJSON([]byte(replace(t, text, "        ports:\n", "        env: [{name: LARGE, value: LARGEVALUE}]\n        ports:\n")))
	must(t, err)
	return replace(t, string(small), "LARGEVALUE", strings.Repeat("<", n)) // JSON is read in no time, YAML of this size is not
}

// send sends an object; more are parameters of the request.
func send(t *testing.T, method, path, text string, more ...string) *cluster.Answer {
	t.Helper()
	a, err := world.Admin.Do(t.Context(), method, path+"?"+strings.Join(append(more, "fieldManager=e2e"), "&"), []byte(text))
	must(t, err)
	return a
}

// So that the count above can be trusted: the API server does count what it lets in.
func TestFailOpen_isSeen(t *testing.T) {
	h := deploy(t, setup{profile: lint.Observe, config: enforce})
	removed(t)
	before := failOpen(t)
	h.kill(h.replicas[0])
	kubectl(t, faulty(t), "apply", "--dry-run=server", "-f", "-")
	if n := failOpen(t) - before; n != 1 {
		t.Errorf("counted %d", n)
	}
	eventually(t, "the audit log says so", func() bool {
		events, err := world.Audit(func(e *cluster.Event) bool { return e.FailedOpen() && e.ObjectRef.Name == "web" })
		must(t, err)
		return len(events) > 0
	})
}
