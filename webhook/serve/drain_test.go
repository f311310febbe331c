package serve

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// T24, F5: clients keep their connections and do not see that the replica is NotReady; only what dials goes to the other one,
// once the endpoints have changed.
func TestServer_drainsWithoutLosingARequest(t *testing.T) {
	for _, protocol := range []string{"http/1.1", "h2"} {
		t.Run(protocol, func(t *testing.T) {
			a := newAuthority(t)
			leaving := run(t, Options{Certificates: lasting(a)})
			staying := run(t, Options{Certificates: lasting(a)})
			var endpoint atomic.Pointer[running]
			endpoint.Store(leaving)
			c := client(a, func(c *tls.Config) {
				if protocol == "h2" {
					c.NextProtos = nil
				}
			})
			c.Transport.(*http.Transport).DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, network, strings.TrimPrefix(endpoint.Load().url, "https://"))
			}
			load := newLoad(24, func() (bool, error) {
				got, err := post(c, "https://127.0.0.1")
				return got.closed, err
			})
			load.await(500)
			leaving.stop()
			if !leaving.awaitNotReady(t) {
				t.Error("it is still ready")
			}
			load.await(300) // it serves on
			endpoint.Store(staying)
			load.await(500) // and every connection that is used ends
			// One that idles to the end of the drain is closed under a client that may be taking it just then. No server can close that
			// window, which this load would enter many thousand times a second: the client lets go of them.
			c.CloseIdleConnections()
			close(leaving.drain)
			if err := <-leaving.ended; err != nil {
				t.Error(err)
			}
			load.await(100) // the other one serves
			load.end()
			if load.failed.Load() != 0 || protocol == "http/1.1" && load.closed.Load() == 0 {
				t.Errorf("%d of %d failed, %d connections ended: %v", load.failed.Load(), load.served.Load(), load.closed.Load(), load.last.Load())
			}
		})
	}
}

// load is a closed loop of workers.
type load struct {
	served, failed, closed atomic.Int64
	last                   atomic.Value
	done                   chan struct{}
	workers                sync.WaitGroup
	each                   chan struct{}
}

func newLoad(workers int, ask func() (closed bool, err error)) *load {
	l := &load{done: make(chan struct{}), each: make(chan struct{})}
	for range workers {
		l.workers.Go(func() {
			for {
				closed, err := ask()
				l.served.Add(1)
				if err != nil {
					l.failed.Add(1)
					l.last.Store(err)
				}
				if closed {
					l.closed.Add(1)
				}
				select {
				case <-l.done:
					return
				case l.each <- struct{}{}:
				default:
				}
			}
		})
	}
	return l
}

// await waits until n more requests have been answered.
func (l *load) await(n int64) {
	for until := l.served.Load() + n; l.served.Load() < until; {
		<-l.each
	}
}

func (l *load) end() {
	close(l.done)
	l.workers.Wait()
}

func (r *running) awaitNotReady(t *testing.T) bool {
	t.Helper()
	for range 1000 {
		if ready, _ := r.Checks.Ask(); !ready {
			return true
		}
		time.Sleep(time.Millisecond)
	}
	return false
}

func TestServer_letsARequestEndThatBeganBeforeTheDrain(t *testing.T) {
	a := newAuthority(t)
	begun, open := make(chan struct{}), make(chan struct{})
	s := run(t, Options{Certificates: lasting(a), Drain: time.Millisecond, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(begun)
		<-open
		_, _ = w.Write([]byte("late"))
	})})
	answer := make(chan string, 1)
	go func() {
		got, err := post(client(a, nil), s.url)
		answer <- fmt.Sprint(got.body, err)
	}()
	<-begun
	s.stop()
	for { // until it listens no more
		if _, err := post(client(a, nil), s.url+LivePath); err != nil {
			break
		}
	}
	close(open)
	if got := <-answer; got != "late<nil>" {
		t.Error(got)
	}
	if err := <-s.ended; err != nil {
		t.Error(err)
	}
}
