package lint

import "github.com/open-policy-agent/opa/v1/ast"

// Document is one object: what a rule sees, and where each part of it was written.
type Document struct {
	Source *Source
	// Index is the document's place in its file, from 0, counting every document of the file
	// (the items of a List and the payloads of a ConfigMap too).
	Index   int
	Format  Format
	Targets []Target
	Object  Resource
	// Value is nil when Problem is set, and where the document is packed: Content has it then. Secrets are not in it: where a Secret, a kubeconfig or what carries one holds a value,
	// it has a marker.
	Value ast.Value
	Where Locator
	// Written tells how the YAML was written; nil where the document is not YAML. It is computed when asked for.
	Written func() ast.Value
	// Doubled says that some mapping of the document holds a key twice.
	Doubled bool
	// Problem says why the document could not be read; nil when it could.
	Problem *Problem
	Ignores []Ignore

	// Parent is the ConfigMap, Secret or KubeSphere Cluster that carries this document as a string, at the path Prefix.
	Parent *Document
	Prefix Path

	// Blocks are the PEM blocks that the document holds, wherever they stand in it: in a PEM file, in the base64 of a kubeconfig
	// or a Secret, in a caBundle. Private keys are among them: they are compared with their certificate, never shown.
	Blocks []Block

	// packed is the value in few bytes, see pack.go; "" where Value has it.
	packed string

	// Set fields, see sets.go.
	File, Host string
	Versions   Versions
}

// Block is one PEM block.
type Block struct {
	// Type is what stands behind BEGIN: CERTIFICATE, RSA PRIVATE KEY …
	Type string
	// DER is what the block holds; nil when its base64 is broken.
	DER []byte
	// Encrypted says that the block is a key behind a passphrase.
	Encrypted bool
	// Path leads to the string that holds the block; for a PEM file it is blocks[i].
	Path Path
	// Number counts the blocks of one string or file, from 0.
	Number int
	// Range is where the block stands: its BEGIN line in a PEM file and in a literal block, the scalar otherwise.
	Range Range
}

// Format is the notation of a document.
type Format string

// The notations that documents are written in.
const (
	YAML  Format = "yaml"
	JSON  Format = "json"
	Env   Format = "env"  // NAME=value lines, as systemd's EnvironmentFile reads them
	Unit  Format = "unit" // a systemd unit or drop-in
	Lines Format = "text" // a script
	PEM   Format = "pem"
)

// Resource identifies a Kubernetes object; the fields that the document does not have are empty.
type Resource struct{ APIVersion, Kind, Namespace, Name string }

// Group is the part of the apiVersion in front of the slash, "" for the core group.
func (r Resource) Group() string {
	for i := range r.APIVersion {
		if r.APIVersion[i] == '/' {
			return r.APIVersion[:i]
		}
	}
	return ""
}

// Has tells whether the document is of the target.
func (d *Document) Has(t Target) bool {
	for _, own := range d.Targets {
		if own == t {
			return true
		}
	}
	return false
}

// Root is the document of the file itself: the ConfigMap of a payload, the document otherwise.
func (d *Document) Root() *Document {
	for d.Parent != nil {
		d = d.Parent
	}
	return d
}

// FullPath is the path as users read it: it continues through the string that carries the document.
func (d *Document) FullPath(p Path) Path {
	if d.Parent == nil {
		return p
	}
	return d.Parent.FullPath(d.Prefix.Join(p...))
}

// ProblemKind says what sort of input could not be read; what happens to each is decided in one place, see Report.
type ProblemKind string

// The sorts of unreadable input.
const (
	Template   ProblemKind = "template"   // Helm, Jinja or envsubst text
	Binary     ProblemKind = "binary"     // holds NUL bytes
	TooLarge   ProblemKind = "too-large"  // larger than MaxSize
	NotUTF8    ProblemKind = "not-utf8"   // GBK, UTF-16 …
	NotAMap    ProblemKind = "not-a-map"  // a shell script or plain text under a .yaml name
	Syntax     ProblemKind = "syntax"     // the consumer's parser refuses it
	Tab        ProblemKind = "tab"        // it refuses it because of a tab
	TooDeep    ProblemKind = "too-deep"   // nested beyond MaxDepth
	AliasBomb  ProblemKind = "alias-bomb" // aliases expand without measure
	Unreadable ProblemKind = "unreadable" // no permission, missing, a loop of links
	Unknown    ProblemKind = "unknown"    // a file of an ending that many programs use, and nothing that kslint knows
)

// Problem says why a document, or a whole file, could not be read.
type Problem struct {
	Kind  ProblemKind
	Range Range
	// Reason is one clause in plain words, lower case, without file and line.
	Reason string
}

// CorefileKey is the key of a ConfigMap that carries CoreDNS' configuration.
const CorefileKey = "Corefile"

// Limits of what is read.
const (
	MaxSize  = 64 << 20 // bytes of one file
	MaxDepth = 1000     // levels of nesting
)

// Ignore is a kslint:ignore comment.
type Ignore struct {
	// Line is where the comment stands; it speaks about findings on this line and, when Alone, on the next.
	Line, Column int
	// Alone says that nothing but the comment stands on its line.
	Alone  bool
	Rules  []string // names or globs
	Reason string   // "" is a mistake of the user's that Waive reports
}

// Locate finds a path in the file; the zero Range where there is no text.
func (d *Document) Locate(p Path) Range {
	if d.Where == nil {
		return Range{}
	}
	return d.Where.Locate(p)
}

// Start is where the document begins.
func (d *Document) Start() Range { return d.Locate(nil) }
