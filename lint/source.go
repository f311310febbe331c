package lint

import "cmp"

// Source is a named stream of bytes.
type Source struct {
	// Name is relative to the working directory, with slashes; or what standard input is called.
	Name string
	Data []byte
	// Absolute is the full name with slashes, to find configurations by; "" for standard input.
	Absolute string
	// Named says that the user named this very file, rather than a directory that holds it:
	// input that nobody can read is then a failure, not a note.
	Named bool
	// Context says that the file was only read because its set needs it: findings in it are not reported.
	Context bool
}

// path is the fullest name that is known.
func (s *Source) path() string { return cmp.Or(s.Absolute, s.Name) }
