package certificate

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

var normal = Times{Authority: 730 * day, Leaf: 7 * day, Wait: 2 * time.Minute}

// cast are CAs by name: a, b and c live from epoch, old is over, late has not begun.
type cast map[string]*Authority

func newCast(t *testing.T) cast {
	t.Helper()
	all := cast{}
	for name, from := range map[string]time.Time{
		"a": epoch, "b": epoch.Add(480 * day), "c": epoch.Add(490 * day), "old": epoch.Add(-800 * day), "late": epoch.Add(5000 * day),
	} {
		all[name] = must(t)(NewAuthority(from, normal.Authority))
	}
	return all
}

func must(t testing.TB) func(*Authority, error) *Authority {
	return func(a *Authority, err error) *Authority {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
}

// state reads "signer next previous…" with - for none.
func (c cast) state(text string) State {
	parts := strings.Fields(text)
	s := State{Signer: c[parts[0]], Next: c[parts[1]]}
	for _, p := range parts[2:] {
		s.Previous = append(s.Previous, c[p].Certificate)
	}
	return s
}

// text is the reverse; a CA that was made is called new.
func (c cast) text(s State) string {
	names := map[string]string{"": "-"}
	for name, a := range c {
		names[a.id()] = name
	}
	name := func(id string) string {
		if n, ok := names[id]; ok {
			return n
		}
		return "new"
	}
	var previous []string
	for _, id := range ids(s.Previous) {
		previous = append(previous, name(id))
	}
	slices.Sort(previous)
	return strings.Join(append([]string{name(s.Signer.id()), name(s.Next.id())}, previous...), " ")
}

func TestDecide_everyPhase(t *testing.T) {
	all := newCast(t)
	const due = 490 * day // two thirds of 730 days are 486.7
	broken := errors.New("ca.key is no key in PEM")
	for _, c := range []struct {
		name    string
		state   string
		at      time.Duration
		live    string        // CAs in the caBundle
		claims  string        // ca, or ca+ca, of one replica each
		ends    time.Duration // of claims, from now; 5 days for 0
		matched time.Duration
		skew    time.Duration
		change  func(*Content)
		want    string // "" for nothing
		trust   string // what the caBundle is to be, sorted; "" for the CAs of want, or of state
		problem string
	}{
		{name: "first start", state: "- -", want: "new -"},
		{name: "steady", state: "a -", at: day, live: "a", claims: "a a a", matched: time.Hour},
		{name: "steady until two thirds", state: "a -", at: 486 * day, live: "a", claims: "a", matched: time.Hour},
		{name: "two thirds", state: "a -", at: due, live: "a", claims: "a a a", matched: time.Hour, want: "a new"},
		{name: "two thirds without replicas", state: "a -", at: due, live: "a", want: "a new"},
		{name: "asked for", state: "a -", at: day, live: "a", claims: "a", change: func(c *Content) { c.RotateBefore = epoch.Add(time.Hour) }, want: "a new"},
		{name: "asked for what is done", state: "a -", at: day, live: "a", claims: "a", change: func(c *Content) { c.RotateBefore = epoch.Add(-time.Hour) }},
		{name: "asked for the future", state: "a -", at: day, live: "a", claims: "a", change: func(c *Content) { c.RotateBefore = epoch.Add(2 * day) }},
		{name: "announced, not yet in the bundle", state: "a b", at: due, live: "a", claims: "a a"},
		{name: "announced, not for long enough", state: "a b", at: due, live: "a b", claims: "a a", matched: 119 * time.Second},
		{name: "announced for long enough", state: "a b", at: due, live: "a b", claims: "a a", matched: 2 * time.Minute, want: "b - a"},
		{name: "announced, and the clock went back", state: "a b", at: 480*day - 30*time.Minute, live: "a b", claims: "a", matched: time.Hour, want: "b - a"},
		{name: "announced, and the clock went back further: the next one is not valid", state: "a b", at: 100 * day, live: "a b", claims: "a", matched: time.Hour, want: "a -"},
		{name: "announced, and the clock went forward to the end of the first", state: "a b", at: 800 * day, live: "a b", matched: time.Second, want: "b -"},
		{name: "announced, the first one ends, a leaf of it is valid", state: "a b", at: 730*day - 5*time.Minute, live: "a b", claims: "a", ends: 5 * time.Minute, matched: time.Second},
		{name: "announced, the first one ended, so did its leaves", state: "a b", at: 730*day + time.Minute, live: "a b", claims: "a", ends: -time.Minute, matched: time.Second, want: "b -"},
		{name: "reissuing, all on the old one", state: "b - a", at: due, live: "a b", claims: "a a a"},
		{name: "reissuing, some", state: "b - a", at: due, live: "a b", claims: "b a b"},
		{name: "reissuing, one is about to", state: "b - a", at: due, live: "a b", claims: "b a+b b"},
		{name: "reissuing, all", state: "b - a", at: due, live: "a b", claims: "b b b", want: "b -"},
		{name: "reissuing, one has been silent until its leaf ended", state: "b - a", at: due, live: "a b", claims: "a", ends: -time.Second, want: "b -"},
		{name: "reissuing, and the old one ended", state: "b - a", at: 731 * day, live: "a b", claims: "b", want: "b -"},
		{name: "reissuing, and due again", state: "b - a", at: 975 * day, live: "a b", claims: "b", want: "b new"},
		{name: "reissuing, emptied bundle", state: "b - a", at: due, claims: "a b"},
		{name: "a claim of a CA that the Secret has lost", state: "b -", at: due, live: "a b", claims: "a b", want: "b - a"},
		{name: "a claim of a CA that nobody trusts", state: "b -", at: due, live: "b", claims: "a b"},
		{name: "a foreign CA in the bundle", state: "b -", at: due, live: "b c", claims: "b"},
		{name: "expired, cold start", state: "old -", live: "old", want: "new -"},
		{name: "expired, and what would be next too", state: "old old", live: "old", want: "new -"},
		{name: "not yet valid, cold start", state: "late -", live: "late", want: "new - late"},
		{name: "not yet valid, and a replica serves under another", state: "late - a", at: day, live: "a late", claims: "a", want: "late new a"},
		{name: "about to end, a leaf is valid", state: "a -", at: 730*day - 5*time.Minute, live: "a", claims: "a", ends: 5 * time.Minute, want: "a new"},
		{name: "about to end, no leaf", state: "a -", at: 730*day - 5*time.Minute, live: "a", want: "new - a"},
		{name: "emptied Secret, leaves are served", state: "- -", at: day, live: "a", claims: "a a", want: "- new a"},
		{name: "emptied Secret, the next one is announced", state: "- b a", at: due, live: "a b", claims: "a a", matched: time.Minute},
		{name: "emptied Secret, the next one is known", state: "- b a", at: due, live: "a b", claims: "a a", matched: 2 * time.Minute, want: "b - a"},
		{name: "emptied Secret after an uninstallation", state: "- -", at: day, claims: "a a", want: "new -"},
		{name: "broken, leaves last", state: "- -", at: day, live: "a", claims: "a", change: func(c *Content) { c.Broken = broken }, trust: "a", problem: "left alone as long as"},
		{name: "broken, leaves end within a day", state: "- -", at: day, live: "a", claims: "a", ends: 23 * time.Hour, change: func(c *Content) { c.Broken = broken }, want: "- new a", problem: "no key"},
		{name: "broken, no leaves", state: "- -", at: day, live: "a", change: func(c *Content) { c.Broken = broken }, want: "new -", problem: "no key"},
		{name: "broken while announced", state: "- b", at: due, live: "a b", claims: "a", matched: time.Hour, change: func(c *Content) { c.Broken = broken }, want: "b - a", problem: "no key"},
		{name: "damaged next", state: "a -", at: day, live: "a", claims: "a", change: func(c *Content) { c.Damaged = broken }, problem: "no key"},
		{name: "foreign", state: "old -", change: func(c *Content) { c.Foreign = errors.New("it holds tls.crt") }, trust: "none", problem: "left alone: it holds"},
		{name: "the clock is ahead", state: "a -", at: 900 * day, skew: 400 * day, live: "a", claims: "a", problem: "off that of the API server"},
		{name: "the clock is behind", state: "b - a", at: day, skew: -480 * day, live: "a b", claims: "b", problem: "off that of the API server"},
		{name: "the clock is ahead, nothing there", state: "- -", skew: time.Hour, trust: "none", problem: "off that of the API server"},
		{name: "the clock is a little off", state: "a -", at: due, skew: -9 * time.Minute, live: "a", claims: "a", want: "a new"},
	} {
		t.Run(c.name, func(t *testing.T) {
			now := epoch.Add(c.at)
			v := View{Now: now, Skew: c.skew, Content: &Content{State: all.state(c.state)}, Matched: c.matched}
			for _, name := range strings.Fields(c.live) {
				v.Live = append(v.Live, all[name].Certificate)
			}
			for i, claim := range strings.Fields(c.claims) {
				k := Claim{Replica: fmt.Sprint(i), NotAfter: now.Add(cmp.Or(c.ends, 5*day))}
				for _, name := range strings.Split(claim, "+") {
					k.Authorities = append(k.Authorities, all[name].id())
				}
				v.Claims = append(v.Claims, k)
			}
			if c.change != nil {
				c.change(v.Content)
			}
			before := all.text(v.Content.State)
			step, err := Decide(v, normal, func(now time.Time) (*Authority, error) { return NewAuthority(now, normal.Authority) })
			if err != nil {
				t.Fatal(err)
			}
			got, after := "", v.Content.State
			if step.Write != nil {
				got, after = all.text(*step.Write), *step.Write
				if step.Why == "" {
					t.Error("nobody knows why")
				}
			}
			if got != c.want {
				t.Errorf("%q, want %q (%s)", got, c.want, step.Why)
			}
			if problem := fmt.Sprint(step.Problem); (step.Problem != nil) != (c.problem != "") || !strings.Contains(problem, c.problem) {
				t.Errorf("the problem is %s, want %q", problem, c.problem)
			}
			trust := all.text(State{Previous: step.Trust})[len("- -"):]
			want := all.text(State{Previous: after.bundle()})[len("- -"):]
			if c.trust != "" {
				want = strings.TrimSuffix(" "+c.trust, " none")
			}
			if trust != want {
				t.Errorf("trusted:%s, want%s", trust, want)
			}
			if all.text(v.Content.State) != before {
				t.Error("the argument is changed")
			}
		})
	}
}

func TestDecide_reportsThatNoKeyCanBeMade(t *testing.T) {
	no := errors.New("no entropy")
	step, err := Decide(View{Now: epoch, Content: &Content{}}, normal, func(time.Time) (*Authority, error) { return nil, no })
	if !errors.Is(err, no) || step.Write != nil || step.Trust != nil {
		t.Error(step, err)
	}
}
