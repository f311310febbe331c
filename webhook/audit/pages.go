package audit

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// How often one list begins again because its place has expired, and one page is asked for again because the API server does not
// answer.
const (
	maxRestarts = 3
	maxTries    = 3
)

var errRestarts = errors.New("the list expires before its end, again and again")

// each does something with every item of a list, a page at a time: nothing of a page is held when the next is asked for. Where the
// API server has forgotten the list's place it goes on at the one that the server gives instead, or calls restart and begins again.
func (a *Auditor) each(ctx context.Context, q query, limit int, restart func(), do func(json.RawMessage) error) error {
	next, restarts := "", 0
	for {
		p, err := a.page(ctx, q, &limit, next)
		if from, is := expired(err); is {
			if restarts++; restarts > maxRestarts {
				return errRestarts
			}
			if next = from; next == "" {
				restart()
			}
			continue
		}
		if err != nil {
			return err
		}
		for i, item := range p.items {
			p.items[i] = nil
			if err := do(item); err != nil {
				return err
			}
			a.progress()
		}
		if next = p.next; next == "" {
			return nil
		}
	}
}

// page asks for one page until it is there, for fewer items where those are large.
func (a *Auditor) page(ctx context.Context, q query, limit *int, next string) (p page, err error) {
	for try := 0; ; {
		p, err = a.api.list(ctx, q, *limit, next)
		_, gone := expired(err)
		switch {
		case errors.Is(err, errLargePage) && *limit > 1:
			*limit = max(1, *limit/4)
			continue
		case err == nil || gone || refused(err) || ctx.Err() != nil:
			return p, err
		}
		if try++; try == maxTries {
			return p, err
		}
		if err := sleep(ctx, a.options.times.again*time.Duration(try)); err != nil {
			return p, err
		}
	}
}

// sleep ends early, with an error, when ctx does.
func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// reasonOf sorts an error for the metric: no text of the API server's becomes a label.
func reasonOf(err error) string {
	switch {
	case apierrors.IsForbidden(err) || apierrors.IsUnauthorized(err):
		return "forbidden"
	case errors.Is(err, errRestarts):
		return "expired"
	case apierrors.IsTooManyRequests(err):
		return "throttled"
	case errors.Is(err, context.DeadlineExceeded) || apierrors.IsTimeout(err) || apierrors.IsServerTimeout(err):
		return "timeout"
	}
	return "api"
}
