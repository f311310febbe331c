package admission

import (
	"bytes"
	"encoding/json"
	"errors"
	"unicode/utf8"
)

var (
	errTruncated = errors.New("the text ends within a value")
	errSyntax    = errors.New("the text is no JSON object")
)

// scanner walks JSON without copying it or building anything, so that 18 MB of object cost one pass and no memory, and so that
// the head of a text can be read whose rest is missing. It is lenient: what it accepts is only JSON if json.Valid says so too.
type scanner struct {
	text []byte
	at   int
}

// members calls visit with each key of the object that stands here. Visit has to consume the value, with value or members.
func (s *scanner) members(visit func(key []byte) error) error {
	if err := s.expect('{'); err != nil {
		return err
	}
	if s.next() == '}' {
		s.at++
		return nil
	}
	for {
		key, err := s.quoted()
		if err != nil {
			return err
		}
		if err := s.expect(':'); err != nil {
			return err
		}
		if err := visit(unquoted(key)); err != nil {
			return err
		}
		switch s.next() {
		case ',':
			s.at++
		case '}':
			s.at++
			return nil
		default:
			return s.wrong()
		}
	}
}

// value passes over the value that stands here and gives its text.
func (s *scanner) value() ([]byte, error) {
	c := s.next()
	from := s.at
	switch c {
	case 0:
		return nil, s.wrong()
	case '"':
		return s.quoted()
	case '{', '[':
		return s.nested()
	}
	end := bytes.IndexAny(s.text[from:], ",]} \t\r\n")
	if end < 0 {
		s.at = len(s.text)
		return nil, errTruncated
	}
	if end == 0 {
		return nil, errSyntax
	}
	s.at += end
	return s.text[from:s.at], nil
}

// nested passes over an object or an array. It counts brackets and does not recurse, so depth costs nothing.
func (s *scanner) nested() ([]byte, error) {
	from, depth := s.at, 0
	for s.at < len(s.text) {
		switch s.text[s.at] {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				s.at++
				return s.text[from:s.at], nil
			}
		case '"':
			if _, err := s.quoted(); err != nil {
				return nil, err
			}
			continue
		}
		s.at++
	}
	return nil, errTruncated
}

// quoted passes over a string and gives it with its quotes.
func (s *scanner) quoted() ([]byte, error) {
	if err := s.expect('"'); err != nil {
		return nil, err
	}
	from := s.at - 1
	for {
		end := bytes.IndexByte(s.text[s.at:], '"')
		if end < 0 {
			s.at = len(s.text)
			return nil, errTruncated
		}
		end += s.at
		slashes := end
		for slashes > s.at && s.text[slashes-1] == '\\' {
			slashes--
		}
		s.at = end + 1
		if (end-slashes)%2 == 0 {
			return s.text[from:s.at], nil
		}
	}
}

// next gives the next character that is no space, and 0 at the end.
func (s *scanner) next() byte {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; c {
		case ' ', '\t', '\r', '\n':
			s.at++
		default:
			return c
		}
	}
	return 0
}

func (s *scanner) expect(c byte) error {
	if s.next() != c {
		return s.wrong()
	}
	s.at++
	return nil
}

func (s *scanner) wrong() error {
	if s.at >= len(s.text) {
		return errTruncated
	}
	return errSyntax
}

// unquoted gives what a JSON string says, nothing for what is none. It copies only where something is escaped.
func unquoted(quoted []byte) []byte {
	if len(quoted) < 2 || quoted[0] != '"' {
		return nil
	}
	if within := quoted[1 : len(quoted)-1]; bytes.IndexByte(within, '\\') < 0 && utf8.Valid(within) {
		return within
	}
	var s string
	_ = json.Unmarshal(quoted, &s)
	return []byte(s)
}
