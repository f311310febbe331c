// Package snapshot holds the policies and the configuration that reviews are judged by: compiled, proved, and swapped as one
// while requests go on. The policies that the binary carries are the floor: there is always a snapshot with all of them.
package snapshot

import (
	"time"

	"github.com/kslint/kslint/lint"
	"github.com/kslint/kslint/lint/policy"
)

// Snapshot is what one review is judged by from beginning to end. It is immutable.
type Snapshot struct {
	// Engine is compiled of all Rules, those that are off by default among them.
	Engine *policy.Engine
	// Rules are sorted by id.
	Rules []policy.Loaded
	// Config is the configuration in force, never nil: without one it decides nothing.
	Config *lint.Config
	// Digest is the same for the same policies and configuration, in every replica, and another for any other.
	Digest string
	// Built is when Engine and Config were put together.
	Built time.Time
	// Sources say where all of it came from, the built-in policies first, and what was refused and why.
	Sources []Source
}

// State says whether what a source holds now is in force.
type State string

// The states of a source: a rejected one's last good content stays in force; without any, the built-in policies do alone.
const (
	Accepted State = "accepted"
	Rejected State = "rejected"
)

// Source is a folder of policies or the file of the configuration, and what became of its content.
type Source struct {
	// Name is "built-in", or the path that was given.
	Name string
	// Kind is "policies" or "configuration".
	Kind  string
	State State
	// Digest is that of the content in force, "" for none.
	Digest string
	// When the source came into this state, with this content in force, for this reason.
	When time.Time
	// Reason is why it was refused, one line that names file and line where there is one; "" when accepted. Of the built-in
	// policies, which are in force in any case, it says what their self-test found.
	Reason string
}

// Sound tells whether everything that the sources hold is in force and proved.
func (s *Snapshot) Sound() bool {
	for _, source := range s.Sources {
		if source.State != Accepted || source.Reason != "" {
			return false
		}
	}
	return true
}
