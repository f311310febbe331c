package certificate

import (
	"net/http"
	"sync/atomic"
	"time"
)

// Skew measures how far the clock is ahead of the API server's, by the Date of its answers.
type Skew struct{ ahead atomic.Int64 }

// Ahead is the last measurement, to about a second; 0 before there is one.
func (s *Skew) Ahead() time.Duration { return time.Duration(s.ahead.Load()) }

// Wrap measures each answer: it is for rest.Config.Wrap.
func (s *Skew) Wrap(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		got, err := next.RoundTrip(r)
		if err == nil {
			if date, err := http.ParseTime(got.Header.Get("Date")); err == nil {
				s.ahead.Store(int64(time.Until(date.Round(0)) * -1))
			}
		}
		return got, err
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
