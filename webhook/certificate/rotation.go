package certificate

import (
	"crypto/x509"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Claim is what a replica has published: the CAs under which it serves, or is about to.
type Claim struct {
	Replica     string
	Authorities []string // fingerprints
	Serial      string   // of the leaf that is served, hexadecimal; "" before the first one
	NotAfter    time.Time
}

// Times are the lengths that the rotation goes by.
type Times struct {
	// Authority is the life of a CA, Leaf that of a leaf. Both are renewed at two thirds of it.
	Authority, Leaf time.Duration
	// Wait is how long a new CA stands in the live caBundle before it signs: time for each API server to see it.
	Wait time.Duration
}

// View is all that a decision goes by.
type View struct {
	// Now is the wall clock, and Skew how far it is ahead of the API server's.
	Now  time.Time
	Skew time.Duration
	// Content is what stands in the Secret.
	Content *Content
	// Live are the CAs in the caBundle that the API server has.
	Live []*x509.Certificate
	// Matched is for how long, by a clock that nobody sets, the live caBundle has been seen to be that of Content; 0 when it is not.
	Matched time.Duration
	// Claims were read after Content.
	Claims []Claim
}

// Step is what is to be done: nothing when Write is nil.
type Step struct {
	Write   *State
	Why     string
	Problem error
	// Trust is what the caBundle should be after Write; nil when that cannot be said.
	Trust []*x509.Certificate
}

// maxSkew is how far the clock may be off for a CA to be made or replaced by it. Certificates are backdated by more.
const maxSkew = 10 * time.Minute

// Decide says how the rotation goes on. It is a function of its arguments; mint makes a CA.
func Decide(v View, times Times, mint func(now time.Time) (*Authority, error)) (Step, error) {
	c := v.Content
	switch {
	case c.Foreign != nil:
		return Step{Problem: fmt.Errorf("the Secret is left alone: %w", c.Foreign)}, nil //nolint:nilerr // a problem of the Secret is no failure of the step
	case v.Skew.Abs() > maxSkew:
		step := Step{Problem: fmt.Errorf("the clock is %s off that of the API server: no CA is made or dropped by it", v.Skew.Round(time.Second))}
		if c.Broken == nil && c.Damaged == nil {
			step.Trust = c.bundle()
		}
		return step, nil
	}
	r := rotation{View: v, times: times, served: served(v), state: c.State}
	r.keepWhatIsServed()
	if c.Broken != nil && r.state.Next == nil && !r.needed() {
		problem := fmt.Errorf("the Secret is left alone as long as replicas have leaves: %w", c.Broken)
		return Step{Problem: problem, Trust: r.state.bundle()}, nil
	}
	if err := r.advance(mint); err != nil {
		return Step{}, err
	}
	step := Step{Problem: errors.Join(c.Broken, c.Damaged), Trust: r.state.bundle()}
	if !r.state.same(c.State) {
		step.Write, step.Why = &r.state, r.why
	}
	return step, nil
}

type rotation struct {
	View
	times  Times
	served map[string]time.Time // until when a CA is claimed
	state  State
	why    string
}

// served tells until when each CA is claimed. A claim that has run out counts for nothing: no leaf outlives it.
func served(v View) map[string]time.Time {
	all := map[string]time.Time{}
	for _, c := range v.Claims {
		if !c.NotAfter.After(v.Now) {
			continue
		}
		for _, a := range c.Authorities {
			all[a] = latest(all[a], c.NotAfter)
		}
	}
	return all
}

// keepWhatIsServed makes Previous those CAs that are claimed, trusted by the API server or the Secret, and neither sign nor will.
func (r *rotation) keepWhatIsServed() {
	known := map[string]*x509.Certificate{}
	for _, c := range slices.Concat(r.state.Previous, r.Live) {
		id := fingerprint(c)
		if _, claimed := r.served[id]; claimed && c.IsCA && r.Now.Before(c.NotAfter) && id != r.state.Signer.id() && id != r.state.Next.id() {
			known[id] = c
		}
	}
	before := r.state
	r.state.Previous = nil
	for _, id := range slices.Sorted(maps.Keys(known)) {
		r.state.Previous = append(r.state.Previous, known[id])
	}
	if !r.state.same(before) {
		r.why = "no replica serves under the previous CA any more"
		if len(r.state.Previous) > len(before.Previous) {
			r.why = "a CA that a replica serves under stays trusted"
		}
	}
}

// needed tells whether the leaves that there are, if any, are about to end.
func (r *rotation) needed() bool {
	for _, until := range r.served {
		if until.After(r.Now.Add(r.times.Leaf / 7)) {
			return false
		}
	}
	return true
}

// exposed tells whether a handshake could fail if the signer changed at once: a replica serves under another CA than the next,
// and the API server trusts that one.
func (r *rotation) exposed() bool {
	trusted := slices.Concat(r.Live, r.state.Previous)
	if r.state.Signer != nil {
		trusted = append(trusted, r.state.Signer.Certificate)
	}
	return slices.ContainsFunc(trusted, func(c *x509.Certificate) bool {
		_, claimed := r.served[fingerprint(c)]
		return claimed && valid(c, r.Now) && fingerprint(c) != r.state.Next.id()
	})
}

// reason says why a next CA is needed, "" where none is. signs tells whether the present one does.
func (r *rotation) reason(signs bool) string {
	signer := r.state.Signer
	switch {
	case signer == nil:
		return "there is no CA"
	case !signs:
		return "the CA is not valid"
	case !r.Now.Before(twoThirds(signer.Certificate)):
		return "two thirds of the life of the CA are over"
	case signer.Certificate.NotBefore.Add(backdate).Before(r.Content.RotateBefore) && !r.Content.RotateBefore.After(r.Now):
		return "the annotation " + RotateBefore + " asks for it"
	}
	return ""
}

func (r *rotation) advance(mint func(time.Time) (*Authority, error)) error {
	s := &r.state
	if s.Next != nil && !usable(s.Next, r.Now) {
		s.Next, r.why = nil, "the next CA is not valid"
	}
	signs := usable(s.Signer, r.Now)
	switch {
	case s.Next == nil:
		why := r.reason(signs)
		if why == "" {
			return nil
		}
		r.why = why
		next, err := mint(r.Now)
		if err != nil {
			return err
		}
		s.Next = next
		if signs || r.exposed() {
			return nil
		}
	case r.Matched < r.times.Wait && (signs || r.exposed()):
		return nil
	default:
		r.why = "the API servers know the next CA"
	}
	if s.Signer != nil && r.Now.Before(s.Signer.Certificate.NotAfter) {
		s.Previous = append(s.Previous, s.Signer.Certificate) // until nobody claims it
	}
	s.Signer, s.Next = s.Next, nil
	return nil
}
