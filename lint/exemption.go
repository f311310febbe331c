package lint

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Exemption waives the findings of rules on files or objects that match.
type Exemption struct {
	Rule   string `json:"rule"`
	Match  Match  `json:"match,omitempty"`
	Reason string `json:"reason"`
	// Owner and Expiry may be left out for the command; at admission an exemption without them counts for nothing.
	Owner string `json:"owner,omitempty"`
	// Expiry is a day, 2027-06-01: from then on the findings count again.
	Expiry string `json:"expiry,omitempty"`
}

// Match names what an exemption is about; an empty field matches everything, the others are globs.
type Match struct {
	File      string `json:"file,omitempty"`
	Kind      string `json:"kind,omitempty"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name,omitempty"`
	Path      string `json:"path,omitempty"`
}

// MaxExemption is how far ahead the expiry of an exemption may lie at admission: somebody has to look at it twice a year.
const MaxExemption = 180 * 24 * time.Hour

func (e Exemption) check() error {
	switch {
	case e.Rule == "":
		return fmt.Errorf("rule is missing: name the rule, or a glob, that is exempted")
	case e.Reason == "":
		return fmt.Errorf("reason is missing: say why the findings are accepted")
	}
	if _, err := time.Parse(time.DateOnly, e.Expiry); e.Expiry != "" && err != nil {
		return fmt.Errorf("expiry %q is no day, expected a date such as 2027-06-01", e.Expiry)
	}
	return nil
}

// expired tells whether an exemption has reached its day. Without one it never does.
func (e Exemption) expired(now time.Time) bool {
	day, err := time.Parse(time.DateOnly, e.Expiry)
	return err == nil && !now.Before(day)
}

// AtAdmission says why an exemption counts for nothing in the webhook, although the command takes it; nil where it counts, or has
// expired as it was to.
func (e Exemption) AtAdmission(now time.Time) error {
	day, err := time.Parse(time.DateOnly, e.Expiry)
	switch {
	case e.Owner == "":
		return errors.New("owner is missing: say who answers for it")
	case err != nil:
		return errors.New("expiry is missing: at admission an exemption ends")
	case day.Sub(now) > MaxExemption:
		return fmt.Errorf("expiry %s is more than %d days ahead", e.Expiry, MaxExemption/(24*time.Hour))
	}
	return nil
}

// Inert lists the exemptions that count for nothing at admission, and why.
func (c *Config) Inert(now time.Time) []error {
	var all []error
	for i, e := range c.Exemptions {
		if err := e.AtAdmission(now); err != nil {
			all = append(all, fmt.Errorf("exemptions[%d] (%s): %w", i, e.Rule, err))
		}
	}
	return all
}

// AtAdmission is the configuration as the webhook takes it: with the exemptions that AtAdmission has nothing against, and no others.
func (c *Config) AtAdmission() *Config {
	if c == nil {
		return nil
	}
	strict := *c
	strict.strict = true
	return &strict
}

// exemptions are those that count at an instant.
func (c *Config) exemptions(now time.Time) []Exemption {
	if c == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(c.Exemptions), func(e Exemption) bool {
		return e.expired(now) || c.strict && e.AtAdmission(now) != nil
	})
}
