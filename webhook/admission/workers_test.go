package admission

import (
	"runtime"
	"testing"
	"testing/synctest"
	"time"
)

func TestWorkers_areUsedAgainAndEndWhenIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorkers()
		before := runtime.NumGoroutine()
		for range 10 {
			done := make(chan struct{})
			w.do(func() { close(done) })
			<-done
			synctest.Wait()
			if n := runtime.NumGoroutine() - before; n != 1 {
				t.Fatalf("%d goroutines for one thing at a time, expected 1", n)
			}
		}
		time.Sleep(lull)
		synctest.Wait()
		if n := runtime.NumGoroutine() - before; n != 0 {
			t.Fatalf("%d goroutines after a lull, expected none", n)
		}
	})
}

func TestWorkers_nothingWaitsForWhatRuns(t *testing.T) {
	w := newWorkers()
	first, second := make(chan struct{}), make(chan struct{})
	w.do(func() { <-second; close(first) })
	w.do(func() { close(second) })
	select {
	case <-first:
	case <-time.After(10 * time.Second):
		t.Fatal("the second waits for the first")
	}
}
