package serve

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestFilePair_keepsTheOldOneWhereTheNewOneIsWrong(t *testing.T) {
	a := newAuthority(t)
	end := time.Now().Add(24 * time.Hour)
	firstCert, firstKey := a.leaf("first", end)
	otherCert, otherKey := a.leaf("other", end)
	oldCert, oldKey := a.leaf("old", time.Now().Add(-time.Hour))
	var log bytes.Buffer
	m := newMount(t)
	p := NewFilePair(m.path("tls.crt"), m.path("tls.key"), time.Now, slog.New(slog.NewTextHandler(&log, nil)))
	if p.Current() != nil || p.Problem() == nil {
		t.Error("there are no files yet")
	}
	for _, step := range []struct {
		name      string
		cert, key []byte
		serves    string
		problem   string
	}{
		{"the first", firstCert, firstKey, "first", ""},
		{"a key of another", firstCert, otherKey, "first", "private key does not match"},
		{"no certificate", []byte("x"), firstKey, "first", "failed to find any PEM data"},
		{"an empty mount", nil, nil, "first", "failed to find any PEM data"},
		{"an expired one", oldCert, oldKey, "first", "it expired at"},
		{"another", otherCert, otherKey, "other", ""},
	} {
		m.write(map[string][]byte{"tls.crt": step.cert, "tls.key": step.key})
		_ = p.load()
		logged := log.Len()
		_ = p.load() // the same content is not reported again
		if log.Len() != logged {
			t.Errorf("%s: reported twice", step.name)
		}
		if got := p.Current().Leaf.Subject.CommonName; got != step.serves {
			t.Errorf("%s: serves %s", step.name, got)
		}
		problem := ""
		if err := p.Problem(); err != nil {
			problem = err.Error()
		}
		if !strings.Contains(problem, step.problem) || (problem == "") != (step.problem == "") {
			t.Errorf("%s: problem %q", step.name, problem)
		}
	}
	if strings.Contains(log.String(), "PRIVATE KEY") {
		t.Error("the log holds a key")
	}
}

func TestFilePair_takesAnExpiredOneWhereThereIsNoOther(t *testing.T) {
	cert, key := newAuthority(t).leaf("old", time.Now().Add(-time.Hour))
	m := newMount(t)
	m.write(map[string][]byte{"tls.crt": cert, "tls.key": key})
	p := NewFilePair(m.path("tls.crt"), m.path("tls.key"), time.Now, quiet)
	if p.Current() == nil || sound(p.Current(), time.Now()) == nil {
		t.Errorf("current %v", p.Current())
	}
}

// The certificate changes under load, by kubelet's swap, and every request is served.
func TestFilePair_changesUnderLoad(t *testing.T) {
	a := newAuthority(t)
	m := newMount(t)
	write := func(name string) {
		c, k := a.leaf(name, time.Now().Add(24*time.Hour))
		m.write(map[string][]byte{"tls.crt": c, "tls.key": k})
	}
	write("leaf-1")
	p := NewFilePair(m.path("tls.crt"), m.path("tls.key"), time.Now, quiet)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go p.Watch(ctx, time.Millisecond)
	s := run(t, Options{Certificates: p})
	keeps, dials := client(a, nil), client(a, nil)
	dials.Transport.(*http.Transport).DisableKeepAlives = true
	var n atomic.Int64
	load := newLoad(8, func() (bool, error) {
		c := keeps
		if n.Add(1)%10 == 0 {
			c = dials
		}
		_, err := post(c, s.url)
		return false, err
	})
	for _, name := range []string{"leaf-2", "leaf-3", "leaf-4"} {
		write(name)
		for p.Current().Leaf.Subject.CommonName != name {
			if t.Context().Err() != nil {
				t.Fatal("the test is over")
			}
			time.Sleep(time.Millisecond)
		}
		c := client(a, nil)
		got, err := post(c, s.url)
		if err != nil || got.tls.PeerCertificates[0].Subject.CommonName != name {
			t.Errorf("a new connection is not served with %s: %v", name, err)
		}
		s.probe.asked = time.Time{}
		if err := s.Live(t.Context()); err != nil {
			t.Errorf("under %s: %v", name, err)
		}
	}
	load.await(100)
	load.end()
	if load.failed.Load() != 0 {
		t.Errorf("%d of %d failed: %v", load.failed.Load(), load.served.Load(), load.last.Load())
	}
}
