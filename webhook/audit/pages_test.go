package audit_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/kslint/kslint/webhook/audit"
)

func TestReadPage(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
		most             int
		large, wrong     bool
	}{
		{"items and a place", `{"kind":"PodList","metadata":{"continue":"x","resourceVersion":"1"},"items":[{"a":1},{"b":[2]}]}`, `[{"a":1} {"b":[2]}] x`, 100, false, false},
		{"in another order", `{"items":[{"a":1}],"metadata":{}}`, `[{"a":1}] `, 100, false, false},
		{"no items", `{"metadata":{},"items":[]}`, `[] `, 100, false, false},
		{"null", `{"metadata":{},"items":null}`, `[] `, 100, false, false},
		{"too large", `{"items":[{"a":1},{"a":2}],"metadata":{}}`, ``, 10, true, true},
		{"one is never too large", `{"items":[{"a":1}],"metadata":{}}`, `[{"a":1}] `, 3, false, false},
		{"cut off", `{"items":[{"a":1},`, ``, 100, false, true},
		{"no list", `[1]`, ``, 100, false, true},
		{"items that are none", `{"items":7}`, ``, 100, false, true},
		{"nothing", ``, ``, 100, false, true},
	} {
		p, err := audit.ReadPage(strings.NewReader(c.text), c.most)
		if (err != nil) != c.wrong || errors.Is(err, audit.ErrLargePage) != c.large {
			t.Errorf("%s: %v", c.name, err)
		}
		if got := fmt.Sprintf("%s %s", p.Items(), p.Next()); err == nil && got != c.want {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}

var item = []byte(`{"metadata":{"name":"a"},"data":"` + strings.Repeat("x", 64<<10) + `"}`)

// large serves a list of so many pages of objects of 64 KiB, and counts the items that are asked for at a time.
type large struct {
	pages  int
	limits []string
}

func (l *large) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	l.limits = append(l.limits, q.Get("limit"))
	limit, _ := strconv.Atoi(q.Get("limit"))
	at, _ := strconv.Atoi(q.Get("continue"))
	next := ""
	if at+1 < l.pages {
		next = strconv.Itoa(at + 1)
	}
	fmt.Fprintf(w, `{"metadata":{"continue":%q},"items":[`, next)
	for i := range limit {
		if i > 0 {
			fmt.Fprint(w, ",")
		}
		_, _ = w.Write(item)
	}
	fmt.Fprint(w, "]}")
}

func lister(t *testing.T, h http.Handler) *audit.Auditor {
	t.Helper()
	s := newServer()
	s.instead = h
	store, _ := configured(t, "{}\n")
	a, err := audit.New(options(t, s, store).With(quick))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestPages_areNotKept: at the end of 40 pages no more is held than at the end of 3.
func TestPages_areNotKept(t *testing.T) {
	held := func(pages int) int64 {
		a, items := lister(t, &large{pages: pages}), 0
		var m runtime.MemStats
		err := a.Each(t.Context(), deployments, 20, func(json.RawMessage) error {
			if items++; items == 20*pages {
				runtime.GC()
				runtime.ReadMemStats(&m)
			}
			return nil
		})
		if err != nil || items != 20*pages {
			t.Fatalf("%d items: %v", items, err)
		}
		return int64(m.HeapAlloc)
	}
	held(2) // what is made once
	few, many := held(3), held(40)
	if grown := many - few; grown > 4<<20 {
		t.Errorf("37 pages of 1.3 MB more leave %d bytes", grown)
	}
}

// TestPages_ofLargeObjectsAreSmaller: a page beyond 32 MiB is asked for again with fewer objects.
func TestPages_ofLargeObjectsAreSmaller(t *testing.T) {
	l := &large{pages: 2}
	items := 0
	if err := lister(t, l).Each(t.Context(), deployments, 600, func(json.RawMessage) error { items++; return nil }); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(l.limits, " "); got != "600 150 150" || items != 300 {
		t.Errorf("%d items with limits %s", items, got)
	}
}
