package admission

import "time"

// lull is how long a worker waits for more to do.
const lull = time.Second

// workers are goroutines that are used again, because the evaluation of rules needs a deep stack: grown anew for each review, by
// doubling, it was copied frame by frame again and again, which took a fifth of all processor time of a replica. The garbage collector
// takes back what an idle one does not use. How many there are at once is the business of who calls do.
type workers struct{ next chan func() }

func newWorkers() *workers { return &workers{next: make(chan func())} }

// do runs f in a goroutine that has nothing else to do, and does not wait for it. It must not panic.
func (w *workers) do(f func()) {
	select {
	case w.next <- f:
	default:
		go w.work(f)
	}
}

func (w *workers) work(f func()) {
	idle := time.NewTimer(lull)
	defer idle.Stop()
	for {
		f()
		idle.Reset(lull)
		select {
		case f = <-w.next:
		case <-idle.C:
			return
		}
	}
}
