package document

import (
	"github.com/kslint/kslint/lint"
)

// spot is a stretch of text with those below it: what a document without a tree of nodes is made of.
type spot struct {
	stretch
	named  map[string]*spot
	listed []*spot
}

// below gives the spot under a name, a new one where there is none.
func (s *spot) below(name string, at stretch) *spot {
	if s.named[name] == nil {
		if s.named == nil {
			s.named = map[string]*spot{}
		}
		s.named[name] = &spot{stretch: at}
	}
	return s.named[name]
}

// spotted locates spots in their page. It counts lines and columns when it is asked: to count them for every spot would take
// long where thousands stand on one line.
type spotted struct {
	*page
	top *spot
}

// Locate finds the place of a path, or that of its nearest parent that exists.
func (l spotted) Locate(path lint.Path) lint.Range {
	at := l.top
	for _, step := range path {
		var next *spot
		switch step := step.(type) {
		case string:
			next = at.named[step]
		case int:
			if step >= 0 && step < len(at.listed) {
				next = at.listed[step]
			}
		}
		if next == nil {
			break
		}
		at = next
	}
	return l.span(at.from, at.to)
}

// firstSpot stands for a document as a whole, and for what is not in it: the first line.
func (c *chunk) firstSpot() *spot {
	from, to := c.lineText(1)
	return &spot{stretch: stretch{from, to}}
}
