package document

import (
	"github.com/kslint/kslint/lint"
)

// spot is a place with the places below it: the locator of documents that have no tree of nodes.
type spot struct {
	at     lint.Range
	named  map[string]*spot
	listed []*spot
}

// Locate finds the place of a path, or that of its nearest parent that exists.
func (s *spot) Locate(path lint.Path) lint.Range {
	for _, step := range path {
		var next *spot
		switch step := step.(type) {
		case string:
			next = s.named[step]
		case int:
			if step >= 0 && step < len(s.listed) {
				next = s.listed[step]
			}
		}
		if next == nil {
			break
		}
		s = next
	}
	return s.at
}

// below gives the spot under a name, a new one at a place where there is none.
func (s *spot) below(name string, at lint.Range) *spot {
	if s.named[name] == nil {
		if s.named == nil {
			s.named = map[string]*spot{}
		}
		s.named[name] = &spot{at: at}
	}
	return s.named[name]
}
