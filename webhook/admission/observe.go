package admission

import "time"

// Decision is how a request ended, for metrics.
type Decision string

// How a request can end. Allowed, Warned and Denied are verdicts of the Reviewer; the others were answered without one.
const (
	Allowed  Decision = "allow"
	Warned   Decision = "warn"
	Denied   Decision = "deny"
	Shed     Decision = "shed"     // there was no room for it
	Failed   Decision = "error"    // the Reviewer panicked or was late
	Oversize Decision = "oversize" // the body is larger than MaxBody
	Refused  Decision = "refused"  // it is no review that this package reads
)

// Event is what an Observer is told when a request is answered. Kind and Operation are what the client says, as it says it: an
// observer that makes labels of them keeps to a list of its own.
type Event struct {
	Entry, Kind, Operation string
	Decision               Decision
	DryRun                 bool
	// Reason says more about Shed (queue, wait, slow-body) and Failed (panic, deadline).
	Reason string
	// Duration is from the end of the headers to the answer.
	Duration time.Duration
}

// Observer counts. It is called on the path of the request, from many goroutines.
type Observer interface {
	// InFlight is told 1 when a request of an entry begins and -1 when it ends.
	InFlight(delta int)
	Answered(Event)
}

type nobody struct{}

func (nobody) InFlight(int)   {}
func (nobody) Answered(Event) {}
