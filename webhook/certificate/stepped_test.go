package certificate

import (
	"context"
	"crypto/x509"
	"fmt"
	"time"
)

// stepped is the API server of one participant.
type stepped struct {
	cluster
	w *world
}

func (s *stepped) before() error {
	w := s.w
	w.check("between two calls")
	if w.faults && w.rand.IntN(20) == 0 {
		return fmt.Errorf("the API server did not answer")
	}
	if w.interrupt && w.depth < 2 {
		w.depth++
		for w.rand.IntN(2) == 0 {
			if w.rand.IntN(4) == 0 {
				w.pass(time.Duration(w.rand.IntN(60)) * time.Second)
			}
			w.step()
		}
		w.depth--
	}
	return nil
}

// after loses the answer now and then.
func (s *stepped) after(err error) error {
	s.w.check("after a call")
	if s.w.faults && s.w.rand.IntN(20) == 0 {
		return fmt.Errorf("the answer of the API server was lost")
	}
	return err
}

func (s *stepped) configuration(ctx context.Context) (*configuration, error) {
	if err := s.before(); err != nil {
		return nil, err
	}
	return s.cluster.configuration(ctx)
}

func (s *stepped) content(ctx context.Context) (*Content, error) {
	if err := s.before(); err != nil {
		return nil, err
	}
	return s.cluster.content(ctx)
}

func (s *stepped) claims(ctx context.Context) ([]Claim, error) {
	if err := s.before(); err != nil {
		return nil, err
	}
	return s.cluster.claims(ctx)
}

func (s *stepped) claim(ctx context.Context, replica string) (*Claim, error) {
	if err := s.before(); err != nil {
		return nil, err
	}
	return s.cluster.claim(ctx, replica)
}

func (s *stepped) store(ctx context.Context, c *Content, state State) error {
	if err := s.before(); err != nil {
		return err
	}
	return s.after(s.cluster.store(ctx, c, state))
}

func (s *stepped) apply(ctx context.Context, c *configuration, b []*x509.Certificate) error {
	if err := s.before(); err != nil {
		return err
	}
	return s.after(s.cluster.apply(ctx, c, b))
}

func (s *stepped) publish(ctx context.Context, c Claim) error {
	if err := s.before(); err != nil {
		return err
	}
	return s.after(s.cluster.publish(ctx, c))
}

func (s *stepped) withdraw(ctx context.Context, replica string) error {
	if err := s.before(); err != nil {
		return err
	}
	return s.after(s.cluster.withdraw(ctx, replica))
}
