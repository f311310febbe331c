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
	// Frugal says that the run has much to read: what can be made again from the text is not kept.
	Frugal bool
	// Context says that the file was only read because its set needs it: findings in it are not reported.
	Context bool
}

// path is the fullest name that is known; an object that came from no file has none.
func (s *Source) path() string {
	if s == nil {
		return ""
	}
	return cmp.Or(s.Absolute, s.Name)
}
