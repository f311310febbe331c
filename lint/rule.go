package lint

import "fmt"

// Rule is one policy, as the metadata of its own file describes it.
type Rule struct {
	ID, Area string
	// File is where the rule is written, within its policies.
	File     string
	Severity Severity // the highest of all its messages
	Targets  []Target
	Scope    Scope
	When     string // a pre-filter in Go; "" for none
	NeedYAML bool   // document.yaml is handed over
	// Facts are the kinds of facts that are handed over, see package facts: those of a whole set, or, to a rule that sees one
	// document, those of its namespace.
	Facts []string
	// RunUnknown says that the rule runs although a product of its versions has no known version.
	RunUnknown bool
	Versions   map[Product]Constraint
	// VersionText holds the ranges as they were written.
	VersionText map[Product]string
	Parameters  map[string]Parameter
	// Messages by key; the first one, which a finding that names none has, is under "".
	Messages   map[string]Message
	Text       map[Lang]Text
	References []string
	Off        bool // default: off
}

// Message is one sentence that a rule can say.
type Message struct {
	Severity Severity
	Versions map[Product]Constraint
}

// Text is a rule's words in one language.
type Text struct {
	Title, Description string
	Messages           map[string]Words // by key, as Rule.Messages
}

// Words are what a finding says: the message with {placeholders} for arguments, and what to do.
type Words struct{ Message, Remediation string }

// Parameter is a threshold or list that users may set.
type Parameter struct {
	Type        string // number, string, boolean, array of strings: "number", "string", "boolean", "strings"
	Default     any
	Description map[Lang]string
}

// Severity orders findings; the zero value is none.
type Severity int

// The severities: an error will not work or data is lost; a warning works until something foreseeable happens;
// an info is worth knowing.
const (
	Info Severity = iota + 1
	Warning
	Error
)

var severityNames = map[Severity]string{Info: "info", Warning: "warning", Error: "error"}

// String is the name of the severity in metadata, configuration and outputs.
func (s Severity) String() string { return severityNames[s] }

// ParseSeverity reads error, warning or info.
func ParseSeverity(name string) (Severity, error) {
	for s, n := range severityNames {
		if n == name {
			return s, nil
		}
	}
	return 0, fmt.Errorf("unknown severity %q, expected error, warning or info", name)
}

// Scope says what a rule sees at once.
type Scope string

// The scopes: one document, all documents of a set, all sets of a run.
const (
	OneDocument Scope = "document"
	OneSet      Scope = "set"
	OneRun      Scope = "run"
)

// Lang is a language of messages.
type Lang string

// The languages that every rule speaks.
const (
	English Lang = "en"
	Chinese Lang = "zh"
)

// Langs lists every language.
func Langs() []Lang { return []Lang{English, Chinese} }

// Check tells whether a value is of the parameter's type.
func (p Parameter) Check(value any) error {
	ok := false
	switch p.Type {
	case "number":
		switch value.(type) {
		case int, int64, float64:
			ok = true
		}
	case "string":
		_, ok = value.(string)
	case "boolean":
		_, ok = value.(bool)
	case "strings":
		var list []any
		if list, ok = value.([]any); ok {
			for _, v := range list {
				if _, text := v.(string); !text {
					ok = false
				}
			}
		}
	default:
		return fmt.Errorf("unknown type %q, expected number, string, boolean or strings", p.Type)
	}
	if !ok {
		return fmt.Errorf("expected a value of type %s, found %v", p.Type, value)
	}
	return nil
}

// SeesOthers tells whether the rule looks at more of a set than the document that it speaks about.
func (r *Rule) SeesOthers() bool { return r.Scope == OneSet || len(r.Facts) > 0 }
