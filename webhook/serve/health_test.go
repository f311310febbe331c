package serve

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// T34, F7: the replica leaves before its certificate ends, not when.
func TestServer_leavesBeforeItsCertificateExpires(t *testing.T) {
	for _, c := range []struct {
		name        string
		left        time.Duration
		ready, live bool
	}{
		{"a day", 24 * time.Hour, true, true},
		{"eleven minutes", 11 * time.Minute, true, true},
		{"nine minutes", 9 * time.Minute, false, true},
		{"none", -time.Minute, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newAuthority(t)
			pair := a.pair("kslint-webhook", time.Now().Add(time.Hour))
			now := pair.Leaf.NotAfter.Add(-c.left)
			s := run(t, Options{Certificates: &fixed{pair}, Clock: func() time.Time { return now }})
			got, err := post(client(a, nil), s.url)
			if err != nil || got.closed == c.ready {
				t.Errorf("Connection: close is %v: %v", got.closed, err)
			}
			for path, want := range map[string]bool{"/readyz": c.ready, "/livez": c.live} {
				if code, body := health(s, path); (code == http.StatusOK) != want {
					t.Errorf("%s: %d %s", path, code, body)
				}
			}
		})
	}
}

func health(s *running, path string) (int, string) {
	w := httptest.NewRecorder()
	s.Health().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

func TestServer_saysWhatKeepsItFromBeingReady(t *testing.T) {
	checks := &Checks{}
	problem := errors.New("no policies yet")
	checks.Add("policies", func() (string, error) { return "sha256:1234", problem })
	s := run(t, Options{Certificates: lasting(newAuthority(t)), Checks: checks})
	for _, want := range []struct {
		code   int
		ready  bool
		detail string
	}{{503, false, "no policies yet"}, {200, true, "sha256:1234"}} {
		code, body := health(s, "/readyz")
		var got struct {
			Ready  bool
			Checks []Result
		}
		if err := json.Unmarshal([]byte(body), &got); err != nil {
			t.Fatal(err)
		}
		if code != want.code || got.Ready != want.ready || len(got.Checks) != 3 || got.Checks[0] != (Result{"policies", want.ready, want.detail}) || got.Checks[1].Name != "certificate" || got.Checks[2] != (Result{"draining", true, ""}) {
			t.Errorf("%d %s", code, body)
		}
		problem = nil
	}
}

func TestServer_livesWhileItsOwnPortAnswers(t *testing.T) {
	a := newAuthority(t)
	good := lasting(a)
	swapped := &swap{}
	swapped.p.Store(good.Current())
	s := run(t, Options{Certificates: swapped})
	s.awaitLive(t)
	if code, body := health(s, "/livez"); code != http.StatusOK {
		t.Errorf("%d %s", code, body)
	}
	s.http.TLSConfig.GetCertificate = nil // unused once it serves
	s.probe.asked = time.Time{}
	other := newAuthority(t)
	s.probe.at(run(t, Options{Certificates: lasting(other)}).addr(t))
	if code, body := health(s, "/livez"); code == http.StatusOK || !strings.Contains(body, "another one") {
		t.Errorf("somebody else answers on the port: %d %s", code, body)
	}
	s.probe.asked = time.Time{}
	l, err := net.Listen("tcp", "127.0.0.1:0") // accepts, and nobody answers
	if err != nil {
		t.Fatal(err)
	}
	s.probe.at(l.Addr())
	_ = l.Close()
	if code, body := health(s, "/livez"); code == http.StatusOK {
		t.Errorf("nobody answers on the port: %d %s", code, body)
	}
}

func (r *running) awaitLive(t *testing.T) {
	t.Helper()
	for range 1000 {
		if r.Live(t.Context()) == nil {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

func (r *running) addr(t *testing.T) net.Addr {
	t.Helper()
	a, err := net.ResolveTCPAddr("tcp", strings.TrimPrefix(r.url, "https://"))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// swap are Certificates that a test changes.
type swap struct {
	p atomic.Pointer[tls.Certificate]
}

func (s *swap) Current() *tls.Certificate { return s.p.Load() }
func (s *swap) Problem() error            { return nil }
