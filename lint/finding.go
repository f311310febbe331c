package lint

// Finding is one fault at one place. It holds no words of its own, unless it was saved: the rule's text and Args make them when
// they are written.
type Finding struct {
	Rule     *Rule
	Message  string // the key in Rule.Messages
	Severity Severity
	Args     map[string]any
	// Said are the words of a finding that was read from a saved report, in the language of that; nil otherwise.
	Said *Words

	File   string
	Range  Range
	Path   Path // as users read it, through strings that carry YAML
	Target Target
	Object Resource
	// Identity is what a fingerprint is made of besides rule, message and file: object and path with list elements by name.
	Identity string
	// Fingerprint survives moved lines, another language and another day.
	Fingerprint string
	// Waived is the reason why the finding was accepted; "" when it was not.
	Waived string
	// Exempted says that the configuration accepted it, rather than a comment or an annotation where it stands.
	Exempted bool
}

// Failure is something that could not be read or judged: a file, a document, a rule.
type Failure struct {
	File   string
	Range  Range
	Rule   string // the rule that failed, "" when the input did
	Reason string
}

// Note is something that was not looked at, and why: no fault of anybody's.
type Note struct {
	File   string
	Range  Range
	Rule   string
	Reason string
	// Always marks notes that are shown without -v too (a named file that is a template).
	Always bool
}

// Report is the outcome of a run.
type Report struct {
	Findings         []Finding
	Failures         []Failure
	Notes            []Note
	Files, Documents int
	// Suppressed counts findings that were accepted and are not among Findings: of a saved report nothing else is known.
	Suppressed int
	// Ran tells by file which rules were asked about it, see Asked.
	Ran map[string]map[string]bool
	// Sources holds the text of files with findings, for code frames.
	Sources map[string][]byte
}
