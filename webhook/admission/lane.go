package admission

import (
	"context"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
)

// lane bounds what reviews of one size may use: bytes from before the body is read, a slot while it is judged. A client that
// sends slowly therefore holds bytes but no slot.
type lane struct {
	bytes, slots *semaphore.Weighted
	waiting      atomic.Int64
	queue        int64
}

func newLane(bytes int64, slots, queue int) *lane {
	return &lane{bytes: semaphore.NewWeighted(bytes), slots: semaphore.NewWeighted(int64(slots)), queue: int64(queue)}
}

// patience is how long one request may still wait, over all that it waits for.
type patience struct{ left time.Duration }

// shed says why there is no room; "" for there is.
type shed string

const (
	shedQueue shed = "queue"     // as many as may are waiting already
	shedWait  shed = "wait"      // waited as long as it may
	shedSlow  shed = "slow-body" // the body did not arrive in time
)

// wait waits for n of a semaphore in the lane's queue.
func (l *lane) wait(ctx context.Context, s *semaphore.Weighted, n int64, p *patience) shed {
	defer l.waiting.Add(-1)
	if l.waiting.Add(1) > l.queue {
		return shedQueue
	}
	from := time.Now()
	ctx, cancel := context.WithTimeout(ctx, p.left)
	defer cancel()
	if s.Acquire(ctx, n) != nil {
		return shedWait
	}
	p.left -= time.Since(from)
	return ""
}
